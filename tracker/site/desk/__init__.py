"""审核台: the points of a year as those who judge go through them: by subject, by line, as a
matrix, and what moved."""
