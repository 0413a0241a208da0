"""The geometry of the one picture: a bar a county, its task as a line. Pure arithmetic.

Amounts are 万元. All lengths are percent of the picture's width, so that words keep their size on
any screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.core.quantities.shown import NOT_REPORTED
from tracker.core.quantities.units import WAN_PER_YI

ZERO_AT = 16  # percent; names stand left of it
WIDTH = 64
ROW = 24  # pixels
TOP = 26

_SHORTER = ("畲族自治县", "自治县", "县", "区", "市")


@dataclass(frozen=True)
class Bar:
    """One bar: `y` in pixels, `width` and `mark` (where the task lies) in percent. `value` is None
    where nothing is reported: then nobody can tell whether the task was `reached`."""

    name: str
    value: Decimal | None
    words: str
    asked: Decimal | None
    href: str | None
    y: int
    width: str
    mark: str | None
    reached: bool | None


@dataclass(frozen=True)
class Tick:
    """A line of the axis and what stands over it."""

    words: str
    x: str


@dataclass(frozen=True)
class Chart:
    """All of it; `height` in pixels. Every figure is in `unit`; the figures stand in a column of
    their own at the right, so that no task's line strikes them through."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    height: int
    unit: str


def chart_of(
    rows: Sequence[tuple[str, Decimal | None, Decimal | None, str | None]],
    signs: Sequence[str] = (),
) -> Chart:
    """Bars of (name, value, task, address), the longest first; where the value is None, nothing is
    reported, and no bar says 0. `signs`, one a row, stand before the values: those of bounds."""
    signed = list(zip(rows, signs or [""] * len(rows), strict=True))
    ordered = sorted(signed, key=lambda of: (of[0][1] is None, -(of[0][1] or 0)))
    zero = Decimal(0)
    most = max((max(value or zero, asked or zero) for _, value, asked, _ in rows), default=zero)
    unit = "亿元" if most >= WAN_PER_YI else "万元"
    step = step_of(most)
    end = step * math.ceil(most / step)

    def width(value: Decimal) -> Decimal:
        return WIDTH * value / end

    bars = [
        Bar(
            short_name(name),
            value,
            NOT_REPORTED if value is None else f"{sign}{figure_words(value, unit)}",
            asked,
            href,
            TOP + ROW * number,
            _percent(width(value or Decimal(0))),
            None if asked is None else _percent(ZERO_AT + width(asked)),
            None if asked is None or value is None else value >= asked,
        )
        for number, ((name, value, asked, href), sign) in enumerate(ordered)
    ]
    marks = [step * count for count in range(int(end / step) + 1)]
    ticks = [Tick(axis_words(value, unit), _percent(ZERO_AT + width(value))) for value in marks]
    return Chart(bars, ticks, TOP + ROW * len(bars) + 4, unit)


def step_of(most: Decimal) -> Decimal:
    """A round distance of the axis' lines: 1, 2 or 5 times a power of ten, at most five of them."""
    if most <= 0:
        return Decimal(1)
    power = Decimal(10) ** (most / 5).adjusted()
    return next(power * times for times in (1, 2, 5, 10) if power * times * 5 >= most)


def axis_words(value: Decimal, unit: str) -> str:
    """万元 as an axis of `unit` says them: 0, 5000万 or 0.5亿."""
    if not value:
        return "0"
    number = value / WAN_PER_YI if unit == "亿元" else value
    return f"{number.normalize():f}{unit[0]}"


def figure_words(value: Decimal, unit: str) -> str:
    """万元 as a figure of a picture of `unit`, with two decimals."""
    return f"{value / WAN_PER_YI if unit == '亿元' else value:,.2f}"


def short_name(name: str) -> str:
    """缙云 for 缙云县, where two characters or more are left."""
    for ending in _SHORTER:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


def _percent(value: Decimal) -> str:
    return f"{Decimal(value).quantize(Decimal('0.01')):f}%"
