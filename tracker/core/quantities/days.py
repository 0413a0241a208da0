"""The days of a year of assessment, which is the calendar year, and of its quarters."""

from __future__ import annotations

from datetime import date, timedelta

from tracker.core.quantities.clock import today

QUARTERS = (1, 2, 3, 4)
QUARTER_NAMES = {1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}


def first_day(year: int) -> date:
    """1 January of `year`."""
    return date(year, 1, 1)


def last_day(year: int) -> date:
    """31 December of `year`."""
    return date(year, 12, 31)


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day of `year`."""
    return first_day(year), last_day(year)


def last_day_yet(year: int) -> date:
    """The last day of `year`, or today where that is earlier."""
    return min(last_day(year), today())


def within(day: date, year: int) -> date:
    """`day`, or the day of `year` that is nearest to it."""
    return min(max(day, first_day(year)), last_day(year))


def ends_year(day: date) -> bool:
    """Whether `day` is the last of its year."""
    return day == last_day(day.year)


def month_begin(year: int, month: int) -> date:
    """The first day of a month (1 to 12)."""
    return date(year, month, 1)


def month_end(year: int, month: int) -> date:
    """The last day of a month (1 to 12)."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def quarter_of(day: date) -> int:
    """The quarter (1 to 4) that `day` lies in."""
    return (day.month + 2) // 3


def quarter_begin(year: int, quarter: int) -> date:
    """The first day of a quarter (1 to 4)."""
    return date(year, 3 * quarter - 2, 1)


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter (1 to 4)."""
    return date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)


def quarter_before(year: int, quarter: int) -> tuple[int, int]:
    """The year and the number of the quarter before one."""
    return (year, quarter - 1) if quarter > 1 else (year - 1, QUARTERS[-1])


def quarters_over(year: int, day: date) -> int:
    """How many quarters of `year` are over on `day`."""
    return sum(quarter_end(year, quarter) < day for quarter in QUARTERS)


def last_quarter_end(day: date) -> date:
    """The last day of the last quarter that is over on `day`."""
    return quarter_begin(day.year, quarter_of(day)) - timedelta(days=1)
