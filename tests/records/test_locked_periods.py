"""A locked period takes no money: the service says so, and the database sees to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.ledger import service
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.operations.items import Item
from tracker.records.operations.kinds import OPERATIONS
from tracker.records.submissions import service as submissions
from tracker.records.submissions.models import Filing, FilingAct, FilingKind, FilingState

REFUSED = "the period is locked"
NAMES_NONE = "a correction names an entry"
FIGURES = "its operating figures stand"
K, DAY = FilingKind, date(2024, 2, 20)


@pytest.fixture
def w(app: Flask) -> SimpleNamespace:
    places = make.zhejiang()
    county, strong = places["缙云县"], places["富阳区"]
    found = SimpleNamespace(county=county, strong=strong, other=places["庆元县"])
    found.clerk = make.user(Role.STAFF, county)
    found.enclave = make.enclave(county, strong)
    found.subjects = {
        "project": (make.project(county), EntryKind.TAX),
        "enclave": (found.enclave, EntryKind.TAX),
        "park": (make.park(strong, county), EntryKind.TAX),
        "pairing": (make.pairing(strong, county), EntryKind.AID_USED),
        "village": (make.demonstration_village(county), EntryKind.AID_USED),
    }
    return found


def lock(of, kind: FilingKind = K.Q1, year: int = 2024, **fields) -> Filing:
    return acts.filing(of, year, kind, state=FilingState.LOCKED, filed_at=make.SUBMITTED, **fields)


def refusal(make_it) -> str:
    """What the database says to `make_it`; "" where it takes it. Nothing of it stays."""
    with db.session.begin_nested() as savepoint:
        try:
            make_it()
            db.session.flush()
        except DBAPIError as error:
            return str(error.orig).splitlines()[0]
        finally:
            savepoint.rollback()
    return ""


def enter(subject, kind=EntryKind.TAX, on: date = DAY, **fields):
    return lambda: make.entry(subject, kind, make.wan(1), on, **fields)


def test_money_of_every_kind_of_subject_is_refused_by_the_day_and_its_place(w) -> None:
    other = make.project(w.other)
    lock(w.county)
    for name, (subject, kind) in w.subjects.items():
        for fields in ({}, {"submitted_at": None}):
            assert REFUSED in refusal(enter(subject, kind, **fields)), name
            assert REFUSED in refusal(enter(subject, kind, date(2024, 3, 31), **fields)), name
            assert refusal(enter(subject, kind, date(2024, 4, 1), **fields)) == "", name
            assert refusal(enter(subject, kind, date(2023, 3, 31), **fields)) == "", name
        with pytest.raises(service.LockedError, match="2024 年第一季度季报已锁定"):
            service.draft(w.clerk, subject, values(kind=kind))
    assert refusal(enter(other)) == ""


def test_an_enclave_is_locked_by_its_own_filing_and_a_year_by_its_annual_one(w) -> None:
    lock(w.enclave, K.Q2)
    assert REFUSED in refusal(enter(w.enclave, on=date(2024, 5, 1)))
    assert refusal(enter(w.subjects["project"][0], on=date(2024, 5, 1))) == ""
    lock(w.county, K.PLAN)
    assert refusal(enter(w.enclave)) == ""
    lock(w.county, K.ANNUAL)
    for month in (1, 5, 8, 12):
        assert REFUSED in refusal(enter(w.enclave, on=date(2024, month, 3)))
    assert refusal(enter(w.enclave, on=date(2025, 1, 1))) == ""


def test_a_draft_of_a_locked_period_is_moved_or_deleted_and_nothing_else(w) -> None:
    draft = make.entry(w.enclave, EntryKind.TAX, make.wan(1), DAY, submitted_at=None)
    lock(w.county)

    def change(what: str):
        sql = text(f"UPDATE ledger_entries SET {what} WHERE id = {draft.id}")
        return lambda: db.session.execute(sql)

    assert REFUSED in refusal(change("amount = 1"))
    assert REFUSED in refusal(change("submitted_at = '2024-07-05 08:00:00'"))
    assert REFUSED in refusal(change("occurred_on = '2024-01-31'"))
    assert refusal(change("occurred_on = '2024-04-02'")) == ""
    with pytest.raises(service.LockedError):
        service.submit(w.clerk, draft)
    with pytest.raises(service.LockedError):
        service.edit(draft, {"amount": make.wan(2)})
    service.edit(draft, {"occurred_on": date(2024, 4, 2)})
    service.discard(draft)


def values(**fields) -> dict:
    return {
        "kind": EntryKind.TAX,
        "amount": make.wan(3),
        "occurred_on": DAY,
        **fields,
    }


def test_a_correction_is_booked_today_and_counts_in_the_year_of_the_payment(w) -> None:
    entry = make.entry(w.enclave, EntryKind.TAX, make.wan(1), DAY)
    lock(w.county)
    new = service.correct(w.clerk, entry, values(), "多写", "已核对")
    db.session.expire_all()
    assert (new.corrects_id, new.booked_on, new.occurred_on) == (entry.id, today(), DAY)
    assert (entry.reversal.booked_on, entry.reversal.occurred_on) == (today(), DAY)
    whole = select(func.sum(LedgerEntry.amount)).where(
        LedgerEntry.occurred_on.between(date(2024, 1, 1), date(2024, 12, 31))
    )
    assert db.session.scalar(whole) == make.wan(3)
    again = service.correct(w.clerk, new, values(amount=make.wan(2)), "再核", "已核对")
    assert again.corrects_id == new.id
    back = service.reverse(w.clerk, again, "没有这笔")
    assert (back.booked_on, db.session.scalar(whole)) == (today(), Decimal(0))


def test_while_a_period_is_open_nothing_is_booked_elsewhere(w) -> None:
    entry = make.entry(w.enclave, EntryKind.TAX, make.wan(1), DAY)
    new = service.correct(w.clerk, entry, values(), "多写", "已核对")
    db.session.expire_all()
    assert (new.corrects_id, new.booked_on, entry.reversal.booked_on) == (entry.id, None, None)


def test_where_the_present_period_is_locked_too_nothing_is_corrected(w) -> None:
    entry = make.entry(w.enclave, EntryKind.TAX, make.wan(1), DAY)
    lock(w.county)
    lock(w.county, K.ANNUAL, today().year)
    with pytest.raises(service.LockedError, match="没有可以登记更正或冲销的期间"):
        service.correct(w.clerk, entry, values(), "多写", "已核对")


def test_no_other_entry_passes_as_a_correction(w) -> None:
    entry = make.entry(w.enclave, EntryKind.TAX, make.wan(1), DAY)
    standing = make.entry(w.enclave, EntryKind.RENT, make.wan(1), DAY)
    lock(w.county)
    lock(w.county, K.Q2)
    booked = {"booked_on": date(2024, 7, 1)}
    back = {"reversal_of_id": entry.id, "amount": -entry.amount}

    def taken(**fields):
        given = {**back, **booked, **fields}
        return lambda: make.entry(w.enclave, EntryKind.TAX, given.pop("amount"), DAY, **given)

    assert REFUSED in refusal(taken(booked_on=None))
    assert REFUSED in refusal(taken(booked_on=date(2024, 4, 1)))
    assert refusal(taken()) == ""
    taken()()
    naming = {"corrects_id": entry.id}
    assert REFUSED in refusal(enter(w.enclave, **naming))
    assert REFUSED in refusal(enter(w.enclave, **naming, booked_on=date(2024, 6, 30)))
    project = w.subjects["project"][0]
    assert NAMES_NONE in refusal(enter(project, **naming, **booked))
    assert NAMES_NONE in refusal(enter(w.enclave, **booked, corrects_id=standing.id))
    reversal = entry.reversal or db.session.scalar(
        select(LedgerEntry).where(LedgerEntry.reversal_of_id == entry.id)
    )
    assert NAMES_NONE in refusal(enter(w.enclave, **booked, corrects_id=reversal.id))
    both = {"reversal_of_id": standing.id, **naming, **booked}
    assert NAMES_NONE in refusal(
        lambda: make.entry(w.enclave, EntryKind.RENT, -standing.amount, DAY, **both)
    )
    assert refusal(enter(w.enclave, **naming, **booked)) == ""
    enter(w.enclave, **naming, **booked)()
    assert refusal(enter(w.enclave, **naming, **booked))  # once


def states(w) -> Iterator[dict[FilingKind, int | None]]:
    """For each locked filing, the days from today up to which it is open; None: not at all."""
    for q1 in (None, -1, 0, 5):
        for later in ("none", K.Q2, K.ANNUAL):
            for until in (None, -1, 0) if later != "none" else (None,):
                yield {K.Q1: q1} | ({later: until} if later != "none" else {})


def test_opened_again_a_period_is_open_up_to_its_day_unless_a_later_one_is_locked(w) -> None:
    """The service and the database say the same of every case."""
    said = {}
    for case in states(w):
        with db.session.begin_nested() as savepoint:
            for kind, days in case.items():
                until = None if days is None else today() + timedelta(days=days)
                lock(w.county, kind, reopened_until=until)
            own = service.why_locked(w.enclave, DAY)
            assert bool(own) is (REFUSED in refusal(enter(w.enclave))), case
            said[tuple(case.items())] = own
            savepoint.rollback()
    open_ = {case for case, why in said.items() if not why}
    assert open_ == {
        case for case in said if all(days is not None and days >= 0 for _, days in case)
    }
    assert any("其后的" in why for why in said.values())


def figure(w, of=None, **fields):
    return lambda: make.operating_figure(of or w.enclave, **fields)


def test_operating_figures_of_a_locked_quarter_stand(w) -> None:
    """They are none made, changed, deleted, moved in or out; the service says why."""
    park = w.subjects["park"][0]
    first = {"year": 2024, "quarter": 1}
    standing = [figure(w, of, **first)() for of in (w.enclave, park)]
    beside = [figure(w, of, year=2024, quarter=2)() for of in (w.enclave, park)]
    lock(w.county)
    for each, other in zip(standing, beside, strict=True):
        assert FIGURES in refusal(changed(each, value=2))
        assert FIGURES in refusal(changed(each, quarter=3))
        assert FIGURES in refusal(changed(other, quarter=1, item=Item.OUTPUT))
        assert FIGURES in refusal(lambda each=each: db.session.delete(each))
        assert refusal(changed(other, value=2)) == ""
        blocked = OPERATIONS.blocked(w.clerk, each)
        assert blocked
        assert "2024 年第一季度季报已锁定，不能再新增、修改或删除这一期的运营数" in blocked.reason
        assert OPERATIONS.blocked(w.clerk, other) is None


def changed(record, **values):
    def change() -> None:
        for name, value in values.items():
            setattr(record, name, value)

    return change


def test_opened_again_figures_are_open_as_money_is(w) -> None:
    """The service and the database say the same of every case."""
    standing = figure(w, year=2024, quarter=1)()
    for case in states(w):
        with db.session.begin_nested() as savepoint:
            for kind, days in case.items():
                until = None if days is None else today() + timedelta(days=days)
                lock(w.county, kind, reopened_until=until)
            said = OPERATIONS.blocked(w.clerk, standing)
            assert (said is not None) is (FIGURES in refusal(changed(standing, value=2))), case
            assert bool(service.why_locked(w.enclave, DAY)) is (said is not None), case
            savepoint.rollback()


def test_what_is_filed_has_no_draft_left(w) -> None:
    filing = acts.filing(w.county, 2024, K.Q1, state=FilingState.APPROVED)
    make.entry(make.project(w.other), EntryKind.TAX, make.wan(1), DAY, submitted_at=None)
    assert submissions.why_not(w.clerk, filing, FilingAct.SUBMITTED) == ""
    draft = make.entry(w.enclave, EntryKind.TAX, make.wan(1), DAY, submitted_at=None)
    assert "还有 1 笔草稿" in submissions.why_not(w.clerk, filing, FilingAct.SUBMITTED)
    service.edit(draft, {"occurred_on": date(2024, 4, 1)})
    assert submissions.why_not(w.clerk, filing, FilingAct.SUBMITTED) == ""
