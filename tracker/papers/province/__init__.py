"""The province's circular."""
