"""三大飞地: what the enclaves of each kind did in a year, and which counties have none."""
