"""The distribution of a class as a picture: every card that is to be seen a dot on an axis of
points, the class's mean and the grades as lines. Pure arithmetic; lengths are percent of the
picture's width, so that words keep their size on any screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.core.quantities.shown import points
from tracker.overview.chart import Tick, step_of
from tracker.overview.ranking.board import ClassStanding

LEFT, WIDTH = Decimal(4), Decimal(92)  # percent
APART = Decimal("2.2")  # percent between dots that do not touch
TOP, DOT, BELOW = 22, 14, 40  # pixels: words above, a row of dots, axis and words below


@dataclass(frozen=True)
class Dot:
    """A card: where it lies, and what is said of it. `whole`: nothing of it waits for data."""

    x: str
    y: int
    words: str
    whole: bool


@dataclass(frozen=True)
class Mark:
    """A line across: a grade's least total, or the mean."""

    x: str
    words: str


@dataclass(frozen=True)
class Strip:
    """All of it; `height` in pixels, `base` the height of the axis. `span`: from the lowest to the
    highest of a class of which no more is told."""

    dots: Sequence[Dot]
    ticks: Sequence[Tick]
    grades: Sequence[Mark]
    mean: Mark | None
    span: tuple[str, str] | None
    base: int
    height: int


def strip_of(of: ClassStanding, bounds: Sequence[tuple[str, Decimal]]) -> Strip | None:
    """The picture of a class; None where it has no card that takes part."""
    rows = sorted(of.rows, key=lambda row: (row.total, row.code))
    if not rows:
        return None
    told = of.range if of.range and of.range.lowest is not None else None
    ends = [told.lowest, told.highest] if told else [of.mean, of.best]
    totals = [row.total for row in rows] + [end for end in ends if end is not None]
    low, high, step = _axis(min(totals), max(totals))

    def at(value: Decimal) -> Decimal:
        return LEFT + WIDTH * (value - low) / (high - low)

    places = [at(row.total) for row in rows]
    levels = _levels(places)
    base = TOP + DOT * (max(levels) + 1) + 4
    dots = [
        Dot(
            _percent(x),
            base - 9 - DOT * level,
            f"{row.name} {points(row.total)} 分，{row.rank_said}",
            row.complete,
        )
        for row, x, level in zip(rows, places, levels, strict=True)
    ]
    count = int((high - low) / step)
    ticks = [
        Tick(f"{value.normalize():f}", _percent(at(value)))
        for value in (low + step * number for number in range(count + 1))
    ]
    grades = [
        Mark(_percent(at(least)), f"{name} {least.normalize():f}")
        for name, least in _apart([each for each in bounds if low <= each[1] <= high], at)
    ]
    mean = Mark(_percent(at(of.mean)), f"均值 {points(of.mean)}") if of.mean is not None else None
    lowest, highest = (told.lowest, told.highest) if told else (None, None)
    span = None
    if lowest is not None and highest is not None:
        span = _percent(at(lowest)), _percent(at(highest))
    return Strip(dots, ticks, grades, mean, span, base, base + BELOW)


def _axis(least: Decimal, most: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Round ends of an axis that holds both, and the distance of its lines."""
    step = max(step_of(most - least), Decimal(1))
    low = step * math.floor(least / step)
    high = step * math.ceil(most / step)
    return (low, high, step) if high > low else (low, low + step, step)


def _levels(places: Sequence[Decimal]) -> list[int]:
    """In which row each dot lies, so that none covers another; `places` grow."""
    last: list[Decimal] = []
    found = []
    for x in places:
        level = next((n for n, taken in enumerate(last) if x - taken >= APART), len(last))
        if level == len(last):
            last.append(x)
        last[level] = x
        found.append(level)
    return found


def _apart(
    bounds: Sequence[tuple[str, Decimal]], at: Callable[[Decimal], Decimal]
) -> Sequence[tuple[str, Decimal]]:
    """Grades whose words do not touch: the best first."""
    kept: list[tuple[str, Decimal]] = []
    for each in bounds:
        if all(abs(at(each[1]) - at(other[1])) >= 26 for other in kept):
            kept.append(each)
    return kept


def _percent(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.01')):f}%"
