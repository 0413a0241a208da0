"""Which year pages begin in, and what a year without records offers instead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from flask_login import current_user
from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from tracker.core.db import aside, db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import days_of, last_day
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.exchanges.models import Training
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import LedgerEntry
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.places.queries import regions_in_view, regions_of
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.records.submissions.models import Filing
from tracker.records.submissions.queries import awaited, filed_by, past_due
from tracker.year.assessments.models import Snapshot


def year_to_begin_with() -> int:
    """The year of a page whose address names none: for those who file, the year of the next filing
    due; for those who assess, the year under assessment; for everybody else the running year."""
    if not current_user.is_authenticated:
        return today().year
    if current_user.role in (Role.STAFF, Role.REVIEWER):
        return year_to_file(current_user)
    if current_user.role is Role.ASSESSOR:
        return year_to_assess()
    return today().year


def year_to_file(user: User) -> int:
    """The year of the next filing due of the user's places and their enclaves. Where none is
    planned: the running year, in January the one before, whose last report is due then."""
    following = db.session.scalar(_next_year(regions_of(user), today()))
    by_calendar = today().year - (1 if today().month == 1 else 0)
    return min(following or by_calendar, today().year)


@lru_cache(maxsize=1000)
def _next_year(regions: Select[int], day: date) -> Select[int]:
    """The year of the next filing due of `regions` as of `day`; composed once, since many pages
    ask it of the same places."""
    return (
        select(Filing.year)
        .where(filed_by(regions), awaited(), ~past_due(day))
        .order_by(Filing.due_on, Filing.year)
        .limit(1)
    )


def year_to_assess() -> int:
    """The last year that is over: it is assessed in the year that follows."""
    return today().year - 1


def has_records(regions: Select[int], year: int) -> bool:
    """Whether anything of `year` is on record in `regions` (ids): money, signed projects,
    trainings, or that the year was scored."""
    days = days_of(year)
    found = (
        select(LedgerEntry.id).where(
            _entered(regions), aside(LedgerEntry.occurred_on).between(*days)
        ),
        select(Project.id).where(projects.touching(regions), Project.signed_on.between(*days)),
        select(Training.id).where(_trained(regions), Training.held_on.between(*days)),
        select(Snapshot.id).where(Snapshot.year == year, Snapshot.owner_region_id.is_(None)),
    )
    return bool(db.session.scalar(select(or_(*(exists(each) for each in found)))))


def latest_with_records(regions: Select[int]) -> int | None:
    """The latest year of which `has_records` tells something, not after the running one."""
    until = last_day(today().year)
    latest = [
        select(func.max(aside(column))).where(condition, aside(column) <= until).scalar_subquery()
        for column, condition in (
            (LedgerEntry.occurred_on, _entered(regions)),
            (Project.signed_on, projects.touching(regions)),
            (Training.held_on, _trained(regions)),
        )
    ]
    of_scored = select(func.max(Snapshot.year)).where(
        Snapshot.year <= until.year, Snapshot.owner_region_id.is_(None)
    )
    *days, scored = db.session.execute(select(*latest, of_scored.scalar_subquery())).one()
    return max([*(day.year for day in days if day), *([scored] if scored else [])], default=None)


def other_year(year: int, regions: Select[int] | None = None) -> int | None:
    """The latest year with records, to be offered where `year` has none; None where it has some
    or nothing is on record at all."""
    regions = regions_in_view(current_user) if regions is None else regions
    return None if has_records(regions, year) else latest_with_records(regions)


def other_of_record(year: int, *years: Iterable[int]) -> int | None:
    """The latest of `years`, in which something of one record is on record, not after the running
    one; None where `year` is one of them, or there are none."""
    found = {each for of in years for each in of}
    return None if year in found else max((y for y in found if y <= today().year), default=None)


def _entered(regions: Select[int]) -> ColumnElement[bool]:
    return ledger.touching(regions) & aside(LedgerEntry.submitted_at).is_not(None)


def _trained(regions: Select[int]) -> ColumnElement[bool]:
    return Training.pairing_id.in_(select(Pairing.id).where(pairings.touching(regions)))
