"""Reads of task lists: who gives what to whom, and how it was issued."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true, union
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.records.annual.models import AnnualTask, TaskAct, TaskEvent, TaskList, TaskPart
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_of
from tracker.records.places.scopes import is_province
from tracker.records.places.viewers import Viewer
from tracker.records.targets.models import Target
from tracker.records.targets.service import BELOW

GIVERS = (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY)
WITH_ALL = (
    joinedload(TaskPart.task),
    joinedload(TaskPart.region),
    joinedload(TaskPart.list).joinedload(TaskList.region),
)


def list_of(region: Region, year: int) -> TaskList | None:
    """What `region` gives in `year`."""
    return db.session.scalar(
        select(TaskList).where(TaskList.year == year, TaskList.region_id == region.id)
    )


def giver_of(user: Viewer, code: str) -> Region | None:
    """The province, city or county `code` whose list the user may see."""
    return db.session.scalar(
        select(Region).where(
            Region.code == code, Region.level.in_(GIVERS), Region.id.in_(regions_of(user))
        )
    )


def places_below(region: Region) -> list[Region]:
    """The cities of the province, or the counties of a city, that stand."""
    return list(
        db.session.scalars(
            select(Region)
            .where(
                Region.parent_id == region.id,
                Region.level == BELOW.get(region.level),
                Region.abolished_on.is_(None),
            )
            .order_by(Region.code)
        )
    )


def tasks_of(year: int) -> list[AnnualTask]:
    """All tasks of a year, in their order."""
    found = select(AnnualTask).where(AnnualTask.year == year)
    return list(db.session.scalars(found.order_by(AnnualTask.number)))


def received_by(region: Region, year: int) -> list[TaskPart]:
    """What the level above gave to `region`."""
    statement = (
        select(TaskPart)
        .join(AnnualTask, AnnualTask.id == TaskPart.task_id)
        .where(TaskPart.region_id == region.id, AnnualTask.year == year, TaskPart.given)
        .options(*WITH_ALL)
        .order_by(AnnualTask.number)
    )
    return list(db.session.scalars(statement))


def open_years(region: Region, first: int) -> list[int]:
    """The years from `first` on in which `region` has tasks: those that the level above gave it,
    or that it divided before they were taken back; of the province those that it lists itself."""
    if region.level is RegionLevel.PROVINCE:
        wanted = select(AnnualTask.year).where(AnnualTask.year >= first)
    else:
        wanted = (
            select(AnnualTask.year)
            .join(TaskPart, TaskPart.task_id == AnnualTask.id)
            .where(TaskPart.region_id == region.id, TaskPart.given, AnnualTask.year >= first)
        )
    own = select(TaskList.year).where(
        TaskList.region_id == region.id, TaskList.revision > 0, TaskList.year >= first
    )
    return sorted(set(db.session.scalars(union(wanted, own))))


def latest_given(region: Region) -> int | None:
    """The latest year in which the level above gave anything to `region`."""
    statement = (
        select(func.max(AnnualTask.year))
        .join(TaskPart, TaskPart.task_id == AnnualTask.id)
        .where(TaskPart.region_id == region.id, TaskPart.given)
    )
    return db.session.scalar(statement)


def parts_of(of: TaskList | None) -> list[TaskPart]:
    """The parts of a list, those that were taken back among them."""
    if of is None:
        return []
    found = select(TaskPart).where(TaskPart.list_id == of.id).options(*WITH_ALL)
    return list(db.session.scalars(found.order_by(TaskPart.id)))


def taken_back(tasks: Sequence[int]) -> set[int]:
    """Those of `tasks` (ids) that the province gave to places and gives to none any more."""
    statement = (
        select(TaskPart.task_id, func.max(case((TaskPart.given | TaskPart.drafted, 1), else_=0)))
        .join(TaskList, TaskList.id == TaskPart.list_id)
        .join(Region, Region.id == TaskList.region_id)
        .where(Region.level == RegionLevel.PROVINCE, TaskPart.task_id.in_(tasks))
        .group_by(TaskPart.task_id)
    )
    return {task for task, some in db.session.execute(statement) if not some}


def given_of(task: AnnualTask) -> list[TaskPart]:
    """All that was issued of a task, at all levels, by place."""
    statement = (
        select(TaskPart)
        .outerjoin(Region, Region.id == TaskPart.region_id)
        .where(TaskPart.task_id == task.id, TaskPart.given)
        .options(*WITH_ALL)
        .order_by(Region.code, TaskPart.bureau)
    )
    return list(db.session.scalars(statement))


def has_figure_of_place(part: TaskPart) -> bool:
    """Whether a bureau has its place's whole part of a measure: then the place's figure is its."""
    if part.bureau is None or part.task.is_milestone:
        return False
    others = select(func.count(TaskPart.id)).where(
        TaskPart.list_id == part.list_id,
        TaskPart.task_id == part.task_id,
        TaskPart.given,
        TaskPart.id != part.id,
    )
    whole = select(TaskPart.value).where(
        TaskPart.task_id == part.task_id,
        TaskPart.region_id == part.list.region_id,
        TaskPart.given,
    )
    return not db.session.scalar(others) and db.session.scalar(whole) == part.value


def seen_parts(regions: Select[int]) -> ColumnElement[bool]:
    """The parts that touch `regions`: what was issued to them, and what they give themselves,
    issued or not. A draft of the level above is nobody's below."""
    lists = select(TaskList.id).where(TaskList.region_id.in_(regions))
    return or_(TaskPart.list_id.in_(lists), TaskPart.region_id.in_(regions) & TaskPart.given)


