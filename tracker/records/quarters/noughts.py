"""What was stated to be nought on the quarter's grid: no record can say it. Whoever tells what is
missing asks here: what was stated is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import quarter_end, quarters_over
from tracker.core.quantities.figure import yuan
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.projects.models import Project
from tracker.records.quarters.fields import Sort
from tracker.records.quarters.models import QuarterCell


def _quarters(year: int) -> range:
    """The quarters of `year` that are over; the first one while it runs."""
    return range(1, (quarters_over(year, today()) or 1) + 1)


def projects_without(kind: EntryKind, year: int) -> ColumnElement[bool]:
    """Whether the county stated of each quarter of `year` that is over, from that of signing or
    beginning on, that the project had no money of `kind`: of Project."""

    def stated(*which: ColumnElement[bool]) -> ColumnElement[bool]:
        nought = select(QuarterCell.id).where(
            QuarterCell.project_id == Project.id,
            QuarterCell.year == year,
            QuarterCell.field == f"{Sort.MONEY.value}.{kind.value}",
            QuarterCell.posted_at.is_not(None),
            QuarterCell.value == 0,
            *which,
        )
        return nought.exists()

    def later(column: SQLColumnExpression[date | None], quarter: int) -> ColumnElement[bool]:
        return and_(column.is_not(None), column > quarter_end(year, quarter))

    begun = (Project.signed_on, Project.started_on)
    each = (
        or_(stated(QuarterCell.quarter == quarter), *(later(day, quarter) for day in begun))
        for quarter in _quarters(year)
    )
    return and_(stated(), *each)


def without_investment(projects: Iterable[int], year: int) -> frozenset[int]:
    """Those of `projects` (ids) that `projects_without` completed investment of `year`."""
    nought = projects_without(EntryKind.COMPLETED_INVESTMENT, year)
    found = select(Project.id).where(Project.id.in_(list(projects)), nought)
    return frozenset(db.session.scalars(found))


def with_noughts(returns: Sequence[ReturnOfYear], year: int) -> list[ReturnOfYear]:
    """`returns`, with 0 paid of an enclave of whose rebates of `year` the ledger has none, where
    that was stated of each quarter that is over, from that of its signing on."""
    silent = [one.enclave.id for one in returns if one.paid is None]
    noughts = stated_noughts(QuarterCell.enclave_id, silent, year) if silent else frozenset()

    def is_known(one: ReturnOfYear) -> bool:
        signed = one.enclave.signed_on
        of = {quarter for quarter in _quarters(year) if not _is_later(signed, year, quarter)}
        told = {
            quarter
            for number, kind, quarter in noughts
            if number == one.enclave.id and kind is EntryKind.REBATE
        }
        return bool(told) and of <= told

    return [
        replace(one, paid=Sum(yuan(Decimal(0)), 0)) if one.paid is None and is_known(one) else one
        for one in returns
    ]


def _is_later(day: date | None, year: int, quarter: int) -> bool:
    return day is not None and day > quarter_end(year, quarter)


def stated_noughts(
    owner: InstrumentedAttribute, ids: Iterable[int], year: int
) -> frozenset[tuple[int, EntryKind, int]]:
    """(id, kind of money, quarter) of the posted noughts of a year; `owner` is the column of the
    ledger that names the subjects `ids`."""
    column = getattr(QuarterCell, owner.key)
    return frozenset(
        (number, EntryKind(name), quarter)
        for number, name, quarter in _posted(column, ids, year, Sort.MONEY)
    )


def stated_counts(pairings: Iterable[int], year: int) -> frozenset[tuple[int, str, int]]:
    """(id, key of the exchange, quarter) of the posted noughts of what pairings did in a year."""
    return frozenset(_posted(QuarterCell.pairing_id, pairings, year, Sort.COUNT))


def _posted(
    column: InstrumentedAttribute, ids: Iterable[int], year: int, sort: Sort
) -> Iterator[tuple[int, str, int]]:
    found = db.session.execute(
        select(column, QuarterCell.field, QuarterCell.quarter).where(
            column.in_(list(ids)),
            QuarterCell.year == year,
            QuarterCell.posted_at.is_not(None),
            QuarterCell.value == 0,
            QuarterCell.field.startswith(f"{sort.value}."),
        )
    )
    for number, field, quarter in found:
        yield number, field.partition(".")[2], quarter
