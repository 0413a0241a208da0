"""The day by which a payment was due follows from the contract, year by year."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tracker.accounts.permissions import Role
from tracker.enclaves.models import TermKind, day_of
from tracker.ledger import service
from tracker.ledger.due import due_day
from tracker.ledger.models import EntryKind

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
