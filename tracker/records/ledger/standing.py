"""Which entries stand, said once for every sum, list and measure."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from tracker.records.ledger.models import LedgerEntry


@cache  # the words are always the same, and an alias copies all columns of its table
def untouched() -> tuple[ColumnElement[bool], ...]:
    """What makes an entry, or a draft, neither a reversal nor reversed.

    A reversal is told by its sign, which a CHECK holds to: an index has next to no use for finding
    the many entries whose `reversal_of_id` is empty, yet SQLite without statistics takes it.
    """
    reversal = aliased(LedgerEntry)
    return (
        LedgerEntry.amount > 0,
        ~exists().where(reversal.reversal_of_id == LedgerEntry.id),
    )


def of_one_year() -> ColumnElement[bool]:
    """What makes an entry one of a single year: no sum of several."""
    return LedgerEntry.cumulative.is_(False)


def counted() -> tuple[ColumnElement[bool], ...]:
    """What makes an entry count for its year: submitted, standing, and of that year alone."""
    return (
        LedgerEntry.submitted_at.is_not(None),
        of_one_year(),
        *untouched(),
    )
