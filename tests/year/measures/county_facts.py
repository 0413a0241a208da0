"""Shared by the tests of counties' measures: a pair of counties, and one fact of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests import factories as make
from tests.factories_acts import filing
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.records.submissions.models import FilingKind
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind

YEAR = 2024
BEFORE, FIRST, LAST, AFTER = (
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 12, 31),
    date(2025, 1, 1),
)


@dataclass(frozen=True)
class Pair:
    """A mountain county, the strong county that supports it, a third place, and their pairing."""

    county: Region
    supporter: Region
    elsewhere: Region
    pairing: Pairing


def pair() -> Pair:
    places = make.zhejiang()
    county, supporter = places["缙云县"], places["富阳区"]
    return Pair(county, supporter, places["杭州市"], make.pairing(supporter, county))


def fact(place: Region, name: str, year: int = YEAR) -> Fact:
    return collect(year, SubjectKind.COUNTY, [name], [place.id])[place.id][name]


def value(place: Region, name: str, year: int = YEAR) -> str | None:
    return fact(place, name, year).value


def filed(place: Region, kind: FilingKind = FilingKind.ANNUAL, year: int = YEAR):
    """A report of `year` that was handed in, so that what it lacks is nought."""
    return filing(place, year, kind, filed_at=datetime(year + 1, 1, 9, tzinfo=UTC))
