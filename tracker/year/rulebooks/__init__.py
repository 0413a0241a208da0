"""The rulebooks of each year: stored, checked and compared."""
