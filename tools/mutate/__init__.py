"""Whether the tests notice a change of the code: see `__main__.py`."""
