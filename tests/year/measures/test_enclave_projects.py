"""The projects of an enclave and those that came back from it: reported and not reported."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tests.factories import wan
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind
from tracker.records.projects.models import ProjectCategory
from tracker.records.submissions.models import FilingKind
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind

YEAR = 2024
DAY, LAST, NEXT = date(YEAR, 6, 30), date(YEAR, 12, 31), date(YEAR + 1, 1, 1)


@pytest.fixture
def places(app: Flask) -> dict:
    return make.zhejiang()


@pytest.fixture
def enclave(places: dict) -> Enclave:
    return make.enclave(places["缙云县"], places["富阳区"], EnclaveKind.INNOVATION)


def fact(enclave: Enclave, name: str, year: int = YEAR) -> Fact:
    return collect(year, SubjectKind.ENCLAVE, [name], [enclave.id])[enclave.id][name]


def value(enclave: Enclave, name: str, year: int = YEAR) -> str | None:
    return fact(enclave, name, year).value


NO_PROJECTS = "没有登记飞地内的产业项目"
NOTHING_REPORTED = {
    "introduced.projects": NO_PROJECTS,
    "introduced.large": NO_PROJECTS,
    "introduced.in_production": NO_PROJECTS,
    "investment.completed": "台账中没有2024年的完成投资记录",
    "infrastructure.completed": "台账中没有2024年的基础设施投资记录",
    "returned.projects": "没有登记从飞地回流的项目",
    "returned.investment": "台账中没有2024年回流项目的完成投资记录",
}


@pytest.mark.parametrize("name", NOTHING_REPORTED)
def test_what_nobody_reported_is_not_nought_and_says_why(enclave: Enclave, name: str) -> None:
    assert fact(enclave, name) == Fact(None, reason=NOTHING_REPORTED[name])


@pytest.mark.parametrize("name", NOTHING_REPORTED)
def test_nothing_in_a_filed_report_is_a_nought(enclave: Enclave, name: str) -> None:
    filing = acts.filing(enclave, kind=FilingKind.ANNUAL, filed_at=datetime(2025, 1, 8, tzinfo=UTC))
    assert fact(enclave, name) == Fact("0", (f"filings:{filing.id}",))


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"signed_on": date(2024, 1, 1)}, "1"),
        ({"signed_on": LAST}, "1"),
        ({"signed_on": NEXT}, "0"),
        ({"signed_on": date(2023, 12, 31)}, "0"),
        ({"signed_on": DAY, "terminated_on": LAST}, "0"),
        ({"signed_on": DAY, "terminated_on": NEXT}, "1"),
        ({"signed_on": DAY, "in_scope": False}, None),
        ({"signed_on": DAY, "in_scope": None}, "1"),
        ({"signed_on": DAY, "category": ProjectCategory.AID}, None),
    ],
)
def test_which_projects_were_introduced(
    places: dict, enclave: Enclave, fields: dict, counts: str | None
) -> None:
    make.project(places["富阳区"], enclave=enclave, **fields)
    assert value(enclave, "introduced.projects") == counts


def test_large_ones_and_those_in_production(places: dict, enclave: Enclave) -> None:
    large = make.project(
        places["富阳区"], enclave=enclave, signed_on=DAY, total_investment=wan(10_000)
    )
    small = make.project(
        places["富阳区"], enclave=enclave, signed_on=DAY, total_investment=wan(9_999)
    )
    old = make.project(
        places["富阳区"], enclave=enclave, signed_on=date(2019, 1, 1), in_production_on=LAST
    )
    records = f"projects:{large.id}", f"projects:{small.id}"
    assert fact(enclave, "introduced.projects").records == records
    found = fact(enclave, "introduced.large")
    assert (found.value, found.records) == ("1", records[:1])
    assert [reference for reference, _ in found.uncounted] == [records[1], f"projects:{old.id}"]
    assert fact(enclave, "introduced.in_production").records == (f"projects:{old.id}",)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "没有填报计划总投资"),
        ({"total_investment": wan(2120)}, "计划总投资 2,120 万元，不足 10,000 万元"),
        ({"total_investment": wan("9999.999")}, "计划总投资 ≥9,999.99 万元，不足 10,000 万元"),
        ({"signed_on": None, "total_investment": wan(2120)}, "没有签约日期"),
        ({"signed_on": date(2023, 12, 31), "terminated_on": LAST}, "2023-12-31签约，不在2024年"),
        ({"terminated_on": LAST}, "2024-12-31终止"),
    ],
)
def test_a_project_that_is_no_large_one_of_the_year_says_why(
    places: dict, enclave: Enclave, fields: dict, why: str
) -> None:
    made = make.project(places["缙云县"], enclave=enclave, **{"signed_on": DAY, **fields})
    assert fact(enclave, "introduced.large").uncounted == ((f"projects:{made.id}", why),)


def test_the_sites_own_investment_stands_before_its_projects(
    places: dict, enclave: Enclave
) -> None:
    project = make.project(places["富阳区"], enclave=enclave)
    of_project = make.entry(project, EntryKind.COMPLETED_INVESTMENT, wan(300), DAY)
    make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(999), DAY)
    assert fact(enclave, "investment.completed") == Fact(
        "300", (f"ledger_entries:{of_project.id}",)
    )
    own = make.entry(enclave, EntryKind.COMPLETED_INVESTMENT, wan(420), LAST)
    make.entry(enclave, EntryKind.COMPLETED_INVESTMENT, wan(5), NEXT)
    make.entry(enclave, EntryKind.COMPLETED_INVESTMENT, wan(5), DAY, submitted_at=None)
    make.entry(enclave, EntryKind.COMPLETED_INVESTMENT, wan(5), DAY, cumulative=True)
    assert fact(enclave, "investment.completed") == Fact("420", (f"ledger_entries:{own.id}",))


def test_only_an_innovation_site_counts_its_infrastructure(places: dict, enclave: Enclave) -> None:
    industrial = make.enclave(places["缙云县"], places["富阳区"], EnclaveKind.INDUSTRIAL)
    for site in (enclave, industrial):
        roads = make.project(
            places["富阳区"], enclave=site, category=ProjectCategory.INFRASTRUCTURE
        )
        make.entry(roads, EntryKind.COMPLETED_INVESTMENT, wan(40), DAY)
        make.entry(site, EntryKind.INFRASTRUCTURE_INVESTMENT, wan(8), DAY)
    assert value(enclave, "investment.completed") == "48"
    assert value(industrial, "investment.completed") is None
    assert value(industrial, "infrastructure.completed") == "8"
    make.entry(industrial, EntryKind.COMPLETED_INVESTMENT, wan(70), DAY)
    assert value(industrial, "investment.completed") == "70"


def test_what_came_back_to_the_origin(places: dict, enclave: Enclave) -> None:
    home = make.project(places["缙云县"], incubated_in=enclave, signed_on=DAY)
    earlier = make.project(places["缙云县"], incubated_in=enclave, signed_on=date(2022, 1, 1))
    elsewhere = make.project(places["庆元县"], incubated_in=enclave, signed_on=DAY)
    spent = make.entry(earlier, EntryKind.COMPLETED_INVESTMENT, wan(120), DAY)
    make.entry(elsewhere, EntryKind.COMPLETED_INVESTMENT, wan(77), DAY)
    returned = fact(enclave, "returned.projects")
    assert (returned.value, returned.records) == ("1", (f"projects:{home.id}",))
    assert [reference for reference, _ in returned.uncounted] == [f"projects:{earlier.id}"]
    assert fact(enclave, "returned.investment") == Fact("120", (f"ledger_entries:{spent.id}",))
    assert value(enclave, "returned.projects", YEAR + 1) == "0"
