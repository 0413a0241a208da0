"""督办单 on paper: one page, from the order and its events."""
