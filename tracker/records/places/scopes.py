"""Whose records are whose: a kind's scope by the regions that its records touch."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

from flask import g, has_request_context
from sqlalchemy import ColumnElement, Select, or_, select, true

from tracker.core.db import db
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import is_province, regions_in_view, regions_of
from tracker.records.places.viewers import Viewer
from tracker.web.kit.declared import Blocked, SameForAll, Scope
from tracker.web.kit.kinds import value_at

Touching = Callable[[Select[int]], ColumnElement[bool]]


def within(
    touching: Touching, *owners: str, blocked: Callable[[Any, Any], Blocked | None] | None = None
) -> Scope:
    """The scope of records of which `touching(regions)` says whether they touch some regions.

    `owners` are paths to the regions whose own people may change a record ("region_id",
    "pairing.recipient_id"); the first is the one that a new record gets. The province's people may
    change all that they may edit at all. `blocked` may forbid more.
    """

    touched = lru_cache(maxsize=1000)(touching)  # `regions` of one place are one object

    def seen(user: Viewer) -> ColumnElement[bool]:
        return true() if is_province(user) else touched(regions_of(user))

    def in_view(user: Viewer) -> ColumnElement[bool]:
        narrowed = has_request_context() and g.get("region_id") is not None
        return touched(regions_in_view(user)) if narrowed else seen(user)

    def foreign(user: Viewer, record: Any) -> Blocked | None:
        regions = [value_at(record, path) for path in owners]
        if is_province(user) or user.region_id in regions:
            return None
        return Blocked(_foreign(next((r for r in regions if r is not None), None)))

    def stands_against(user: Viewer, record: Any) -> Blocked | None:
        return foreign(user, record) or (blocked(user, record) if blocked else None)

    owner = owners[0] if owners else ""
    return Scope(seen, in_view, stands_against, owner, own_regions, foreign, owners)


def everybodys() -> Scope:
    """The scope of lists that all may read and whoever has the permission may change."""
    return Scope(lambda user: true(), lambda user: true(), lambda user, record: None)


def own_regions(user: Viewer) -> list[tuple[int, str]]:
    """(id, name) of the regions for which `user` may enter records: the own one; for the
    province all its cities and counties."""
    if not is_province(user):
        own = db.session.get(Region, user.region_id) if user.region_id else None
        return [(own.id, own.name)] if own else []
    return _places(user)


def _places(user: Viewer) -> list[tuple[int, str]]:
    """(id, name) of all places that may be the other side of anything: cities and counties by
    code, then hosts outside the province; last, marked with the day, those that are abolished,
    for records of the time before (see `views.ended_links`)."""
    levels = (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY, RegionLevel.OUTSIDE)
    statement = (
        select(Region.id, Region.name, Region.abolished_on)
        .where(Region.level.in_(levels))
        .order_by(Region.abolished_on.nulls_first(), Region.code.nulls_last(), Region.name)
    )
    return [
        (number, f"{name}（{ended} 撤销）" if ended else name)
        for number, name, ended in db.session.execute(statement)
    ]


places = SameForAll(_places)
own_places = SameForAll(own_regions)


def touches(*columns: Any) -> Touching:
    """A record touches the regions that any of its `columns` names."""
    return lambda regions: or_(*(column.in_(regions) for column in columns))


def set_above(user: Viewer, record: Any) -> Blocked | None:
    """Why `user` may not set an obligation (a deadline, a target, a finding): whoever is obliged
    never does, whatever the role; the province's people may."""
    if is_province(user):
        return None
    return Blocked("期限、任务和认定由省级设定，被考核的地方不能自行设定、修改或删除。")


def provinces_alone(
    *names: str, settled: Collection[str] = (), later: Collection[str] = ()
) -> Callable[[Viewer, Any], tuple[str, ...]]:
    """The fields that only the province's people set (see `Kind.reserved`): `names`; those of
    `settled` once the record has them, those of `later` once there is a record. So whoever enters
    a record tells them once, and does not choose again what it is scored by."""

    def reserved(user: Viewer, record: Any) -> tuple[str, ...]:
        if is_province(user):
            return ()
        told = [name for name in settled if getattr(record, name, None) not in (None, "")]
        return (*names, *told, *(later if record is not None else ()))

    return reserved


def _foreign(region_id: int | None) -> str:
    owner = db.session.get(Region, region_id) if region_id else None
    if owner is None:
        return "这条记录不属于您的地区，不能由您修改。"
    return f"这条记录由{owner.name}登记，只有{owner.name}的工作人员可以修改。"
