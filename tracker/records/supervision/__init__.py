"""督办: a leader's order with a deadline, answered by a place, and what became of it."""
