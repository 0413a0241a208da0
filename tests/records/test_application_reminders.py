"""Reminders about applications: of a step that waits, and of 验收 that falls due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.applications.models import ApplicationState
from tracker.records.reminders import service

S = ApplicationState
DUE = date(2025, 6, 30)
STOOD = {"established_on": date(2024, 3, 5), "document": "1 号", "acceptance_due_on": DUE}


@pytest.fixture
def places(sqlite_app: Flask):
    return make.zhejiang()


def told(key: str, on: date) -> list[tuple[str, str, str]]:
    return [(each.stage, each.title, each.words) for each in service.standing(on)[key]]


def test_acceptance_is_told_before_on_and_after_its_day_while_it_is_to_be_built(places) -> None:
    of = acts.application(places["缙云县"], name="甲", state=S.ESTABLISHED, **STOOD)
    stages = {
        61: None, 60: "before 60", 15: "before 60", 14: "before 14", 0: "before 0", -1: "late 0",
        -7: "late 1",
    }  # fmt: skip
    for left, stage in stages.items():
        found = told("acceptance_due", DUE - timedelta(days=left))
        assert [each[0].rpartition(" ")[0] for each in found] == ([stage] if stage else []), left
    (found,) = told("acceptance_due", DUE + timedelta(days=3))
    assert found[1] == "甲验收逾期"
    assert "期限为 2025-06-30，已过 3 天" in found[2]
    of.state = S.AWAITING
    db.session.flush()
    assert told("acceptance_due", DUE) == []


WHOSE = {
    S.SUBMITTED: {"city"},
    S.CITY_REVIEWED: {"province"},
    S.GRANTED: {"province"},
    S.AWAITING: {"province"},
    S.RETURNED: {"clerk"},  # who mends it first
    S.APPROVED: {"clerk"},
    S.DRAFT: set(),
    S.ESTABLISHED: set(),
    S.REJECTED: set(),
}


@pytest.mark.parametrize("state", WHOSE)
def test_a_step_that_waits_is_told_to_whoever_takes_it(places, state: ApplicationState) -> None:
    county = places["缙云县"]
    users = {
        "clerk": make.user(Role.STAFF, county),
        "leader": make.user(Role.LEADER, county),
        "city": make.user(Role.REVIEWER, places["丽水市"]),
        "province": make.user(Role.ASSESSOR, places["浙江省"]),
        "neighbour": make.user(Role.STAFF, places["庆元县"]),
    }
    later = {**STOOD, "acceptance_due_on": today() + timedelta(days=300)}
    stood = later if state in (S.AWAITING, S.ESTABLISHED) else {}
    of = acts.application(county, state=state, state_at=now() - timedelta(hours=49), **stood)
    names = {user.id: name for name, user in users.items()}
    made = service.would_gather(service.standing(today())).new
    assert {names[each.user.id] for each in made if each.occasion == "application_waiting"} == (
        WHOSE[state]
    )
    of.state_at = now() - timedelta(hours=47)
    db.session.flush()
    assert told("application_waiting", today()) == []
