"""The assessment of a year: freeze the facts, score them, keep both."""
