"""The sheet of a pair."""
