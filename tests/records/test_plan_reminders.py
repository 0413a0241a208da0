"""Reminders of key work and of planned milestones of projects: before their day and after it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.records.accounts.permissions import Permission
from tracker.records.projects.models import PlannedStage
from tracker.records.reminders import service
from tracker.records.reminders.occasions import Found

DUE = date(2025, 6, 30)
P = Permission


@pytest.fixture
def places(sqlite_app: Flask):
    return make.zhejiang()


def stages(key: str, days: tuple[int, ...]) -> list[str]:
    found = (service.standing(DUE - timedelta(left))[key] for left in days)
    return [each[0].stage.rpartition(" ")[0] if each else "" for each in found]


def test_key_work_is_told_before_its_step_and_above_once_it_is_late(places) -> None:
    jinyun, lishui = places["缙云县"], places["丽水市"]
    work = acts.key_work(jinyun, name="甲", starts_on=date(2025, 1, 1), due_on=date(2025, 12, 31))
    step = acts.milestone(work, name="项目开工", planned_on=DUE)
    assert stages("work_due", (16, 15, 5, 0, -1, -7)) == [
        "",
        "before 15",
        "before 5",
        "before 0",
        "late 0",
        "late 1",
    ]

    def told(on: date) -> list[Found]:
        return list(service.standing(on)["work_due"])

    (soon,) = told(DUE)
    assert (soon.places, soon.permissions) == ((jinyun.id,), (P.WORKS_REPORT,))
    assert "应于 2025-06-30 前“项目开工”，今天到期" in soon.words
    late = told(DUE + timedelta(3))
    assert {each.places: each.permissions for each in late} == {
        (jinyun.id,): (P.WORKS_REPORT,),
        (lishui.id,): (P.WORKS_EDIT,),
    }
    assert {each.title for each in late} == {"重点工作逾期：甲"}
    step.reached_on = DUE
    db.session.flush()
    assert told(DUE + timedelta(3)) == []


def test_a_planned_milestone_is_told_to_its_county_until_the_project_is_there(places) -> None:
    jinyun = places["缙云县"]
    large = {"total_investment": make.wan(20_000), "signed_on": date(2025, 1, 2)}
    project = make.project(jinyun, name="甲项目", **large)
    make.planned(project, PlannedStage.STARTED, DUE)
    assert stages("plan_due", (31, 30, 7, 0, -1, -7)) == [
        "",
        "before 30",
        "before 7",
        "before 0",
        "late 0",
        "late 1",
    ]
    (found,) = service.standing(DUE + timedelta(1))["plan_due"]
    assert (found.places, found.permissions) == ((jinyun.id,), (P.PROJECTS_EDIT,))
    assert found.title == "甲项目计划开工逾期"
    other = make.project(jinyun, name="乙项目", **large)
    make.planned(other, PlannedStage.STARTED, DUE)
    (both,) = service.standing(DUE + timedelta(1))["plan_due"]
    assert both.title == "2 个计划节点逾期"
    for each in (project, other):
        each.started_on = DUE
    db.session.flush()
    assert service.standing(DUE + timedelta(1))["plan_due"] == []
