"""What leaders watch, in the sample: orders in every state, key work, planned milestones and a
city's key indicators."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from sqlalchemy import delete, select

from tests.exchange.sampledata.conftest import Sampled
from tracker.core.db import Origin, db, units
from tracker.core.quantities.days import days_of
from tracker.exchange.sampledata.cli import SEED
from tracker.exchange.sampledata.goals import PLAN, years_of_goals
from tracker.exchange.sampledata.load import load_sample_data
from tracker.exchange.sampledata.orders import years_of_orders
from tracker.exchange.sampledata.rows import Rows
from tracker.exchange.sampledata.scene import INVENTED_COUNTY, Scene
from tracker.exchange.sampledata.works import years_of_works
from tracker.records.indicators.models import CountyIndicator, PlanGoal
from tracker.records.projects.models import Project, ProjectMilestone
from tracker.records.supervision.models import OrderAct, OrderState, SupervisionOrder
from tracker.records.supervision.queries import WITH_PLACES, events_of
from tracker.records.supervision.steps import days_late
from tracker.records.works.models import KeyWork
from tracker.records.works.steps import light_of

DAY = date(2026, 11, 29)


def running() -> Scene:
    """The running year as it is loaded on `DAY`."""
    return Scene(SEED, Rows((date(2026, 1, 1), date(2026, 9, 30)), DAY))


def test_orders_of_years_that_are_over_were_accepted(here, sampled: Sampled) -> None:
    orders = list(db.session.scalars(select(SupervisionOrder)))
    assert len(orders) == 4 * len(sampled.years)
    assert {each.state for each in orders} == {OrderState.ACCEPTED}
    assert all("示例" in each.name for each in orders)
    for order in orders:
        events = list(reversed(events_of(order)))
        assert events[0].act is OrderAct.ISSUED
        assert [each.from_state for each in events[1:]] == [each.to_state for each in events[:-1]]
        assert events[-1].to_state is order.state
        assert sorted(each.at for each in events) == [each.at for each in events]
        assert [each.due_on for each in events if each.due_on][-1] == order.due_on


def test_a_running_year_has_orders_in_every_state(here) -> None:
    known = set(db.session.scalars(select(SupervisionOrder.id)))
    with units.mode(writes=True):
        years_of_orders(running(), 2026)
    wanted = select(SupervisionOrder).options(*WITH_PLACES)
    found = [each for each in db.session.scalars(wanted) if each.id not in known]
    states = Counter(each.state for each in found)
    assert states == {
        OrderState.ACCEPTED: 3,
        OrderState.ISSUED: 2,
        OrderState.ANSWERED: 1,
        OrderState.RETURNED: 1,
    }
    late = [each for each in found if days_late(each, DAY)]
    assert [each.county.code for each in late] == [INVENTED_COUNTY]
    for each in found:  # whoever issued it lies above
        assert each.issuer_id in (each.county.parent_id, each.county.parent.parent_id)


def test_key_work_is_done_but_for_the_last_of_the_invented_county(here, sampled: Sampled) -> None:
    works = list(db.session.scalars(select(KeyWork).order_by(KeyWork.id)))
    assert len(works) == 10 * len(sampled.years)
    undone = [each for each in works if each.finished_on is None]
    assert [(each.region.code, each.starts_on.year) for each in undone] == [(INVENTED_COUNTY, 2025)]
    with units.mode(writes=True):
        years_of_works(running(), 2026)
    now = list(db.session.scalars(select(KeyWork).where(KeyWork.starts_on >= date(2026, 1, 1))))
    assert {each.sheet.value for each in now} == {"task", "lever", "reform", "practice"}
    lights = {each.region.code: light_of(each, date(2026, 12, 1))[0] for each in now}
    assert lights.pop(INVENTED_COUNTY) == "red"
    assert set(lights.values()) <= {"green", "yellow"}


def test_some_large_projects_have_a_plan_in_the_order_of_its_stages(here) -> None:
    found = list(
        db.session.scalars(
            select(Project).where(Project.milestones.any(), Project.origin == Origin.SAMPLE)
        )
    )
    assert len(found) > 20
    assert all(each.is_large for each in found)
    for project in found:
        days = [(each.id, each.planned_on) for each in project.milestones]
        assert days == sorted(days)
    moved = select(ProjectMilestone).where(
        ProjectMilestone.first_planned_on < ProjectMilestone.planned_on
    )
    assert db.session.scalars(moved).first() is not None


def test_a_citys_indicators_have_targets_and_figures_marked_as_samples(
    here, sampled: Sampled
) -> None:
    if 2024 not in sampled.years:
        with units.mode(writes=True):
            years_of_goals(Scene(SEED), 2024)
    goal = select(PlanGoal).where(PlanGoal.plan == PLAN, PlanGoal.indicator.startswith("“两山贷”"))
    (of_2024,) = (each for each in db.session.scalars(goal) if each.year == 2024)
    # On the way from 13 in 2022 to 35 in 2025.
    assert (of_2024.value, of_2024.text, of_2024.origin) == (Decimal("27.7"), "27.7", Origin.SAMPLE)
    values = select(CountyIndicator).where(
        CountyIndicator.region_id == of_2024.region_id, CountyIndicator.origin == Origin.SAMPLE
    )
    told = {(each.indicator, each.year) for each in db.session.scalars(values)}
    assert (of_2024.indicator, 2024) in told
    assert not any(name.startswith(("居民人均可支配收入", "人均地区生产总值")) for name, _ in told)
    with units.mode(writes=True):
        years_of_goals(running(), 2026)
    years = {each.year for each in db.session.scalars(goal)}
    assert {2026, 2027} <= years


def test_what_a_sample_of_before_lacked_is_added_once(here, sampled: Sampled) -> None:
    """Of a year that has none of a kind, as it was drawn; a year that has some is left alone."""

    def plans() -> set[tuple]:
        of = ProjectMilestone
        columns = (of.project_id, of.stage, of.planned_on, of.first_planned_on, of.next_step)
        return {tuple(row) for row in db.session.execute(select(*columns))}

    def targets() -> set[tuple]:
        of = select(PlanGoal.indicator, PlanGoal.year, PlanGoal.value).where(PlanGoal.plan == PLAN)
        return {tuple(row) for row in db.session.execute(of)}

    year = sampled.years[-1]
    before, goals_before = plans(), targets()
    signed = select(Project.id).where(Project.signed_on.between(*days_of(year)))
    of_year = [
        (ProjectMilestone, ProjectMilestone.project_id.in_(signed)),
        (PlanGoal, (PlanGoal.plan == PLAN) & (PlanGoal.year == year)),
        (
            CountyIndicator,
            (CountyIndicator.origin == Origin.SAMPLE) & (CountyIndicator.year == year),
        ),
    ]
    removed = {
        model.__tablename__: number
        for model, which in of_year
        if (number := db.session.execute(delete(model).where(which)).rowcount)
    }
    assert {"project_milestones", "county_indicators"} <= set(removed)
    said: list[str] = []
    assert load_sample_data(sampled.years, SEED, said.append) == removed
    assert said == [f"{year}年以前没有的项目计划节点、重点指标"]
    assert (plans(), targets()) == (before, goals_before)
    assert not load_sample_data(sampled.years, SEED)
