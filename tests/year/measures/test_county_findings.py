"""Findings, samplings and adopted practices, and whose they are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests.factories_acts import adoption, finding
from tests.year.measures.county_facts import AFTER, BEFORE, FIRST, LAST, Pair, fact, pair, value
from tracker.records.enclaves.models import Direction
from tracker.records.findings.models import FindingKind, Level
from tracker.records.parks.models import ParkKind
from tracker.year.measures.collect import Fact

COUNTED = {
    "findings.false_data": (FindingKind.FALSE_DATA, Level.CITY),
    "findings.inspection_central": (FindingKind.INSPECTION, Level.CENTRAL),
    "findings.inspection_provincial": (FindingKind.INSPECTION, Level.PROVINCE),
    "findings.case_central": (FindingKind.BAD_CASE, Level.CENTRAL),
    "findings.case_provincial": (FindingKind.BAD_CASE, Level.PROVINCE),
    "findings.accidents": (FindingKind.ACCIDENT, Level.CITY),
}


@pytest.fixture
def here(app: Flask) -> Pair:
    return pair()


@pytest.mark.parametrize("name", COUNTED)
def test_each_finding_counts_in_its_own_measure_and_year(here: Pair, name: str) -> None:
    for other, (kind, level) in COUNTED.items():
        if other != name:
            finding(here.county, kind, level)
    assert value(here.county, name) == "0"
    kind, level = COUNTED[name]
    first = finding(here.county, kind, level, found_on=FIRST)
    last = finding(here.county, kind, level, found_on=LAST)
    finding(here.county, kind, level, found_on=BEFORE)
    finding(here.county, kind, level, found_on=AFTER)
    finding(here.county, kind, level, found_on=FIRST, withdrawn_on=AFTER)
    assert fact(here.county, name) == Fact("2", (f"findings:{first.id}", f"findings:{last.id}"))
    assert value(here.supporter, name) == "0"


def test_what_a_city_found_is_no_inspection_of_a_higher_level(here: Pair) -> None:
    finding(here.county, FindingKind.INSPECTION, Level.CITY)
    finding(here.county, FindingKind.BAD_CASE, Level.CITY)
    for name in COUNTED:
        assert value(here.county, name) == "0"


@pytest.mark.parametrize("kind", [FindingKind.ACCIDENT, FindingKind.FALSE_DATA])
def test_an_enclaves_findings_count_for_the_mountain_county_alone(
    here: Pair, kind: FindingKind
) -> None:
    name = "findings.accidents" if kind is FindingKind.ACCIDENT else "findings.false_data"
    outbound = make.enclave(here.county, here.supporter)
    inbound = make.enclave(here.supporter, here.county, direction=Direction.INBOUND)
    finding(outbound, kind)
    finding(inbound, kind)
    assert value(here.county, name) == "2"
    assert value(here.supporter, name) == "0"


@pytest.mark.parametrize(
    ("kind", "accidents"),
    [(ParkKind.INDUSTRIAL, "0"), (ParkKind.TOURISM, "0"), (ParkKind.COOPERATION, "1")],
)
def test_what_a_parks_sheet_takes_off_is_not_taken_off_twice(
    here: Pair, kind: ParkKind, accidents: str
) -> None:
    park = make.park(here.supporter, here.county, kind)
    finding(park, FindingKind.ACCIDENT)
    finding(park, FindingKind.FALSE_DATA)
    assert value(here.county, "findings.accidents") == accidents
    assert value(here.county, "findings.false_data") == "1"


def test_the_pass_rate_of_samplings(here: Pair) -> None:
    name, sampling = "sample.pass_rate", FindingKind.SAMPLING
    assert fact(here.county, name) == Fact("1")
    finding(here.county, sampling, found_on=BEFORE, pass_rate=Decimal("0.1"))
    finding(here.county, sampling, pass_rate=Decimal("0.1"), withdrawn_on=LAST)
    finding(here.county, sampling, pass_rate=Decimal("0.1"), measure="consumption.sales")
    assert value(here.county, name) == "1"
    one = finding(here.county, sampling, pass_rate=Decimal("0.95"), measure="training.placed")
    assert fact(here.county, name) == Fact("0.95", (f"findings:{one.id}",))
    finding(here.county, sampling, found_on=FIRST, pass_rate=Decimal(0))
    finding(here.county, sampling, found_on=LAST, pass_rate=Decimal(1))
    assert value(here.county, name) == "0.65"
    assert value(here.supporter, name) == "1"


def test_a_practice_counts_once_and_at_its_highest_level(here: Pair) -> None:
    county = here.county
    national = adoption(county, Level.CENTRAL, title="示例做法一", adopted_on=FIRST)
    again = adoption(county, Level.CENTRAL, title="示例做法一", adopted_on=LAST)
    below = adoption(county, Level.PROVINCE, title="示例 做法一")
    provincial = adoption(county, Level.PROVINCE, title="示例做法二")
    adoption(county, Level.CITY, title="示例做法三")
    adoption(county, Level.PROVINCE, title="示例做法四", adopted_on=BEFORE)
    found = fact(county, "practices.national")
    assert (found.value, found.records) == ("1", (f"adoptions:{national.id}",))
    assert found.uncounted == ((f"adoptions:{again.id}", "与已计入的同名"),)
    found = fact(county, "practices.provincial")
    assert (found.value, found.records) == ("1", (f"adoptions:{provincial.id}",))
    assert (f"adoptions:{below.id}", "已获国家级推广") in found.uncounted
    assert value(county, "practices.national", 2023) == "0"
    assert value(county, "practices.provincial", 2023) == "1"
    assert value(here.supporter, "practices.provincial") == "0"


def test_a_practice_that_the_nation_took_up_earlier_is_not_news_from_the_province(
    here: Pair,
) -> None:
    adoption(here.county, Level.CENTRAL, title="示例做法", adopted_on=BEFORE)
    adoption(here.county, Level.PROVINCE, title="示例做法", adopted_on=LAST)
    assert value(here.county, "practices.provincial") == "0"
