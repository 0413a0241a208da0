"""Scoring a year as work on the queue: a row says that it was asked for and how far it is."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import ColumnElement, and_, or_, select

from tracker.core.db import db, statistics, units
from tracker.core.db.records import now
from tracker.year.assessments import service
from tracker.year.assessments.models import Scoring, ScoringState

LEASE = timedelta(minutes=3)  # renewed at each step, which takes seconds


def ask(year: int, actor_id: int | None) -> Scoring:
    """Ask, within a writing unit, for `year` to be scored; where that waits already, it is the one
    given back."""
    waiting = select(Scoring).filter_by(year=year, state=ScoringState.WAITING)
    found = db.session.scalars(waiting).one_or_none()
    if found is None:
        found = Scoring(year=year, asked_by_id=actor_id)
        db.session.add(found)
        db.session.flush()
    return found


def waiting(year: int) -> Scoring | None:
    """The scoring of a year that was asked for and has not ended."""
    return db.session.scalars(
        select(Scoring).filter_by(year=year, state=ScoringState.WAITING)
    ).one_or_none()


def free_scorings() -> list[int]:
    """The scorings that wait and that nobody works on, the oldest first."""
    return list(db.session.scalars(select(Scoring.id).where(_free()).order_by(Scoring.id)))


def run_scoring(scoring_id: int) -> None:
    """Freeze and score what was asked for, unless somebody does or did; the end of the row is
    written together with the snapshot. What stands against it is the row's reason."""
    holder = uuid.uuid4().hex
    with units.writing():
        found = db.session.scalars(
            select(Scoring).where(Scoring.id == scoring_id, _free())
        ).one_or_none()
        if found is None:
            return
        year, actor_id = found.year, found.asked_by_id
        found.holder, found.lease_until = holder, now() + LEASE
    try:
        frozen = service.frozen_year(year, lambda step: _tell(scoring_id, holder, step))
        with units.writing():
            row = _held(scoring_id, holder)
            if row is None:
                return
            row.snapshot_id = service.keep(frozen, actor_id).id
            _end(row, ScoringState.DONE)
    except service.AssessmentError as error:
        _fail(scoring_id, holder, str(error))
    except Exception:
        # Whatever it is, it would be so a minute later, too.
        _fail(scoring_id, holder, "计分时出错，原因已记入工作进程的日志，请告知系统维护人员。")
        raise
    else:
        statistics.refresh()


def _free() -> ColumnElement[bool]:
    free = or_(Scoring.lease_until.is_(None), Scoring.lease_until < now())
    return and_(Scoring.state == ScoringState.WAITING, free)


def _held(scoring_id: int, holder: str) -> Scoring | None:
    return db.session.scalars(
        select(Scoring).filter_by(id=scoring_id, holder=holder, state=ScoringState.WAITING)
    ).one_or_none()


def _tell(scoring_id: int, holder: str, step: str) -> None:
    """Let it be seen what is done now. In a session beside the one that reads: that one keeps to
    one state of the data to its end."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy's own
    with app.app_context(), units.mode(writes=False), units.writing():
        row = _held(scoring_id, holder)
        if row is not None:
            row.step, row.lease_until = step[:60], now() + LEASE


def _fail(scoring_id: int, holder: str, reason: str) -> None:
    with units.writing():
        if row := _held(scoring_id, holder):
            row.reason = reason
            _end(row, ScoringState.FAILED)


def _end(row: Scoring, state: ScoringState) -> None:
    row.state, row.step, row.holder, row.lease_until = state, "", None, None
