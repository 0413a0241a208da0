"""Planned milestones of large projects: entered by the county that owns one, held against the days
that the project has, and shown to leaders by who is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import factories as make
from tests.web.conftest import Site
from tests.web.pages import text_of
from tests.web.test_records_directory import error_at
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.ledger.dispatched import RULES, dispatched, lights
from tracker.records.places.models import Region
from tracker.records.projects.milestones import (
    has_late,
    has_plan,
    has_soon,
    has_waiting,
    next_of,
    stands_of,
)
from tracker.records.projects.models import PlannedStage, Project, ProjectMilestone

S = PlannedStage
DAY = date(2024, 12, 31)


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


@pytest.fixture
def large(site: Site, in_database: Callable) -> Site:
    """A project of 2 亿元 of 缙云县, signed and begun; the others are in the way of none."""

    def given() -> int:
        place = db.session.get_one(Region, site.world["jinyun"])
        project = make.project(
            place,
            name="光伏组件项目",
            total_investment=make.wan(20_000),
            signed_on=date(2024, 9, 2),
            started_on=date(2024, 11, 20),
        )
        db.session.commit()
        return project.id

    site.world.ids["large"] = in_database(given)
    return site


def form(stage: str, on: str, **fields: str) -> dict[str, str]:
    return {
        "stage": stage,
        "planned_on": on,
        "responsible": "投资促进中心 张三",
        "next_step": "",
        **fields,
    }


def test_the_owner_plans_and_actual_days_are_those_of_the_project(large: Site) -> None:
    staff = large.browser("staff")
    page = f"/projects/{large.world['large']}"
    new = f"{page}/project-milestones/new"
    assert staff.post(new, form("started", "2024.11.1")).status_code == 302
    sent = staff.post(new, form("completed", "2025.6.30", next_step="主体封顶"))
    assert sent.status_code == 302
    shown = text_of(staff.get(f"{page}?year=2024"))
    assert "开工2024-11-20历时 79 天计划 2024-11-01迟 19 天" in shown
    assert "竣工未到计划 2025-06-30" in shown
    twice = staff.post(new, form("completed", "2025.7.1"))
    assert twice.status_code == 422
    assert "已有计划" in error_at(twice, "stage")
    early = staff.post(new, form("signed", "2024.12.1"))
    assert early.status_code == 422
    said = "计划开工的日期 2024-11-01 早于计划签约的日期 2024-12-01。请核对两处日期。"
    assert said in error_at(early, "planned_on")
    # 投产 may be planned for a day before 竣工.
    assert staff.post(new, form("in_production", "2025.6.1")).status_code == 302


def test_a_plan_that_is_moved_keeps_its_first_day(large: Site, in_database: Callable) -> None:
    staff = large.browser("staff")
    page = f"/projects/{large.world['large']}"
    staff.post(f"{page}/project-milestones/new", form("completed", "2024.12.1"))
    number = in_database(lambda: db.session.scalar(select(ProjectMilestone.id)))
    edit = f"/projects/project-milestones/{number}/edit"
    sent = staff.post(edit, form("completed", "2025.3.1", version="1"))
    assert sent.status_code == 302

    def days() -> tuple[date, date]:
        found = db.session.get_one(ProjectMilestone, number)
        return found.planned_on, found.first_planned_on

    assert in_database(days) == (date(2025, 3, 1), date(2024, 12, 1))
    page = text_of(large.browser("leader").get("/overview/dispatch/?year=2024"))
    assert "计划 2025-03-01原计划 2024-12-01未到还有 60 天" in page


def test_a_plan_is_the_owners_and_of_large_projects_alone(
    large: Site, in_database: Callable
) -> None:
    new = f"/projects/{large.world['large']}/project-milestones/new"
    sent = form("completed", "2025.6.30")
    assert large.browser("neighbour").post(new, sent).status_code == 404
    assert large.browser("leader").post(new, sent).status_code == 403

    def small() -> int:
        place = db.session.get_one(Region, large.world["jinyun"])
        project = make.project(place, total_investment=make.wan(9_999))
        db.session.commit()
        return project.id

    number = in_database(small)
    staff = large.browser("staff")
    assert staff.get(f"/projects/{number}/project-milestones/new").status_code == 404
    assert "计划节点" not in text_of(staff.get(f"/projects/{number}"))


# On 2024-12-31: name → the light, days of the project, planned days, what is next.
PLANS: dict[str, tuple[str, dict, dict, PlannedStage | None]] = {
    "到期当日": ("yellow", {"signed_on": ago(20)}, {S.STARTED: DAY}, S.STARTED),
    "昨日到期": ("red", {"signed_on": ago(20)}, {S.STARTED: ago(1)}, S.STARTED),
    "三十天后": ("yellow", {"signed_on": ago(20)}, {S.STARTED: ago(-30)}, S.STARTED),
    "三十一天后": ("green", {"signed_on": ago(20)}, {S.STARTED: ago(-31)}, S.STARTED),
    "迟到而已到": ("green", {"started_on": ago(3)}, {S.STARTED: ago(10)}, None),
    "以后阶段已到": ("green", {"started_on": ago(3)}, {S.SIGNED: ago(10)}, None),
    "没有日期只有计划": ("green", {}, {S.SIGNED: ago(-90)}, S.SIGNED),
    "都到了": ("done", {"completed_on": ago(9)}, {S.COMPLETED: ago(9)}, None),
    "竣工而没有投产": (
        "red",
        {"completed_on": ago(99)},
        {S.COMPLETED: ago(99), S.IN_PRODUCTION: ago(2)},
        S.IN_PRODUCTION,
    ),
    "先投产": ("done", {"in_production_on": ago(9)}, {S.COMPLETED: ago(99)}, None),
    "计划推迟不去掉红灯": ("red", {"signed_on": ago(400)}, {S.STARTED: ago(-200)}, S.STARTED),
    "次日才到": ("red", {"signed_on": ago(-1)}, {S.SIGNED: ago(5)}, S.SIGNED),
}


@pytest.fixture
def several(site: Site, in_database: Callable) -> Site:
    def given() -> None:
        place = db.session.get_one(Region, site.world["jinyun"])
        for name, (_, days, plans, _) in PLANS.items():
            project = make.project(place, name=name, total_investment=make.wan(10_000), **days)
            for stage, on in plans.items():
                make.planned(project, stage, on)
        db.session.commit()

    in_database(given)
    return site


def test_the_rule_as_a_condition_is_the_rule_as_a_function(
    several: Site, in_database: Callable
) -> None:
    def compare() -> None:
        wanted = select(Project).where(Project.name.in_(PLANS))
        found = {each.name: each for each in db.session.scalars(wanted)}
        conditions = {"late": has_late(DAY), "soon": has_soon(DAY), "waits": has_waiting(DAY)}
        listed = {
            key: set(db.session.scalars(select(Project.name).where(condition)))
            for key, condition in conditions.items()
        }
        for name, project in found.items():
            stands = [stand for stand in stands_of(project, DAY) if stand.planned]
            colours = {stand.words[0] for stand in stands if stand.waits}
            assert ("red" in colours) is (name in listed["late"]), name
            assert bool(colours & {"red", "yellow"}) is (name in listed["soon"]), name
            assert bool(colours) is (name in listed["waits"]), name
            step = next_of(project, DAY)
            assert (step.stage if step else None) is PLANS[name][3], name
        assert set(PLANS) <= set(db.session.scalars(select(Project.name).where(has_plan())))
        shown = {
            key: set(db.session.scalars(select(Project.name).where(dispatched(), condition)))
            for key, condition in lights(2024).items()
        }
        for name, (light, *_) in PLANS.items():
            assert [key for key in shown if name in shown[key]] == [light], name

    in_database(compare)


def test_leaders_see_who_is_late_and_give_an_order(several: Site) -> None:
    page = several.browser("assessor").get("/overview/dispatch/?year=2024")
    shown = text_of(page)
    red = sum(light == "red" for light, *_ in PLANS.values())
    assert f"红灯项目{red} 个" in shown
    assert "签约满 365 天未开工" in shown
    row = (
        "竣工而没有投产缙云县 10,000.00 没有按计划于 2024-12-29 前投产 2024-09-23 竣工 投产 "
        "投资促进中心 2024-12-29逾期 2 天 督办"
    )
    assert row in shown
    assert "迟 7 天" in shown
    assert "已过，日期未报" in shown
    # The world has one large project without a plan.
    assert f"有计划节点的 {len(PLANS)} 个，没有的 1 个。" in shown
    listed = text_of(several.browser("assessor").get("/projects/?year=2024&large=1&plan=no"))
    assert "智能装备项目" in listed
    assert "昨日到期" not in listed
    assert "/supervision/new?about=project&amp;of=" in page.text


def test_every_light_has_its_rule() -> None:
    assert [key for key, *_ in RULES] == ["red", "yellow", "green", "done", "unknown"]
    assert today() >= DAY
