"""The year's tasks against what was done."""
