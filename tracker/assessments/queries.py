"""Reads of snapshots and of the index of scorecards."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from tracker.accounts.models import User
from tracker.assessments.models import ScorecardRow, Snapshot
from tracker.db import db
from tracker.enclaves.models import Enclave
from tracker.regions.queries import regions_in_view, regions_of


def latest_snapshot(year: int) -> Snapshot | None:
    """The newest snapshot of `year`."""
    return db.session.scalars(_newest_first().where(Snapshot.year == year).limit(1)).first()


def snapshots(year: int | None = None) -> list[Snapshot]:
    """Snapshots of `year`, or of all years, newest first."""
    statement = _newest_first()
    return list(db.session.scalars(statement.where(Snapshot.year == year) if year else statement))


def snapshot_by_digest(sha256: str) -> Snapshot | None:
    """The snapshot with that digest."""
    return db.session.scalars(select(Snapshot).where(Snapshot.sha256 == sha256)).one_or_none()


def years_with_snapshots() -> list[int]:
    """Years that were scored at least once, newest first."""
    return list(db.session.scalars(select(Snapshot.year).distinct().order_by(Snapshot.year.desc())))


def cards(snapshot: Snapshot, user: User) -> list[ScorecardRow]:
    """The scorecards of a snapshot that `user` has in view: by sheet, class and rank."""
    return list(
        db.session.scalars(
            select(ScorecardRow)
            .where(_touching(regions_in_view(user)), ScorecardRow.snapshot_id == snapshot.id)
            .order_by(
                ScorecardRow.sheet,
                ScorecardRow.county_class,
                ScorecardRow.rank.is_(None),
                ScorecardRow.rank,
                ScorecardRow.subject_code,
            )
        )
    )


def card_row(snapshot_id: int, sheet: str, subject_code: str, user: User) -> ScorecardRow | None:
    """One scorecard's row with its snapshot; None if it is not there or not for `user`."""
    return db.session.scalars(
        select(ScorecardRow)
        .options(joinedload(ScorecardRow.snapshot))
        .where(
            _touching(regions_of(user)),
            ScorecardRow.snapshot_id == snapshot_id,
            ScorecardRow.sheet == sheet,
            ScorecardRow.subject_code == subject_code,
        )
    ).one_or_none()


def _newest_first() -> Select[tuple[Snapshot]]:
    return select(Snapshot).order_by(Snapshot.frozen_at.desc(), Snapshot.id.desc())


def _touching(regions: Select[tuple[int]]) -> ColumnElement[bool]:
    """Cards of `regions` (ids); an enclave's card is also for the people of its host."""
    hosted = select(Enclave.id).where(Enclave.host_id.in_(regions))
    return ScorecardRow.region_id.in_(regions) | ScorecardRow.enclave_id.in_(hosted)
