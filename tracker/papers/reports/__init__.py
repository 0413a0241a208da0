"""The reports that are made from a snapshot besides the scorecards, and the list of all papers."""
