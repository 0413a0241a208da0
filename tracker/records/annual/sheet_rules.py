"""The grid of a list, with what each measure is counted in."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.records.annual.grid import Receiver, Sheet, TaskColumn
from tracker.records.annual.models import AnnualTask, TaskPart
from tracker.records.annual.queries import (
    list_of,
    parts_of,
    places_below,
    received_by,
    tasks_of,
)
from tracker.records.places.models import Region, RegionLevel
from tracker.records.submissions.bureaus import BUREAUS
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.declare import SubjectKind
from tracker.year.measures.fields import unit_of

# Measures of enclaves whose figures a county's enclaves add up to, by the place they came from.
OF_ENCLAVES = ("returns.paid",)
# What is judged of a county, and nobody gives it as a task.
_JUDGED = ("goal.", "findings.", "listing.", "reports.", "sample.", "chain.")


def measures_offered() -> list[str]:
    """The measures that a task may name: what counties reach, and returns of their enclaves."""
    counties = [
        each.name
        for each in CATALOGUE.of(SubjectKind.COUNTY)
        if each.unit != "是否" and not each.name.startswith(_JUDGED)
    ]
    return [*counties, *OF_ENCLAVES]


def is_of_counties(measure: str | None) -> bool:
    """Whether the measure describes counties, so that a part of it is a target of theirs."""
    found = CATALOGUE.measures.get(measure or "")
    return found is not None and found.subject is SubjectKind.COUNTY


def unit_of_task(task: AnnualTask) -> str:
    """The unit of the task's measure; "" of a milestone."""
    return unit_of(task.measure) if task.measure else ""


def sheet_of(region: Region, year: int, more: tuple[str, ...] = ()) -> Sheet:
    """What `region` gives in `year`; `more`: bureaus that are to have a row besides."""
    of = list_of(region, year)
    parts = parts_of(of)
    return Sheet(
        year,
        region,
        of,
        list(_columns(region, year, parts)),
        _rows(region, parts, more),
        {(part.task_id, _key(part)): part for part in parts},
    )


def _columns(region: Region, year: int, parts: list[TaskPart]) -> Iterator[TaskColumn]:
    if region.level is RegionLevel.PROVINCE:
        for task in tasks_of(year):
            about = unit_of_task(task), task.due_on, is_of_counties(task.measure)
            yield TaskColumn(task, task.total, *about)
        return
    received = {part.task_id: part for part in received_by(region, year)}
    own = {part.task_id: part.task for part in parts if part.drafted or part.given}
    tasks = {**own, **{number: part.task for number, part in received.items()}}
    for task in sorted(tasks.values(), key=lambda each: each.number):
        got = received.get(task.id)
        due = got.due if got else task.issued_due_on or task.due_on
        of_counties = is_of_counties(task.measure)
        whole = got.value if got else None
        yield TaskColumn(task, whole, unit_of_task(task), due, of_counties, got is None)


def _rows(region: Region, parts: list[TaskPart], more: tuple[str, ...]) -> list[Receiver]:
    if region.level is RegionLevel.COUNTY:
        used = [part.bureau for part in parts if part.bureau and (part.drafted or part.given)]
        names = dict.fromkeys((*BUREAUS, *used, *more))
        return [Receiver(name, name) for name in names]
    below = places_below(region)
    # What was abolished since keeps the row of what it was given.
    there = {place.id for place in below}
    gone = {
        part.region.id: part.region
        for part in parts
        if part.region is not None and part.region_id not in there and part.given
    }
    return [Receiver(_code(place), place.name, place) for place in (*below, *gone.values())]


def _key(part: TaskPart) -> str:
    return _code(part.region) if part.region is not None else part.bureau or ""


def _code(place: Region) -> str:
    return place.code or str(place.id)
