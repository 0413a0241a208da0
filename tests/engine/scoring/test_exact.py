"""How exact numbers are written in running text: short, but never as what they are not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tracker.engine.scoring.exact import (
    brief_written,
    divide,
    exact,
    grouped,
    percent,
    percent_written,
    places,
    read_decimal,
    says_exactly,
    short_written,
    shown,
    shows_exactly,
    times,
)

HUGE = 10**15  # from here on powers of ten are written


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (10**60 - 1, 10**60 - 1),
        (1 - 10**60, 1 - 10**60),
        (Fraction(4, 2), 2),
        (Fraction(10**70, 3), Fraction(10**70, 3)),
        (Decimal("2.0"), 2),
        (Decimal("0.5"), Fraction(1, 2)),
        (Decimal("1E+119"), 10**119),
        (Decimal("9E-119"), Fraction(9, 10**119)),
    ],
)
def test_numbers_are_whole_where_they_can_be(value, number):
    found = exact(value)
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize(
    "value", [10**60, -(10**60), Decimal("1E+120"), Decimal("9E-120"), Decimal("Infinity")]
)
def test_numbers_have_an_end(value):
    with pytest.raises(ValueError, match=r"not a finite number|too many digits"):
        exact(value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9" * 60, 10**60 - 1),
        ("-" + "9" * 60, 1 - 10**60),
        ("9" * 61, None),
        ("0." + "0" * 58 + "1", Fraction(1, 10**59)),
        ("-0." + "0" * 58 + "1", Fraction(-1, 10**59)),
        ("0." + "0" * 59 + "1", None),
        ("-1.50", Fraction(-3, 2)),
        ("2.00", 2),
        ("-0.0", 0),
    ],
)
def test_decimals_of_sixty_digits_are_read(text, number):
    found = read_decimal(text)
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (12, "12"),
        (Fraction(1, 4), "0.25"),
        (Fraction(12345, 10_000), "1.2345"),  # four places write it
        (Fraction(123456, 100_000), "1.23"),  # five would
        (Fraction(200, 3), "66.67"),
        (Fraction(-2, 3), "-0.67"),
        (Fraction(1, 9), "0.11"),
        (Fraction(1, 11), "0.091"),  # two digits are left
        (Fraction(2, 21), "0.095"),
        (Fraction(1, 300), "0.0033"),
        (Fraction(1, 3 * 10**29), "0." + "0" * 29 + "3"),  # thirty places are the most
        (Fraction(HUGE + 1, 3), "333333333333333.67"),
        (Fraction(4 * HUGE, 3), "1.333×10^15"),
        (Fraction(-4 * HUGE, 3), "-1.333×10^15"),
        (HUGE, "1×10^15"),
        (HUGE - 1, "999999999999999"),
    ],
)
def test_brief_numbers(value, written):
    assert brief_written(value)[0] == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(200, 3), "66.6667"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-12345, 10_000), "-1.2345"),
        (Fraction(12345, 100_000), "0.1235"),
        (Fraction(1, 3 * 10**20), "0." + "0" * 20 + "3333"),
        (Fraction(1, 3 * 10**27), "0." + "0" * 27 + "333"),  # thirty places are the most
        (Fraction(HUGE + 1, 3), "333333333333333.6667"),
        (Fraction(4 * HUGE, 3), "1.333×10^15"),
        (HUGE, "1×10^15"),
    ],
)
def test_numbers_with_four_places(value, written):
    assert shown(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (12, "12"),
        (Fraction(1, 4), "0.25"),
        (Fraction(9_341_874, 10_000), "934.19"),
        (Fraction(1, 8), "0.13"),
        (Fraction(-1, 8), "-0.13"),
        (Fraction(1, 300), "0.003"),  # what is not 0 never looks like it
        (Fraction(-1, 3_000), "-0.0003"),
        (Fraction(4, 10**30), "0." + "0" * 29 + "4"),
        (0, "0"),
        (Fraction(0), "0"),
        (Fraction(HUGE), "1×10^15"),
        (HUGE, "1×10^15"),
        (HUGE - 1, "999999999999999"),
        (Fraction(4, 10**31), "0"),  # but for what thirty places do not write
        (Fraction(HUGE + 1, 3), "333333333333333.67"),
        (Fraction(4 * HUGE, 3), "1.333×10^15"),
    ],
)
def test_short_numbers(value, written):
    assert short_written(value)[0] == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1, "100%"),
        (Fraction(1, 8), "12.5%"),
        (Fraction(1, 10_000), "0.01%"),
        (Fraction(1, 3), "33.33%"),
        (Fraction(-12_345, 100_000), "-12.35%"),
        (Fraction(HUGE + 1, 3), "33333333333333366.67%"),
        (Fraction(4 * HUGE, 3), "1.333×10^17%"),
    ],
)
def test_brief_percentages(value, written):
    assert percent_written(value)[0] == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (HUGE, "1×10^17%"),
        (-HUGE, "-1×10^17%"),
        (HUGE - 1, "99999999999999900%"),
        (Fraction(1, 8), "12.5%"),
        (Fraction(1, 10_000), "0.01%"),
        (Fraction(1, 20_000), "0.01%"),
    ],
)
def test_percentages(value, written):
    assert percent(value) == written


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (3, 0),
        (Fraction(1, 2), 1),
        (Fraction(1, 8), 3),
        (Fraction(1, 50), 2),
        (Fraction(1, 3), None),
        (Fraction(1, 30), None),
    ],
)
def test_so_many_places_write_a_number(value, count):
    assert places(value) == count


VALUES = [
    *(0, 1, -1, 100, 1234, -98_765, HUGE - 1, HUGE, -HUGE, 3 * HUGE + 1),
    *(Fraction(1, 8), Fraction(-1, 3), Fraction(4, 5), Fraction(2469, 2), Fraction(20, 3)),
    *(Fraction(1, 10**5), Fraction(7, 10**9), Fraction(-1, 10**31), Fraction(HUGE * 7, 3)),
    *(Fraction(123_456_789, 10_000), Fraction(99_995, 10**5), Fraction(-5, 1000)),
]


@pytest.mark.parametrize("write", [brief_written, short_written, percent_written])
@pytest.mark.parametrize("places", [2, 3, 7, 30])
def test_what_is_written_comes_with_the_number_that_it_says(write, places):
    for value in VALUES:
        text, level = write(value, places)
        number = Fraction(text.removesuffix("%").replace("×10^", "e"))
        said = number / 100 if text.endswith("%") else number
        assert Fraction(level, 10**40) == said, (value, text)
        assert says_exactly(level, value) == shows_exactly(text, value), (value, text)


@pytest.mark.parametrize("first", VALUES)
def test_products_and_quotients_are_those_of_fractions(first):
    for second in VALUES:
        found = times(first, second)
        assert (found, type(found)) == (first * second, type(first * second))
        if second:
            found, whole = divide(first, second), Fraction(first) / second
            both = type(first) is int and type(second) is int
            assert found == whole
            assert type(found) is (int if both and whole.denominator == 1 else Fraction)
            assert hash(found) == hash(whole)


def test_nothing_is_divided_by_nought():
    for first, second in ((1, 0), (Fraction(1, 2), 0)):
        with pytest.raises(ZeroDivisionError):
            divide(first, second)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("7", "7"), ("-12.34", "-12.34"), ("123.4567", "123.4567"), ("100%", "100%")),
        *(("1234", "1,234"), ("-1000.8", "-1,000.8"), ("1234567.25", "1,234,567.25")),
        *(("1234%", "1,234%"), ("≈1234.5", "≈1,234.5"), ("1.235×10^18", "1.235×10^18")),
    ],
)
def test_thousands_are_grouped_before_the_point_alone(text, found):
    assert grouped(text) == found
