"""What is made of the trees of expressions."""

from __future__ import annotations


def difference(first: tuple, second: tuple) -> tuple:
    """The tree of `first` less `second`."""
    return ("sum", (("+", first), ("-", second)))
