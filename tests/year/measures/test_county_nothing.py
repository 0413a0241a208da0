"""What a county's empty record means: nothing reported, nought, or a constant; one table of all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from tests import factories as make
from tests.factories_acts import filing
from tests.year.measures.county_facts import YEAR, Pair, fact, filed, pair
from tracker.records.places.models import Region
from tracker.records.submissions.models import FilingKind
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind

# Why it is not reported, where nobody has filed.
REPORTED_BY_COUNTIES = {
    "exchanges.visits": "没有登记2024年的互访和联席会议",
    "exchanges.joint_meeting": "没有登记2024年的联席会议",
    "demonstrations.planned": "没有登记乡村振兴示范点",
    "demonstrations.accepted": "没有登记乡村振兴示范点",
    "aid.received": "台账中没有2024年的援建资金到账记录",
    "aid.spent": "台账中没有2024年的援建资金使用记录",
    "cadres.posted": "没有登记2024年支援方选派的挂职干部",
    "partners.schools_hospitals": "没有登记学校和医院结对",
    "training.placed": "没有登记2024年的劳务培训",
    "consumption.sales": "没有登记2024年的消费帮扶",
    "support.aid_paid": "台账中没有2024年的援建资金拨付记录",
    "support.aid_on_time": "台账中没有2024年的援建资金拨付记录",
    "support.social_aid": "台账中没有2024年的社会帮扶资金记录",
    "support.projects": "没有登记与结对县的山海协作产业合作项目",
    "support.projects_large": "没有登记与结对县的山海协作产业合作项目",
    "support.funds_in_place": "台账中没有2024年的到位资金记录",
    "support.space_agreed": "没有登记承接飞地截至2024年末约定的空间",
    "support.space_delivered": "没有登记承接飞地截至2024年末交付的空间",
    "support.tenants": "没有登记承接飞地的入驻企业",
    "support.returns_on_time": "台账中没有承接飞地2024年的返利、税收分成记录",
    "support.cadres": "没有登记2024年支援方选派的挂职干部",
    "support.specialists": "没有登记2024年选派的专技人才",
    "support.training": "没有登记2024年的劳务培训",
    "support.partners": "没有登记学校和医院结对",
    "support.consumption": "没有登记2024年的消费帮扶",
}
KEPT_BY_THE_PROGRAM = (
    "parks.count",
    "parks.hundred_yi_first",
    "enclaves.inbound_opened",
    "practices.national",
    "practices.provincial",
    "findings.false_data",
    "findings.inspection_central",
    "findings.inspection_provincial",
    "findings.case_central",
    "findings.case_provincial",
    "findings.accidents",
    "support.cooperation_parks",
    "support.cooperation_parks_new",
    "support.enclaves",
    "support.returns_due",
)
REPORTS = {
    "reports.plan": "没有登记2024年年度计划的报送",
    "reports.q1": "没有登记2024年第一季度季报的报送",
    "reports.q2": "没有登记2024年第二季度季报的报送",
    "reports.q3": "没有登记2024年第三季度季报的报送",
    "reports.q4": "没有登记2024年第四季度季报的报送",
}
ALL_OF_THEM = {
    *REPORTED_BY_COUNTIES,
    *KEPT_BY_THE_PROGRAM,
    *REPORTS,
    "village_income.met_share",
    "goal.village_income_share",
    "sample.pass_rate",
}


@pytest.fixture
def here(app: Flask) -> Pair:
    return pair()


def facts(place: Region, names: Iterable[str]) -> dict[str, Fact]:
    return collect(YEAR, SubjectKind.COUNTY, names, [place.id])[place.id]


def test_every_measure_of_supporters_is_tried_here() -> None:
    declared = {measure.name: measure for measure in CATALOGUE.of(SubjectKind.COUNTY)}
    assert set(declared) >= ALL_OF_THEM
    supporting = {name for name in declared if name.startswith("support.")}
    assert supporting <= ALL_OF_THEM


def test_what_a_county_reports_is_nought_only_in_a_filed_report(here: Pair) -> None:
    county = here.county
    unreported = {name: Fact(None, reason=why) for name, why in REPORTED_BY_COUNTIES.items()}
    assert facts(county, REPORTED_BY_COUNTIES) == unreported
    filed(county, FilingKind.Q3)
    filed(county, FilingKind.ANNUAL, YEAR - 1)
    filing(county, YEAR, FilingKind.Q4)  # due, and not handed in
    filed(here.supporter)
    assert facts(county, REPORTED_BY_COUNTIES) == unreported
    report = filed(county)
    nought = Fact("0", (f"filings:{report.id}",))
    assert facts(county, REPORTED_BY_COUNTIES) == dict.fromkeys(REPORTED_BY_COUNTIES, nought)


def test_what_the_program_keeps_is_nought_for_whoever_takes_part(here: Pair) -> None:
    names, stranger = KEPT_BY_THE_PROGRAM, here.elsewhere
    unknown = Fact(None, reason="既不在名单上，也没有结对关系")
    assert facts(stranger, names) == dict.fromkeys(names, unknown)
    for place in (here.county, here.supporter):
        assert facts(place, names) == dict.fromkeys(names, Fact("0", (f"regions:{place.id}",)))
    make.listing(stranger)
    assert {fact.value for fact in facts(stranger, names).values()} == {"0"}


def test_a_report_that_nobody_asked_for_is_not_late(here: Pair) -> None:
    expected = {name: Fact(None, reason=why) for name, why in REPORTS.items()}
    assert facts(here.county, REPORTS) == expected


def test_a_fourth_quarter_report_is_as_good_as_an_annual_one(here: Pair) -> None:
    filing(
        here.county, YEAR, FilingKind.Q4, filed_at=datetime(2025, 3, 1, tzinfo=UTC)
    )  # late, but filed
    assert fact(here.county, "aid.received").value == "0"


def test_a_year_before_the_county_was_listed_knows_nothing_of_it(here: Pair) -> None:
    make.listing(here.elsewhere, joined_on=date(2024, 8, 21))
    assert fact(here.elsewhere, "parks.count", 2023).value is None
    assert fact(here.elsewhere, "parks.count", 2024).value == "0"
