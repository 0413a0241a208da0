"""The invented places, and pairings for counties of which no source names a pairing in force."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.told import ToldError
from tracker.exchange.sampledata.rows import Rows
from tracker.exchange.sampledata.scene import (
    INVENTED_CITY,
    INVENTED_COUNTY,
    INVENTED_SUPPORTER,
    LEAPFROG,
    YEARS,
    Scene,
)
from tracker.records.pairings.models import Pairing
from tracker.records.places.classes import checked_class
from tracker.records.places.models import CountyListing, Region, RegionKind, RegionLevel

SINCE = date(2021, 1, 1)
PROVINCE = "330000"


class NoPublicDataError(ToldError, LookupError):
    """The real places are not loaded yet; the message is for the user."""

    status = 500


def invent_places(rows: Rows, note: str) -> None:
    """示例市 with 示例县, which receives, and 示例区, which supports; `note` marks the city."""
    province = db.session.scalar(select(Region.id).where(Region.code == PROVINCE))
    if province is None:
        raise NoPublicDataError("没有地区数据，请先运行 tracker public-data load。")
    city = _place(rows, INVENTED_CITY, "示例市", RegionLevel.CITY, RegionKind.CITY, province, note)
    county = _place(
        rows, INVENTED_COUNTY, "示例县", RegionLevel.COUNTY, RegionKind.MOUNTAIN, city, "虚构"
    )
    _place(
        rows,
        INVENTED_SUPPORTER,
        "示例区",
        RegionLevel.COUNTY,
        RegionKind.COASTAL_STRONG,
        city,
        "虚构",
    )
    rows.add(
        CountyListing,
        SINCE,
        region_id=county,
        county_class=checked_class(LEAPFROG),
        note="示例数据",
    )
    rows.write()


def _place(
    rows: Rows,
    code: str,
    name: str,
    level: RegionLevel,
    kind: RegionKind,
    parent: int,
    note: str,
) -> int:
    return rows.add(
        Region, SINCE, code=code, name=name, level=level, kind=kind, parent_id=parent, note=note
    )


def invent_pairings(scene: Scene) -> None:
    """Where no source names a pairing in force, 示例区 supports: a sample says nothing about who
    really helps whom."""
    supporter = next(r for r in scene.regions.values() if r.code == INVENTED_SUPPORTER)
    for county in scene.ever_listed:
        unpaired = any(
            county in scene.counties(year) and not scene.pairs_of(county, year) for year in YEARS
        )
        if unpaired:
            scene.rows.add(
                Pairing,
                SINCE,
                supporter_id=supporter.id,
                recipient_id=county.id,
                since=SINCE,
            )
    scene.rows.write()
