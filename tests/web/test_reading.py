"""Money and days as people type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.web.figures import wan
from tracker.web.reading import LARGEST, parse_day, parse_money


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("12000", "120000000"),
        ("12000万", "120000000"),
        ("12,000 万元", "120000000"),
        ("1.2亿", "120000000"),
        ("1.2亿元", "120000000"),
        ("1亿2000万", "120000000"),
        ("１２０００", "120000000"),
        ("１２，０００万元", "120000000"),
        ("１．２亿", "120000000"),
        ("0.0001", "1"),
        ("0.000001", "0.01"),
        ("35元", "35"),
        ("35.67元", "35.67"),
        (" 8 ", "80000"),
        ("0", "0"),
        ("1000000000000元", "1000000000000"),
    ],
)
def test_money_that_is_understood(typed, yuan):
    assert parse_money(typed) == Decimal(yuan)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("-5", "负数"),
        ("－5", "负数"),
        ("−5万", "负数"),
        ("0.0000001", "精确到分"),
        ("1.234元", "精确到分"),
        ("1,2", "每三位"),
        ("12,00", "每三位"),
        ("10001亿", "1 万亿元"),
        ("9" * 60, "1 万亿元"),
        ("一百万", "例如"),
        ("12000美元", "例如"),
        ("1e5", "例如"),
        ("万元", "例如"),
        ("元", "例如"),
        ("1.2.3", "例如"),
        ("1亿2000", "例如"),
        ("NaN", "例如"),
        ("٣", "例如"),
    ],
)
def test_money_that_is_refused(typed, says):
    with pytest.raises(ValueError, match=says):
        parse_money(typed)


@given(st.decimals(min_value=0, max_value=LARGEST, places=2))
def test_what_is_shown_can_be_typed_again(amount):
    assert parse_money(wan(amount)) == amount


@pytest.mark.parametrize(
    "typed",
    [
        "2024-07-03",
        "2024-7-3",
        "2024.7.3",
        "2024/7/3",
        "2024年7月3日",
        "2024年7月3",
        "２０２４－０７－０３",
        "２０２４年７月３日",
        " 2024 - 07 - 03 ",
        "20240703",
        "2024。7。3",
    ],
)
def test_days_that_are_understood(typed):
    assert parse_day(typed) == date(2024, 7, 3)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2024-07", "样式"),
        ("2024年7月", "样式"),
        ("2024-7/3", "样式"),
        ("03-07-2024", "样式"),
        ("今天", "样式"),
        ("2023-02-29", "2023年2月没有29日"),
        ("2024-13-01", "没有"),
        ("0024-07-03", "不合情理"),
        ("9999-07-03", "不合情理"),
    ],
)
def test_days_that_are_refused(typed, says):
    with pytest.raises(ValueError, match=says):
        parse_day(typed)


def test_a_leap_day_is_a_day():
    assert parse_day("2024-2-29") == date(2024, 2, 29)
