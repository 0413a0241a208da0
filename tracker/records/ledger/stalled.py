"""Projects that stand still in a year: signed and not begun, begun and without progress; a running
year is judged by today.

The list of projects can be narrowed to them, so that whoever is told how many there are can open
them all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_

from tracker.core.quantities.days import last_day_yet
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.sums import has_entry
from tracker.records.projects.models import Project

NOT_STARTED, NO_PROGRESS = "not-started", "no-progress"
_YEAR = timedelta(days=365)
_HALF_YEAR = timedelta(days=183)


def not_started(year: int) -> ColumnElement[bool]:
    """Signed for 365 days, without a day of beginning by then, and not given up."""
    day = last_day_yet(year)
    later = (Project.started_on, Project.completed_on, Project.in_production_on)
    return and_(
        Project.signed_on <= day - _YEAR,
        Project.terminated_on.is_(None),
        *(or_(column.is_(None), column > day) for column in later),
    )


def without_progress(year: int) -> ColumnElement[bool]:
    """Begun for 183 days and not finished by then, with no completed investment of the year."""
    day = last_day_yet(year)
    invested = has_entry(LedgerEntry.project_id, Project.id, EntryKind.COMPLETED_INVESTMENT, year)
    done = (Project.completed_on, Project.in_production_on, Project.terminated_on)
    return and_(
        Project.started_on <= day - _HALF_YEAR,
        *(or_(column.is_(None), column > day) for column in done),
        ~invested,
    )


CONDITIONS: dict[str, tuple[str, Callable[[int], ColumnElement[bool]]]] = {
    NOT_STARTED: ("签约满一年未开工", not_started),
    NO_PROGRESS: ("在建没有进度", without_progress),
}
