"""Chinese numerals: every number, amount and day that is written in full is read as what it is, and
nothing else is read at all. A few examples here, many in `make soak`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.quantities import numerals
from tracker.core.quantities.reading import LARGEST, parse_day, parse_money

PLAIN, FORMAL = "〇一二三四五六七八九十百千万亿", "零壹贰叁肆伍陆柒捌玖拾佰仟萬億"


AMOUNTS = st.integers(min_value=1, max_value=int(LARGEST)) | st.builds(
    lambda head, noughts: int(f"{head}{'0' * noughts}"),
    st.integers(min_value=1, max_value=9999),
    st.integers(min_value=0, max_value=8),
)
DAYS = st.dates(min_value=date(1978, 1, 1), max_value=date(2100, 12, 31))
TEXTS = st.text(PLAIN + FORMAL + "两元整角分年月日点 .1２", max_size=12)


def in_full(value: int, formal: bool) -> None:
    text = numerals.written(value)
    typed = text.translate(str.maketrans(PLAIN, FORMAL)) if formal else text
    assert numerals.whole_of(typed) == value
    assert parse_money(f"{typed}元") == value
    if text.endswith(("万", "亿")):
        assert parse_money(typed) == value
    else:
        with pytest.raises(ValueError, match="没有写明单位"):
            parse_money(typed)


def a_day(day: date) -> None:
    year = "".join(PLAIN[int(digit)] for digit in str(day.year))
    month, number = (numerals.written(each) for each in (day.month, day.day))
    for short in (False, True):
        parts = [
            each.removeprefix("一") if short and each[:2] == "一十" else each
            for each in (month, number)
        ]
        assert parse_day(f"{year}年{parts[0]}月{parts[1]}日") == day


def any_text(text: str) -> None:
    """What is read is what its own words say; all else is refused with a sentence."""
    try:
        value = numerals.whole_of(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - the sentence is what the field shows
    else:
        plain = text.translate(str.maketrans(FORMAL + "两", PLAIN + "二"))
        assert plain in (numerals.written(value), numerals.written(value).removeprefix("一"))
    for read in (parse_money, parse_day):
        try:
            found: Any = read(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017
        else:
            assert isinstance(found, Decimal | date)


TRIED: list[tuple[Callable[..., None], dict[str, Any]]] = [
    (in_full, {"value": AMOUNTS, "formal": st.booleans()}),
    (a_day, {"day": DAYS}),
    (any_text, {"text": TEXTS}),
]


@pytest.mark.parametrize(
    "examples",
    [pytest.param(60, id="some"), pytest.param(20_000, id="many", marks=pytest.mark.soak)],
)
@pytest.mark.parametrize(("holds", "drawn"), TRIED, ids=[each.__name__ for each, _ in TRIED])
def test_numerals(holds: Callable[..., None], drawn: dict[str, Any], examples: int) -> None:
    settings(max_examples=examples, deadline=None)(given(**drawn)(holds))()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("〇", 0),
        ("十", 10),
        ("一十", 10),
        ("十五", 15),
        ("一百零五", 105),
        ("一千零五十", 1050),
        ("一万零一", 10_001),
        ("一十二万三千", 123_000),
        ("一亿零三十万", 100_300_000),
        ("一万亿", 10**12),
        ("一万零五百亿", 1_050_000_000_000),
        ("贰拾叁億肆仟伍佰萬", 2_345_000_000),
    ],
)
def test_numbers_that_are_written_in_full(text: str, value: int) -> None:
    assert numerals.whole_of(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "万",
        "百",
        "一百二",
        "三千五",
        "一万一",
        "二一",
        "一一",
        "十百",
        "百一",
        "一千百",
        "一百〇十",
        "一〇万",
        "一亿一亿",
        "一万万",
        "〇一",
        "一〇〇",
        "一点五",
        "廿",
        "一百五十零",
    ],
)
def test_what_is_no_number_in_full_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="写全"):
        numerals.whole_of(text)
