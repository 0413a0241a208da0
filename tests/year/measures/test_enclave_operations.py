"""How an enclave runs: output, taxes and shares, space, tenants, reports, and villages paid."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tests.factories import wan
from tracker.core.db import db
from tracker.records.enclaves.agreements import SpaceStep
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.submissions.models import FilingKind
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
def enclave(places: dict) -> Enclave:
    return make.enclave(places["缙云县"], places["富阳区"], EnclaveKind.INDUSTRIAL)


def fact(enclave: Enclave, name: str, year: int = YEAR) -> Fact:
    return collect(year, SubjectKind.ENCLAVE, [name], [enclave.id])[enclave.id][name]


def value(enclave: Enclave, name: str, year: int = YEAR) -> str | None:
    return fact(enclave, name, year).value


NO_SHARES = "台账中没有2024年到期的税收分成记录"
NOUGHT_WHEN_FILED = {
    "tax_per_mu": "台账中没有2024年的税收记录",
    "shares.paid_on_time": NO_SHARES,
    "tax.origin": "台账中没有2024年的税收分成记录",
    "tenants.new": "没有登记入驻企业",
    "operation.entity": "未填报运营主体或专职人员",
    "operation.staff": "未填报运营主体或专职人员",
}
NOTHING_REPORTED = {
    **NOUGHT_WHEN_FILED,
    "output.value": "2024年季报中没有产值",
    "added_value_per_mu": "2024年季报中没有增加值",
    "shares.due": "未登记税收分成约定，或者约定尚未经合同另一方确认",
    "occupancy.rate": "2024年季报中没有出租率",
    "floor.usable": "2024年季报中没有可用面积",
    "floor.occupancy": "2024年没有同时填报可用面积和入驻面积的季度",
    "incubated.projects": "2024年季报中没有孵化项目数",
    "talents.senior": "2024年季报中没有副高以上及硕士人才",
    "talents.provincial": "2024年季报中没有省级人才",
    **{
        f"enclave_reports.{kind.value}": f"未登记2024年的{kind.label}"
        for kind in FilingKind
        if kind is not FilingKind.PLAN
    },
}


@pytest.mark.parametrize("name", NOTHING_REPORTED)
def test_what_nobody_reported_is_not_nought_and_says_why(enclave: Enclave, name: str) -> None:
    assert fact(enclave, name) == Fact(None, reason=NOTHING_REPORTED[name])


@pytest.mark.parametrize("name", NOUGHT_WHEN_FILED)
def test_nothing_in_a_filed_report_is_a_nought(enclave: Enclave, name: str) -> None:
    filing = acts.filing(enclave, kind=FilingKind.Q4, filed_at=FILED)
    acts.filing(enclave, year=YEAR - 1, kind=FilingKind.Q3, filed_at=FILED)
    assert fact(enclave, name) == Fact("0", (f"filings:{filing.id}",))
    assert value(enclave, name, YEAR - 1) is None


FLOWS = {"output.value": Item.OUTPUT, "incubated.projects": Item.INCUBATED_PROJECTS}
STOCKS = {
    "floor.usable": Item.FLOOR_USABLE,
    "talents.senior": Item.SENIOR_TALENTS,
    "talents.provincial": Item.PROVINCIAL_TALENTS,
}


@pytest.mark.parametrize("name", [*FLOWS, *STOCKS])
def test_quarters_of_a_flow_add_up_and_the_last_of_a_stock_stands(
    enclave: Enclave, name: str
) -> None:
    item = {**FLOWS, **STOCKS}[name]
    rows = [
        make.operating_figure(enclave, item, number, quarter=quarter)
        for quarter, number in ((1, 10), (3, 12))
    ]
    make.operating_figure(enclave, item, 99, year=YEAR - 1)
    first, last = (f"operating_figures:{row.id}" for row in rows)
    if name in FLOWS:
        assert fact(enclave, name) == Fact("22", (last, first))
    else:
        why = "取最后一个填报季度，此前各季不计"
        assert fact(enclave, name) == Fact("12", (last,), uncounted=((first, why),))


def test_a_reported_nought_is_a_nought(enclave: Enclave) -> None:
    make.operating_figure(enclave, Item.OUTPUT, 0)
    make.operating_figure(enclave, Item.VALUE_ADDED, 0)
    assert value(enclave, "output.value") == "0"
    assert value(enclave, "added_value_per_mu") == "0"


def test_the_rate_of_the_last_quarter_is_a_share(enclave: Enclave) -> None:
    make.operating_figure(enclave, Item.OCCUPANCY_RATE, 90, quarter=1)
    make.operating_figure(enclave, Item.OCCUPANCY_RATE, "87.5", quarter=4)
    assert value(enclave, "occupancy.rate") == "0.875"


def test_space_in_use_is_taken_from_one_quarter(enclave: Enclave) -> None:
    make.operating_figure(enclave, Item.FLOOR_USABLE, 3000, quarter=2)
    make.operating_figure(enclave, Item.FLOOR_OCCUPIED, 2000, quarter=2)
    make.operating_figure(enclave, Item.FLOOR_OCCUPIED, 2500, quarter=4)
    assert value(enclave, "floor.occupancy") == "0.66666667"
    make.operating_figure(enclave, Item.FLOOR_USABLE, 0, quarter=4)
    assert fact(enclave, "floor.occupancy").reason == "可用面积为0，无法计算投用率"


def test_figures_a_mu_need_the_land(places: dict, enclave: Enclave) -> None:
    project = make.project(places["富阳区"], enclave=enclave)
    make.entry(project, EntryKind.TAX, wan(300), DAY)
    make.operating_figure(enclave, Item.VALUE_ADDED, 1000, quarter=4)
    for name in ("tax_per_mu", "added_value_per_mu"):
        assert fact(enclave, name).reason == "未登记已供地面积，无法计算亩均"
    make.space(enclave, 60, step=SpaceStep.DELIVERED, on=LAST)
    make.space(enclave, 60, step=SpaceStep.DELIVERED, on=NEXT)
    assert value(enclave, "tax_per_mu") == "5"
    assert value(enclave, "added_value_per_mu") == "16.66666667"
    make.entry(enclave, EntryKind.TAX, wan(480), DAY)
    assert value(enclave, "tax_per_mu") == "8", "the site's own ledger stands before its projects'"


def test_the_share_due_is_the_origins_part_of_the_years_retained_tax(enclave: Enclave) -> None:
    agreement = make.agreement(enclave)
    make.tax_split(agreement, 2020, "0.5", to_year=2023)
    assert value(enclave, "shares.due") == "0", "no split runs in the year"
    make.tax_split(agreement, 2024, "0.45")
    assert fact(enclave, "shares.due").reason == "台账中没有2024年的地方留存记录"
    filing = acts.filing(enclave, kind=FilingKind.ANNUAL, filed_at=FILED)
    assert value(enclave, "shares.due") == "0"
    retained = make.entry(enclave, EntryKind.RETAINED_TAX, Decimal("1000.01"), DAY)
    make.entry(enclave, EntryKind.RETAINED_TAX, wan(7), date(2023, 12, 31))
    found = fact(enclave, "shares.due")
    assert found.value == "0.045", "450.0045 元 is 450.00 元"
    assert f"ledger_entries:{retained.id}" in found.records
    assert f"filings:{filing.id}" not in found.records
    assert value(enclave, "shares.due", 2023) == "3.5"


def test_shares_paid_by_their_day(enclave: Enclave) -> None:
    late = make.entry(enclave, EntryKind.TAX_SHARE, wan(9), NEXT, due_on=LAST)
    overdue = (f"ledger_entries:{late.id}", "2025-01-01到账，逾期")
    assert fact(enclave, "shares.paid_on_time") == Fact("0", uncounted=(overdue,))
    on_time = make.entry(enclave, EntryKind.TAX_SHARE, wan(20), DAY, due_on=DAY)
    undated = make.entry(enclave, EntryKind.TAX_SHARE, wan(3), LAST)
    early = make.entry(enclave, EntryKind.TAX_SHARE, wan(40), LAST, due_on=date(2025, 3, 1))
    assert fact(enclave, "shares.paid_on_time") == Fact(
        "23",
        (f"ledger_entries:{on_time.id}", f"ledger_entries:{undated.id}"),
        uncounted=(overdue,),
    )
    assert fact(enclave, "shares.paid_on_time", YEAR + 1) == Fact(
        "40", (f"ledger_entries:{early.id}",)
    )
    assert value(enclave, "tax.origin") == "63", "what came in within the year"


def test_tenants_that_moved_in(enclave: Enclave) -> None:
    old = make.tenant(enclave, moved_in_on=date(2023, 12, 31))
    before = ((f"tenants:{old.id}", "2023-12-31入驻，不在2024年"),)
    assert fact(enclave, "tenants.new") == Fact("0", uncounted=before)
    new = make.tenant(enclave, name="示例甲", moved_in_on=DAY, moved_out_on=LAST)
    assert fact(enclave, "tenants.new") == Fact("1", (f"tenants:{new.id}",), uncounted=before)
    words = describe([f"tenants:{new.id}"])[f"tenants:{new.id}"].text
    assert words == "入驻企业 示例甲，2024-06-30 入驻，2024-12-31 迁出"


def test_who_runs_it(enclave: Enclave) -> None:
    agreement = make.agreement(enclave, operator="示例公司", full_time_staff=0)
    record = (f"enclave_agreements:{agreement.id}",)
    assert fact(enclave, "operation.entity") == Fact("1", record)
    assert fact(enclave, "operation.staff") == Fact("0", record)
    agreement.full_time_staff = 3
    assert value(enclave, "operation.staff") == "1"


REPORTS = [kind for kind in FilingKind if kind is not FilingKind.PLAN]


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_is_on_time_by_the_day_in_china(enclave: Enclave, kind: FilingKind) -> None:
    name = f"enclave_reports.{kind.value}"
    filing = acts.filing(enclave, kind=kind, due_on=date(2025, 1, 10))
    assert fact(enclave, name) == Fact("0", (f"filings:{filing.id}",)), "never filed, long due"
    acts.file(filing, datetime(2025, 1, 10, 15, 59, tzinfo=UTC))
    assert value(enclave, name) == "1"
    acts.file(filing, datetime(2025, 1, 10, 16, 0, tzinfo=UTC))
    assert value(enclave, name) == "0", "in China it was the 11th"


def test_a_report_that_is_not_due_yet_is_not_reported(enclave: Enclave) -> None:
    acts.filing(enclave, kind=FilingKind.Q4, due_on=date(2999, 1, 1))
    assert fact(enclave, "enclave_reports.q4").reason == "第四季度季报尚未报送，未到期限"


def test_villages_paid_are_counted_once_where_a_payment_names_them(
    places: dict, enclave: Enclave
) -> None:
    villages = [make.village(places["缙云县"]) for _ in range(3)]
    first = make.entry(enclave, EntryKind.REBATE, wan(30), DAY, villages=9, submitted_at=None)
    second = make.entry(enclave, EntryKind.REBATE, wan(30), LAST, submitted_at=None)
    for entry, paid in ((first, villages[:2]), (second, villages[1:])):
        for village in paid:
            make.village_payment(entry, village, wan(15))
        assert value(enclave, "villages.paid") != "3", "drafts count nowhere"
        entry.submitted_at = FILED
    db.session.flush()
    assert fact(enclave, "villages.paid") == Fact(
        "3", (f"ledger_entries:{first.id}", f"ledger_entries:{second.id}")
    )
    make.entry(enclave, EntryKind.REBATE, wan(30), DAY, villages=5)
    assert value(enclave, "villages.paid") == "5", "a payment that names no village"


def test_a_figure_has_words(enclave: Enclave) -> None:
    row = make.operating_figure(enclave, Item.OUTPUT, "1200.5", quarter=3)
    reference = f"operating_figures:{row.id}"
    assert describe([reference])[reference].text == "季报 2024年第三季度 产值 1,200.5 万元"
