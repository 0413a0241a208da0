"""Reads of work that was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.jobs import Lane
from tracker.records.accounts.models import User
from tracker.records.background.declared import WORKS
from tracker.records.background.models import BackgroundChunk, BackgroundJob, WorkState


def get(job_id: int, user: User) -> BackgroundJob | None:
    """Work that `user` may see."""
    found = db.session.get(BackgroundJob, job_id)
    return found if found is not None and sees(user, found) else None


def sees(user: User, job: BackgroundJob) -> bool:
    """Whether `user` may see it: of what is not shared, only who asked and is who that was."""
    work = WORKS.get(job.kind)
    if work is None or not work.allows(user, *job.given):
        return False
    return work.shared or (job.asked_by_id == user.id and is_still(user, job))


def is_still(user: User, job: BackgroundJob) -> bool:
    """Whether the one who asked has the role and the region of then."""
    return user.active and (user.role, user.region_id) == (job.asked_role, job.asked_region_id)


def asked_by(user: User) -> Select[BackgroundJob]:
    """What `user` asked for with the role and the region of now, the newest first."""
    return (
        select(BackgroundJob)
        .where(
            BackgroundJob.asked_by_id == user.id,
            BackgroundJob.asked_role == user.role,
            BackgroundJob.asked_region_id.is_not_distinct_from(user.region_id),
            BackgroundJob.kind.in_([w.name for w in WORKS.values() if user.may(w.permission)]),
        )
        .order_by(BackgroundJob.id.desc())
    )


def latest(kind: str, *arguments: int | str) -> BackgroundJob | None:
    """The newest of a shared kind with these arguments."""
    return db.session.scalars(
        select(BackgroundJob)
        .filter_by(kind=kind, arguments=packed(arguments), owner=0)
        .order_by(BackgroundJob.id.desc())
        .limit(1)
    ).first()


def waiting(kind: str, *arguments: int | str, owner: int = 0) -> BackgroundJob | None:
    """What of this waits or is being done."""
    return db.session.scalars(
        select(BackgroundJob).filter_by(
            kind=kind, arguments=packed(arguments), owner=owner, state=WorkState.WAITING
        )
    ).one_or_none()


def waiting_of(kind: str) -> list[BackgroundJob]:
    """All of a kind that wait or are being done, the oldest first: of a kind whose arguments say
    more than what it is about."""
    wanted = select(BackgroundJob).filter_by(kind=kind, state=WorkState.WAITING)
    return list(db.session.scalars(wanted.order_by(BackgroundJob.id)))


def free_jobs(lane: Lane) -> list[int]:
    """What waits on a lane and nobody does, the oldest first."""
    names = [work.name for work in WORKS.values() if work.lane is lane]
    return list(
        db.session.scalars(
            select(BackgroundJob.id)
            .where(BackgroundJob.kind.in_(names), is_free())
            .order_by(BackgroundJob.id)
        )
    )


def is_free() -> ColumnElement[bool]:
    """Whether it waits and nobody does it."""
    free = or_(BackgroundJob.lease_until.is_(None), BackgroundJob.lease_until < now())
    return and_(BackgroundJob.state == WorkState.WAITING, free)


def chunks(job_id: int, *, given: bool = False) -> Iterator[bytes]:
    """The file that came of it or was given to it, one piece in memory at a time."""
    of = select(BackgroundChunk.id).filter_by(job_id=job_id, given=given)
    for number in db.session.scalars(of.order_by(BackgroundChunk.place)).all():
        content = select(BackgroundChunk.content).where(BackgroundChunk.id == number)
        yield db.session.scalars(content).one()


def packed(arguments: tuple[int | str, ...]) -> str:
    """The arguments as they are kept."""
    return json.dumps(arguments, ensure_ascii=False)
