"""The month or the quarter that a brief tells of. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from tracker.core.quantities.days import (
    QUARTER_NAMES,
    QUARTERS,
    last_day,
    month_begin,
    month_end,
    quarter_begin,
    quarter_end,
    quarter_of,
)

_FIRST_YEAR, _LAST_YEAR = 2002, 2100
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-([1-4])")


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter (1 to 4) of `year`, or, where `quarter` is 0, a `month` (1 to 12) of it."""

    year: int
    month: int = 0
    quarter: int = 0

    @property
    def first(self) -> date:
        """Its first day."""
        if self.quarter:
            return quarter_begin(self.year, self.quarter)
        return month_begin(self.year, self.month)

    @property
    def last(self) -> date:
        """Its last day."""
        if self.quarter:
            return quarter_end(self.year, self.quarter)
        return month_end(self.year, self.month)

    @property
    def key(self) -> str:
        """As it is typed and sent: 2025-06, or 2025-2 for a quarter."""
        return f"{self.year}-{self.quarter}" if self.quarter else f"{self.year}-{self.month:02d}"

    @property
    def words(self) -> str:
        """2025年6月, 2025年第二季度."""
        return f"{self.year}年{QUARTER_NAMES[self.quarter] if self.quarter else f'{self.month}月'}"

    @property
    def label(self) -> str:
        """What its column is called: 6月, 二季度."""
        return QUARTER_NAMES[self.quarter][1:] if self.quarter else f"{self.month}月"

    @property
    def title(self) -> str:
        """What a brief of it is called."""
        return "季报" if self.quarter else "月报"


def period_of(key: str) -> Period:
    """The period of a key (`Period.key`). Raises ValueError for any other text."""
    if found := _MONTH.fullmatch(key):
        period = Period(int(found[1]), month=int(found[2]))
    elif found := _QUARTER.fullmatch(key):
        period = Period(int(found[1]), quarter=int(found[2]))
    else:
        raise ValueError(f"“{key}”不是月份（如 2025-06）或季度（如 2025-2）。")
    if not _FIRST_YEAR <= period.year <= _LAST_YEAR:
        raise ValueError(f"年度应在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间。")
    return period


def periods_until(year: int, day: date) -> list[Period]:
    """The periods of `year` that have begun on `day`, the latest first, quarters before months."""
    quarters = [Period(year, quarter=number) for number in QUARTERS]
    months = [Period(year, month=number) for number in range(1, 13)]
    return [period for of in (quarters, months) for period in reversed(of) if period.first <= day]


def usual(year: int, day: date) -> Period:
    """What one mostly wants on `day`: the month before it, of a year that is over its last quarter;
    in January of the year itself that month."""
    if year < day.year:
        return Period(year, quarter=quarter_of(last_day(year)))
    return Period(year, month=max(day.month - 1, 1))
