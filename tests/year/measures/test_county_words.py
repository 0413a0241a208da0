"""Every record behind a county's facts has words, and many counties cost no more statements."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

from flask import Flask
from sqlalchemy import event

from tests import factories as make
from tests import factories_acts as acts
from tests.factories import wan
from tests.year.measures.county_facts import YEAR, pair
from tracker.core.db import Precision, db
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.findings.models import FindingKind
from tracker.records.ledger.models import EntryKind
from tracker.records.submissions.models import FilingKind
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind
from tracker.year.measures.records import describe

DAY = date(2024, 6, 30)


def _words(*records) -> list[str]:
    references = [f"{record.__tablename__}:{record.id}" for record in records]
    found = describe(references)
    return [found[reference].text for reference in references]


def test_records_of_people_and_findings_in_words(app: Flask) -> None:
    here = pair()
    pairing, county = here.pairing, here.county
    filed_at = datetime(2025, 1, 9, 16, 30, tzinfo=UTC)
    due = {"due_on": date(2025, 1, 10)}
    assert _words(
        acts.visit(pairing, led_by="示例书记"),
        acts.joint_meeting(pairing, place="缙云"),
        acts.secondment(pairing, to_post="副县长"),
        acts.specialist_posting(pairing, 12),
        acts.training(pairing, 120, title="示例班", employed=0),
        acts.institution_pair(pairing, ends_on=date(2026, 6, 30)),
        acts.consumption_aid(pairing, wan("320.5"), buyer="示例单位"),
        acts.filing(county, YEAR, FilingKind.Q4, filed_at=filed_at, **due),
        acts.filing(county, YEAR, FilingKind.ANNUAL, **due),
        acts.finding(county, withdrawn_on=date(2024, 7, 1)),
        acts.finding(county, FindingKind.SAMPLING, pass_rate=Decimal("0.95")),
        acts.adoption(county),
        make.village_income(make.village(county, name="示例村"), YEAR, wan(50)),
        make.park(here.supporter, county, name="示例园", approved_on=DAY),
        pairing,
        county,
    ) == [
        "高层互访 2024-06-30 富阳区赴缙云县，示例书记带队",
        "联席会议 2024-06-30 富阳区、缙云县（缙云）",
        "挂职干部 示例干部，富阳区派出，副县长（2024-06-30 至 今）",
        "专技人才选派 2024-06-30 富阳区、缙云县 卫生 12 人次",
        "培训就业 2024-06-30 富阳区、缙云县 示例班 120 人次，其中就业 0 人次",
        "学校结对 示例一中、示例二中（2024-06-30 签约，至 2026-06-30）",
        "消费帮扶 2024-06-30 富阳区、缙云县 示例单位 320.5 万元",
        "2024年第四季度季报 2025-01-10 00:30 报送（期限 2025-01-10）",
        "2024年年报 未报送（期限 2025-01-10）",
        "省级督察问题 2024-06-30（示例〔2024〕1号，2024-07-01 撤销）",
        "省级抽查合格率 95% 2024-06-30（示例〔2024〕1号）",
        "省级推广 示例经验 2024-06-30（示例〔2024〕2号）",
        "村集体经营性收入 示例村 2024年 50 万元",
        "产业园登记 示例园（工业类产业园，2024-06-30 批复）",
        "结对关系 富阳区、缙云县",
        "登记 缙云县",
    ]


def test_figures_of_records_are_grouped_with_their_unit_and_at_most_two_decimals(
    app: Flask,
) -> None:
    here = pair()
    county = here.county
    project = make.project(county, name="示例项目", total_investment=wan("123456.789"))
    entry = partial(make.entry, project, EntryKind.FUNDS_IN_PLACE, on=DAY)
    assert _words(
        make.target(county, YEAR, "projects.funds_in_place", "51537"),
        make.target(county, YEAR, "consumption.sales", "805.125"),
        make.target(county, YEAR, "village_income.met_share", "0.95"),
        make.target(county, YEAR, "exchanges.joint_meeting", "1"),
        project,
        entry(wan("8492.1075")),
        entry(wan("8492.1075"), precision=Precision.AT_LEAST),
        entry(wan("0.0042")),
        entry(wan("189.27")),
        acts.training(here.pairing, 1200, employed=1100),
    ) == [
        "2024年度任务 51,537 万元",
        "2024年度任务 ≈805.13 万元",
        "2024年度任务 95%",
        "2024年度任务 是",
        "项目 示例项目，总投资 ≈123,456.79 万元",
        "台账 2024-06-30 示例项目到位资金 ≈8,492.11 万元",
        "台账 2024-06-30 示例项目到位资金 ≥8,492.1 万元",
        "台账 2024-06-30 示例项目到位资金 <0.01 万元",
        "台账 2024-06-30 示例项目到位资金 189.27 万元",
        "培训就业 2024-06-30 富阳区、缙云县 1,200 人次，其中就业 1,100 人次",
    ]


def test_what_would_read_alike_is_told_apart_by_whose_it_is(app: Flask) -> None:
    here = pair()
    other = make.pairing(make.region("330113", "示例强区"), here.county)
    site = make.demonstration_village(here.county, name="示例示范点")
    enclave = make.enclave(here.county, here.supporter, name="示例飞地")
    words = _words(
        *(acts.secondment(each) for each in (here.pairing, other)),
        *(acts.visit(each) for each in (here.pairing, other)),
        *(make.entry(each, EntryKind.AID_RECEIVED, wan(1), DAY) for each in (here.pairing, other)),
        make.entry(site, EntryKind.AID_USED, wan(1), DAY),
        make.entry(enclave, EntryKind.REBATE, wan(1), DAY),
    )
    assert len(set(words)) == len(words)
    assert words[1].startswith("挂职干部 示例干部，示例强区派出（")
    assert words[4:] == [
        "台账 2024-06-30 富阳区、缙云县援建资金到账 1 万元",
        "台账 2024-06-30 示例强区、缙云县援建资金到账 1 万元",
        "台账 2024-06-30 示例示范点援建资金使用 1 万元",
        "台账 2024-06-30 示例飞地返利 1 万元",
    ]


def test_all_facts_of_many_counties_in_as_many_statements_as_of_one(app: Flask) -> None:
    here = pair()
    ids = [here.county.id, here.supporter.id]
    for number in range(40):
        county = make.region(f"3398{number:02}", f"示例{number}县")
        pairing = make.pairing(here.supporter, county)
        acts.visit(pairing)
        acts.secondment(pairing)
        acts.filing(county, YEAR, FilingKind.ANNUAL, filed_at=datetime(2025, 1, 9, tzinfo=UTC))
        make.entry(pairing, EntryKind.AID_SENT, wan(number + 1), DAY)
        make.term(make.enclave(county, here.supporter, EnclaveKind.INCOME), amount=wan(10))
        ids.append(county.id)
    names = [measure.name for measure in CATALOGUE.of(SubjectKind.COUNTY)]

    def statements(some: list[int]) -> int:
        seen: list[str] = []
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        facts = collect(YEAR, SubjectKind.COUNTY, names, some)
        event.remove(db.engine, "before_cursor_execute", listener)
        supporter = facts[here.supporter.id]
        assert supporter["support.aid_paid"].value == "820"
        assert supporter["support.returns_due"].value == "400"
        references = {ref for fact in supporter.values() for ref in fact.records}
        assert describe(references).keys() == references
        return len(seen)

    assert statements(ids) == statements([here.supporter.id])
