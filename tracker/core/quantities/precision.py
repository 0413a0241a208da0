"""The sign before a figure that is not exact, and what it means for sums and for rounding."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

EXACT, AT_LEAST, AT_MOST, ABOUT = "", "≥", "≤", "≈"

# A bound stays true when it is shortened only if it is rounded away from the claim.
_ROUNDING = {AT_LEAST: ROUND_FLOOR, AT_MOST: ROUND_CEILING}


def decimals(value: Decimal) -> int:
    """With how many decimals a finite number is written; below 0 for 1E+3."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "neither NaN nor endless"
    return -exponent


def shortened(value: Decimal, places: int, sign: str = EXACT) -> Decimal:
    """`value` with `places` decimals: half up, a bound so that it stays true."""
    return value.quantize(Decimal(1).scaleb(-places), _ROUNDING.get(sign, ROUND_HALF_UP))


def joint_precision(signs: Iterable[str]) -> str:
    """The sign before a figure made of several: bounds of one direction stay a bound, anything
    mixed is about right."""
    found = set(signs) - {EXACT}
    if len(found) > 1:
        return ABOUT
    return found.pop() if found else EXACT
