"""A county's 发展飞地 by direction, and how many of a city's counties are assessed."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests import factories as make
from tracker.records.enclaves.models import Direction, EnclaveKind
from tracker.records.places.models import Region, RegionLevel
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind

INBOUND, OUTBOUND = "enclaves.development_inbound", "enclaves.development_outbound"


@pytest.fixture
def places(app: Flask) -> dict[str, Region]:
    return make.zhejiang()


def fact(kind: SubjectKind, place: Region, name: str, year: int = 2025) -> Fact:
    return collect(year, kind, [name], [place.id])[place.id][name]


def counts(county: Region, year: int = 2025) -> list[str | None]:
    return [fact(SubjectKind.COUNTY, county, name, year).value for name in (INBOUND, OUTBOUND)]


def development(origin: Region, host: Region, **fields):
    fields.setdefault("development_since", date(2025, 3, 1))
    return make.enclave(origin, host, fields.pop("kind", EnclaveKind.INDUSTRIAL), **fields)


def test_a_county_that_takes_part_and_has_none_reports_nought(places: dict[str, Region]) -> None:
    county = places["缙云县"]
    assert counts(county) == [None, None]
    found = fact(SubjectKind.COUNTY, county, INBOUND)
    assert found.reason == "既不在名单上，也没有结对关系"
    make.listing(county)
    assert counts(county) == ["0", "0"]


def test_inbound_is_the_hosts_and_outbound_the_origins(places: dict[str, Region]) -> None:
    mountain, strong = places["缙云县"], places["富阳区"]
    make.pairing(strong, mountain)
    outbound = development(mountain, strong)
    assert counts(mountain) == ["0", "1"]
    inbound = development(strong, mountain, direction=Direction.INBOUND)
    assert counts(mountain) == ["1", "1"]
    assert counts(strong) == ["0", "0"]
    found = [fact(SubjectKind.COUNTY, mountain, name).records for name in (INBOUND, OUTBOUND)]
    assert found == [(f"enclaves:{inbound.id}",), (f"enclaves:{outbound.id}",)]


def test_only_those_that_are_development_enclaves_at_the_end_of_the_year_count(
    places: dict[str, Region],
) -> None:
    mountain, strong = places["缙云县"], places["富阳区"]
    make.listing(mountain)
    make.enclave(mountain, strong, EnclaveKind.INCOME)
    development(mountain, strong, development_since=date(2026, 1, 1))
    development(mountain, strong, closed_on=date(2024, 12, 31))
    development(mountain, strong, signed_on=date(2026, 1, 1))
    assert counts(mountain) == ["0", "0"]
    development(mountain, strong, development_since=date(2025, 12, 31))
    development(mountain, strong, kind=EnclaveKind.DEVELOPMENT, closed_on=date(2025, 1, 1))
    assert counts(mountain) == ["0", "2"]
    assert counts(mountain, 2024) == ["0", "0"]


def test_a_citys_counties_on_the_list(places: dict[str, Region]) -> None:
    city = places["丽水市"]
    assert fact(SubjectKind.CITY, city, "city.recipients").value == "0"
    listing = make.listing(places["缙云县"])
    make.listing(places["庆元县"], left_on=date(2025, 5, 1))
    found = fact(SubjectKind.CITY, city, "city.recipients")
    assert (found.value, found.records[0]) == ("2", f"county_listings:{listing.id}")
    assert fact(SubjectKind.CITY, city, "city.recipients", 2026).value == "1"
    assert fact(SubjectKind.CITY, places["杭州市"], "city.recipients").value == "0"


def test_a_citys_counties_that_support_count_once_and_only_while_paired(
    places: dict[str, Region],
) -> None:
    city, strong = places["杭州市"], places["富阳区"]
    assert fact(SubjectKind.CITY, city, "city.supporters").value == "0"
    make.pairing(strong, places["缙云县"], until=date(2025, 12, 30))
    make.pairing(city, places["庆元县"])
    assert fact(SubjectKind.CITY, city, "city.supporters").value == "0"
    assert fact(SubjectKind.CITY, city, "city.supporters", 2024).value == "1"
    pairing = make.pairing(strong, places["庆元县"])
    another = make.region("330112", "临安区", city, level=RegionLevel.COUNTY)
    make.pairing(another, places["庆元县"])
    found = fact(SubjectKind.CITY, city, "city.supporters")
    assert (found.value, found.records[0]) == ("2", f"pairings:{pairing.id}")
