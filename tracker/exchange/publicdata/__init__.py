"""Load the public facts of `data/public/` into records, again and again without harm."""
