"""The days of a year of assessment, which is the calendar year."""

from __future__ import annotations

from datetime import date


def first_day(year: int) -> date:
    """1 January of `year`."""
    return date(year, 1, 1)


def last_day(year: int) -> date:
    """31 December of `year`."""
    return date(year, 12, 31)


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day of `year`."""
    return first_day(year), last_day(year)
