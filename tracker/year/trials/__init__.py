"""试算: the running year as it would be scored by what is on record today."""
