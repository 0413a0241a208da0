"""The data dictionary: every table and column in words."""
