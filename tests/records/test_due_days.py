"""The day by which a payment was due follows from the contract, year by year."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask, current_app

from tests import factories as make
from tests.factories import wan
from tracker.core.db import db
from tracker.core.db.audit import AuditEntry
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves import binding
from tracker.records.enclaves.agreement_kinds import TAX_SPLITS
from tracker.records.enclaves.models import TermKind, day_of
from tracker.records.ledger import service
from tracker.records.ledger.cli import ledger
from tracker.records.ledger.due import due_day
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.web.kit import acts
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind

REBATE, SHARE = EntryKind.REBATE, EntryKind.TAX_SHARE


@pytest.fixture
def enclave(app: Flask):
    places = make.zhejiang()
    return make.enclave(places["缙云县"], places["富阳区"])


@pytest.mark.parametrize(
    ("pay_by", "day"),
    [(1231, date(2024, 12, 31)), (10331, date(2025, 3, 31)), (229, date(2024, 2, 29))],
)
def test_a_day_of_the_year_or_of_the_next(pay_by: int, day: date) -> None:
    assert day_of(pay_by, 2024) == day
    assert day_of(229, 2023) == date(2023, 2, 28)


def test_a_late_payment_is_not_an_early_one_of_the_next_year(enclave) -> None:
    make.term(enclave, amount=wan(100), starts_on=date(2023, 1, 1), pay_by=1231)
    assert due_day(enclave, REBATE, date(2024, 2, 1)) == date(2023, 12, 31)  # 2023 is owed
    make.entry(enclave, REBATE, wan(60), date(2023, 12, 1))
    assert due_day(enclave, REBATE, date(2024, 2, 1)) == date(2023, 12, 31)  # in part
    make.entry(enclave, REBATE, wan(40), date(2024, 2, 1), due_on=date(2023, 12, 31))
    assert due_day(enclave, REBATE, date(2024, 11, 1)) == date(2024, 12, 31)
    draft = make.entry(enclave, REBATE, wan(100), date(2024, 11, 1), submitted_at=None)
    assert due_day(enclave, REBATE, date(2024, 11, 1), [draft.id]) == date(2024, 12, 31)


def test_what_binds_nobody_and_what_names_no_day_gives_none(enclave) -> None:
    make.term(enclave, amount=wan(100), starts_on=date(2023, 1, 1), pay_by=1231, confirmed_at=None)
    assert due_day(enclave, REBATE, date(2024, 2, 1)) is None
    make.term(enclave, amount=wan(1), starts_on=date(2023, 1, 1))
    assert due_day(enclave, REBATE, date(2024, 2, 1)) is None
    assert due_day(enclave, EntryKind.RENT, date(2024, 2, 1)) is None
    assert due_day(make.project(enclave.origin_region), REBATE, date(2024, 2, 1)) is None


def test_a_term_that_ended_is_not_due_any_more(enclave) -> None:
    span = {"starts_on": date(2021, 1, 1), "ends_on": date(2022, 12, 31)}
    make.term(enclave, amount=wan(100), pay_by=1231, **span)
    assert due_day(enclave, REBATE, date(2024, 2, 1)) is None


def test_shares_of_tax_are_due_by_the_split(enclave) -> None:
    split = make.tax_split(make.agreement(enclave), 2023, "0.5", pay_by=10331)
    make.entry(enclave, EntryKind.RETAINED_TAX, wan(100), date(2023, 6, 1))
    assert due_day(enclave, SHARE, date(2024, 4, 15)) == date(2024, 3, 31)
    make.entry(enclave, SHARE, wan(50), date(2024, 4, 15), due_on=date(2024, 3, 31))
    assert due_day(enclave, SHARE, date(2024, 6, 1)) == date(2025, 3, 31)
    split.to_year = 2022 + 1
    assert due_day(enclave, SHARE, date(2025, 6, 1)) is None


def test_no_way_in_takes_a_day_from_whoever_pays(enclave) -> None:
    make.term(enclave, TermKind.FIXED_SUM, amount=wan(100), starts_on=date(2024, 1, 1), pay_by=630)
    staff = make.user(Role.STAFF, enclave.origin_region)
    values = {"kind": REBATE, "amount": wan(100), "occurred_on": date(2024, 7, 3)}
    typed = {**values, "due_on": date(2024, 12, 31)}
    draft = service.draft(staff, enclave, typed)
    assert draft.due_on == date(2024, 6, 30)
    service.edit(draft, typed)
    assert draft.due_on == date(2024, 6, 30)
    service.submit(staff, draft)
    assert draft.due_on == date(2024, 6, 30)
    right = service.correct(staff, draft, {**typed, "occurred_on": date(2024, 6, 3)}, "日期", "是")
    assert right.due_on == date(2024, 6, 30)


def test_what_was_paid_before_the_contract_was_confirmed_is_due_by_it_afterwards(enclave) -> None:
    """In the order of payment, whatever was entered first; a day that is there stays, drafts take
    theirs when they are submitted, and punctuality counts by the days."""
    origin, host = enclave.origin_region, enclave.host_region
    staff, partner = make.user(Role.STAFF, origin), make.user(Role.STAFF, host)
    split = make.tax_split(make.agreement(enclave), 2023, "0.5", pay_by=10331, confirmed_at=None)
    make.entry(enclave, EntryKind.RETAINED_TAX, wan(100), date(2023, 6, 1))
    make.entry(enclave, EntryKind.RETAINED_TAX, wan(60), date(2024, 6, 1))
    own = make.entry(enclave, SHARE, wan(30), date(2024, 6, 1))
    late = make.entry(enclave, SHARE, wan(20), date(2024, 4, 15))
    early = make.entry(enclave, SHARE, wan(30), date(2024, 3, 1))
    known = make.entry(enclave, SHARE, wan(1), date(2024, 5, 1), due_on=date(2024, 5, 2))
    rent = make.entry(enclave, EntryKind.RENT, wan(1), date(2024, 5, 1))
    draft = service.draft(
        staff, enclave, {"kind": SHARE, "amount": wan(1), "occurred_on": date(2025, 2, 1)}
    )
    assert draft.due_on is None
    binding.confirm(partner, split)
    assert (early.due_on, late.due_on) == (date(2024, 3, 31), date(2024, 3, 31))
    assert own.due_on == date(2025, 3, 31)
    assert (known.due_on, rent.due_on) == (date(2024, 5, 2), None)
    service.submit(staff, draft)
    assert draft.due_on == date(2025, 3, 31)
    fact = collect(2024, SubjectKind.ENCLAVE, ["shares.paid_on_time"], [enclave.id])
    # 30 before the end of March, 1 by its own day; the 20 of April are late.
    assert fact[enclave.id]["shares.paid_on_time"].value == "31"
    told = db.session.query(AuditEntry).filter_by(table_name="ledger_entries", record_id=late.id)
    assert "2024-03-31" in str([each.changes for each in told])


def _paid_before(enclave) -> list:
    make.entry(enclave, EntryKind.RETAINED_TAX, wan(100), date(2023, 6, 1))
    days = (date(2024, 3, 1), date(2024, 4, 15))
    return [make.entry(enclave, SHARE, wan(10), day) for day in days]


def test_the_command_fills_what_was_confirmed_before_as_confirming_does(enclave) -> None:
    entries = _paid_before(enclave)
    make.tax_split(make.agreement(enclave), 2023, "0.5", pay_by=10331)  # binds already
    db.session.commit()
    numbers = [entry.id for entry in entries]
    run = current_app.test_cli_runner().invoke
    assert run(ledger, ["due-days"]).output == "补上应付日期 2 笔。\n"
    db.session.expire_all()
    days = [db.session.get(LedgerEntry, number).due_on for number in numbers]
    assert days == [date(2024, 3, 31)] * 2
    assert run(ledger, ["due-days"]).output == "没有可补的应付日期。\n"


def test_a_last_day_that_the_province_adds_later_is_that_of_earlier_payments(enclave) -> None:
    first, second = _paid_before(enclave)
    split = make.tax_split(make.agreement(enclave), 2023, "0.5")
    db.session.flush()
    assert (first.due_on, second.due_on) == (None, None)
    province = make.user(Role.ASSESSOR, enclave.origin_region.parent.parent)
    acts.update(TAX_SPLITS, province, split, {"pay_by": 10331}, acts.version_of(split))
    assert [first.due_on, second.due_on] == [date(2024, 3, 31)] * 2
