"""What a county's projects become: which count, which are large, started, in production."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region
from tracker.records.projects.models import ProjectCategory
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind

YEAR = 2024


@pytest.fixture
def places(app: Flask) -> dict[str, Region]:
    return make.zhejiang()


@pytest.fixture
def county(places: dict[str, Region]) -> Region:
    return places["缙云县"]


def fact(county: Region, name: str, year: int = YEAR) -> Fact:
    return collect(year, SubjectKind.COUNTY, [name], [county.id])[county.id][name]


def value(county: Region, name: str) -> str | None:
    return fact(county, name).value


def test_a_county_without_projects_has_reported_nothing(county: Region) -> None:
    assert fact(county, "projects.counted").reason == "没有登记山海协作产业合作项目"
    assert fact(county, "projects.funds_in_place").reason == "台账中没有2024年的到位资金记录"
    assert fact(county, "target.projects.counted").reason == "2024年未下达目标"


@pytest.mark.parametrize(
    ("dates", "counts"),
    [
        ({"signed_on": date(2024, 1, 1)}, "1"),
        ({"signed_on": date(2024, 12, 31)}, "1"),
        ({"signed_on": date(2025, 1, 1)}, "0"),
        ({"signed_on": date(2021, 1, 1)}, "1"),  # continued within three years
        ({"signed_on": date(2020, 12, 31)}, "0"),
        ({"signed_on": date(2022, 5, 1), "completed_on": date(2023, 12, 31)}, "0"),
        ({"signed_on": date(2022, 5, 1), "completed_on": date(2024, 1, 1)}, "1"),
        ({"signed_on": date(2022, 5, 1), "in_production_on": date(2023, 6, 1)}, "0"),
        ({"signed_on": date(2024, 5, 1), "terminated_on": date(2024, 12, 31)}, "0"),
        ({"signed_on": date(2024, 5, 1), "terminated_on": date(2025, 1, 1)}, "1"),
        ({}, "0"),
    ],
)
def test_which_projects_count(county: Region, dates: dict, counts: str) -> None:
    make.project(county, **dates)
    assert value(county, "projects.counted") == counts


@pytest.mark.parametrize(
    "fields",
    [
        {"category": ProjectCategory.AID},
        {"in_scope": False},
        {"in_scope": None},
    ],
)
def test_only_industrial_cooperation_in_scope_counts(county: Region, fields: dict) -> None:
    make.project(county, signed_on=date(2024, 3, 1), **fields)
    assert value(county, "projects.counted") is None
    make.project(county, signed_on=date(2024, 3, 1))
    assert value(county, "projects.counted") == "1"


def test_large_means_a_hundred_million_yuan_and_not_a_fen_less(county: Region) -> None:
    make.project(county, signed_on=date(2024, 3, 1), total_investment=wan(10_000))
    make.project(county, signed_on=date(2024, 3, 1), total_investment=wan("9999.999999"))
    make.project(county, signed_on=date(2024, 3, 1))
    assert value(county, "projects.counted") == "3"
    assert value(county, "projects.large") == "1"


def test_started_and_in_production_by_the_end_of_the_year(county: Region) -> None:
    signed = date(2024, 1, 15)
    make.project(county, signed_on=signed)
    make.project(county, signed_on=signed, started_on=date(2024, 3, 1))
    make.project(county, signed_on=signed, started_on=date(2025, 1, 1))
    make.project(county, signed_on=signed, in_production_on=date(2024, 12, 31))
    assert value(county, "projects.started") == "2"
    assert value(county, "projects.in_production") == "1"


def test_funds_of_a_project_count_once_however_many_pairings(places: dict[str, Region]) -> None:
    county = places["缙云县"]
    first = make.pairing(places["富阳区"], county)
    make.pairing(places["杭州市"], county)
    project = make.project(county, pairing=first, signed_on=date(2024, 2, 1))
    entry = make.entry(project, EntryKind.FUNDS_IN_PLACE, wan("320.5"), date(2024, 8, 1))
    make.entry(project, EntryKind.COMPLETED_INVESTMENT, wan(999), date(2024, 8, 1))
    make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(77), date(2023, 8, 1))
    aid = make.project(county, category=ProjectCategory.AID)
    make.entry(aid, EntryKind.FUNDS_IN_PLACE, wan(55), date(2024, 8, 1))
    assert fact(county, "projects.funds_in_place") == Fact("320.5", (f"ledger_entries:{entry.id}",))


def test_a_countys_target_is_its_own_or_the_sum_of_its_pairs(places: dict[str, Region]) -> None:
    county = places["缙云县"]
    for supporter, target in ((places["富阳区"], 6), (places["杭州市"], 4)):
        make.target(make.pairing(supporter, county), YEAR, "projects.counted", target)
    assert value(county, "target.projects.counted") == "10"
    make.target(county, YEAR, "projects.counted", 12)
    assert value(county, "target.projects.counted") == "12"


def test_leaving_the_list_in_the_year(county: Region) -> None:
    listing = make.listing(county)
    assert value(county, "listing.left") == "0"
    listing.left_on = date(2024, 8, 21)
    assert value(county, "listing.left") == "1"
    assert fact(county, "listing.left", 2025).value == "0"


def test_enclaves_of_a_kind(places: dict[str, Region]) -> None:
    county, host = places["缙云县"], places["富阳区"]
    assert fact(county, "enclaves.income").reason == "没有登记任何飞地"
    make.enclave(county, host)
    make.enclave(county, host, signed_on=date(2025, 1, 1))
    make.enclave(county, host, closed_on=date(2023, 12, 31))
    assert value(county, "enclaves.income") == "1"
    assert value(county, "enclaves.industrial") == "0"
