"""What is published of the counties, of the province and of the country: each figure with its year
and its record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.figure import YI_YUAN, YUAN, Figure, UnitsDifferError
from tracker.core.quantities.precision import ABOUT, AT_LEAST, AT_MOST
from tracker.records.indicators.models import CountyIndicator, PublishedTotal
from tracker.records.places.models import Region, RegionLevel

COUNTRY = "全国"  # the scope of totals that are of the whole country


@dataclass(frozen=True)
class Indicator:
    """What is asked for, in `unit`; `names` are how bulletins call it, the first is the usual."""

    key: str
    label: str
    unit: str
    names: Sequence[str]


GDP = Indicator("gdp", "地区生产总值", YI_YUAN, ("GDP", "地区生产总值", "生产总值"))
ALL = Indicator(
    "all",
    "居民人均可支配收入",
    YUAN,
    ("居民人均可支配收入", "全体居民人均可支配收入", "全体常住居民人均可支配收入"),
)
URBAN = Indicator(
    "urban",
    "城镇居民人均可支配收入",
    YUAN,
    ("城镇居民人均可支配收入", "城镇常住居民人均可支配收入"),
)
RURAL = Indicator(
    "rural",
    "农村居民人均可支配收入",
    YUAN,
    ("农村居民人均可支配收入", "农村常住居民人均可支配收入"),
)
INCOMES = (ALL, URBAN, RURAL)
_KEYS = {name: (one, rank) for one in (GDP, *INCOMES) for rank, name in enumerate(one.names)}


@dataclass(frozen=True)
class Told:
    """A figure of one year, in the unit of its indicator, with the record that says it."""

    figure: Figure
    year: int
    record: CountyIndicator | PublishedTotal


ByYear = Mapping[int, Told]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Published:
    """Key of an indicator → year → what is told: of each county by its id, of the province and of
    the country. What nobody has told is not there."""

    counties: Mapping[tuple[int, str], ByYear]
    province: Mapping[str, ByYear]
    country: Mapping[str, ByYear]

    def of(self, place: Region, indicator: Indicator) -> ByYear:
        """The years of a county."""
        return self.counties.get((place.id, indicator.key), {})

    def latest(self, place: Region, indicator: Indicator) -> Told | None:
        """The last year of a county."""
        years = self.of(place, indicator)
        return years[max(years)] if years else None


def published(places: Iterable[Region], year: int) -> Published:
    """All that is told of `places` (counties), the province and the country for `year` and before:
    two statements."""
    ids = [place.id for place in places]
    names = list(_KEYS)
    province = select(Region.id).where(Region.level == RegionLevel.PROVINCE)
    told = db.session.scalars(
        select(CountyIndicator)
        .where(
            CountyIndicator.indicator.in_(names),
            CountyIndicator.year <= year,
            CountyIndicator.region_id.in_(ids) | CountyIndicator.region_id.in_(province),
        )
        .options(joinedload(CountyIndicator.source), joinedload(CountyIndicator.region))
    )
    of_places: dict[tuple[int, str], list[Told]] = defaultdict(list)
    of_province: dict[str, list[Told]] = defaultdict(list)
    for record in told:
        key, one = _told(record)
        if one is None:
            continue
        if record.region.level is RegionLevel.PROVINCE:
            of_province[key].append(one)
        else:
            of_places[record.region_id, key].append(one)
    of_country: dict[str, list[Told]] = defaultdict(list)
    totals = db.session.scalars(
        select(PublishedTotal)
        .where(
            PublishedTotal.scope == COUNTRY,
            PublishedTotal.indicator.in_(names),
            PublishedTotal.year <= year,
        )
        .options(joinedload(PublishedTotal.source))
        .order_by(PublishedTotal.id)
    )
    for total in totals:
        key, one = _told(total)
        if one is not None:
            of_country[key].append(one)
    return Published(_by_year(of_places), _by_year(of_province), _by_year(of_country))


def _told(record: CountyIndicator | PublishedTotal) -> tuple[str, Told | None]:
    """What a record tells in the indicator's unit; None where it is no number of such a unit."""
    indicator, _ = _KEYS[record.indicator]
    if record.figure is None or record.year is None:
        return indicator.key, None
    try:
        return indicator.key, Told(record.figure.to(indicator.unit), record.year, record)
    except UnitsDifferError:
        return indicator.key, None


def _by_year(found: Mapping[Key, list[Told]]) -> dict[Key, ByYear]:
    """One figure a year: where a place has it under two names, that of the usual one."""
    return {
        key: {
            one.year: one
            for one in sorted(of, key=lambda one: _KEYS[one.record.indicator][1], reverse=True)
        }
        for key, of in found.items()
    }


def above(of: Figure, limit: Figure) -> bool | None:
    """Whether `of` is more than `limit` (exact), as far as its sign tells; None where it does not:
    at least 450 may be more than 500, and about 500 is neither more nor less."""
    if of.precision == ABOUT:
        return None
    if of.value > limit.value:
        return None if of.precision == AT_MOST else True
    return None if of.precision == AT_LEAST else False


def reaches(of: Figure, limit: Figure) -> bool | None:
    """As `above`, where the limit itself is enough."""
    if of.precision == ABOUT:
        return None
    if of.value >= limit.value:
        return None if of.precision == AT_MOST else True
    return None if of.precision == AT_LEAST else False
