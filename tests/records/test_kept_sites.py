"""A locked period keeps which firms came and left, which villages took a stake and gave it up, and
what space was handed over or fell due: the service and the database say the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import flask_migrate
import pytest
from flask import Flask

from tests import factories as make
from tests.records.test_kept_periods import DAY, LATER, STANDS, K
from tests.records.test_locked_periods import changed, lock, refusal, states
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves import binding
from tracker.records.enclaves.agreement_kinds import ENCLAVE_SPACES
from tracker.records.enclaves.agreements import SpaceStep
from tracker.records.operations.kinds import TENANTS
from tracker.records.operations.models import Tenant
from tracker.records.villages.kinds import VILLAGE_STAKES
from tracker.web.kit.acts import BlockedError, RefusedError, create, remove, update

BEFORE = date(2019, 5, 1)
DELIVERED = SpaceStep.DELIVERED


@pytest.fixture
def w(app: Flask) -> SimpleNamespace:
    places = make.zhejiang()
    county, strong = places["缙云县"], places["富阳区"]
    found = SimpleNamespace(county=county, strong=strong)
    found.clerk = make.user(Role.STAFF, county)
    found.host = make.user(Role.STAFF, strong)
    found.province = make.user(Role.ASSESSOR, places["浙江省"])
    found.enclave = make.enclave(county, strong)
    found.park = make.park(strong, county)
    return found


def tenant_of(site: str) -> Any:
    return lambda w, on, **more: make.tenant(getattr(w, site), moved_in_on=on, **more)


# name → kind, how one is made of a day, the field of the day, figures, what may be changed.
SITES: dict[str, tuple[Any, Any, str, dict[str, Any], dict[str, Any]]] = {
    "firms of an enclave": (
        TENANTS,
        tenant_of("enclave"),
        "moved_in_on",
        {"area_m2": Decimal(9)},
        {"name": "改名", "is_above_scale": True},
    ),
    "firms of a park": (
        TENANTS,
        tenant_of("park"),
        "moved_in_on",
        {"area_m2": Decimal(9)},
        {"credit_code": "91330000MA27000001"},
    ),
    "stakes": (
        VILLAGE_STAKES,
        lambda w, on, **more: make.stake(w.enclave, make.village(w.county), joined_on=on, **more),
        "joined_on",
        {},
        {"capital_paid": make.wan(3), "share": Decimal("0.1")},
    ),
    "spaces": (
        ENCLAVE_SPACES,
        lambda w, on, **more: make.space(w.enclave, step=DELIVERED, on=on, **more),
        "on",
        {"quantity": Decimal(9)},
        {},
    ),
}


@pytest.mark.parametrize("of", ["county", "enclave"])
@pytest.mark.parametrize("name", SITES)
def test_what_happened_in_a_locked_quarter_stands(w, name: str, of: str) -> None:
    kind, made, day, figures, words = SITES[name]
    record, other, old = made(w, DAY), made(w, LATER), made(w, BEFORE)
    lock(getattr(w, of))
    if of == "enclave" and name == "firms of a park":
        assert refusal(lambda: made(w, DAY)) == ""
        return
    assert STANDS in refusal(lambda: made(w, DAY))
    assert refusal(lambda: made(w, LATER)) == ""
    assert STANDS in refusal(lambda: db.session.delete(record))
    assert STANDS in refusal(changed(other, **{day: DAY}))
    assert STANDS in refusal(changed(record, **{day: LATER}))
    for field, value in figures.items():
        assert STANDS in refusal(changed(record, **{field: value}))
        assert refusal(changed(old, **{field: value})) == ""
        with pytest.raises(RefusedError, match="2024 年第一季度季报已锁定"):
            update(kind, w.clerk, record, {field: value}, record.version)
    assert refusal(changed(record, **words)) == ""
    # The service says so before the database has to.
    assert kind.blocked(w.clerk, record) is None
    for one, to in ((other, DAY), (record, LATER)):
        with pytest.raises(RefusedError, match="2024 年第一季度季报已锁定") as caught:
            update(kind, w.clerk, one, {day: to}, one.version)
        assert caught.value.field == day
    with pytest.raises(BlockedError, match="已锁定，不能再新增、修改或删除这一期的记录"):
        remove(kind, w.clerk, record, "试")
    assert {day, *figures} <= set(kind.told[-1](record))
    assert kind.told[-1](other) == {}


def test_none_is_entered_into_a_locked_quarter(w) -> None:
    lock(w.county)
    none = dict.fromkeys(("enclave_id", "park_id", "moved_in_on", "moved_out_on", "area_m2"))
    for values in (
        {"enclave_id": w.enclave.id, "moved_in_on": DAY},
        {"park_id": w.park.id, "moved_out_on": DAY},
    ):
        with pytest.raises(RefusedError, match="2024 年第一季度季报已锁定") as caught:
            create(TENANTS, w.clerk, None, {"name": "甲", **none, **values})
        assert caught.value.field in values
    stake = {"village_id": make.village(w.county).id, "left_on": None}
    with pytest.raises(RefusedError, match="2024 年第一季度季报已锁定"):
        create(VILLAGE_STAKES, w.clerk, w.enclave, {**stake, "joined_on": DAY})
    create(VILLAGE_STAKES, w.clerk, w.enclave, {**stake, "joined_on": BEFORE})


def test_leaving_is_of_the_period_in_which_one_left(w) -> None:
    firm = make.tenant(w.enclave, moved_in_on=DAY, moved_out_on=LATER)
    staying = make.tenant(w.enclave, moved_in_on=BEFORE)
    stake = make.stake(w.enclave, make.village(w.county), joined_on=BEFORE)
    lock(w.county, K.Q2)
    for record, field in ((firm, "moved_out_on"), (staying, "moved_out_on"), (stake, "left_on")):
        assert STANDS in refusal(changed(record, **{field: LATER + timedelta(days=1)}))
        assert (STANDS in refusal(changed(record, **{field: date(2024, 9, 1)}))) is (record is firm)
    assert STANDS in refusal(lambda: db.session.delete(firm))
    assert refusal(changed(firm, moved_in_on=date(2024, 2, 1), area_m2=Decimal(5))) == ""
    with pytest.raises(RefusedError, match="2024 年第二季度季报已锁定") as caught:
        update(TENANTS, w.clerk, staying, {"moved_out_on": LATER}, staying.version)
    assert caught.value.field == "moved_out_on"
    update(TENANTS, w.clerk, staying, {"moved_out_on": date(2024, 9, 1)}, staying.version)
    assert set(TENANTS.told[-1](firm)) == {"moved_out_on", "enclave_id", "park_id"}


def test_what_was_agreed_is_of_the_day_on_which_it_falls_due(w) -> None:
    """A promise of a locked quarter that is due later may be made anew; one that fell due in it
    neither changes, begins nor ceases to count."""
    later = make.space(w.enclave, on=DAY, due_on=date(2026, 6, 30))
    due = make.space(w.enclave, on=BEFORE, due_on=DAY)
    open_ = make.space(w.enclave, on=BEFORE, due_on=DAY, confirmed_at=None)
    lock(w.county)
    assert refusal(changed(later, due_on=date(2027, 6, 30), on=date(2024, 2, 1))) == ""
    assert STANDS in refusal(changed(later, due_on=DAY))
    assert STANDS in refusal(changed(due, due_on=LATER))
    assert STANDS in refusal(changed(due, confirmed_at=None))
    assert STANDS in refusal(changed(open_, confirmed_at=make.SUBMITTED))
    assert refusal(changed(due, change_reason="面积有误")) == ""
    with pytest.raises(binding.BindingError, match="2024 年第一季度季报已锁定"):
        binding.confirm(w.host, open_)
    with pytest.raises(binding.BindingError, match="2024 年第一季度季报已锁定"):
        binding.give_back(w.province, due, "面积有误")
    binding.give_back(w.host, open_, "面积不符")  # it counts as little as before
    binding.give_back(w.province, later, "期限有变")
    binding.confirm(w.host, later)
    with pytest.raises(RefusedError, match="2024 年第一季度季报已锁定") as caught:
        update(ENCLAVE_SPACES, w.province, due, {"due_on": LATER}, due.version)
    assert caught.value.field == "due_on"


def test_opened_again_the_service_and_the_database_say_the_same(w) -> None:
    firm = make.tenant(w.enclave, moved_in_on=DAY)
    said = {}
    for case in states(w):
        with db.session.begin_nested() as savepoint:
            for of, days in case.items():
                until = None if days is None else today() + timedelta(days=days)
                lock(w.county, of, reopened_until=until)
            shut = TENANTS.closed(w.clerk, firm, None, {"area_m2": Decimal(9)}) is not None
            assert shut is (STANDS in refusal(changed(firm, area_m2=Decimal(9)))), case
            assert shut is (STANDS in refusal(lambda: db.session.delete(firm))), case
            said[tuple(case.items())] = shut
            savepoint.rollback()
    assert set(said.values()) == {True, False}


def test_the_migration_goes_down_and_up_with_rows_of_a_locked_quarter(app: Flask, w) -> None:
    number = make.tenant(w.enclave, moved_in_on=DAY).id
    lock(w.county)
    db.session.commit()
    flask_migrate.downgrade(revision="0038")

    def put(square: int) -> str:
        firm = db.session.get_one(Tenant, number)
        said = refusal(changed(firm, area_m2=Decimal(square)))
        db.session.rollback()
        return said

    assert put(5) == ""
    flask_migrate.upgrade(revision="0039")
    assert STANDS in put(7)
