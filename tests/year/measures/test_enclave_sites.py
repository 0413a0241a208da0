"""What an enclave's agreement says, its platform and its land: reported and not reported."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tracker.records.enclaves.agreements import DocumentKind, SpaceKind, SpaceStep
from tracker.records.enclaves.models import Enclave, TermKind
from tracker.records.submissions.models import FilingKind
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind
from tracker.year.measures.records import describe

YEAR = 2024
LAST = date(YEAR, 12, 31)
NEXT = date(YEAR + 1, 1, 1)


@pytest.fixture
def places(app: Flask) -> dict:
    return make.zhejiang()


@pytest.fixture
def enclave(places: dict) -> Enclave:
    return make.enclave(places["缙云县"], places["富阳区"])


def fact(enclave: Enclave, name: str, year: int = YEAR) -> Fact:
    return collect(year, SubjectKind.ENCLAVE, [name], [enclave.id])[enclave.id][name]


def value(enclave: Enclave, name: str, year: int = YEAR) -> str | None:
    return fact(enclave, name, year).value


NO_AGREEMENT = "未登记共建协议文本，也未填报该要素"
NOTHING_REPORTED = {
    "contract.signed": "未填报共建协议的签订日期",
    "contract.mode": NO_AGREEMENT,
    "contract.sharing": NO_AGREEMENT,
    "contract.duties": NO_AGREEMENT,
    "contract.term": NO_AGREEMENT,
    "contract.costs": NO_AGREEMENT,
    "area.planned": "未填报规划面积",
    "host.on_list": "未登记飞地所在的省级平台",
    "land.agreed": "未登记约定供地，或者约定尚未经合同另一方确认",
    "land.supplied": "未登记2024年末前的供地",
}


@pytest.mark.parametrize("name", NOTHING_REPORTED)
def test_what_nobody_reported_is_not_nought_and_says_why(enclave: Enclave, name: str) -> None:
    assert fact(enclave, name) == Fact(None, reason=NOTHING_REPORTED[name])


@pytest.mark.parametrize(("day", "expected"), [(LAST, "1"), (NEXT, "0")])
def test_signed_by_the_end_of_the_year_in_the_site_or_in_a_document(
    enclave: Enclave, day: date, expected: str
) -> None:
    enclave.signed_on = day
    assert fact(enclave, "contract.signed") == Fact(expected, (f"enclaves:{enclave.id}",))
    make.agreement_document(make.agreement(enclave), signed_on=date(YEAR, 1, 1))
    assert value(enclave, "contract.signed") == "1"


def test_a_plan_is_no_agreement(enclave: Enclave) -> None:
    make.agreement_document(make.agreement(enclave), DocumentKind.PLAN, signed_on=LAST)
    assert value(enclave, "contract.signed") is None
    assert value(enclave, "contract.mode") is None


ELEMENTS = {
    "contract.mode": {"building_mode": "双方合资"},
    "contract.duties": {"duties": "飞入地供地"},
    "contract.term": {"ends_on": date(2030, 1, 1)},
    "contract.costs": {"host_cost_share": Decimal("0.4")},
}


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_that_was_written_down_counts(enclave: Enclave, name: str) -> None:
    written = make.agreement(enclave, **ELEMENTS[name])
    assert fact(enclave, name) == Fact("1", (f"enclave_agreements:{written.id}",))
    make.agreement_document(written, signed_on=NEXT)
    assert value(enclave, name) == "0", "the only text was signed after the year"
    assert value(enclave, name, YEAR + 1) == "1"


@pytest.mark.parametrize("name", [*ELEMENTS, "contract.sharing"])
def test_an_agreement_that_is_there_without_the_element_is_a_nought(
    enclave: Enclave, name: str
) -> None:
    document = make.agreement_document(make.agreement(enclave), signed_on=LAST)
    assert fact(enclave, name) == Fact("0", (f"agreement_documents:{document.id}",))


def test_an_agreement_without_its_text_says_nothing_of_an_empty_element(enclave: Enclave) -> None:
    make.agreement(enclave, building_mode="双方合资")
    assert value(enclave, "contract.duties") is None


def test_sharing_is_a_split_of_taxes_or_a_term_of_the_return(
    places: dict, enclave: Enclave
) -> None:
    split = make.tax_split(make.agreement(enclave))
    assert fact(enclave, "contract.sharing") == Fact("1", (f"tax_splits:{split.id}",))
    other = make.enclave(places["缙云县"], places["富阳区"])
    make.term(other, TermKind.RENT_SHARE, rate=Decimal("0.3"))
    assert value(other, "contract.sharing") is None
    make.term(other, TermKind.TAX_SHARE, rate=Decimal("0.3"))
    assert value(other, "contract.sharing") == "1"


def test_the_planned_area(enclave: Enclave) -> None:
    enclave.area_mu = Decimal("1500.5")
    assert fact(enclave, "area.planned") == Fact("1500.5", (f"enclaves:{enclave.id}",))


@pytest.mark.parametrize(
    ("listed", "removed", "expected"),
    [
        (LAST, None, "1"),
        (NEXT, None, "0"),
        (date(2020, 1, 1), LAST, "0"),
        (date(2020, 1, 1), NEXT, "1"),
        (None, None, None),
    ],
)
def test_a_platform_is_on_the_list_on_the_last_day(
    places: dict, enclave: Enclave, listed, removed, expected
) -> None:
    platform = make.platform(places["富阳区"], listed_on=listed, removed_on=removed)
    enclave.platform_id = platform.id
    assert value(enclave, "host.on_list") == expected


def test_land_adds_up_until_the_end_of_the_year(enclave: Enclave) -> None:
    first = make.space(enclave, 100, on=date(2020, 5, 1), due_on=LAST)
    make.space(enclave, 50, on=date(2020, 5, 1), due_on=NEXT)
    make.space(enclave, 30, on=date(2022, 5, 1))
    make.space(enclave, 900, kind=SpaceKind.FLOOR)
    handed = make.space(enclave, "60.5", step=SpaceStep.DELIVERED, on=LAST)
    make.space(enclave, 7, step=SpaceStep.DELIVERED, on=NEXT)
    assert value(enclave, "land.agreed") == "130"
    assert f"enclave_spaces:{first.id}" in fact(enclave, "land.agreed").records
    assert fact(enclave, "land.supplied") == Fact("60.5", (f"enclave_spaces:{handed.id}",))


def test_no_land_is_a_nought_once_the_years_report_was_filed(enclave: Enclave) -> None:
    filing = acts.filing(enclave, kind=FilingKind.Q4)
    assert value(enclave, "land.supplied") is None
    acts.file(filing, datetime(2025, 1, 8, tzinfo=UTC))
    assert fact(enclave, "land.supplied") == Fact("0", (f"filings:{filing.id}",))
    assert value(enclave, "land.supplied", YEAR - 1) is None


@pytest.mark.parametrize(
    "name", ["goal.tax_per_mu", "goal.added_value_per_mu", "goal.floor_usable"]
)
def test_a_goal_is_the_years_target_row_or_nought(enclave: Enclave, name: str) -> None:
    make.target(enclave, YEAR - 1, name, 7)
    assert fact(enclave, name) == Fact("0")
    row = make.target(enclave, YEAR, name, "20.5")
    assert fact(enclave, name) == Fact("20.5", (f"targets:{row.id}",))


def test_every_record_has_words(places: dict, enclave: Enclave) -> None:
    agreement = make.agreement(enclave, ends_on=date(2030, 1, 1))
    split = make.tax_split(agreement, 2024, "0.45")
    document = make.agreement_document(agreement, number="1号", signed_on=LAST)
    space = make.space(enclave, "60.5", on=LAST, due_on=NEXT)
    platform = make.platform(places["富阳区"], name="示例新区", listed_on=date(2020, 1, 1))
    records = {
        f"enclave_agreements:{agreement.id}": "共建协议要素（未填报起始 至 2030-01-01）",
        f"tax_splits:{split.id}": "税收分成约定 飞出地 45%、飞入地 55%（2024年起）",
        f"agreement_documents:{document.id}": "共建协议 示例共建协议（1号），2024-12-31 签订",
        f"enclave_spaces:{space.id}": "约定土地 60.5 亩（2024-12-31，应于 2025-01-01 前交付）",
        f"platforms:{platform.id}": "省级平台名单 示例新区，2020-01-01 列入",
    }
    assert {ref: words.text for ref, words in describe(records).items()} == records
