"""Reads of regions and of the dated county list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.regions.models import CountyListing, Region, RegionLevel

if TYPE_CHECKING:
    from tracker.accounts.models import User


def listed_on(day: date) -> list[CountyListing]:
    """The listings in force on `day`, by county code."""
    statement = (
        select(CountyListing)
        .join(Region)
        .where(
            or_(CountyListing.joined_on.is_(None), CountyListing.joined_on <= day),
            or_(CountyListing.left_on.is_(None), CountyListing.left_on > day),
        )
        .order_by(Region.code)
    )
    return list(db.session.scalars(statement))


def regions_of(user: User) -> Select[tuple[int]]:
    """The ids of the regions that `user` may see, as a subquery for filters.

    A county's people see their county; a city's their city and its counties; the province's all.
    """
    own = aliased(Region)
    return (
        select(Region.id)
        .join(own, own.id == user.region_id)
        .where(
            or_(
                own.level == RegionLevel.PROVINCE,
                Region.id == own.id,
                Region.parent_id == own.id,
            )
        )
    )


def by_code() -> dict[str, Region]:
    """All regions with a code, by code."""
    return {r.code: r for r in db.session.scalars(select(Region).where(Region.code.is_not(None)))}
