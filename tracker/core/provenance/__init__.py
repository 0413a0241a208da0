"""Public sources and the values that each of them states."""
