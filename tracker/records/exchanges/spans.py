"""The columns and rows that set years side by side: a running year beside the same part only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select

from tracker.core.db import aside
from tracker.core.quantities.clock import today
from tracker.core.quantities.figure import Figure
from tracker.records.exchanges.sums import by_kind
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.parts import Part, Span, part_of, whole_year
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.sums import by_year_and_kind, totals
from tracker.records.places.models import Region

YEARS_SHOWN = 3


@dataclass(frozen=True)
class Money:
    """The days of a column or a row and the sums of the money that they have, by kind."""

    span: Span
    amounts: Mapping[EntryKind, Sum]


@dataclass(frozen=True)
class Exchanges:
    """The days of a column and how much was done in them, by the key of its kind."""

    span: Span
    amounts: Mapping[str, Figure]


def money_in(spans: Sequence[Span], *conditions: ColumnElement[bool]) -> list[Money]:
    """The entries that count and satisfy `conditions`, added up in each of `spans`."""
    return [Money(span, _sums(span, *conditions)) for span in spans]


def _sums(span: Span, *conditions: ColumnElement[bool]) -> Mapping[EntryKind, Sum]:
    days = span.holds(aside(LedgerEntry.occurred_on))
    return {kind: of for (kind,), of in totals(*conditions, days, by=(LedgerEntry.kind,)).items()}


def exchanges_in(spans: Sequence[Span], pairing_ids: Select[int]) -> list[Exchanges]:
    """What the pairings did in each of `spans`, by the key of its kind."""
    return [Exchanges(span, by_kind(pairing_ids, span.first, span.last)) for span in spans]


def kinds_in(columns: Sequence[Money]) -> list[EntryKind]:
    """The kinds of money that the columns have, in the order of the coded list."""
    found = {kind for column in columns for kind in column.amounts}
    return [kind for kind in EntryKind if kind in found]


def part_of_region(region_id: int) -> Part:
    """What of the running year the figures of one place tell."""
    return part_of(select(Region.id).where(Region.id == region_id), today().year)


def rows_by_year(condition: ColumnElement[bool], part: Part) -> list[Money]:
    """The years with money, the latest first. Where the running year and the one before have some,
    this part of the running one and the same part of the one before stand between them."""
    rows = []
    sums = by_year_and_kind(condition)
    for year, amounts in sums.items():
        if part.whole or year != part.year:
            rows.append(Money(whole_year(year), amounts))
            continue
        so_far, *same = part.spans(1)
        rows.append(Money(so_far, amounts))
        if year - 1 in sums:
            rows += money_in(same, condition)
    return rows
