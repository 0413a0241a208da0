"""Doing work that was asked for: by one at a time, resumable by another, stoppable.

The row is the truth. Whoever works holds it under a lease that is renewed beside the work; the row
of one that was killed is free again when the lease has run out. What came of it is written in one
unit with the row's end, and only by the one that holds it.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import IO

from flask import Flask, current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from tracker.core import jobs
from tracker.core.db import db, units
from tracker.core.db.audit import act_as
from tracker.core.db.records import now
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.background import queries, service
from tracker.records.background.declared import WORKS
from tracker.records.background.models import BackgroundChunk, BackgroundJob, WorkState

LEASE = timedelta(minutes=2)
TRIES = 3
_RENEW = 30.0  # seconds
_TOLD = 1.0  # seconds at least between two words about parts of the same step
_LOST = (
    f"办理中 {TRIES} 次被打断（进程被终止，或内存、磁盘不足），不再自动重试，请系统维护人员查明。"
)
_FAULT = "办理时出错，原因已记入工作进程的日志，请告知系统维护人员。"
_NOT_ANY_MORE = "提出之后，提出人的角色或地区有变，或账户已停用，没有办理。"


class StoppedError(Exception):
    """The work is not wanted any more, or its worker is to end."""


class _RefusedError(ToldError):
    """Who asked for it may not have it any more."""


class Run:
    """One try at a piece of work: by it the function says how far it is and leaves what came of it.
    `user_id`: who asked, None for the program itself."""

    def __init__(self, job_id: int, holder: str, user_id: int | None) -> None:
        self.user_id = user_id
        self.finished = False
        self._job_id, self._holder = job_id, holder
        self._told = ("", 0.0)
        self._made: tuple[str, str, int] | None = None

    @property
    def user(self) -> User:
        """Who asked for it. Not of work that the program asks for itself."""
        assert self.user_id is not None, "somebody asked"
        return db.session.get_one(User, self.user_id)

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        """Let it be seen what is done now, and how many parts of how many are. Raises StoppedError
        where it was cancelled or the worker is to end: let that through."""
        if jobs.told_to_end():
            raise StoppedError
        before, at = self._told
        if step == before and done < total and time.monotonic() < at + _TOLD:
            return
        self._told = (step, time.monotonic())
        # In a session beside the one that reads: that one keeps to one state of the data.
        with _beside(_app()):
            row = _held(self._job_id, self._holder)
            if row is not None:
                row.step, row.done, row.total = step[:60], min(done, total), total
        if row is None:
            raise StoppedError

    @contextmanager
    def file(self, name: str, content_type: str) -> Iterator[IO[bytes]]:
        """The file that comes of the work, to be written; it is kept once it is whole."""
        with tempfile.TemporaryFile() as out:
            yield out
            size = out.seek(0, os.SEEK_END)
            out.seek(0)
            # Piece by piece, so that nobody waits long for the lock.
            for place, piece in enumerate(iter(lambda: out.read(service.CHUNK), b"")):
                with units.writing():
                    if _held(self._job_id, self._holder) is None:
                        raise StoppedError
                    chunk = BackgroundChunk(given=False, place=place, content=piece)
                    chunk.job_id = self._job_id
                    db.session.add(chunk)
            self._made = (name[:255], content_type, size)

    @contextmanager
    def given(self) -> Iterator[IO[bytes]]:
        """The file that was sent in when it was asked for, to be read."""
        with tempfile.TemporaryFile() as file:
            for piece in queries.chunks(self._job_id, given=True):
                file.write(piece)
            file.seek(0)
            yield file

    def finish(self, write: Callable[[], int | None]) -> None:
        """Do all that the work writes, in one unit with its end: so it is done once, whoever is
        killed when. `write` gives back the number of the record that came of it. Raises
        StoppedError, nothing written, where it was cancelled."""
        with units.writing():
            if _held(self._job_id, self._holder) is None:
                raise StoppedError
            if self.user_id is not None:
                act_as(db.session, self.user_id)
            result_id = write()
            row = db.session.get_one(BackgroundJob, self._job_id)
            row.result_id = result_id
            if self._made is not None:
                row.file_name, row.file_type, row.file_size = self._made
            service.end(row, WorkState.DONE)
        self.finished = True


@units.reading
def run(job_id: int) -> None:
    """Do what was asked for, unless somebody does or did. What stands against it is the row's
    reason; a fault that nobody foresaw is raised besides, for the log."""
    holder = uuid.uuid4().hex
    taken = _take(job_id, holder)
    if taken is None:
        return
    kind, arguments, asked = taken
    this = Run(job_id, holder, asked)
    try:
        with _renewed(job_id, holder):
            _refuse(job_id)
            WORKS[kind].function(this, *arguments)
            if not this.finished:
                this.finish(lambda: None)
    except StoppedError:
        _let_go(job_id, holder)
    except ToldError as error:
        _fail(job_id, holder, str(error))
    except OperationalError:
        # The database was too busy or away: another try may do.
        _let_go(job_id, holder, counted=True)
        raise
    except Exception:
        # Whatever it is, it would be so a minute later, too.
        _fail(job_id, holder, _FAULT)
        raise


def _take(job_id: int, holder: str) -> tuple[str, tuple[int | str, ...], int | None] | None:
    with units.writing():
        row = db.session.scalars(
            select(BackgroundJob).where(BackgroundJob.id == job_id, queries.is_free())
        ).one_or_none()
        if row is None or row.kind not in WORKS:
            return None
        if row.tries >= TRIES:
            row.reason = _LOST
            service.end(row, WorkState.FAILED)
            return None
        row.tries += 1
        row.step, row.done, row.total = "", 0, 0
        row.holder, row.lease_until = holder, now() + LEASE
        # Of one that was killed half-way.
        left = (BackgroundChunk.job_id == job_id, BackgroundChunk.given.is_(False))
        db.session.execute(delete(BackgroundChunk).where(*left))
        return row.kind, row.given, row.asked_by_id


def _refuse(job_id: int) -> None:
    """Raises where who asked may not have it any more."""
    row = db.session.get_one(BackgroundJob, job_id)
    if row.asked_by is None:
        return
    allowed = WORKS[row.kind].allows(row.asked_by, *row.given)
    if not allowed or not queries.is_still(row.asked_by, row):
        raise _RefusedError(_NOT_ANY_MORE)


@contextmanager
def _renewed(job_id: int, holder: str) -> Iterator[None]:
    """Renew the lease beside the work, so that no kind of work has to think of it."""
    app, ending = _app(), threading.Event()

    def renew() -> None:
        while not ending.wait(_RENEW):
            with suppress(OperationalError), _beside(app):
                row = _held(job_id, holder)
                if row is None:
                    return
                row.lease_until = now() + LEASE

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _fail(job_id: int, holder: str, reason: str) -> None:
    with units.writing():
        if row := _held(job_id, holder):
            row.reason = reason
            service.end(row, WorkState.FAILED)


def _let_go(job_id: int, holder: str, *, counted: bool = False) -> None:
    """Let another worker take it, where it is still wanted; a try that nothing was wrong with is
    not `counted`."""
    with units.writing():
        if row := _held(job_id, holder):
            row.holder = row.lease_until = None
            row.tries -= not counted


def _held(job_id: int, holder: str) -> BackgroundJob | None:
    return db.session.scalars(
        select(BackgroundJob).filter_by(id=job_id, holder=holder, state=WorkState.WAITING)
    ).one_or_none()


@contextmanager
def _beside(app: Flask) -> Iterator[None]:
    """A writing unit in a session of its own."""
    with app.app_context(), units.mode(writes=False), units.writing():
        yield


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy's own
    return app
