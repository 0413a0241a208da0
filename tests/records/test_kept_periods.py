"""A locked period keeps exchanges, incomes of villages and indicators too, and the words of what
was submitted change while it is opened again: the service and the database say the same."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests import factories as make
from tests import factories_acts as acts
from tests.records.test_locked_periods import changed, lock, refusal, states
from tracker.core.db import db
from tracker.core.db.audit import AuditEntry
from tracker.core.quantities.clock import today
from tracker.exchange.publicdata.figures import PUBLISHED
from tracker.records.accounts.permissions import Role
from tracker.records.exchanges import kinds as exchanges
from tracker.records.indicators.kinds import COUNTY_INDICATORS
from tracker.records.indicators.models import CountyIndicator
from tracker.records.ledger import service as ledger
from tracker.records.ledger.models import EntryKind
from tracker.records.submissions.models import FilingKind
from tracker.records.villages.kinds import VILLAGE_INCOMES
from tracker.web.kit.acts import BlockedError, RefusedError, create, remove, update
from tracker.web.kit.offered import form_for

STANDS = "what is reported of it stands"
DAY, LATER = date(2024, 2, 20), date(2024, 5, 20)
K = FilingKind


@pytest.fixture
def w(app: Flask) -> SimpleNamespace:
    places = make.zhejiang()
    county, strong = places["缙云县"], places["富阳区"]
    found = SimpleNamespace(county=county, strong=strong)
    found.clerk = make.user(Role.STAFF, county)
    found.province = make.user(Role.ASSESSOR, places["浙江省"])
    found.pairing = make.pairing(strong, county)
    found.enclave = make.enclave(county, strong)
    found.village = make.village(county)
    return found


# kind → how one is made on a day, the field of the day, figures and words that may be changed.
EXCHANGES: dict[str, tuple[Any, str, dict[str, Any], dict[str, Any]]] = {
    "visits": (lambda w, on: acts.visit(w.pairing, on), "visited_on", {}, {"subject": "改"}),
    "joint_meetings": (
        lambda w, on: acts.joint_meeting(w.pairing, on),
        "met_on",
        {},
        {"decisions": "改"},
    ),
    "joint_events": (
        lambda w, on: acts.joint_event(w.pairing, on),
        "held_on",
        {},
        {"title": "改"},
    ),
    "trainings": (
        lambda w, on: acts.training(w.pairing, on=on),
        "held_on",
        {"people": 99},
        {"title": "改"},
    ),
    "consumption_aids": (
        lambda w, on: acts.consumption_aid(w.pairing, make.wan(3), on),
        "bought_on",
        {"amount": make.wan(4)},
        {"buyer": "改"},
    ),
    "secondments": (
        lambda w, on: acts.secondment(w.pairing, on),
        "starts_on",
        {},
        {"to_post": "改", "ends_on": date(2025, 2, 1)},
    ),
    "specialist_postings": (
        lambda w, on: acts.specialist_posting(w.pairing, starts_on=on),
        "starts_on",
        {"people": 99},
        {"ends_on": date(2025, 2, 1)},
    ),
    "institution_pairs": (
        lambda w, on: acts.institution_pair(w.pairing, signed_on=on),
        "signed_on",
        {},
        {"recipient_name": "改", "ends_on": date(2025, 2, 1)},
    ),
}
LASTING = {"secondments", "specialist_postings", "institution_pairs"}
KINDS = {kind.key: kind for kind in exchanges.KINDS}


@pytest.mark.parametrize("name", EXCHANGES)
def test_exchanges_of_a_locked_quarter_stand(w, name: str) -> None:
    made, day, figures, words = EXCHANGES[name]
    kind = KINDS[name]
    record, other = made(w, DAY), made(w, LATER)
    lock(w.county)
    assert STANDS in refusal(lambda: made(w, DAY))
    assert refusal(lambda: made(w, LATER)) == ""
    assert STANDS in refusal(lambda: db.session.delete(record))
    assert STANDS in refusal(changed(other, **{day: DAY}))
    assert STANDS in refusal(changed(record, **{day: LATER}))
    for values in ({name: value} for name, value in figures.items()):
        assert STANDS in refusal(changed(record, **values))
    assert (STANDS in refusal(changed(record, **words))) is (name not in LASTING)
    # The service says so before the database has to.
    assert (kind.blocked(w.clerk, record) is None) is (name in LASTING)
    assert kind.blocked(w.clerk, other) is None
    with pytest.raises(RefusedError, match="2024 年第一季度季报已锁定"):
        update(kind, w.clerk, other, {day: DAY}, other.version)
    with pytest.raises(BlockedError, match="2024 年第一季度季报已锁定"):
        remove(kind, w.clerk, record, "试")
    values = {"pairing_id": w.pairing.id, day: DAY}
    with pytest.raises(RefusedError, match="已锁定，不能再新增、修改或删除这一期的记录"):
        create(kind, w.clerk, None, values)


def test_the_service_and_the_database_say_the_same_of_every_case(w) -> None:
    record, kind = acts.training(w.pairing, on=DAY), KINDS["trainings"]
    said = {}
    for case in states(w):
        with db.session.begin_nested() as savepoint:
            for of, days in case.items():
                until = None if days is None else today() + timedelta(days=days)
                lock(w.county, of, reopened_until=until)
            shut = kind.closed(w.clerk, record, None, {"people": 99}) is not None
            wholly = kind.blocked(w.clerk, record) is not None
            assert shut is (STANDS in refusal(changed(record, people=99))), case
            assert wholly is (STANDS in refusal(changed(record, title="改"))), case
            assert shut is (STANDS in refusal(lambda: db.session.delete(record))), case
            said[tuple(case.items())] = (shut, wholly)
            savepoint.rollback()
    assert (True, False) in said.values()  # opened again under a later one: words alone change


def test_words_alone_are_asked_where_a_later_period_is_locked(w, app: Flask) -> None:
    record, kind = acts.training(w.pairing, on=DAY, title="旧名"), KINDS["trainings"]
    lock(w.county, reopened_until=today())
    lock(w.county, K.Q2)
    with app.test_request_context():
        from flask_login import login_user

        login_user(w.clerk)
        form = form_for(kind, record, obj=record)
    assert {"title"} <= set(form.data)
    assert not {"people", "held_on", "pairing_id", "purpose", "employed"} & set(form.data)
    assert form.told == [
        "2024 年第一季度季报虽已开锁，但其后的2024 年第二季度季报已锁定，"
        "日期、人数、金额等数字不能改；确需改动的，请省级限期开锁。"
    ]
    update(kind, w.clerk, record, {"title": "新名"}, record.version)
    assert record.title == "新名"


def test_incomes_of_villages_are_locked_with_the_year(w) -> None:
    income = make.village_income(w.village, 2024)
    before = make.village_income(w.village, 2023)
    lock(w.county, K.Q4)
    assert refusal(changed(income, operating=make.wan(9), total=make.wan(9))) == ""
    lock(w.county, K.ANNUAL)
    assert STANDS in refusal(changed(income, operating=make.wan(9), total=make.wan(9)))
    assert STANDS in refusal(lambda: make.village_income(make.village(w.county, name="乙"), 2024))
    assert STANDS in refusal(lambda: db.session.delete(income))
    assert refusal(changed(before, operating=make.wan(9), total=make.wan(9))) == ""
    blocked = VILLAGE_INCOMES.blocked(w.clerk, income)
    assert blocked is not None
    assert "2024 年年报已锁定" in blocked.reason
    with pytest.raises(RefusedError, match="2024 年年报已锁定"):
        update(VILLAGE_INCOMES, w.clerk, before, {"year": 2024}, before.version)


INDICATOR = {"indicator": "常住人口", "value": 1, "unit": "万人"}


def test_indicators_of_a_locked_year_come_from_the_province_with_a_reason(w) -> None:
    new = {**INDICATOR, "region_id": w.county.id, "year": 2024}
    standing = make.add(CountyIndicator(**new | {"indicator": "生产总值"}))
    lock(w.county, K.Q4)
    assert refusal(changed(standing, value=2)) == ""
    lock(w.county, K.ANNUAL)
    assert STANDS in refusal(lambda: make.add(CountyIndicator(**new)))
    assert STANDS in refusal(changed(standing, value=2))
    assert STANDS in refusal(lambda: db.session.delete(standing))
    assert refusal(changed(standing, value=2, reason="统计年鉴修订")) == ""
    assert refusal(lambda: make.add(CountyIndicator(**new, reason=PUBLISHED))) == ""
    assert refusal(lambda: make.add(CountyIndicator(**new | {"year": 2025}))) == ""
    blocked = COUNTY_INDICATORS.blocked(w.clerk, standing)
    assert blocked is not None
    assert "统计部门以后公布或更正的，由省级登记并写明理由" in blocked.reason
    with pytest.raises(RefusedError, match="2024 年年报已锁定") as caught:
        create(COUNTY_INDICATORS, w.clerk, None, new)
    assert caught.value.field == "year"
    with pytest.raises(RefusedError, match="请填写锁定后登记的理由") as caught:
        create(COUNTY_INDICATORS, w.province, None, new)
    assert caught.value.field == "reason"
    made = create(COUNTY_INDICATORS, w.province, None, {**new, "reason": "统计公报"})
    assert made.reason == "统计公报"
    with pytest.raises(BlockedError, match="已登记的不能删除"):
        remove(COUNTY_INDICATORS, w.province, made, "试")


# What no opening ever changes of a submitted entry.
FROZEN = ("amount = 1", "occurred_on = '2024-02-21'", "voucher = 'x', kind = 'rent'")


def retold(entry):
    return lambda: db.session.execute(
        text(f"UPDATE ledger_entries SET voucher = '新', note = '新' WHERE id = {entry.id}")
    )


@pytest.mark.parametrize("of", ["county", "enclave"])
def test_words_of_what_was_submitted_change_while_its_period_is_open_again(w, of: str) -> None:
    """The service and the database say the same of every case; the figure never changes."""
    entry = make.entry(w.enclave, EntryKind.TAX, make.wan(1), DAY, voucher="旧")
    allowed = []
    for case in [{}, *states(w)]:
        with db.session.begin_nested() as savepoint:
            for kind, days in case.items():
                until = None if days is None else today() + timedelta(days=days)
                lock(getattr(w, of), kind, reopened_until=until)
            said = ledger.why_not_retold(w.clerk, entry)
            assert bool(said) is ("append-only" in refusal(retold(entry))), (case, said)
            for what in (
                "amount = 1",
                "occurred_on = '2024-02-21'",
                "voucher = 'x', kind = 'rent'",
            ):
                sql = text(f"UPDATE ledger_entries SET {what} WHERE id = {entry.id}")
                assert refusal(lambda sql=sql: db.session.execute(sql))
            if not said:
                allowed.append(case)
            savepoint.rollback()
    assert {K.Q1: 0} in allowed
    assert {K.Q1: 5, K.Q2: None} in allowed  # figures stay frozen, words do not
    assert {K.Q1: 5, K.ANNUAL: None} in allowed
    assert {K.Q1: None, K.ANNUAL: 0} in allowed
    assert {} not in allowed
    assert {K.Q1: None, K.ANNUAL: None} not in allowed


def test_the_trail_keeps_the_words_of_before(w) -> None:
    entry = make.entry(w.enclave, EntryKind.TAX, make.wan(1), DAY, voucher="旧")
    with pytest.raises(ledger.LockedError, match="已提交的资金不能修改"):
        ledger.retell(w.clerk, entry, "新", "", "凭证号写错")
    lock(w.county, reopened_until=today())
    ledger.retell(w.clerk, entry, "新", "补注", "凭证号写错")
    assert (entry.voucher, entry.note, entry.amount) == ("新", "补注", make.wan(1))
    kept = db.session.scalars(
        select(AuditEntry).filter_by(table_name="ledger_entries", record_id=entry.id)
    ).all()[-1]
    assert kept.reason == "凭证号写错"
    other = make.user(Role.STAFF, w.strong, username="other")
    with pytest.raises(ledger.LockedError, match="只有登记这笔资金的县"):
        ledger.retell(other, entry, "", "", "试")
