"""The order of the figures of a class, also of those that no decimal writes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tracker.engine.scoring.pools import ordered

THIRD = Fraction(1, 3)
BELOW = Fraction(333_333_333_333, 10**12)
ABOVE = Fraction(10**15, 3 * 10**15 - 1)


@pytest.mark.parametrize(
    "rising",
    [
        [-2, Fraction(1, 4), 1, Fraction(5, 2), 10],
        [BELOW, THIRD],
        [THIRD, ABOVE],
        [-ABOVE, -THIRD, -BELOW],
    ],
)
def test_figures_are_ordered_by_what_they_are(rising):
    assert ordered(rising) == ordered(rising[::-1]) == rising
