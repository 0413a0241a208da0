"""What the records of a park become: money, figures, land, projects, findings, targets."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import event

from tests import factories as make
from tests import factories_acts as acts
from tests.factories import wan
from tracker.core.db import db
from tracker.records.findings.models import FindingKind, Level
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.parks.models import Park
from tracker.records.projects.models import ProjectCategory, SourceSide
from tracker.records.submissions.models import FilingKind
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind
from tracker.year.measures.records import describe

YEAR = 2024
DAY, LAST, NEXT = date(YEAR, 6, 30), date(YEAR, 12, 31), date(YEAR + 1, 1, 1)
FILED = datetime(2025, 1, 8, tzinfo=UTC)


@pytest.fixture
def places(app: Flask) -> dict:
    return make.zhejiang()


@pytest.fixture
def park(places: dict) -> Park:
    return make.park(places["富阳区"], places["缙云县"])


def fact(park: Park, name: str, year: int = YEAR) -> Fact:
    return collect(year, SubjectKind.PARK, [name], [park.id])[park.id][name]


def value(park: Park, name: str, year: int = YEAR) -> str | None:
    return fact(park, name, year).value


NOUGHT_WHEN_FILED = {
    "park.government_investment": "台账中没有2024年的政府投资记录",
    "park.social_investment": "台账中没有2024年的社会投资记录",
    "park.tax": "台账中没有2024年的税收记录",
    "park.tax_per_mu": "台账中没有2024年的税收记录",
    "park.partner_funds": "台账中没有2024年园区项目的到位资金记录",
    "park.partner_projects": "没有登记园区内的项目",
    "park.joint_events": "没有登记2024年的联合活动",
    "park.market_sales": "没有登记2024年的产销对接",
}
NOTHING_REPORTED = {
    **NOUGHT_WHEN_FILED,
    "park.industrial_output": "2024年季报中没有产值",
    "park.added_value_per_mu": "2024年季报中没有增加值",
    "park.land_supplied": "2024年季报中没有已供面积",
    "park.land_developed": "2024年季报中没有开发面积",
    "park.visitors": "2024年季报中没有游客人次",
    "park.revenue": "2024年季报中没有营业收入",
    "park.farmer_income": "2024年季报中没有园区农民人均收入",
    "park.leading_funds_share": "台账中没有2024年园区产业项目的到位资金记录",
    "park.start_rate": "没有登记园区内的项目",
    "park.completion_rate": "园区没有已开工的项目",
    "target.park.tax": "2024年未下达目标",
}
FINDINGS = {
    "park.inspection_central": (FindingKind.INSPECTION, Level.CENTRAL),
    "park.inspection_provincial": (FindingKind.INSPECTION, Level.PROVINCE),
    "park.case_central": (FindingKind.BAD_CASE, Level.CENTRAL),
    "park.case_provincial": (FindingKind.BAD_CASE, Level.PROVINCE),
    "park.accidents": (FindingKind.ACCIDENT, Level.CITY),
}
GOALS = ["goal.park_tax_per_mu", "goal.park_added_value_per_mu"]


def test_each_measure_of_a_park_is_tried_here() -> None:
    tried = {*NOTHING_REPORTED, *FINDINGS, *GOALS} - {"target.park.tax"}
    assert tried == {measure.name for measure in CATALOGUE.of(SubjectKind.PARK)}


@pytest.mark.parametrize("name", NOTHING_REPORTED)
def test_what_nobody_reported_is_not_nought_and_says_why(park: Park, name: str) -> None:
    assert fact(park, name) == Fact(None, reason=NOTHING_REPORTED[name])


@pytest.mark.parametrize("name", NOUGHT_WHEN_FILED)
def test_nothing_in_the_countys_filed_report_is_a_nought(
    places: dict, park: Park, name: str
) -> None:
    acts.filing(places["富阳区"], kind=FilingKind.Q4, filed_at=FILED)
    assert value(park, name) is None, "the supporter does not file for the park"
    filing = acts.filing(places["缙云县"], kind=FilingKind.Q4, filed_at=FILED)
    assert fact(park, name) == Fact("0", (f"filings:{filing.id}",))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("park.government_investment", EntryKind.GOVERNMENT_INVESTMENT),
        ("park.social_investment", EntryKind.SOCIAL_INVESTMENT),
        ("park.tax", EntryKind.TAX),
    ],
)
def test_the_parks_own_ledger_stands_before_its_projects(
    places: dict, park: Park, name: str, kind: EntryKind
) -> None:
    project = make.project(places["缙云县"], park=park)
    of_project = make.entry(project, kind, wan(300), DAY)
    make.entry(project, kind, wan(1), NEXT)
    make.entry(project, kind, wan(1), DAY, submitted_at=None)
    assert fact(park, name) == Fact("300", (f"ledger_entries:{of_project.id}",))
    own = make.entry(park, kind, wan("450.5"), LAST)
    make.entry(park, kind, wan(1), DAY, cumulative=True)
    assert fact(park, name) == Fact("450.5", (f"ledger_entries:{own.id}",))


@pytest.mark.parametrize(
    ("name", "item", "expected"),
    [
        ("park.industrial_output", Item.OUTPUT, "55000"),
        ("park.land_supplied", Item.LAND_SUPPLIED, "35000"),
        ("park.land_developed", Item.LAND_DEVELOPED, "35000"),
        ("park.visitors", Item.VISITORS, "5.5"),
        ("park.revenue", Item.REVENUE, "55000"),
        ("park.farmer_income", Item.FARMERS_INCOME, "55000"),
    ],
)
def test_quarters_become_a_year(park: Park, name: str, item: Item, expected: str) -> None:
    make.operating_figure(park, item, 20_000, quarter=1)
    make.operating_figure(park, item, 35_000, quarter=2)
    make.operating_figure(park, item, 1, year=YEAR - 1)
    assert value(park, name) == expected
    assert value(park, f"prior.{name}") == ("0.0001" if name == "park.visitors" else "1")


def test_figures_a_mu_need_the_land(park: Park) -> None:
    make.entry(park, EntryKind.TAX, wan(200), DAY)
    make.operating_figure(park, Item.VALUE_ADDED, 900, quarter=4)
    for name in ("park.tax_per_mu", "park.added_value_per_mu"):
        assert fact(park, name).reason == "2024年季报中没有已供面积"
    land = make.operating_figure(park, Item.LAND_SUPPLIED, 0, quarter=1)
    assert fact(park, "park.tax_per_mu").reason == "已供面积为0，无法计算亩均"
    land.value = 300
    assert value(park, "park.tax_per_mu") == "0.66666667"
    assert value(park, "park.added_value_per_mu") == "3"


def test_no_added_value_is_a_nought_on_any_land(park: Park) -> None:
    make.operating_figure(park, Item.VALUE_ADDED, 0)
    assert value(park, "park.added_value_per_mu") == "0"


@pytest.mark.parametrize("name", GOALS)
def test_a_goal_is_the_years_target_row_or_nought(park: Park, name: str) -> None:
    assert fact(park, name) == Fact("0")
    row = make.target(park, YEAR, name, "20.5")
    assert fact(park, name) == Fact("20.5", (f"targets:{row.id}",))


def test_a_parks_target_is_its_own_row(places: dict, park: Park) -> None:
    row = make.target(park, YEAR, "park.tax", 500)
    make.target(park, YEAR - 1, "park.tax", 400)
    make.target(make.park(places["富阳区"], places["庆元县"]), YEAR, "park.tax", 300)
    assert fact(park, "target.park.tax") == Fact("500", (f"targets:{row.id}",))


def test_the_leading_industrys_part_of_the_funds(places: dict, park: Park) -> None:
    unsaid = make.project(places["缙云县"], park=park)
    make.entry(unsaid, EntryKind.FUNDS_IN_PLACE, wan(100), DAY)
    assert fact(park, "park.leading_funds_share").reason == "项目未注明是否属主导产业"
    leading = make.project(places["缙云县"], park=park, is_leading_industry=True)
    make.entry(leading, EntryKind.FUNDS_IN_PLACE, wan(700), DAY)
    aid = make.project(places["缙云县"], park=park, category=ProjectCategory.AID)
    make.entry(aid, EntryKind.FUNDS_IN_PLACE, wan(999), DAY)
    assert value(park, "park.leading_funds_share") == "0.875"


def test_what_comes_from_the_partner(places: dict, park: Park) -> None:
    home = make.project(places["缙云县"], park=park, source_side=SourceSide.RECIPIENT)
    other = make.entry(home, EntryKind.FUNDS_IN_PLACE, wan(50), DAY)
    no_partner = "投资方来源为受援方"
    assert fact(park, "park.partner_funds") == Fact(
        "0", uncounted=((f"ledger_entries:{other.id}", no_partner),)
    )
    found = fact(park, "park.partner_projects")
    assert (found.value, found.records) == ("0", ())
    assert [reference for reference, _ in found.uncounted] == [f"projects:{home.id}"]
    partner = make.project(
        places["缙云县"], park=park, source_side=SourceSide.SUPPORTER, started_on=LAST
    )
    paid = make.entry(partner, EntryKind.FUNDS_IN_PLACE, wan(80), DAY)
    assert fact(park, "park.partner_funds").records == (f"ledger_entries:{paid.id}",)
    assert fact(park, "park.partner_projects").records == (f"projects:{partner.id}",)
    assert value(park, "park.partner_funds") == "80"
    assert value(park, "park.partner_projects") == "1"
    assert value(park, "park.partner_projects", YEAR - 1) == "0"
    partner.terminated_on = LAST
    assert value(park, "park.partner_projects") == "0"


def test_projects_planned_started_and_built(places: dict, park: Park) -> None:
    for dates in (
        {},
        {"planned_on": DAY},
        {"signed_on": NEXT},  # not planned yet
        {"signed_on": DAY, "terminated_on": LAST},
        {"started_on": DAY},
        {"started_on": DAY, "in_production_on": LAST},
        {"started_on": DAY, "completed_on": NEXT},
    ):
        make.project(places["缙云县"], park=park, **dates)
    assert value(park, "park.start_rate") == "0.6"
    assert value(park, "park.completion_rate") == "0.33333333"
    assert value(park, "park.start_rate", YEAR - 1) == "0"


def test_events_and_sales_in_the_park(places: dict, park: Park) -> None:
    pairing = make.pairing(places["富阳区"], places["缙云县"])
    fair = acts.joint_event(pairing, on=LAST, park=park, title="示例推介会")
    acts.joint_event(pairing, on=NEXT, park=park)
    acts.joint_event(pairing, on=DAY)
    assert fact(park, "park.joint_events") == Fact("1", (f"joint_events:{fair.id}",))
    make.operating_figure(park, Item.TRADE, 40)
    assert value(park, "park.market_sales") == "40"
    sale = acts.consumption_aid(pairing, wan("31.5"), park=park)
    acts.consumption_aid(pairing, wan(1), on=NEXT, park=park)
    acts.consumption_aid(pairing, wan(1))
    assert fact(park, "park.market_sales") == Fact("31.5", (f"consumption_aids:{sale.id}",))
    reference = f"joint_events:{fair.id}"
    assert describe([reference])[reference].text == "联合活动 2024-12-31 富阳区、缙云县 示例推介会"


@pytest.mark.parametrize("name", FINDINGS)
def test_a_finding_counts_in_its_year_unless_withdrawn(park: Park, name: str) -> None:
    kind, level = FINDINGS[name]
    assert fact(park, name) == Fact("0")
    found = acts.finding(park, kind, level)
    acts.finding(park, kind, level, found_on=NEXT)
    acts.finding(park, kind, level, withdrawn_on=LAST)
    acts.finding(park, FindingKind.FALSE_DATA, level)
    assert fact(park, name) == Fact("1", (f"findings:{found.id}",))
    others = set(FINDINGS) - {name}
    assert {value(park, other) for other in others} == {"0"}


def test_a_year_costs_the_same_statements_for_any_number_of_parks(places: dict, park: Park) -> None:
    names = {measure.name for measure in CATALOGUE.of(SubjectKind.PARK)} | {"target.park.tax"}
    more = [make.park(places["富阳区"], places["庆元县"]) for _ in range(5)]

    def statements(parks: list[Park]) -> int:
        ids = [one.id for one in parks]
        seen: list[str] = []
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        facts = collect(YEAR, SubjectKind.PARK, names, ids)
        event.remove(db.engine, "before_cursor_execute", listener)
        assert all(facts[of_one].keys() == names for of_one in ids)
        return len(seen)

    assert statements([park]) == statements([park, *more])


@pytest.mark.parametrize("kind", [SubjectKind.ENCLAVE, SubjectKind.PARK, SubjectKind.VILLAGE])
def test_every_table_that_a_measure_reads_has_words(sqlite_app: Flask, kind: SubjectKind) -> None:
    """A table without words would be a KeyError here; no record has the id 0."""
    tables = {
        table.partition("#")[0]
        for measure in CATALOGUE.of(kind)
        for table in measure.read(YEAR).statements
    }
    assert describe(f"{table}:0" for table in tables) == {}


def test_a_park_may_be_measured_against_a_year_of_its_own(places: dict, park: Park) -> None:
    younger = make.park(places["富阳区"], places["庆元县"], base_year=2021)
    for of in (park, younger):
        make.entry(of, EntryKind.TAX, wan(100), date(2019, 6, 30))
        make.entry(of, EntryKind.TAX, wan(130), date(2021, 6, 30))
    assert value(park, "baseline.park.tax") == "100"
    assert value(younger, "baseline.park.tax") == "130"
