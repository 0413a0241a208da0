"""What a picture that is explored in the browser draws: the cells of the table of quarters, each
with the length of its bar. Nothing is reckoned in the browser."""

from __future__ import annotations

from typing import Any

from tracker.core.quantities.days import QUARTERS
from tracker.core.quantities.figure import WAN_YUAN, Figure
from tracker.core.quantities.shown import in_wan, in_words, short
from tracker.overview.trends.series import Series, YearOf

MONEY = ("元", WAN_YUAN)


def words_of(figure: Figure) -> str:
    """A figure as a cell of the table says it: money in 万元, anything else in its own unit."""
    if figure.unit in MONEY:
        return in_words(in_wan(figure))
    return short(figure.value)


def explored(series: Series) -> dict[str, Any]:
    """The years of a series for JSON, the earliest first; of each four quarters: {value, words,
    over}, the value in the unit of the series as a decimal string, None where nothing is on
    record. `over`: whether the quarter has ended; one that runs is never drawn like a whole one."""
    return {
        "label": series.label,
        "unit": series.unit,
        "years": [
            {"year": each.year, "quarters": [_cell(each, quarter) for quarter in QUARTERS]}
            for each in series.years
        ],
    }


def _cell(of: YearOf, quarter: int) -> dict[str, Any] | None:
    figure = of.quarters[quarter - 1]
    if figure is None:
        return None
    value = figure.to(WAN_YUAN).value if figure.unit in MONEY else figure.value
    return {"value": f"{value:f}", "words": words_of(figure), "over": of.is_over(quarter)}
