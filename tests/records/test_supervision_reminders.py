"""Reminders about supervision orders: to answer, to review, and of what has risen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.records.accounts.permissions import Permission
from tracker.records.reminders import service
from tracker.records.supervision.models import OrderState

DUE = date(2025, 6, 30)
P = Permission


@pytest.fixture
def places(sqlite_app: Flask):
    return make.zhejiang()


def test_an_answer_is_asked_for_from_the_first_day_on(places) -> None:
    order = acts.supervision_order(
        places["缙云县"], places["丽水市"], name="甲", due_on=DUE, helper=places["富阳区"]
    )

    def told(left: int):
        (found,) = service.standing(DUE - timedelta(left))["order_due"]
        return found

    stages = {30: "issued", 5: "before 5", 2: "before 2", 0: "before 0", -1: "late 0", -7: "late 1"}
    assert {left: told(left).stage.rpartition(" ")[0] for left in stages} == stages
    assert set(told(3).places) == {places["缙云县"].id, places["富阳区"].id}
    assert told(3).permissions == (P.SUPERVISION_ANSWER,)
    assert told(-3).title == "督办逾期未答复：甲"
    order.state = OrderState.ANSWERED
    db.session.flush()
    assert service.standing(DUE)["order_due"] == []
    (review,) = service.standing(DUE)["order_answered"]
    assert review.places == (places["丽水市"].id,)
    assert review.permissions == (P.SUPERVISION_ISSUE,)


def test_what_nobody_answers_is_told_higher_and_higher(places) -> None:
    acts.supervision_order(places["缙云县"], places["丽水市"], due_on=DUE)
    acts.supervision_order(places["庆元县"], places["浙江省"], due_on=DUE)

    def told(late: int) -> list[tuple[int, str]]:
        found = service.standing(DUE + timedelta(late))["order_risen"]
        return [(each.places[0], each.stage.partition(" ")[0]) for each in found]

    city, province = places["丽水市"].id, places["浙江省"].id
    assert told(0) == []
    assert told(1) == [(city, "issuer"), (province, "issuer")]
    assert told(3) == [(city, "city"), (province, "issuer"), (city, "city")]
    assert sorted(told(10)) == sorted(
        [(city, "city"), (province, "province"), (province, "province"), (city, "city")]
    )
