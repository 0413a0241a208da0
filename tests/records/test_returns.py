"""What a contract owes for a year; the worked checks of the published contracts are among these."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import wan
from tracker.records.enclaves.models import CapitalBase, TermKind
from tracker.records.enclaves.returns import (
    CapitalUnknownError,
    Receipt,
    Term,
    due_in_year,
)

TEN_PERCENT = Term(TermKind.RATE_ON_CAPITAL, rate=Decimal("0.1"), capital_base=CapitalBase.TOTAL)


def until(last: date) -> Term:
    return Term(
        TermKind.RATE_ON_CAPITAL,
        rate=Decimal("0.1"),
        capital_base=CapitalBase.TOTAL,
        ends_on=last,
    )


@pytest.mark.parametrize(
    ("year", "last", "due_in_wan"),
    [
        (2023, date(2023, 6, 30), "595.07"),  # 12,000 × 10 % × 181 ÷ 365
        (2024, date(2024, 6, 30), "596.72"),  # 182 ÷ 366
        (2024, date(2024, 12, 31), "1200.00"),  # a full leap year
        (2024, date(2023, 12, 31), "0.00"),
    ],
)
def test_a_fixed_rate_counts_by_the_days_of_its_window(year, last, due_in_wan) -> None:
    due = due_in_year(year, [until(last)], total_capital=wan(12_000))
    assert (due / 10_000).quantize(Decimal("0.01")) == Decimal(due_in_wan)


def test_a_fixed_sum_is_owed_whole_each_year() -> None:
    terms = [Term(TermKind.FIXED_SUM, amount=wan("1000.8"))]
    assert due_in_year(2023, terms) == due_in_year(2024, terms) == wan("1000.8")


def test_after_the_fixed_window_the_rest_of_the_year_follows_the_rent() -> None:
    terms = [
        until(date(2023, 6, 30)),
        Term(TermKind.RENT_SHARE, rate=Decimal("0.5"), starts_on=date(2023, 7, 1)),
    ]
    rents = [
        Receipt(TermKind.RENT_SHARE, date(2023, 6, 30), wan(300)),  # inside the window: not shared
        Receipt(TermKind.RENT_SHARE, date(2023, 7, 1), wan(400)),
        Receipt(TermKind.RENT_SHARE, date(2023, 12, 31), wan(100)),
        Receipt(TermKind.TAX_SHARE, date(2023, 8, 1), wan(999)),  # another kind of receipt
    ]
    fixed = due_in_year(2023, terms[:1], total_capital=wan(12_000))
    assert due_in_year(2023, terms, rents, total_capital=wan(12_000)) == fixed + wan(250)


def test_a_minimum_is_a_floor_under_what_falls_due_on_its_days() -> None:
    minimum = Term(TermKind.GUARANTEED_MINIMUM, amount=wan(500))
    rent = Term(TermKind.RENT_SHARE, rate=Decimal(1))
    poor = [Receipt(TermKind.RENT_SHARE, date(2024, 5, 1), wan(200))]
    rich = [Receipt(TermKind.RENT_SHARE, date(2024, 5, 1), wan(800))]
    assert due_in_year(2024, [minimum, rent], poor) == wan(500)
    assert due_in_year(2024, [minimum, rent], rich) == wan(800)
    assert due_in_year(2024, [minimum]) == wan(500)


def test_a_raised_minimum_counts_from_its_day() -> None:
    terms = [
        Term(TermKind.GUARANTEED_MINIMUM, amount=wan(366), ends_on=date(2024, 1, 31)),
        Term(TermKind.GUARANTEED_MINIMUM, amount=wan(732), starts_on=date(2024, 2, 1)),
    ]
    assert due_in_year(2024, terms) == wan(31 + 2 * 335)


def test_a_rate_on_an_unknown_capital_is_not_nothing() -> None:
    with pytest.raises(CapitalUnknownError):
        due_in_year(2024, [TEN_PERCENT], village_capital=wan(10))


@given(st.dates(date(2023, 12, 1), date(2025, 1, 31)), st.integers(1, 10**12))
def test_two_windows_together_owe_what_one_owes(split: date, capital_fen: int) -> None:
    """Cutting a contract in two on any day changes nothing but the rounding of a 分."""
    capital = Decimal(capital_fen).scaleb(-2)
    parts = [
        Term(**{**vars(TEN_PERCENT), "ends_on": split}),
        Term(**{**vars(TEN_PERCENT), "starts_on": split + timedelta(days=1)}),
    ]
    whole = due_in_year(2024, [TEN_PERCENT], total_capital=capital)
    assert due_in_year(2024, parts, total_capital=capital) == whole
    assert whole == (capital / 10).quantize(Decimal("0.01"), "ROUND_HALF_UP")
