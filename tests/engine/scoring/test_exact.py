"""How exact numbers are written in running text: short, but never as what they are not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tracker.engine.scoring.exact import brief, brief_percent, short, shown

HUGE = 10**15  # from here on powers of ten are written


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
        (Fraction(HUGE + 1, 3), "333333333333333.67"),
        (Fraction(4 * HUGE, 3), "1.333×10^15"),
        (Fraction(-4 * HUGE, 3), "-1.333×10^15"),
        (HUGE, "1×10^15"),
        (HUGE - 1, "999999999999999"),
    ],
)
def test_brief_numbers(value, written):
    assert brief(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(200, 3), "66.6667"),
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
        (Fraction(HUGE + 1, 3), "333333333333333.67"),
        (Fraction(4 * HUGE, 3), "1.333×10^15"),
    ],
)
def test_short_numbers(value, written):
    assert short(value) == written


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
    assert brief_percent(value) == written
