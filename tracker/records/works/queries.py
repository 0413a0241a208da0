"""Reads of key work: whose, of which year, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import days_of
from tracker.records.evidence.models import EvidenceLink
from tracker.records.places.models import Region
from tracker.records.works.models import KeyWork, Milestone, WorkAct, WorkEvent
from tracker.records.works.steps import SOON

# What the lights and the steps ask of a work.
WHOLE = (joinedload(KeyWork.region), selectinload(KeyWork.milestones))


def in_year(year: int) -> ColumnElement[bool]:
    """Whether it goes on in some of a year, or is still open from before."""
    first, last = days_of(year)
    done = or_(KeyWork.finished_on.is_(None), KeyWork.finished_on >= first)
    return and_(KeyWork.starts_on <= last, done)


def lights(on: date | None = None) -> dict[str, ColumnElement[bool]]:
    """The condition of each light on a day, as `steps.light_of` has it; every work has one."""
    day = on or today()
    undone = or_(KeyWork.finished_on.is_(None), KeyWork.finished_on > day)
    waits = or_(Milestone.reached_on.is_(None), Milestone.reached_on > day)

    def due_by(limit: date) -> ColumnElement[bool]:
        some = select(Milestone.id).where(
            Milestone.work_id == KeyWork.id, waits, Milestone.planned_on <= limit
        )
        return or_(KeyWork.due_on <= limit, some.exists())

    late, soon = due_by(day - timedelta(1)), due_by(day + timedelta(SOON))
    return {
        "red": and_(undone, late),
        "yellow": and_(undone, ~late, soon),
        "green": and_(undone, ~late, ~soon),
        "done": ~undone,
    }


def works_of(regions: Select[int], year: int) -> Sequence[KeyWork]:
    """The works of a year of `regions` (ids), by the code of the place in charge."""
    statement = (
        select(KeyWork)
        .join(Region, Region.id == KeyWork.region_id)
        .where(KeyWork.region_id.in_(regions), in_year(year))
        .options(*WHOLE)
        .order_by(Region.code, KeyWork.due_on, KeyWork.id)
    )
    return db.session.scalars(statement).unique().all()


def events_of(work: KeyWork) -> Sequence[WorkEvent]:
    """What was said of `work`, the latest first."""
    statement = (
        select(WorkEvent)
        .where(WorkEvent.work_id == work.id)
        .options(joinedload(WorkEvent.actor), joinedload(WorkEvent.milestone))
        .order_by(WorkEvent.id.desc())
    )
    return db.session.scalars(statement).all()


def last_words(works: Sequence[KeyWork]) -> dict[int, WorkEvent]:
    """Work id → the last that was said of its progress, in one statement."""
    last = (
        select(func.max(WorkEvent.id))
        .where(
            WorkEvent.work_id.in_([each.id for each in works]), WorkEvent.act != WorkAct.REOPENED
        )
        .group_by(WorkEvent.work_id)
    )
    found = db.session.scalars(select(WorkEvent).where(WorkEvent.id.in_(last)))
    return {each.work_id: each for each in found}


def proofs_of(work: KeyWork) -> int:
    """How many files stand that prove what was done."""
    statement = select(func.count(EvidenceLink.id)).where(
        EvidenceLink.key_work_id == work.id, EvidenceLink.withdrawn_at.is_(None)
    )
    return db.session.scalar(statement) or 0
