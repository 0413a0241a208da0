"""Means of points, exact until they are written down."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor


def mean(points: Iterable[Decimal]) -> str | None:
    """The mean with the places of what it is of, two at least; None of nothing."""
    known = list(points)
    places = max((2, *(-int(one.as_tuple().exponent) for one in known)))
    whole = sum(map(Fraction, known), Fraction(0))
    return written(whole / len(known), places) if known else None


def share(part: Fraction, whole: Fraction) -> str | None:
    """`part` of `whole` with four places; None of nothing."""
    return written(part / whole, 4) if whole else None


def written(value: Fraction, places: int = 2) -> str:
    """`value` as a decimal string, rounded half away from zero as the engine rounds."""
    units = floor(abs(value) * 10**places + Fraction(1, 2))
    return f"{Decimal(units if value >= 0 else -units).scaleb(-places):f}"
