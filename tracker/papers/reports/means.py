"""Means of points, exact until they are written down."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor


def mean(points: Iterable[Decimal]) -> str | None:
    """The mean with two places; None of nothing."""
    known = [Fraction(one) for one in points]
    return written(sum(known, Fraction(0)) / len(known)) if known else None


def share(part: Fraction, whole: Fraction) -> str | None:
    """`part` of `whole` with four places; None of nothing."""
    return written(part / whole, 4) if whole else None


def written(value: Fraction, places: int = 2) -> str:
    """`value` as a decimal string, rounded half away from zero as the engine rounds."""
    units = floor(abs(value) * 10**places + Fraction(1, 2))
    return f"{Decimal(units if value >= 0 else -units).scaleb(-places):f}"
