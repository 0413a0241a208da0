"""The forms of a quarter and of the year's tasks, for signature."""
