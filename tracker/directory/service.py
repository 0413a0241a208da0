"""Acts on the dated county list: a county stands on it once at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.regions.models import CountyListing, IndustrialListing
from tracker.web.kit.acts import BlockedError, change

Listing = CountyListing | IndustrialListing


def enter_listing(user: Any, region: Any, values: Mapping[str, object]) -> CountyListing:
    """A county's new time on the list. Raises BlockedError if it lies over another one."""
    return _enter(CountyListing(region_id=region.id, **values))


def enter_industrial(user: Any, region: Any, values: Mapping[str, object]) -> IndustrialListing:
    """A county's new time on the list of 工业大县. Raises BlockedError if it lies over another."""
    return _enter(IndustrialListing(region_id=region.id, **values))


def _enter(listing: Listing) -> Listing:
    db.session.add(listing)
    db.session.flush()
    _stands_alone(listing)
    return listing


def change_listing(
    user: Any, listing: Listing, values: Mapping[str, object], version: int | None
) -> None:
    """Change a county's time on the list. Raises BlockedError if it lies over another one."""
    change(listing, values, version)
    _stands_alone(listing)


def _stands_alone(listing: Listing) -> None:
    model = type(listing)
    others = select(model).where(model.region_id == listing.region_id, model.id != listing.id)
    first, end = _span(listing)
    for other in db.session.scalars(others):
        from_day, to_day = _span(other)
        if first < to_day and from_day < end:
            raise BlockedError(
                f"与已有的一段（{_words(other)}）重叠。同一个县在同一时间只能在列一次，请核对日期。"
            )


def _span(listing: Listing) -> tuple[date, date]:
    """The first day on the list and the first day off it."""
    return listing.joined_on or date.min, listing.left_on or date.max


def _words(listing: Listing) -> str:
    return f"{listing.joined_on or '首批在列'} 至 {listing.left_on or '今'}"
