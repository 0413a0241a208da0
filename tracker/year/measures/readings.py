"""The usual ways in which rows become a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from sqlalchemy import Row, Select, SQLColumnExpression, select

from tracker.core.quantities.units import in_wan
from tracker.records.ledger.models import LedgerEntry
from tracker.records.ledger.standing import counted
from tracker.year.measures.declare import NotReportedError, Reading, Rows
from tracker.year.measures.made import Made, count, only


def sum_of(rows: Iterable[Row]) -> Decimal:
    """The sum of the column `amount` (元) of `rows`, in 万元."""
    return in_wan(sum((row.amount for row in rows), Decimal(0)))


def standing(subject: SQLColumnExpression[int | None]) -> Select:
    """Ledger entries that stand, with `subject` as their subject: no drafts, no reversals, nothing
    that was reversed, and no cumulative figures, which belong to no single year."""
    return select(
        subject.label("subject_id"),
        LedgerEntry.id.label("record_id"),
        LedgerEntry.amount.label("amount"),
        LedgerEntry.kind.label("kind"),
        LedgerEntry.occurred_on.label("day"),
    ).where(subject.is_not(None), *counted())


def total(table: str, statement: Select, *, nothing: str) -> Reading:
    """The sum of the column `amount` (元) in 万元; `nothing` says why it is not reported."""

    def value(rows: Rows) -> Decimal:
        if not rows[table]:
            raise NotReportedError(nothing)
        return in_wan(sum((row.amount for row in rows[table]), Decimal(0)))

    return Reading({table: statement}, value)


def column(
    table: str, statement: Select, *, nothing: str, convert: Callable = lambda value: value
) -> Reading:
    """The column `value` of the subject's one row; an empty one is not reported."""

    def value(rows: Rows) -> Made:
        for row in rows[table]:
            if row.value is not None:
                return only(convert(row.value), table, row)
        raise NotReportedError(nothing)

    return Reading({table: statement}, value)


def number_where(
    table: str,
    statement: Select,
    counts: Callable[[Row], bool],
    *,
    nothing: str,
    why: Callable[[Row], str] | None = None,
) -> Reading:
    """How many of the rows satisfy `counts`; not reported where the subject has no row at all.
    `why` says of one of the others why it is not counted."""

    def value(rows: Rows) -> Made:
        if not rows[table]:
            raise NotReportedError(nothing)
        return count(rows, table, counts, why)

    return Reading({table: statement}, value)


def yes_or_no(answer: bool) -> int:
    """1 for yes, 0 for no."""
    return 1 if answer else 0
