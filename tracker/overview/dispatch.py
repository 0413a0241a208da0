"""重大项目调度: the projects of 1 亿元 and more by how they stand against their days, and what is
next. No project has planned days on record; by which day a step is due follows from declared rules,
and what has no day at all is not judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.records.ledger.dispatched import DUE, RULES, dispatched, lights
from tracker.records.places.models import Region
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project

SHOWN = 20


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
class Late:
    """A project at red: what happened last and when, what is next, and by which day it was due
    (None where no rule says one)."""

    project: Project
    last: str
    next: str
    due_on: date | None


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
    """The first of those at red, the largest first."""
    statement = (
        select(Project)
        .where(projects.touching(regions), dispatched(), lights(year)["red"])
        .options(joinedload(Project.region))
        .order_by(Project.total_investment.desc(), Project.id)
        .limit(SHOWN)
    )
    return [_late(each) for each in db.session.scalars(statement)]


def _late(project: Project) -> Late:
    if project.started_on is not None:
        last = f"{project.started_on} 开工"
        return Late(project, last, "补报当年完成投资，或说明停工原因", None)
    assert project.signed_on is not None, "it is late by its signing"
    return Late(project, f"{project.signed_on} 签约", "开工", project.signed_on + DUE)
