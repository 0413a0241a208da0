"""A year of assessment: measures, rulebooks, freezing and scoring."""
