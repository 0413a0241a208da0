"""Records of pairings, gathered for a side (rule R19: the union over a county's pairings).

A pairing counts for a year if it is in force on its first or its last day, so that what a pair did
in the year in which it began or ended is not lost. A record belongs to one pairing; a county stands
on one side of it; so each record counts once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, SQLColumnExpression, Subquery, or_, select, union_all

from tracker.core.quantities.days import first_day, last_day
from tracker.records.exchanges.models import Side
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.pairings.models import Pairing
from tracker.records.pairings.queries import in_force
from tracker.year.measures.readings import standing


def pairings_of(year: int) -> Subquery:
    """`id`, `supporter_id` and `recipient_id` of the pairings that count for `year`."""
    days = first_day(year), last_day(year)
    in_force_then = (in_force(day).with_only_columns(Pairing.id).order_by(None) for day in days)
    return (
        select(Pairing.id, Pairing.supporter_id, Pairing.recipient_id)
        .where(or_(*(Pairing.id.in_(ids) for ids in in_force_then)))
        .subquery()
    )


def sides(year: int, side: Side | None) -> Subquery:
    """`region_id` and `pairing_id` of the pairings of `year`, for `side`; None means both."""
    pairings = pairings_of(year)
    found = [
        select(pairings.c[f"{one.value}_id"].label("region_id"), pairings.c.id.label("pairing_id"))
        for one in ([side] if side else list(Side))
    ]
    return union_all(*found).subquery()


def records_of(
    model: type[Any], year: int, side: Side | None, *columns: SQLColumnExpression
) -> Select:
    """Rows of `model` of the pairings of `year`, with the counties of `side` as their subjects."""
    of_side = sides(year, side)
    return (
        select(of_side.c.region_id.label("subject_id"), model.id.label("record_id"), *columns)
        .select_from(model)
        .join(of_side, of_side.c.pairing_id == model.pairing_id)
    )


def money_of(kind: EntryKind, year: int, side: Side) -> Select:
    """Standing ledger entries of `kind` of `year` on pairings, for the counties of `side`."""
    of_side = sides(year, side)
    return (
        standing(of_side.c.region_id)
        .join_from(LedgerEntry, of_side, of_side.c.pairing_id == LedgerEntry.pairing_id)
        .where(
            LedgerEntry.kind == kind,
            LedgerEntry.occurred_on.between(first_day(year), last_day(year)),
        )
    )
