"""Sums of many entries at once: one statement, added in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, extract, func, select

from tracker.core.db import aside, db
from tracker.core.quantities.days import days_of
from tracker.core.quantities.figure import added, yuan
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.standing import counted

YEAR = extract("year", LedgerEntry.occurred_on)

YearSums = Mapping[int, Mapping[EntryKind, Sum]]


def has_entry(
    owner: SQLColumnExpression[int | None],
    key: SQLColumnExpression[int | None],
    kind: EntryKind,
    year: int,
) -> ColumnElement[bool]:
    """Whether a record has an entry of `kind` that counts for `year`: `owner` is the entry's column
    (`LedgerEntry.project_id`), `key` the record's (`Project.id`)."""
    return exists().where(
        owner == key,
        aside(LedgerEntry.kind) == kind,  # few entries are of one record, many of one kind
        aside(LedgerEntry.occurred_on).between(*days_of(year)),
        *counted(),
    )


def totals(*conditions: ColumnElement[bool], by: Iterable[SQLColumnExpression]) -> dict[tuple, Sum]:
    """The sums of the entries that count and satisfy `conditions`, by the values of `by`."""
    keys = list(by)
    statement = (
        select(
            *keys,
            LedgerEntry.precision,
            func.sum(LedgerEntry.amount, type_=LedgerEntry.amount.type),
            func.count(),
        )
        .where(*conditions, *counted())
        .group_by(*keys, LedgerEntry.precision)
    )
    parts: dict[tuple, list[Sum]] = defaultdict(list)
    for *key, precision, amount, count in db.session.execute(statement):
        parts[tuple(key)].append(Sum(yuan(amount, precision.label), count))
    return {key: together(found) for key, found in parts.items()}


def by_year_and_kind(*conditions: ColumnElement[bool]) -> YearSums:
    """Year → kind → sum of the entries that count and satisfy `conditions`, latest year first."""
    found: dict[int, dict[EntryKind, Sum]] = {}
    of_all = totals(*conditions, by=(YEAR, LedgerEntry.kind))
    for (year, kind), of_kind in sorted(of_all.items(), key=lambda item: -item[0][0]):
        found.setdefault(int(year), {})[kind] = of_kind
    return found


def in_place_of(projects_inside: Select[int]) -> Mapping[int, Sum]:
    """Project → the funds in place that count, of all years."""
    found = totals(
        LedgerEntry.project_id.in_(projects_inside),
        aside(LedgerEntry.kind) == EntryKind.FUNDS_IN_PLACE,
        by=(LedgerEntry.project_id,),
    )
    return {number: of for (number,), of in found.items()}


def together(sums: Iterable[Sum]) -> Sum:
    """Sums, at least one, added to one."""
    parts = list(sums)
    whole = added(part.figure for part in parts)
    assert whole is not None, "a sum of no sums is none"
    return Sum(whole, sum(part.count for part in parts))


def amount_of(sums: Mapping[Any, Sum], key: Any) -> Decimal:
    """The amount of a sum, 0 where there is none."""
    return sums[key].figure.value if key in sums else Decimal(0)
