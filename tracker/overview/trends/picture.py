"""The pictures of 走势: a bar a year. Pure arithmetic; lengths are percent of the width."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.core.quantities.figure import WAN_YUAN, Figure
from tracker.core.quantities.shown import NOT_REPORTED
from tracker.core.quantities.units import WAN_PER_YI
from tracker.overview.chart import Tick, axis_words, figure_words, step_of
from tracker.overview.trends.per_mu import GOAL, PerMu
from tracker.overview.trends.series import Series
from tracker.overview.trends.tasks import AskedOverYears

ZERO_AT, WIDTH = Decimal(15), Decimal(60)  # percent; years stand left of it, figures right
WORDS = Decimal(24)  # percent that a figure needs
ROW, TOP = 34, 26  # pixels


@dataclass(frozen=True)
class Bar:
    """A year: `same` and `rest` are (x, width) of the part that is compared and of what came after
    it, `parts` where a quarter ends; `mark` where lies what was asked, "" where nothing was.
    `words` stand at `words_x`, the end of the bar; nothing is reported where not `told`."""

    name: str
    y: int
    same: tuple[str, str]
    rest: tuple[str, str]
    parts: Sequence[str]
    mark: str
    words: str
    words_x: str
    told: bool


@dataclass(frozen=True)
class Picture:
    """All of it; `height` in pixels; `unit` is that of the figures."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    height: int
    unit: str


@dataclass(frozen=True)
class _Row:
    name: str
    value: Decimal | None
    same: Decimal | None = None
    ends: Sequence[Decimal] = ()
    asked: Decimal | None = None
    words: str = ""


def of_series(series: Series) -> Picture | None:
    """Years of which the part that is compared is dark, parted by quarters; None without any."""
    rows = []
    for each in series.years:
        ends, so_far = [], Decimal(0)
        for quarter in each.quarters:
            so_far += _number(quarter) or 0
            ends.append(so_far)
        whole = _number(each.whole)
        # A part without a record of its own has none of what the year has.
        same = Decimal(0) if whole is not None and each.part is None else _number(each.part)
        rows.append(_Row(str(each.year), whole, same, ends[:-1]))
    return _picture(rows, series.unit) if series.is_known else None


def of_tasks(found: AskedOverYears) -> Picture | None:
    """Years with what was asked as a mark; None where nothing ever was."""
    rows = [
        _Row(str(each.year), done := _number(each.done), done, (), _number(each.asked))
        for each in found.years
    ]
    known = any(row.value is not None for row in rows)
    return _picture(rows, found.unit) if known else None


def of_per_mu(found: PerMu) -> Picture | None:
    """Years as per cent of the base year, with the mark at +10 %; None where none is known."""
    rows = [
        _Row(
            str(each.year),
            (index := each.index * 100 if each.index is not None else None),
            index,
            (),
            GOAL * 100,
            f"{index:.1f}" if index is not None else "",
        )
        for each in found.years
    ]
    known = any(row.value is not None for row in rows)
    return _picture(rows, "%") if known else None


def _number(of: Figure | None) -> Decimal | None:
    if of is None:
        return None
    return of.to(WAN_YUAN).value if of.unit == "元" else of.value


def _picture(rows: Sequence[_Row], unit: str) -> Picture:
    zero = Decimal(0)
    most = max(max(row.value or zero, row.asked or zero) for row in rows)
    if unit == WAN_YUAN and most >= WAN_PER_YI:
        unit = "亿元"
    step = step_of(most)
    end = step * math.ceil(most / step) if most > 0 else step

    def width(value: Decimal | None) -> Decimal:
        return WIDTH * (value or zero) / end

    bars = [_bar(row, number, unit, width) for number, row in enumerate(rows)]
    marks = [step * count for count in range(int(end / step) + 1)]
    ticks = [Tick(_tick(value, unit), _percent(ZERO_AT + width(value))) for value in marks]
    return Picture(bars, ticks, TOP + ROW * len(bars) + 4, unit)


def _bar(row: _Row, number: int, unit: str, width: Callable[[Decimal | None], Decimal]) -> Bar:
    value, same = row.value, row.same
    until = ZERO_AT + width(value)
    mark = None if row.asked is None or value is None else ZERO_AT + width(row.asked)
    words_x = until
    if mark is not None and until - 1 <= mark <= until + WORDS:
        words_x = max(mark, until)
    return Bar(
        row.name,
        TOP + ROW * number,
        (_percent(ZERO_AT), _percent(width(same))),
        (_percent(ZERO_AT + width(same)), _percent(width(value) - width(same))),
        [_percent(ZERO_AT + width(each)) for each in row.ends if value and 0 < each < value],
        "" if mark is None else _percent(mark),
        NOT_REPORTED if value is None else row.words or _words(value, unit),
        _percent(words_x + 1),
        value is not None,
    )


def _words(value: Decimal, unit: str) -> str:
    return figure_words(value, unit) if unit in ("万元", "亿元") else f"{value.normalize():f}"


def _tick(value: Decimal, unit: str) -> str:
    if unit in ("万元", "亿元"):
        return axis_words(value, unit)
    return f"{value.normalize():f}"


def _percent(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.01')):f}%"
