"""The figures of key indicators: those on record, and those that follow from others on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.figure import Figure, UnitsDifferError
from tracker.core.quantities.precision import EXACT
from tracker.overview.key.names import RATIOS, SPREADS, key_of
from tracker.records.indicators.models import CountyIndicator
from tracker.records.places.models import Region, RegionLevel


@dataclass(frozen=True)
class Told:
    """A figure with the records that say it; `how` is how it follows from several, else ""."""

    figure: Figure
    records: Sequence[CountyIndicator]
    how: str = ""


@dataclass(frozen=True)
class Values:
    """(place id, name of the indicator, year) → its record, of all that `values_of` read."""

    records: Mapping[tuple[int, str, int], CountyIndicator]
    province_id: int | None
    counties: Mapping[int, Sequence[int]]  # of a city

    def of(self, place: Region, key: str, year: int) -> Told | None:
        """What is told; None where nobody has told it. What is on record by its own name comes
        before what follows from others."""
        if record := self.records.get((place.id, key, year)):
            return Told(record.figure, (record,))
        if key in RATIOS:
            ratio = RATIOS[key]
            under = self.province_id if ratio.whose == "province" else place.id
            pair = (
                self.records.get((place.id, ratio.over, year)),
                self.records.get((under or 0, ratio.under, year)),
            )
            found = [each for each in pair if each is not None]
            return _over(found[0], found[1], found, ratio.words) if len(found) == 2 else None
        return self._spread(place, key, year) if key in SPREADS else None

    def _spread(self, place: Region, key: str, year: int) -> Told | None:
        of = SPREADS[key]
        counties = self.counties.get(place.id, ())
        found = [self.records.get((each, of, year)) for each in counties]
        told = [each for each in found if each is not None]
        if len(told) < 2 or len(told) < len(found):
            return None
        order = sorted(told, key=lambda each: each.figure.value)
        return _over(order[-1], order[0], told, f"各县（市、区）{of}，最高 ÷ 最低")


def _over(
    over: CountyIndicator, under: CountyIndicator, of: Sequence[CountyIndicator], how: str
) -> Told | None:
    """None where a bound would be divided, or units differ."""
    if any(each.figure.precision != EXACT for each in of) or not under.value:
        return None
    try:
        whole = [each.figure.to(over.unit) for each in (*of, under)][-1]
    except UnitsDifferError:
        return None
    return Told(Figure(over.value / whole.value, ""), tuple(of), how)


def values_of(places: Sequence[Region], years: Collection[int]) -> Values:
    """All that is on record of `places`, the counties of those that are cities, and the province:
    two statements."""
    cities = [place.id for place in places if place.level is RegionLevel.CITY]
    below = select(Region.id, Region.parent_id, Region.level).where(
        (Region.level == RegionLevel.PROVINCE)
        | Region.parent_id.in_(cities) & Region.abolished_on.is_(None)
    )
    province_id: int | None = None
    counties: dict[int, list[int]] = defaultdict(list)
    for number, parent, level in db.session.execute(below):
        if level is RegionLevel.PROVINCE:
            province_id = number
        elif parent is not None:
            counties[parent].append(number)
    ids = {place.id for place in places} | {each for of in counties.values() for each in of}
    if province_id is not None:
        ids.add(province_id)
    found = db.session.scalars(
        select(CountyIndicator)
        .where(CountyIndicator.region_id.in_(ids), CountyIndicator.year.in_(years))
        .options(joinedload(CountyIndicator.source))
        .order_by(CountyIndicator.id.desc())
    )
    # Of two names of one indicator, the record that came first.
    records = {(each.region_id, key_of(each.indicator), each.year): each for each in found}
    return Values(records, province_id, counties)
