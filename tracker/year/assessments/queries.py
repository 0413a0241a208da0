"""Reads of snapshots and of the index of scorecards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.core.quantities.days import last_day
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of, seen_by
from tracker.records.determinations.models import Determination, RulingLevel
from tracker.records.determinations.queries import about, counting_for
from tracker.records.enclaves.models import Enclave
from tracker.records.places.models import Region
from tracker.records.places.queries import inside, regions_in_view, regions_of
from tracker.records.places.recoded import with_predecessors
from tracker.year.assessments.models import ScorecardRow, Snapshot


def latest_snapshot(year: int, owner: int | None = None) -> Snapshot | None:
    """The newest snapshot of `year` in the assessments of `owner`."""
    newest = _newest_first(owner).where(Snapshot.year == year)
    return db.session.scalars(newest.limit(1)).first()


def latest_of_cities(year: int) -> dict[int, Snapshot]:
    """The newest snapshot of `year` in the assessments of each city, by the city's id."""
    wanted = select(Snapshot).where(Snapshot.year == year, Snapshot.owner_region_id.is_not(None))
    rows = db.session.scalars(wanted.order_by(Snapshot.frozen_at, Snapshot.id))
    return {each.owner_region_id: each for each in rows if each.owner_region_id}


def is_whole(snapshot: Snapshot) -> bool:
    """Whether its year was over when it was frozen: before, it holds a part of the year only."""
    return holds_whole(snapshot.year, snapshot.frozen_at)


def holds_whole(year: int, frozen_at: datetime) -> bool:
    """Whether what was frozen at a moment holds all of `year`: its last day was over in China."""
    return day_of(frozen_at) > last_day(year)


def comparable_before(snapshot: Snapshot) -> Snapshot | None:
    """The latest snapshot of the year before, of the same owner; None where either holds a part of
    its year only."""
    earlier = latest_snapshot(snapshot.year - 1, snapshot.owner_region_id)
    both = earlier is not None and is_whole(earlier) and is_whole(snapshot)
    return earlier if both else None


def snapshot_before(snapshot: Snapshot) -> Snapshot | None:
    """The snapshot of the same year and owner that was frozen last before `snapshot`."""
    earlier = _newest_first(snapshot.owner_region_id).where(
        Snapshot.year == snapshot.year, Snapshot.id < snapshot.id
    )
    return db.session.scalars(earlier.limit(1)).first()


def snapshots(year: int | None = None, owner: int | None = None) -> list[Snapshot]:
    """Snapshots of `year`, or of all years, in the assessments of `owner`, newest first."""
    statement = _newest_first(owner)
    return list(db.session.scalars(statement.where(Snapshot.year == year) if year else statement))


def snapshot_by_digest(sha256: str) -> Snapshot | None:
    """The snapshot with that digest."""
    return db.session.scalars(select(Snapshot).where(Snapshot.sha256 == sha256)).one_or_none()


def years_with_snapshots(owner: int | None = None) -> list[int]:
    """Years that `owner` scored at least once, newest first."""
    years = select(Snapshot.year).where(of(Snapshot.owner_region_id, owner)).distinct()
    return list(db.session.scalars(years.order_by(Snapshot.year.desc())))


def highest_column(year: int, owner: int | None = None) -> RulingLevel:
    """The highest column that anybody has ruled in: what the cards of `year` go by. A city's go
    by what was ruled on the places in it alone."""
    ruled_for = [Determination.year == year, counting_for(owner)]
    if (city := db.session.get(Region, owner) if owner is not None else None) is not None:
        ruled_for.append(about(inside(city)))
    statement = select(Determination.level).where(*ruled_for).distinct()
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
        .join(ScorecardRow.snapshot)
        .options(contains_eager(ScorecardRow.snapshot))
        .where(
            seen_by(user, Snapshot.owner_region_id),
            touching(with_predecessors(regions_of(user))),
            ScorecardRow.snapshot_id == snapshot_id,
            ScorecardRow.sheet == sheet,
            ScorecardRow.subject_code == subject_code,
        )
    ).one_or_none()


def _newest_first(owner: int | None) -> Select[Snapshot]:
    wanted = select(Snapshot).where(of(Snapshot.owner_region_id, owner))
    return wanted.order_by(Snapshot.frozen_at.desc(), Snapshot.id.desc())


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Cards of `regions` (ids); an enclave's card is also for the people of its host, and a pair's
    for both sides."""
    hosted = select(Enclave.id).where(Enclave.host_id.in_(regions))
    return or_(
        ScorecardRow.region_id.in_(regions),
        ScorecardRow.partner_id.in_(regions),
        ScorecardRow.enclave_id.in_(hosted),
    )
