"""Working days: from Monday to Friday, but for the days that the State Council moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.quantities.days import days_of, quarter_begin, quarter_end, quarter_of
from tracker.records.submissions.models import QUARTERS, FilingKind, Holiday

# Day → whether one works on it; of days that are not in it, the weekday says.
Moved = Mapping[date, bool]
_TEN, _SATURDAY = timedelta(days=10), 5


def moved_days(first: date, last: date) -> dict[date, bool]:
    """The days from `first` to `last` that are not what their weekday says."""
    rows = db.session.execute(
        select(Holiday.day, Holiday.works).where(Holiday.day.between(first, last))
    )
    return {row.day: row.works for row in rows}


def is_working(day: date, moved: Moved) -> bool:
    """Whether one works on `day`."""
    return moved.get(day, day.weekday() < _SATURDAY)


def next_working(day: date, moved: Moved) -> date:
    """`day`, or the first working day after it."""
    while not is_working(day, moved):
        day += timedelta(days=1)
    return day


def days_on(day: date, working: int, moved: Moved) -> date:
    """The day that lies `working` working days after `day`; before it, where negative."""
    step = timedelta(days=1 if working > 0 else -1)
    for _ in range(abs(working)):
        day += step
        while not is_working(day, moved):
            day += step
    return day


def years_known() -> set[int]:
    """The years of which the table has days: of others, weekends are all that is known."""
    year = func.extract("year", Holiday.day)
    return {int(found) for found in db.session.scalars(select(year).distinct())}


def usual_days(year: int) -> dict[FilingKind, date]:
    """The last days that are named unless the province names others: the 10th after the quarter,
    10 January for the year, 31 March for its plan."""
    tenth = {kind: days_covered(year, kind)[1] + _TEN for kind in (*QUARTERS, FilingKind.ANNUAL)}
    return {FilingKind.PLAN: quarter_end(year, 1), **tenth}


def days_covered(year: int, kind: FilingKind) -> tuple[date, date]:
    """The first and the last day that a filing is about."""
    if kind in (FilingKind.PLAN, FilingKind.ANNUAL):
        return days_of(year)
    number = int(kind.value[1])
    return quarter_begin(year, number), quarter_end(year, number)


def kind_of_day(day: date) -> FilingKind:
    """The quarter that `day` lies in."""
    return FilingKind(f"q{quarter_of(day)}")