def seen_tasks(user: Viewer) -> ColumnElement[bool]:
    """What the province issued is everybody's to read; its drafts are its own."""
    return true() if is_province(user) else AnnualTask.issued_due_on.is_not(None)


def versions_of(of: TaskList | None) -> list[TaskEvent]:
    """What was issued and adjusted, the latest first."""
    if of is None:
        return []
    statement = (
        select(TaskEvent)
        .where(TaskEvent.list_id == of.id, TaskEvent.act.in_((TaskAct.ISSUED, TaskAct.ADJUSTED)))
        .options(joinedload(TaskEvent.actor))
        .order_by(TaskEvent.revision.desc())
    )
    return list(db.session.scalars(statement))


def events_of(part: TaskPart) -> list[TaskEvent]:
    """What was stated of a part, the latest first."""
    statement = select(TaskEvent).where(TaskEvent.part_id == part.id)
    statement = statement.options(joinedload(TaskEvent.actor)).order_by(TaskEvent.id.desc())
    return list(db.session.scalars(statement))


def stamp(of: TaskList | None) -> str:
    """What changes with every change of a list's cells."""
    if of is None:
        return "0"
    number, versions = db.session.execute(
        select(func.count(), func.sum(TaskPart.version)).where(TaskPart.list_id == of.id)
    ).one()
    return f"{of.version}.{number}.{versions or 0}"


def shares_before(year: int, measure: str, regions: Sequence[Region]) -> Mapping[int, Decimal]:
    """What each of `regions` was given of `measure` in `year`, by id: its own target, else those of
    the places in it together. A place without any is left out."""
    ids = [region.id for region in regions]
    of_year = (Target.year == year, Target.measure == measure)
    statement = select(Target.region_id, Target.value)
    own = {
        place: value
        for place, value in db.session.execute(statement.where(*of_year, Target.region_id.in_(ids)))
        if place is not None
    }
    inside: dict[int, Decimal] = {}
    of_places = (
        select(Region.parent_id, Target.value)
        .join(Region, Region.id == Target.region_id)
        .where(*of_year, Region.parent_id.in_(ids))
    )
    for above, value in db.session.execute(of_places):
        if above is not None:
            inside[above] = inside.get(above, Decimal(0)) + value
    return {**inside, **own}


def bureaus_before(year: int, measure: str, region: Region) -> Mapping[str, Decimal]:
    """What each bureau of `region` was given of `measure` in `year`, by name."""
    statement = (
        select(TaskPart.bureau, TaskPart.value)
        .join(TaskList, TaskList.id == TaskPart.list_id)
        .join(AnnualTask, AnnualTask.id == TaskPart.task_id)
        .where(
            TaskList.year == year,
            TaskList.region_id == region.id,
            AnnualTask.measure == measure,
            TaskPart.value.is_not(None),
        )
    )
    rows = db.session.execute(statement)
    return {bureau: value for bureau, value in rows if bureau and value is not None}


# What features above know of figures: which of some parts are reached.
_reaching: list[Callable[[Sequence[TaskPart]], set[int]]] = []


def known_by(
    question: Callable[[Sequence[TaskPart]], set[int]],
) -> Callable[[Sequence[TaskPart]], set[int]]:
    """Let what computes figures say which parts of measures are reached (ids)."""
    _reaching.append(question)
    return question


def last_day_of() -> ColumnElement[date]:
    """By when a part is due, of a statement that joins the task."""
    return func.coalesce(TaskPart.due_on, AnnualTask.issued_due_on)


def unfinished(until: date, *which: ColumnElement[bool]) -> list[TaskPart]:
    """The parts due by `until` that are not done, as stated or as figures say, the earliest first;
    a bureau's part of a figure waits with the county's own."""
    statement = (
        select(TaskPart)
        .join(AnnualTask, AnnualTask.id == TaskPart.task_id)
        .where(TaskPart.given, TaskPart.done_on.is_(None), last_day_of() <= until, *which)
        .where(or_(TaskPart.bureau.is_(None), AnnualTask.measure.is_(None)))
        .options(*WITH_ALL)
        .order_by(last_day_of(), AnnualTask.number, TaskPart.id)
    )
    parts = list(db.session.scalars(statement))
    figures = [part for part in parts if not part.task.is_milestone]
    done = set().union(*(ask(figures) for ask in _reaching)) if figures else set()
    return [part for part in parts if part.id not in done]


def late_milestones(regions: Select[int], year: int, on: date) -> list[tuple[Region, int, date]]:
    """(place, how many, the earliest last day) of the milestones of `year` that places of `regions`
    (ids) have not reported done after their last day, the longest late first."""
    rows = db.session.execute(
        select(Region, func.count(), func.min(last_day_of()))
        .select_from(TaskPart)
        .join(AnnualTask, AnnualTask.id == TaskPart.task_id)
        .join(Region, Region.id == TaskPart.region_id)
        .where(
            AnnualTask.year == year,
            AnnualTask.measure.is_(None),
            TaskPart.given,
            TaskPart.done_on.is_(None),
            last_day_of() < on,
            Region.id.in_(regions),
        )
        .group_by(Region.id)
        .order_by(func.min(last_day_of()), Region.code)
    )
    return [(place, number, first) for place, number, first in rows]


def number_of_milestones(regions: Select[int], year: int) -> int:
    """How many milestones of `year` places of `regions` (ids) have."""
    statement = (
        select(func.count(TaskPart.id))
        .join(AnnualTask, AnnualTask.id == TaskPart.task_id)
        .where(
            AnnualTask.year == year,
            AnnualTask.measure.is_(None),
            TaskPart.given,
            TaskPart.region_id.in_(regions),
        )
    )
    return db.session.scalar(statement) or 0
