"""Steps that a sample of before did not have: what of a year that was loaded without them is added
when the sample is loaded again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, or_, select

from tracker.core.db import Origin, db
from tracker.core.quantities.clock import CHINA
from tracker.core.quantities.days import days_of
from tracker.exchange.sampledata.goals import LISHUI, PLAN, years_of_goals
from tracker.exchange.sampledata.orders import years_of_orders
from tracker.exchange.sampledata.plans_of_projects import plan_projects
from tracker.exchange.sampledata.scene import Scene
from tracker.exchange.sampledata.works import years_of_works
from tracker.records.indicators.models import CountyIndicator, PlanGoal
from tracker.records.places.models import Region
from tracker.records.projects.models import Project, ProjectMilestone
from tracker.records.supervision.models import SupervisionOrder
from tracker.records.works.models import KeyWork


@dataclass(frozen=True)
class Later:
    """A step of a year, what it is called, and whether a sample has any of it of a year."""

    step: Callable[[Scene, int], None]
    label: str
    is_there: Callable[[int], ColumnElement[bool]]


def _planned(year: int) -> ColumnElement[bool]:
    return (
        select(ProjectMilestone.id)
        .join(Project, Project.id == ProjectMilestone.project_id)
        .where(ProjectMilestone.origin == Origin.SAMPLE, Project.signed_on.between(*days_of(year)))
        .exists()
    )


def _worked(year: int) -> ColumnElement[bool]:
    own = KeyWork.origin == Origin.SAMPLE
    return select(KeyWork.id).where(own, KeyWork.starts_on.between(*days_of(year))).exists()


def _ordered(year: int) -> ColumnElement[bool]:
    first, last = days_of(year)
    made = SupervisionOrder.created_at.between(
        datetime.combine(first, time.min, CHINA), datetime.combine(last, time.max, CHINA)
    )
    own = SupervisionOrder.origin == Origin.SAMPLE
    return select(SupervisionOrder.id).where(own, made).exists()


def _goals(year: int) -> ColumnElement[bool]:
    city = select(Region.id).where(Region.code == LISHUI)
    goals = select(PlanGoal.id).where(PlanGoal.plan == PLAN, PlanGoal.year == year)
    told = select(CountyIndicator.id).where(
        CountyIndicator.origin == Origin.SAMPLE,
        CountyIndicator.region_id.in_(city),
        CountyIndicator.year == year,
    )
    return or_(goals.exists(), told.exists())


LATER = (
    Later(plan_projects, "项目计划节点", _planned),
    Later(years_of_works, "重点工作", _worked),
    Later(years_of_orders, "督办", _ordered),
    Later(years_of_goals, "重点指标", _goals),
)


def fill(scene: Scene, year: int, progress: Callable[[str], None]) -> None:
    """Add to a year that was loaded before what it has nothing of; of a running one what the
    window of `scene` holds."""
    lacking = [each for each in LATER if not db.session.scalar(select(each.is_there(year)))]
    if not lacking:
        return
    progress(f"{year}年以前没有的{'、'.join(each.label for each in lacking)}")
    for each in lacking:
        each.step(scene, year)
