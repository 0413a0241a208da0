"""Which submitted entries are unusual by what is known now, whether or not anybody was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, extract, func, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import days_of
from tracker.records.enclaves.agreements import EnclaveAgreement
from tracker.records.ledger.doubts import largest_whole, limit_of, span_of
from tracker.records.ledger.models import SUBJECT_COLUMNS, EntryKind, LedgerEntry
from tracker.records.ledger.standing import counted, untouched
from tracker.records.ledger.subjects import TYPES
from tracker.web.plausibility import Doubt, Limit, MoneyFacts, doubts_about

# What is unusual of a whole is said once, of the largest part of it.
_OF_ALL_YEARS, _OF_A_YEAR = "sum_above_limit", "many_times"
_KEYS = tuple(getattr(LedgerEntry, name) for name in SUBJECT_COLUMNS)


class _Whole(NamedTuple):
    """A subject and a kind of its money."""

    column: str
    subject: int
    kind: EntryKind


def outliers(seen: ColumnElement[bool], year: int | None) -> dict[int, list[Doubt]]:
    """Entry (id) → what is unusual of it, of those that `seen` lets through and that lie in `year`;
    of all years for None. The number of statements does not depend on the data."""
    among = _among(seen, year)
    entries = list(_entries(among))
    sums = _sums()
    subjects = _subjects(among)
    agreements = {each.enclave_id: each for each in db.session.scalars(select(EnclaveAgreement))}
    spans = {
        at: span_of(subject, lambda enclave: agreements.get(enclave.id))
        for at, subject in subjects.items()
    }
    tops = _tops()
    wholes: dict[tuple[str, EntryKind], Limit | None] = {}
    found: dict[int, list[Doubt]] = {}
    largest: dict[tuple, tuple[Decimal, int, Doubt]] = {}
    for of, row in entries:
        at = (of.column, of.subject)
        years = sums.get(of, {})
        itself = Decimal(0) if row.cumulative else row.amount
        on = row.occurred_on
        facts = MoneyFacts(
            of.kind.label,
            row.amount,
            on,
            today(),
            row.cumulative,
            limit_of(subjects[at], of.kind),
            sum(years.values(), Decimal(0)) - itself,
            years.get(on.year - 1, Decimal(0)),
            years.get(on.year, Decimal(0)) - itself,
            *spans[at],
        )
        if facts.asks_for_largest:
            if (of.column, of.kind) not in wholes:
                wholes[of.column, of.kind] = largest_whole(subjects[at], of.kind)
            facts = replace(
                facts,
                largest=_largest_beside(tops.get(of.kind, ()), itself),
                largest_whole=wholes[of.column, of.kind],
            )
        for doubt in doubts_about(facts):
            key = doubt.rule.key
            if key in (_OF_ALL_YEARS, _OF_A_YEAR):
                whole = (key, of, on.year if key == _OF_A_YEAR else None)
                if whole not in largest or largest[whole][0] < row.amount:
                    largest[whole] = (row.amount, row.id, doubt)
            else:
                found.setdefault(row.id, []).append(doubt)
    for _, number, doubt in largest.values():
        found.setdefault(number, []).append(doubt)
    return found


def _among(seen: ColumnElement[bool], year: int | None) -> list[ColumnElement[bool]]:
    """Which entries are looked at."""
    found = [seen, LedgerEntry.submitted_at.is_not(None), *untouched()]
    if year is not None:
        found.append(LedgerEntry.occurred_on.between(*days_of(year)))
    return found


def _entries(among: Sequence[ColumnElement[bool]]) -> Iterator[tuple[_Whole, Any]]:
    statement: Select = select(
        LedgerEntry.id,
        *_KEYS,
        LedgerEntry.kind,
        LedgerEntry.amount,
        LedgerEntry.occurred_on,
        LedgerEntry.cumulative,
    ).where(*among)
    for row in db.session.execute(statement):
        column = next(name for name in SUBJECT_COLUMNS if getattr(row, name) is not None)
        yield _Whole(column, getattr(row, column), row.kind), row


def _sums() -> dict[_Whole, dict[int, Decimal]]:
    """What counts of each subject and kind, by year, 元."""
    year = extract("year", LedgerEntry.occurred_on)
    statement = (
        select(
            *_KEYS,
            LedgerEntry.kind,
            year,
            func.sum(LedgerEntry.amount, type_=LedgerEntry.amount.type),
        )
        .where(*counted())
        .group_by(*_KEYS, LedgerEntry.kind, year)
    )
    found: dict[_Whole, dict[int, Decimal]] = defaultdict(dict)
    for *keys, kind, in_year, amount in db.session.execute(statement):
        column, subject = next(
            (name, key) for name, key in zip(SUBJECT_COLUMNS, keys, strict=True) if key is not None
        )
        found[_Whole(column, subject, kind)][int(in_year)] = amount
    return found


def _tops() -> dict[EntryKind, tuple[Decimal, ...]]:
    """The two largest sums of each kind that count, the larger first; one where there is one."""
    amount, kind = LedgerEntry.amount, LedgerEntry.kind
    tops = select(kind, func.max(amount, type_=amount.type).label("top")).where(*counted())
    top = tops.group_by(kind).subquery()
    statement = (
        select(
            kind,
            top.c.top,
            func.sum(case((amount == top.c.top, 1), else_=0)),
            func.max(case((amount < top.c.top, amount)), type_=amount.type),
        )
        .join(top, top.c.kind == kind)
        .where(*counted())
        .group_by(kind, top.c.top)
    )
    found: dict[EntryKind, tuple[Decimal, ...]] = {}
    for of, first, times, second in db.session.execute(statement):
        rest = first if times > 1 else second
        found[of] = (first,) if rest is None else (first, rest)
    return found


def _largest_beside(tops: Sequence[Decimal], itself: Decimal) -> Decimal | None:
    """The largest of the others, where `itself` is one of all."""
    others = list(tops)
    if itself in others:
        others.remove(itself)
    return others[0] if others else None


def _subjects(among: Sequence[ColumnElement[bool]]) -> dict[tuple[str, int], Any]:
    """(column, id) → each subject of the entries that are looked at."""
    found: dict[tuple[str, int], Any] = {}
    for of in TYPES:
        column = of.column.key
        theirs = select(getattr(LedgerEntry, column)).where(*among)
        for subject in db.session.scalars(select(of.model).where(of.model.id.in_(theirs))):
            found[column, subject.id] = subject
    return found
