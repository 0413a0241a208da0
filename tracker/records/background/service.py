"""Asking for work, stopping it, and removing what is no longer kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, exists, select

from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.background import queries
from tracker.records.background.declared import WORKS
from tracker.records.background.models import BackgroundChunk, BackgroundJob, WorkState

CHUNK = 1 << 20  # bytes
MOST = 20  # that wait for one account


class WorkError(ToldError):
    """Work is not taken on; the message is for the user."""

    status = 409


def ask(
    kind: str, user: User | None, *arguments: int | str, title: str, given: bytes | None = None
) -> BackgroundJob:
    """Ask, within a writing unit, for work of a kind, `title` saying of what ("2024 年度计分"), and
    `given` being the file that it reads. Where the like waits, that is given back, and a second
    file is refused. `user` is None where the program itself asks. Raises WorkError."""
    work = WORKS[kind]
    if user is not None and not work.allows(user, *arguments):
        raise WorkError(f"您不能办理{work.label}。")
    owner = 0 if work.shared or user is None else user.id
    found = queries.waiting(kind, *arguments, owner=owner)
    if found is not None:
        if given is not None:
            raise WorkError(f"{found.title}正在办理，请等它结束或取消后再提交。")
        return found
    if user is not None and _many_wait(user):
        raise WorkError(f"您已有 {MOST} 件在等候，请等它们结束后再提交。")
    found = BackgroundJob(
        kind=kind,
        arguments=queries.packed(arguments),
        owner=owner,
        title=title,
        asked_by_id=user.id if user else None,
        asked_role=user.role if user else None,
        asked_region_id=user.region_id if user else None,
    )
    db.session.add(found)
    db.session.flush()
    for place in range(0, len(given or b""), CHUNK):
        assert given is not None
        piece = given[place : place + CHUNK]
        db.session.add(
            BackgroundChunk(job_id=found.id, given=True, place=place // CHUNK, content=piece)
        )
    db.session.flush()
    return found


def _many_wait(user: User) -> bool:
    waiting = select(BackgroundJob.id).filter_by(asked_by_id=user.id, state=WorkState.WAITING)
    return len(db.session.scalars(waiting.limit(MOST)).all()) >= MOST


def again(job: BackgroundJob, user: User) -> BackgroundJob:
    """Ask once more, within a writing unit, for what has ended; the old row stays as it is. Raises
    WorkError."""
    if job.waits:
        return job
    if not WORKS[job.kind].again:
        raise WorkError("这件事须到原来的页面重新办理。")
    given = b"".join(queries.chunks(job.id, given=True)) or None
    return ask(job.kind, user, *job.given, title=job.title, given=given)


def cancel(job: BackgroundJob, user: User | None) -> bool:
    """Stop, within a writing unit, what waits or is being done, and note who did; what comes of it
    is thrown away. False where it has ended already."""
    if not job.waits:
        return False
    end(job, WorkState.CANCELLED)
    job.cancelled_by_id = user.id if user is not None else None
    return True


def end(job: BackgroundJob, state: WorkState) -> None:
    """Write that it has ended, within a writing unit."""
    work = WORKS.get(job.kind)
    job.state, job.step, job.ended_at = state, "", now()
    job.holder = job.lease_until = None
    job.kept_until = job.ended_at + timedelta(days=work.days if work else 0)


def tidy() -> None:
    """Remove the bytes of what has ended that are no longer kept; the rows stay."""
    past = select(BackgroundJob.id).where(
        BackgroundJob.state != WorkState.WAITING,
        BackgroundJob.kept_until < now(),
        exists().where(BackgroundChunk.job_id == BackgroundJob.id),
    )
    for job_id in db.session.scalars(past).all():
        with units.writing():
            db.session.execute(delete(BackgroundChunk).where(BackgroundChunk.job_id == job_id))
        units.give_way()
