"""重大项目调度: the projects of 1 亿元 and more by how they stand against their days: their planned
milestones beside the days on which stages were reached, who answers, and what is next by which day.
Where no milestone is planned, the day follows from declared rules; what has no day at all is not
judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.core.quantities.days import last_day_yet
from tracker.records.ledger import stalled
from tracker.records.ledger.dispatched import DUE, RULES, dispatched, lights
from tracker.records.places.models import Region
from tracker.records.projects import queries as projects
from tracker.records.projects.milestones import (
    Stand,
    actual_of,
    first_waiting,
    has_late,
    has_plan,
    next_of,
    stands_of,
)
from tracker.records.projects.models import PlannedStage, Project, ProjectMilestone

SHOWN = 10


@dataclass(frozen=True)
class Row:
    """The large projects of one place, by light."""

    place: Region
    numbers: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.numbers.values())


@dataclass(frozen=True)
class Next:
    """What is next of a project, who answers for it and by which day; the day is None where no
    rule says one. `late`: by how many days it is, 0 where it is not."""

    words: str
    who: str
    due_on: date | None
    late: int


@dataclass(frozen=True)
class Late:
    """A project at red: why, what happened last and when, and what is next."""

    project: Project
    why: str
    last: str
    next: Next


@dataclass(frozen=True)
class Planned:
    """A project with its plan: how each of the four stages stands, and what is next (None: every
    milestone that was planned is passed)."""

    project: Project
    stands: Sequence[Stand]
    next: Next | None


def by_place(regions: Select[int], year: int) -> list[Row]:
    """How many of each light every place has, by code; places without any are left out."""
    found = lights(year)
    statement = (
        select(Region, *(func.sum(case((found[key], 1), else_=0)) for key, *_ in RULES))
        .join(Project, Project.region_id == Region.id)
        .where(projects.touching(regions), dispatched())
        .group_by(Region.id)
        .order_by(Region.code)
    )
    keys = [key for key, *_ in RULES]
    return [
        Row(row[0], {key: int(number) for key, number in zip(keys, row[1:], strict=True)})
        for row in db.session.execute(statement)
    ]


def late_ones(regions: Select[int], year: int) -> Sequence[Late]:
    """The first of those at red: the longest late first, then those without a day, by size."""
    day = last_day_yet(year)
    by_rule = (stalled.not_started(year), stalled.without_progress(year))
    rows = db.session.execute(
        _loaded(projects.touching(regions), lights(year)["red"]).add_columns(
            *(case((condition, 1), else_=0) for condition in (has_late(day), *by_rule))
        )
    ).unique()
    found = [_late(project, day, *map(bool, reasons)) for project, *reasons in rows]
    return sorted(found, key=lambda each: -each.next.late)[:SHOWN]


def planned_ones(regions: Select[int], year: int) -> Sequence[Planned]:
    """The first of those with a plan: what is due first before, and last what has passed all."""
    day = last_day_yet(year)
    statement = _loaded(projects.touching(regions), has_plan())
    ordered = statement.order_by(None).order_by(
        first_waiting(day).nulls_last(), Project.total_investment.desc(), Project.id
    )
    return [
        Planned(each, stands_of(each, day), _planned(next_of(each, day), day))
        for each in db.session.scalars(ordered.limit(SHOWN))
    ]


def number_planned(regions: Select[int]) -> tuple[int, int]:
    """How many of the projects have a plan, and how many have none."""
    planned = func.coalesce(func.sum(case((has_plan(), 1), else_=0)), 0)
    total, found = db.session.execute(
        select(func.count(), planned)
        .select_from(Project)
        .where(projects.touching(regions), dispatched())
    ).one()
    return int(found), int(total) - int(found)


def _loaded(*which: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Project)
        .where(dispatched(), *which)
        .options(joinedload(Project.region), selectinload(Project.milestones))
        .order_by(Project.total_investment.desc(), Project.id)
    )


def _planned(milestone: ProjectMilestone | None, day: date) -> Next | None:
    if milestone is None:
        return None
    words, due = milestone.stage.label, milestone.planned_on
    if milestone.next_step:
        words += f"：{milestone.next_step}"
    return Next(words, milestone.responsible, due, max((day - due).days, 0))


def _late(project: Project, day: date, planned: bool, unbegun: bool, still: bool) -> Late:
    """Of several reasons the one whose day passed first says what is next."""
    why, steps = [], []
    if planned:
        milestone = next_of(project, day)
        assert milestone is not None, "one waits that is late"
        why.append(f"没有按计划于 {milestone.planned_on} 前{milestone.stage.label}")
        steps.append(_planned(milestone, day))
    if unbegun:
        assert project.signed_on is not None, "it is late by its signing"
        why.append("签约满 365 天未开工")
        due = project.signed_on + DUE
        steps.append(Next("开工", project.region.name, due, (day - due).days))
    if still:
        why.append("开工满 183 天，当年没有完成投资")
        steps.append(Next("补报当年完成投资，或说明停工原因", project.region.name, None, 0))
    first = min((each for each in steps if each), key=lambda each: each.due_on or date.max)
    return Late(project, "；".join(why), _last(project, day), first)


def _last(project: Project, day: date) -> str:
    """The last stage that was reached, with its day; "" where none is on record."""
    days = ((stage, actual_of(project, stage)) for stage in PlannedStage)
    reached = [f"{on} {stage.label}" for stage, on in days if on is not None and on <= day]
    return reached[-1] if reached else ""
