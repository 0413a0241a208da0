"""A city's own assessment (市考县) on the first page: that there is one of the year, and when its
facts were frozen. The points themselves are on its pages, which know who may see them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import NAME, sees
from tracker.records.places.models import Region, RegionLevel
from tracker.web.ways import way
from tracker.year.assessments import queries as assessments
from tracker.year.assessments.models import ScorecardRow


@dataclass(frozen=True)
class Own:
    """The latest scoring of a city's own counties: what it is called, its list, and the rest."""

    label: str
    href: str | None
    words: str


def own_assessment(place: Region, year: int, user: User) -> Own | None:
    """That of the city `place` in `year`; None where it has none, or the reader sees none of it."""
    if place.level is not RegionLevel.CITY or not sees(user, place.id):
        return None
    snapshot = assessments.latest_snapshot(year, place.id)
    if snapshot is None:
        return None
    number = db.session.scalar(
        select(func.count())
        .select_from(ScorecardRow)
        .where(ScorecardRow.snapshot_id == snapshot.id)
    )
    part = "" if assessments.is_whole(snapshot) else "，年度没有结束，只计到当时，不作为考核结果"
    return Own(
        f"{NAME}得分",
        way("scorecards.index", year=year, owner=place.code),
        f"{number} 份评分表，事实冻结于 {day_of(snapshot.frozen_at)}{part}。",
    )
