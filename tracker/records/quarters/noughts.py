"""What was stated to be nought on the quarter's grid: no record can say it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.db import db
from tracker.records.ledger.models import EntryKind
from tracker.records.quarters.fields import Sort
from tracker.records.quarters.models import QuarterCell


def stated_noughts(
    owner: InstrumentedAttribute, ids: Iterable[int], year: int
) -> frozenset[tuple[int, EntryKind, int]]:
    """(id, kind of money, quarter) of the posted noughts of a year; `owner` is the column of the
    ledger that names the subjects `ids`."""
    column = getattr(QuarterCell, owner.key)
    found = db.session.execute(
        select(column, QuarterCell.field, QuarterCell.quarter).where(
            column.in_(list(ids)),
            QuarterCell.year == year,
            QuarterCell.posted_at.is_not(None),
            QuarterCell.value == 0,
            QuarterCell.field.startswith(f"{Sort.MONEY.value}."),
        )
    )
    return frozenset(
        (number, EntryKind(field.partition(".")[2]), quarter) for number, field, quarter in found
    )
