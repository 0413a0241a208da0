"""The paper city."""
