"""A figure as it travels from the form to the page and the paper: number, unit, precision.

What is reckoned with a figure keeps both: figures of different units are refused, not added, and
the sign before a sum says what the signs of its parts allow to say. What is None is not a figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NoReturn

from tracker.core.quantities.precision import ABOUT, AT_LEAST, AT_MOST, EXACT, joint_precision
from tracker.core.quantities.units import WAN, YI

YUAN, WAN_YUAN, YI_YUAN = "元", "万元", "亿元"
PERCENT, PART, YES_NO = "%", "比例", "是否"

# What a unit is in the first of its kind; every other unit stands for itself alone.
_MONEY = {YUAN: Decimal(1), WAN_YUAN: WAN, YI_YUAN: YI}
_PARTS = {PART: Decimal(1), PERCENT: Decimal("0.01")}
_TURNED = {AT_LEAST: AT_MOST, AT_MOST: AT_LEAST}
_SIGNS = (EXACT, AT_LEAST, AT_MOST, ABOUT)


class UnitsDifferError(ValueError):
    """Two figures of different units were to be reckoned with each other: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit` (万元, 亩, %, 个 …; 是否 for 1 and 0; "" for none); `precision` is the sign
    before it: "≥", "≤", "≈", or "" where it is exact.

    Raises ValueError for any other sign and for what is no finite number. There is no order and no
    truth in it: 0 is as much of a figure as 1, and a bound is neither more nor less than another.
    """

    value: Decimal
    unit: str
    precision: str = EXACT

    def __post_init__(self) -> None:
        if self.precision not in _SIGNS:
            raise ValueError(f"精度符号“{self.precision}”不在 ≥、≤、≈ 之列。")
        if not self.value.is_finite():
            raise ValueError(f"“{self.value}”不是数。")

    def __bool__(self) -> NoReturn:
        raise TypeError("ask `is None` or for the value: zero is not none")

    def __add__(self, other: Figure) -> Figure:
        self._beside(other)
        sign = joint_precision((self.precision, other.precision))
        return Figure(self.value + other.value, self.unit, sign)

    def __sub__(self, other: Figure) -> Figure:
        return self + -other

    def __neg__(self) -> Figure:
        return self * -1

    def __mul__(self, factor: Decimal | int) -> Figure:
        """Times an exact number; below 0 it turns a bound round, and of nothing nothing is left."""
        sign = self.precision if factor > 0 else _TURNED.get(self.precision, self.precision)
        return Figure(self.value * factor, self.unit, sign if factor else EXACT)

    def __abs__(self) -> Figure:
        return -self if self.value < 0 else self

    def over(self, whole: Figure) -> Figure | None:
        """As a part of `whole`, of which a bound turns this one's round; None of nothing. Neither
        lies below 0."""
        self._beside(whole)
        if not whole.value:
            return None
        sign = joint_precision((self.precision, _TURNED.get(whole.precision, whole.precision)))
        return Figure(self.value / whole.value, PART, sign)

    def change_from(self, before: Figure) -> Figure | None:
        """The change against `before` as a part of it; None where that is nothing."""
        part = self.over(before)
        return None if part is None else part - Figure(Decimal(1), PART)

    def above_nought(self) -> Figure:
        """What of it lies above 0, as of a difference what is missing: no less is said of what is
        at least something below 0 than that it is at least 0, and at most that is nothing."""
        if self.value > 0:
            return self
        return Figure(Decimal(0), self.unit, EXACT if self.precision == AT_MOST else self.precision)

    def to(self, unit: str) -> Figure:
        """The same in another unit of its kind: 元, 万元 and 亿元; a part of the whole and %.

        Raises UnitsDifferError for any other.
        """
        if unit == self.unit:
            return self
        for kind in (_MONEY, _PARTS):
            if unit in kind and self.unit in kind:
                return replace(self, value=self.value * kind[self.unit] / kind[unit], unit=unit)
        raise UnitsDifferError(f"{self.unit or '没有单位的数'}不能换算成{unit or '没有单位的数'}")

    def bare(self) -> Figure:
        """The same where a head says the unit: without it; a part of the whole in per cent."""
        return replace(self.to(PERCENT) if self.unit == PART else self, unit="")

    def _beside(self, other: Figure) -> None:
        if other.unit != self.unit:
            raise UnitsDifferError(f"单位不同：{self.unit or '无'}、{other.unit or '无'}")


def yuan(amount: Decimal, precision: str = EXACT) -> Figure:
    """An amount of 元, as columns of money keep it."""
    return Figure(amount, YUAN, precision)


def wan_yuan(amount: str | Decimal, precision: str = EXACT) -> Figure:
    """An amount of 万元, as facts, snapshots and cards write it."""
    return Figure(Decimal(amount), WAN_YUAN, precision)


def added(figures: Iterable[Figure | None]) -> Figure | None:
    """The sum of those that are known; None where none is. Raises UnitsDifferError."""
    whole: Figure | None = None
    for figure in figures:
        if figure is not None:
            whole = figure if whole is None else whole + figure
    return whole
