"""The measure catalogue: records → facts, each measure one declaration."""
