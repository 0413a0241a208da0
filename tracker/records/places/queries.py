"""Reads of regions and of the dated county list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from flask import g, has_request_context
from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import aliased, contains_eager

from tracker.core.db import db
from tracker.records.places.models import CountyListing, Region, RegionLevel
from tracker.records.places.viewers import Viewer


def listed_on(day: date, among: Select[int] | None = None) -> list[CountyListing]:
    """The listings in force on `day`, by county code; of the regions `among` (ids) alone."""
    statement = (
        select(CountyListing)
        .join(Region)
        .where(
            or_(CountyListing.joined_on.is_(None), CountyListing.joined_on <= day),
            or_(CountyListing.left_on.is_(None), CountyListing.left_on > day),
        )
        .order_by(Region.code)
        .options(contains_eager(CountyListing.region))
    )
    if among is not None:
        statement = statement.where(CountyListing.region_id.in_(among))
    return list(db.session.scalars(statement))


def regions_of(user: Viewer) -> Select[int]:
    """The ids of the regions whose records are the user's to see, as a subquery for filters.

    A county's people see their county; a city's their city and its counties; the province's all.
    What a county is a side of (pairings, enclaves, parks, projects) is said by each feature's
    `touching(regions)`.
    """
    return _seen_from(user.region_id, is_province(user))


def regions_in_view(user: Viewer) -> Select[int]:
    """Those of `regions_of` that the switch at the top of the page leaves: for lists and sums.

    A single record is looked up with `regions_of`, so that a link outside the view still opens.
    """
    narrowed_to = g.get("region_id") if has_request_context() else None
    return _seen_from(user.region_id, is_province(user), narrowed_to)


def is_province(user: Viewer) -> bool:
    """Whether `user` is of the province's people, who see all regions."""
    if user.region_id is None:
        return False
    own = db.session.get(Region, user.region_id)
    return own is not None and own.level is RegionLevel.PROVINCE


# Every page asks many times whose records it may show, and to compose the words costs more than to
# ask them; a statement never changes, so one for each place serves all.
@lru_cache(maxsize=1000)
def _seen_from(own_id: int | None, everywhere: bool, narrowed_to: int | None = None) -> Select[int]:
    seen = select(Region.id)
    if not everywhere:
        seen = seen.where(_within(own_id) if own_id is not None else false())
    return seen if narrowed_to is None else seen.where(_within(narrowed_to))


@contextmanager
def narrowed_to(region_id: int | None) -> Iterator[None]:
    """Let `regions_in_view` find the choice of a request that asked for what is done later."""
    before = g.get("region_id")
    g.region_id = region_id
    try:
        yield
    finally:
        g.region_id = before


def inside(region: Region) -> Select[int]:
    """The ids of `region` and of what lies in it, as a subquery for filters."""
    return select(Region.id).where(_within(region.id))


class Place(NamedTuple):
    """A region as the switch at the top offers it."""

    id: int
    code: str | None
    name: str
    level: RegionLevel
    parent_id: int | None


def switchable(user: Viewer) -> tuple[Place, ...]:
    """The province, cities and counties that `user` may choose at the top, by code."""
    return tuple(Place(*row) for row in db.session.execute(_switchable(regions_of(user))))


@lru_cache(maxsize=1000)
def _switchable(regions: Select[int]) -> Select[int, str | None, str, RegionLevel, int | None]:
    levels = (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY)
    return (
        select(Region.id, Region.code, Region.name, Region.level, Region.parent_id)
        .where(Region.id.in_(regions), Region.level.in_(levels), Region.abolished_on.is_(None))
        .order_by(Region.code)
    )


def by_code() -> dict[str, Region]:
    """All regions with a code, by code."""
    coded = db.session.scalars(select(Region).where(Region.code.is_not(None)))
    return {region.code: region for region in coded if region.code is not None}


def _within(region_id: int | None) -> ColumnElement[bool]:
    """Whether a region is this one, lies in it, or lies in a region that lies in it."""
    between = _between()
    return or_(
        Region.id == region_id,
        Region.parent_id == region_id,
        Region.parent_id.in_(select(between.id).where(between.parent_id == region_id)),
    )


@cache
def _between() -> type[Region]:
    """Another name for regions in a statement about regions; made once, since an alias copies all
    columns of its table, and every page asks many times whose records it may show."""
    return aliased(Region)
