"""Texts that are exactly one value, and all that only looks like one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tracker.engine.scoring.strict import day, decimal, whole

NO_WHOLE = ("2_024", " 2024", "2024 ", "２０２４", "02024", "+2024", "2024.0", "2e3", "", "٢٠٢٤")
NO_DECIMAL = (
    "1_000",
    " 1",
    "１２",
    "1e5",
    "NaN",
    "Infinity",
    ".5",
    "5.",
    "1,000",
    "",
    "+1",
    "00.5",
)
NO_DAY = (
    "2024-W05-1",
    "20240131",
    "2024-1-31",
    "2024-02-30",
    "2024-01-31T00:00",
    "２０２４-01-31",
    "",
)


@pytest.mark.parametrize("text", NO_WHOLE)
def test_no_whole_number(text):
    with pytest.raises(ValueError, match="应为整数"):
        whole(text)


@pytest.mark.parametrize("text", NO_DECIMAL)
def test_no_number(text):
    with pytest.raises(ValueError, match="应为数字"):
        decimal(text)


@pytest.mark.parametrize("text", NO_DAY)
def test_no_day(text):
    with pytest.raises(ValueError, match="日期"):
        day(text)


def test_what_is_one_value_is_that():
    assert [whole(text) for text in ("0", "-3", "2024")] == [0, -3, 2024]
    assert [decimal(text) for text in ("0", "-0.5", "1200.50")] == [
        Decimal(0),
        Decimal("-0.5"),
        Decimal("1200.50"),
    ]
    assert day("2024-02-29") == date(2024, 2, 29)
