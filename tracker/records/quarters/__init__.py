"""One page for the quarter: all that is due of one county, cell by cell."""
