"""What the records of a 消薄飞地 become: every measure of sheet 8.5, reported and not reported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tests.factories import wan
from tracker.core.db import db
from tracker.records.enclaves.models import CapitalBase, Enclave, TermKind
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.submissions.models import FilingKind
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind

YEAR = 2024
DAY = date(YEAR, 6, 30)


@pytest.fixture
def enclave(app: Flask) -> Enclave:
    places = make.zhejiang()
    return make.enclave(places["缙云县"], places["富阳区"])


def fact(enclave: Enclave, name: str, year: int = YEAR) -> Fact:
    return collect(year, SubjectKind.ENCLAVE, [name], [enclave.id])[enclave.id][name]


def value(enclave: Enclave, name: str, year: int = YEAR) -> str | None:
    return fact(enclave, name, year).value


NOTHING_REPORTED = {
    "capital.agreed": "未填报总出资",
    "capital.paid": "台账中没有资本金到位记录",
    "stage.in_use": "未填报投用日期",
    "returns.paid": "台账中没有2024年的返利记录",
    "returns.due": "未填报返利约定，或者约定尚未经合同另一方确认",
    "capital.base": "未填报出资",
    "rate.agreed": "未填报返利约定，或者约定尚未经合同另一方确认",
    "villages.paid": "2024年的返利记录未注明惠及村数",
    "villages.listed": "未填报参股村数",
    "target.villages.listed": "2024年未下达目标",
    "occupancy.rate": "2024年季报中没有出租率",
    "villages.fund_ledger": "台账中没有2024年的返利记录",
    "villages.disclosure": "未填报是否村务公开",
    "contract.conversion_clause": "未填报返利约定，或者约定尚未经合同另一方确认",
    "contract.return_clause": "没有登记返利约定，也没有登记共建协议文本",
    "contract.share_list": "没有登记参股的村",
}


@pytest.mark.parametrize("name", NOTHING_REPORTED)
def test_what_nobody_reported_is_not_nought_and_says_why(enclave: Enclave, name: str) -> None:
    assert fact(enclave, name) == Fact(None, reason=NOTHING_REPORTED[name])


def test_capital_counts_until_the_end_of_the_year(enclave: Enclave) -> None:
    enclave.total_capital = wan(12_000)
    first = make.entry(enclave, EntryKind.CAPITAL_PAID, wan(7_000), date(2022, 5, 1))
    second = make.entry(enclave, EntryKind.CAPITAL_PAID, wan("999.99"), date(2024, 12, 31))
    make.entry(enclave, EntryKind.CAPITAL_PAID, wan(1), date(2025, 1, 1))
    assert value(enclave, "capital.agreed") == "12000"
    assert fact(enclave, "capital.paid") == Fact(
        "7999.99", (f"ledger_entries:{first.id}", f"ledger_entries:{second.id}")
    )


def test_reversed_and_cumulative_entries_count_nothing(enclave: Enclave) -> None:
    standing = make.entry(enclave, EntryKind.REBATE, wan(300), DAY, villages=100)
    wrong = make.entry(enclave, EntryKind.REBATE, wan(999), DAY, villages=134)
    db.session.add(
        LedgerEntry(
            enclave_id=enclave.id,
            kind=EntryKind.REBATE,
            amount=-wrong.amount,
            occurred_on=DAY,
            reversal_of_id=wrong.id,
            submitted_at=wrong.submitted_at,
        )
    )
    make.entry(enclave, EntryKind.REBATE, wan(2700), DAY, cumulative=True, villages=134)
    make.entry(enclave, EntryKind.REBATE, wan(50), date(2023, 12, 31), villages=130)
    assert fact(enclave, "returns.paid") == Fact("300", (f"ledger_entries:{standing.id}",))
    assert value(enclave, "villages.paid") == "100"
    assert value(enclave, "returns.paid", 2023) == "50"


def test_a_reported_nought_is_a_nought(enclave: Enclave) -> None:
    enclave.villages = 0
    assert value(enclave, "villages.listed") == "0"


def test_a_list_of_shares_is_the_villages_that_have_one(enclave: Enclave) -> None:
    enclave.has_share_list = True  # what somebody once answered by hand counts no more
    assert fact(enclave, "contract.share_list").reason == "没有登记参股的村"
    village = make.village(enclave.origin_region)
    stake = make.stake(enclave, village, joined_on=date(2024, 12, 31))
    found = fact(enclave, "contract.share_list")
    assert (found.value, found.records) == ("1", (f"village_stakes:{stake.id}",))
    assert found.alike == (f"enclaves:{enclave.id}",), "a list handed in for the enclave proves it"
    stake.left_on = date(2024, 12, 31)
    stake.joined_on = date(2024, 1, 1)
    assert value(enclave, "contract.share_list") is None
    report = acts.filing(enclave, YEAR, FilingKind.Q4, filed_at=make.SUBMITTED)
    found = fact(enclave, "contract.share_list")
    assert (found.value, found.records) == ("0", (f"filings:{report.id}",))


def test_a_return_clause_is_the_terms(enclave: Enclave) -> None:
    enclave.has_return_clause = True
    assert value(enclave, "contract.return_clause") is None
    text = make.agreement_document(make.agreement(enclave))
    reference = f"agreement_documents:{text.id}"
    found = fact(enclave, "contract.return_clause")
    assert (found.value, found.records, found.alike) == ("0", (reference,), ())
    term = make.term(enclave, amount=wan(10))
    found = fact(enclave, "contract.return_clause")
    assert (found.value, found.records) == ("1", (f"return_terms:{term.id}",))
    assert found.alike == (reference, f"enclaves:{enclave.id}"), "the text proves what it says"


def test_a_ledger_of_returns_is_their_shares_of_the_villages(enclave: Enclave) -> None:
    enclave.has_fund_ledger = True
    assert value(enclave, "villages.fund_ledger") is None
    village = make.village(enclave.origin_region)
    shared = make.entry(enclave, EntryKind.REBATE, wan(300), date(2024, 12, 31))
    make.village_payment(shared, village, wan(10))
    found = fact(enclave, "villages.fund_ledger")
    assert (found.value, found.records) == ("1", (f"ledger_entries:{shared.id}",))
    assert found.alike == (f"enclaves:{enclave.id}",)
    loose = make.entry(enclave, EntryKind.REBATE, wan(1), date(2024, 1, 1))
    draft = make.entry(enclave, EntryKind.REBATE, wan(1), date(2024, 1, 1), submitted_at=None)
    found = fact(enclave, "villages.fund_ledger")
    assert (found.value, found.records) == ("0", (f"ledger_entries:{loose.id}",))
    assert found.uncounted[0] == (f"ledger_entries:{shared.id}", "这一笔已分到村")
    assert draft.submitted_at is None


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2024, 12, 31), "1"), (date(2025, 1, 1), "0"), (None, None)]
)
def test_in_use_by_the_end_of_the_year(enclave: Enclave, day, expected) -> None:
    enclave.in_use_on = day
    assert value(enclave, "stage.in_use") == expected


def test_the_contract_of_longyou_owes_its_fixed_sum(enclave: Enclave) -> None:
    """Worked check F11: 1,000.8 万元 a year, no rate named."""
    enclave.total_capital = wan(10_000)
    term = make.term(enclave, TermKind.FIXED_SUM, amount=wan("1000.8"))
    due = fact(enclave, "returns.due")
    no_capital = ((f"enclaves:{enclave.id}", "没有按本金计算的约定"),)
    assert due == Fact("1000.8", (f"return_terms:{term.id}",), uncounted=no_capital)
    assert value(enclave, "rate.agreed") == "0"
    assert value(enclave, "capital.base") == "10000"
    assert value(enclave, "contract.return_clause") == "1"
    assert value(enclave, "contract.conversion_clause") == "1"


def test_the_window_that_ends_inside_a_leap_year(enclave: Enclave) -> None:
    """Worked check of 8.9: 12,000 万元 at 10 % until 30 June, then half of the rent."""
    enclave.total_capital, enclave.village_capital = wan(12_000), wan(7_200)
    make.term(
        enclave,
        TermKind.RATE_ON_CAPITAL,
        rate=Decimal("0.1"),
        capital_base=CapitalBase.TOTAL,
        ends_on=date(2024, 6, 30),
    )
    assert value(enclave, "returns.due") == "596.721311"
    assert value(enclave, "contract.conversion_clause") == "0"
    make.term(enclave, TermKind.RENT_SHARE, rate=Decimal("0.5"), starts_on=date(2024, 7, 1))
    assert fact(enclave, "returns.due").reason == "返利含租金分成，但台账中没有2024年的租金记录"
    make.entry(enclave, EntryKind.RENT, wan(400), date(2024, 6, 30))
    make.entry(enclave, EntryKind.RENT, wan(100), date(2024, 9, 30))
    assert value(enclave, "returns.due") == "646.721311"
    assert value(enclave, "contract.conversion_clause") == "1"
    assert value(enclave, "rate.agreed") == "0.1"
    assert value(enclave, "rate.agreed", 2025) == "0"
    assert value(enclave, "capital.base") == "12000"


def test_a_rate_on_a_capital_that_nobody_reported(enclave: Enclave) -> None:
    make.term(
        enclave, TermKind.RATE_ON_CAPITAL, rate=Decimal("0.1"), capital_base=CapitalBase.VILLAGES
    )
    enclave.total_capital = wan(17_800)
    assert fact(enclave, "returns.due").reason == "返利按本金计算，但未填报村集体出资"
    enclave.village_capital = wan(7_200)
    assert value(enclave, "returns.due") == "720"
    assert value(enclave, "capital.base") == "7200"


def test_goals_come_from_the_years_targets(enclave: Enclave) -> None:
    assert value(enclave, "goal.per_village") == "0"
    make.target(enclave, YEAR, "goal.per_village", "6.5")
    make.target(enclave, YEAR, "villages.listed", 134)
    make.target(enclave, YEAR - 1, "villages.listed", 100)
    assert value(enclave, "goal.per_village") == "6.5"
    assert value(enclave, "target.villages.listed") == "134"


def test_last_year_and_the_base_year_are_read_from_their_own_records(enclave: Enclave) -> None:
    make.entry(enclave, EntryKind.REBATE, wan(80), date(2019, 7, 1))
    make.entry(enclave, EntryKind.REBATE, wan(90), date(2023, 7, 1))
    assert value(enclave, "prior.returns.paid") == "90"
    assert value(enclave, "baseline.returns.paid") == "80"


def test_what_was_never_agreed_has_no_days_to_be_beside(enclave: Enclave) -> None:
    make.term(enclave, amount=wan(100))
    make.term(enclave, TermKind.RENT_SHARE, rate=Decimal("0.5"), starts_on=date(2024, 7, 1))
    early = make.entry(enclave, EntryKind.RENT, wan(400), date(2024, 6, 30))
    make.entry(enclave, EntryKind.RENT, wan(100), date(2024, 9, 30))
    taxed = make.entry(enclave, EntryKind.RETAINED_TAX, wan(5), date(2024, 9, 30))
    make.term(
        enclave,
        TermKind.RATE_ON_CAPITAL,
        rate=Decimal("0.1"),
        capital_base=CapitalBase.TOTAL,
        ends_on=date(2023, 12, 31),
    )
    reasons = dict(fact(enclave, "returns.due").uncounted)
    assert reasons[f"ledger_entries:{early.id}"] == "不在按租金分成的期间内"
    assert reasons[f"ledger_entries:{taxed.id}"] == "没有按税收分成的约定"
    assert reasons[f"enclaves:{enclave.id}"] == "按本金计算的约定期间不在2024年"
