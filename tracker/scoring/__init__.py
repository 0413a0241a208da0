"""The scoring engine: rulebook format 1, exact and pure. Imports nothing of the application."""
