"""Reads of snapshots and of the index of scorecards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.core.quantities.days import last_day
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Determination, RulingLevel
from tracker.records.enclaves.models import Enclave
from tracker.records.places.models import Region
from tracker.records.places.queries import inside, regions_in_view, regions_of
from tracker.records.places.recoded import with_predecessors
from tracker.year.assessments.models import ScorecardRow, Snapshot


def latest_snapshot(year: int) -> Snapshot | None:
    """The newest snapshot of `year`."""
    return db.session.scalars(_newest_first().where(Snapshot.year == year).limit(1)).first()


def is_whole(snapshot: Snapshot) -> bool:
    """Whether its year was over when it was frozen: before, it holds a part of the year only."""
    return holds_whole(snapshot.year, snapshot.frozen_at)


def holds_whole(year: int, frozen_at: datetime) -> bool:
    """Whether what was frozen at a moment holds all of `year`: its last day was over in China."""
    return day_of(frozen_at) > last_day(year)


def comparable_before(snapshot: Snapshot) -> Snapshot | None:
    """The latest snapshot of the year before; None where either holds a part of its year only."""
    earlier = latest_snapshot(snapshot.year - 1)
    both = earlier is not None and is_whole(earlier) and is_whole(snapshot)
    return earlier if both else None


def snapshot_before(snapshot: Snapshot) -> Snapshot | None:
    """The snapshot of the same year that was frozen last before `snapshot`."""
    earlier = _newest_first().where(Snapshot.year == snapshot.year, Snapshot.id < snapshot.id)
    return db.session.scalars(earlier.limit(1)).first()


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


def highest_column(year: int) -> RulingLevel:
    """The highest column that anybody has ruled in: what the cards of `year` go by."""
    statement = select(Determination.level).where(Determination.year == year).distinct()
    ruled = set(db.session.scalars(statement))
    return next((level for level in reversed(RulingLevel) if level in ruled), RulingLevel.COUNTY)


def cards(snapshot: Snapshot, user: User) -> list[ScorecardRow]:
    """The scorecards of a snapshot that `user` has in view, by sheet, class and rank: to work on
    their facts. What shows points asks `procedure.sight.cards`."""
    return list(
        db.session.scalars(
            select(ScorecardRow)
            .where(touching(regions_in_view(user)), ScorecardRow.snapshot_id == snapshot.id)
            .order_by(
                ScorecardRow.sheet,
                ScorecardRow.county_class,
                ScorecardRow.rank.is_(None),
                ScorecardRow.rank,
                ScorecardRow.subject_code,
            )
        )
    )


def cards_below(snapshot: Snapshot, user: User) -> list[ScorecardRow]:
    """The scorecards of a snapshot for whose places `user` answers, whatever is in view, but those
    of the own city."""
    wanted = select(ScorecardRow).where(
        ScorecardRow.region_id.in_(regions_of(user)),
        ScorecardRow.region_id != user.region_id,
        ScorecardRow.snapshot_id == snapshot.id,
    )
    order = (ScorecardRow.sheet, ScorecardRow.subject_code)
    return list(db.session.scalars(wanted.order_by(*order)))


def places_of(snapshot: Snapshot, above: Region, user: User) -> list[Region]:
    """The places below `above` that have cards in a snapshot and that `user` sees, by code."""
    of = select(ScorecardRow.region_id).where(ScorecardRow.snapshot_id == snapshot.id)
    wanted = select(Region).where(
        Region.id.in_(of), Region.id.in_(inside(above)), Region.id.in_(regions_of(user))
    )
    return list(db.session.scalars(wanted.where(Region.id != above.id).order_by(Region.code)))


def visible_cards(snapshot_id: int, codes: Collection[str], user: User) -> set[tuple[str, str]]:
    """(sheet, subject) of those cards of `codes` that `user` may open."""
    statement = select(ScorecardRow.sheet, ScorecardRow.subject_code).where(
        touching(regions_of(user)),
        ScorecardRow.snapshot_id == snapshot_id,
        ScorecardRow.subject_code.in_(codes),
    )
    return {(sheet, code) for sheet, code in db.session.execute(statement)}


def card_row(snapshot_id: int, sheet: str, subject_code: str, user: User) -> ScorecardRow | None:
    """One scorecard's row with its snapshot; None if it is not there or not for `user`."""
    return db.session.scalars(
        select(ScorecardRow)
        .options(joinedload(ScorecardRow.snapshot))
        .where(
            touching(with_predecessors(regions_of(user))),
            ScorecardRow.snapshot_id == snapshot_id,
            ScorecardRow.sheet == sheet,
            ScorecardRow.subject_code == subject_code,
        )
    ).one_or_none()


def _newest_first() -> Select[Snapshot]:
    return select(Snapshot).order_by(Snapshot.frozen_at.desc(), Snapshot.id.desc())


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Cards of `regions` (ids); an enclave's card is also for the people of its host, and a pair's
    for both sides."""
    hosted = select(Enclave.id).where(Enclave.host_id.in_(regions))
    return or_(
        ScorecardRow.region_id.in_(regions),
        ScorecardRow.partner_id.in_(regions),
        ScorecardRow.enclave_id.in_(hosted),
    )
