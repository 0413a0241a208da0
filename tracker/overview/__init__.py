"""总览: a year at one look, for those who lead."""
