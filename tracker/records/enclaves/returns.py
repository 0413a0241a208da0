"""What a contract owes for a year: the sum over its spans, by days. Pure arithmetic.

Support: the shared rules, sheet 8.5 line 3 and worked checks 8.9. A fixed rate, sum or minimum
counts by the days of its span ÷ the days of that year (366 in 2024); a share of rent or of
locally retained tax counts what was received on the days of its span. A guaranteed minimum is a
floor under everything else that falls due on its own days.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Row

from tracker.core.quantities.days import days_of
from tracker.records.enclaves.models import CapitalBase, ReturnTerm, TermKind


class CapitalUnknownError(Exception):
    """A rate runs on a capital that nobody has reported."""


@dataclass(frozen=True)
class Term:
    """One promise, as `ReturnTerm` keeps it: `rate` a share, `amount` 元 a year."""

    kind: TermKind
    rate: Decimal | None = None
    capital_base: CapitalBase | None = None
    amount: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def term_of(row: ReturnTerm | Row) -> Term:
    """The promise that a record, or a row with its columns, keeps."""
    return Term(row.kind, row.rate, row.capital_base, row.amount, row.starts_on, row.ends_on)


@dataclass(frozen=True)
class Receipt:
    """Rent or retained tax received on a day, 元."""

    kind: TermKind
    on: date
    amount: Decimal


def due_in_year(
    year: int,
    terms: Iterable[Term],
    receipts: Sequence[Receipt] = (),
    village_capital: Decimal | None = None,
    total_capital: Decimal | None = None,
) -> Decimal:
    """What falls due in `year`, 元, rounded half up to the 分 once at the end.

    `receipts` carry the kind of the term that shares in them. Raises CapitalUnknownError if a
    rate on capital runs in the year and that capital is None.
    """
    first, last = days_of(year)
    days_of_year = (last - first).days + 1
    running = [
        (term, start, end)
        for term in terms
        for start, end in [_inside(term, first, last)]
        if start <= end
    ]
    floors = [span for span in running if span[0].kind is TermKind.GUARANTEED_MINIMUM]
    others = [span for span in running if span[0].kind is not TermKind.GUARANTEED_MINIMUM]

    capital = {CapitalBase.VILLAGES: village_capital, CapitalBase.TOTAL: total_capital}

    def owed(start: date, end: date) -> Fraction:
        return sum(
            (
                _owed(term, max(s, start), min(e, end), days_of_year, receipts, capital)
                for term, s, e in others
                if max(s, start) <= min(e, end)
            ),
            Fraction(0),
        )

    total = owed(first, last)
    for term, start, end in floors:
        assert term.amount is not None
        floor = Fraction(term.amount) * ((end - start).days + 1) / days_of_year
        total += max(Fraction(0), floor - owed(start, end))
    return Decimal(math.floor(total * 100 + Fraction(1, 2))).scaleb(-2)


def _inside(term: Term, first: date, last: date) -> tuple[date, date]:
    return max(term.starts_on or first, first), min(term.ends_on or last, last)


def _owed(
    term: Term,
    start: date,
    end: date,
    days_of_year: int,
    receipts: Sequence[Receipt],
    capital: dict[CapitalBase, Decimal | None],
) -> Fraction:
    if term.kind in (TermKind.RENT_SHARE, TermKind.TAX_SHARE):
        received = sum(r.amount for r in receipts if r.kind is term.kind and start <= r.on <= end)
        assert term.rate is not None
        return Fraction(term.rate) * Fraction(received)
    if term.kind is TermKind.FIXED_SUM:
        assert term.amount is not None
        yearly = Fraction(term.amount)
    else:
        assert term.capital_base is not None
        base = capital[term.capital_base]
        if base is None:
            raise CapitalUnknownError(term.capital_base)
        assert term.rate is not None
        yearly = Fraction(base) * Fraction(term.rate)
    return yearly * ((end - start).days + 1) / days_of_year
