"""Conditions for CHECK constraints that read the same on SQLite and PostgreSQL."""

from __future__ import annotations


def exactly_one(*columns: str) -> str:
    """True where exactly one of `columns` is set."""
    parts = (f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return " + ".join(parts) + " = 1"


def in_order(*columns: str) -> list[tuple[str, str]]:
    """(name, condition) of each pair of dates that must not run backwards.

    An unknown date passes: a comparison with NULL is unknown, and so is not refused.
    """
    return [
        (f"{first}_before_{second}", f"{first} <= {second}")
        for i, first in enumerate(columns)
        for second in columns[i + 1 :]
    ]
