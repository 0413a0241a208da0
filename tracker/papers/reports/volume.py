"""The order of a bound volume."""

from __future__ import annotations

from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

# The beginnings of rulebooks' subjects; sheets of any other subject follow.
_ORDER = ("county.recipient", "county.supporter", "enclave.", "park.", "village.", "city", "pair")


def sheets_in_order(snapshot: ScoredSnapshot) -> list[ScoredSheet]:
    """The sheets as they stand in a volume; those of one kind in the order of the set."""
    return sorted(snapshot.sheets.values(), key=lambda sheet: _place(sheet.rulebook.subject))


def _place(subject: str) -> int:
    found = (at for at, start in enumerate(_ORDER) if subject.startswith(start))
    return next(found, len(_ORDER))
