"""A year of assessment: measures turn records into facts, rulebooks turn facts into points, and
assessments freeze both and keep what was frozen. Nothing is printed here."""
