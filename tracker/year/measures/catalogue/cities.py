"""Measures of a city: how many of its counties are assessed, on either side."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Select, or_, select

from tracker.core.quantities.days import first_day, last_day
from tracker.records.pairings.models import Pairing
from tracker.records.pairings.queries import in_force
from tracker.records.places.models import CountyListing, Region, RegionLevel
from tracker.year.measures.declare import Made, Reading, Rows, SubjectKind, measure
from tracker.year.measures.made import distinct

city_measure = partial(measure, subject=SubjectKind.CITY)


def _counties(table: str, statement: Select) -> Reading:
    """The number of different counties among the rows; the program keeps the lists: none is 0."""

    def value(rows: Rows) -> Made:
        return distinct(rows, [table], lambda row: row.county_id, same="与已计入的是同一县")

    return Reading({table: statement}, value)


@city_measure(
    "city.recipients",
    label="所辖受援县数",
    unit="个",
    definition="所辖县中12月31日在山区海岛县名单上的，和年内调出的；没有的为0。",
    records="山区海岛县名单",
)
def city_recipients(year: int) -> Reading:
    listed = (
        select(
            Region.parent_id.label("subject_id"),
            CountyListing.id.label("record_id"),
            Region.id.label("county_id"),
        )
        .join(Region, Region.id == CountyListing.region_id)
        .where(
            Region.parent_id.is_not(None),
            or_(CountyListing.joined_on.is_(None), CountyListing.joined_on <= last_day(year)),
            or_(CountyListing.left_on.is_(None), CountyListing.left_on >= first_day(year)),
        )
    )
    return _counties("county_listings", listed)


@city_measure(
    "city.supporters",
    label="所辖支援县数",
    unit="个",
    definition="所辖县（市、区）中12月31日仍在结对、为支援方的；没有的为0。",
    records="结对关系",
)
def city_supporters(year: int) -> Reading:
    standing = in_force(last_day(year)).with_only_columns(Pairing.id).order_by(None)
    supporters = (
        select(
            Region.parent_id.label("subject_id"),
            Pairing.id.label("record_id"),
            Region.id.label("county_id"),
        )
        .join(Region, Region.id == Pairing.supporter_id)
        .where(
            Region.parent_id.is_not(None),
            Region.level == RegionLevel.COUNTY,
            Pairing.id.in_(standing),
        )
    )
    return _counties("pairings", supporters)
