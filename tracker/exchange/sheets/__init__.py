"""Excel, both ways: templates of the kinds of records, and workbooks that are filled in and come
back, in three stages: file, shape, the rules of the form."""
