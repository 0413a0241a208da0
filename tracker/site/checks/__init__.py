"""The check before a county files: its rules are listed in `declared.py`."""
