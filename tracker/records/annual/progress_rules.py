"""How far parts have come: by the measures that give the figures everywhere else, against the part
of the time until their last day; milestones by what is stated of them.

Figures run to today wherever a task is shown, and so does the time that they are held against: a
payment of this week must not make up for a share that ended with the last quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.db.codes import LabelledEnum
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import first_day, last_day_yet
from tracker.core.quantities.printed import rounded_share, trimmed
from tracker.core.quantities.shown import days_left, told
from tracker.records.annual.grid import adds_up
from tracker.records.annual.models import AnnualTask, TaskList, TaskPart
from tracker.records.annual.queries import known_by
from tracker.records.annual.sheet_rules import OF_ENCLAVES, unit_of_task
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.places.models import Region, RegionLevel
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind

SOON = 30  # days


class Standing(LabelledEnum):
    """How a part stands today."""

    DONE = "done", "已完成"
    LATE = "late", "到期未完成"
    BEHIND = "behind", "低于序时进度"
    SOON = "soon", "即将到期"
    ON_WAY = "on_way", "进行中"
    UNKNOWN = "unknown", "未报"


@dataclass(frozen=True)
class Progress:
    """`asked` and `done` are of the same places, in `unit`; `done` None: unknown, and `reason` says
    why. `silent`: how many places reported nothing, whose part is in neither. `until`: the day that
    `done` and `expected` are of, the part of the time until the last day, from 0 to 1."""

    standing: Standing
    due: date
    unit: str = ""
    asked: Decimal | None = None
    done: Decimal | None = None
    reason: str = ""
    silent: int = 0
    expected: Decimal = Decimal(0)
    until: date | None = None
    done_on: date | None = None

    @property
    def share(self) -> Decimal | None:
        """What was done as a part of what was asked; None where nothing can be said."""
        if self.done is None or not self.asked:
            return None
        return self.done / self.asked

    @property
    def percent(self) -> Decimal | None:
        """`share` in per cent, rounded so that what is not whole does not read 100."""
        return None if self.share is None else rounded_share(self.share)

    @property
    def width(self) -> int:
        """How much of a bar is filled, in per cent of it."""
        return min(int(self.share * 100), 100) if self.share else 0

    @property
    def expected_at(self) -> int:
        """Where on a bar what is expected stands, in per cent of it."""
        return min(int(self.expected * 100), 99)

    @property
    def days(self) -> str:
        """还有 12 天, 今天到期, 已过 3 天; 迟 3 天完成."""
        if self.done_on is not None:
            late = (self.done_on - self.due).days
            return f"{self.done_on} 完成" + (f"，迟 {late} 天" if late > 0 else "")
        return days_left((self.due - today()).days)

    @property
    def words(self) -> str:
        """How it stands in a sentence without its end: 低于序时进度，完成 140 万元，占 40%，…."""
        return f"{self.standing.label}，{self.how}"

    @property
    def how(self) -> str:
        """`words` where the standing is said beside."""
        if self.asked is None and self.done is None:
            return "，".join(filter(None, (self.reason, self.days)))
        said = []
        if self.done is None:
            said.append(self.reason or "没有报数，不按 0 计")
        else:
            said.append(f"完成 {told(self.done, self.unit)}")
            if self.percent is not None:
                said.append(f"占 {trimmed(self.percent)}%")
            if self.until is not None and self.standing is not Standing.DONE:
                said.append(f"序时 {trimmed(rounded_share(self.expected))}%（截至 {self.until}）")
        if self.silent:
            said.append(f"另有 {self.silent} 处未报，其任务未计入")
        if self.standing is not Standing.DONE:
            said.append(self.days)
        return "，".join(said)


def find_progress(parts: Sequence[TaskPart]) -> None:
    """The progress of `parts`, as `part.progress`; the number of statements grows with the measures
    and years, not with the parts."""
    for year in {part.task.year for part in parts}:
        of_year = [part for part in parts if part.task.year == year]
        found = progress_of(of_year, year)
        for part in of_year:
            held: Any = part
            held.progress = found[part.id]


def progress_part(part: TaskPart) -> Progress:
    """The progress of one part."""
    if not hasattr(part, "progress"):
        find_progress([part])
    held: Any = part
    return held.progress


def progress_of(parts: Sequence[TaskPart], year: int) -> dict[int, Progress]:
    """Part (id) → its progress, of parts of one year."""
    measured = [part for part in parts if not part.task.is_milestone]
    reached = _Reached(year, measured)
    until = last_day_yet(year)
    return {
        part.id: _of_milestone(part) if part.task.is_milestone else reached.of(part, until)
        for part in parts
    }


def of_task(task: AnnualTask) -> Progress | None:
    """The progress of all that was issued of a task, of counties alone; None of a milestone, of
    figures that do not add up, and of what no county has."""
    if task.is_milestone or not adds_up(unit_of_task(task)):
        return None
    reached = _Reached(task.year, [], [task.id])
    counties = reached.counties_of(task.id)
    if not counties:
        return None
    due = task.issued_due_on or task.due_on
    return reached.together(task, counties, due, last_day_yet(task.year))


def expected_on(year: int, due: date, day: date) -> Decimal:
    """The part of the time from 1 January until `due` that has passed on `day`, from 0 to 1."""
    first = first_day(year)
    if day >= due:
        return Decimal(1)
    return Decimal(max((day - first).days + 1, 0)) / ((due - first).days + 1)


class _Reached:
    """What counties reached of the measures of some parts, and whose parts are whose."""

    def __init__(self, year: int, parts: Iterable[TaskPart], tasks: Sequence[int] = ()) -> None:
        self.year = year
        asked = list(parts)
        wanted = {part.task_id for part in asked} | set(tasks)
        statement = (
            select(TaskPart)
            .join(TaskList, TaskList.id == TaskPart.list_id)
            .where(TaskPart.task_id.in_(wanted), TaskPart.given)
        )
        given = db.session.scalars(statement).all() if wanted else []
        self.by_place: dict[tuple[int, int], TaskPart] = {}
        self.bureaus: dict[tuple[int, int], int] = defaultdict(int)
        places = {part.region_id for part in given if part.region_id} | {
            part.list.region_id for part in given
        }
        found = db.session.scalars(select(Region).where(Region.id.in_(places))).all()
        self.regions = {region.id: region for region in found}
        for part in given:
            if part.region_id is not None:
                self.by_place[part.task_id, part.region_id] = part
            else:
                self.bureaus[part.task_id, part.list.region_id] += 1
        # A part tells of its own place or of those below it; a task of all.
        of = {part.region_id or part.list.region_id for part in asked}
        told = [part for part in given if part.task_id in tasks or self._within(part, of)]
        self.facts = self._collected(told)

    def _within(self, part: TaskPart, places: set[int]) -> bool:
        region = self.regions[part.region_id or part.list.region_id]
        return region.id in places or region.parent_id in places

    def _collected(self, given: Iterable[TaskPart]) -> Mapping[tuple[str, int], Fact]:
        counties: dict[str, set[int]] = defaultdict(set)
        for part in given:
            place = part.region_id or part.list.region_id
            if self.regions[place].level is RegionLevel.COUNTY and part.task.measure:
                counties[part.task.measure].add(place)
        found: dict[tuple[str, int], Fact] = {}
        own = sorted(set(counties) - set(OF_ENCLAVES))
        ids = sorted(set().union(*(counties[name] for name in own)))
        if own and ids:
            of_own = collect(self.year, SubjectKind.COUNTY, own, ids, with_records=False)
            for place, facts in of_own.items():
                found.update({(name, place): fact for name, fact in facts.items()})
        for name in sorted(set(counties) & set(OF_ENCLAVES)):
            found.update(self._of_enclaves(name, counties[name]))
        return found

    def _of_enclaves(self, name: str, places: set[int]) -> Mapping[tuple[str, int], Fact]:
        """What a county's 消薄 and 发展 enclaves reached together; unknown while one of them is."""
        rows = db.session.execute(
            select(Enclave.id, Enclave.origin_id).where(
                Enclave.origin_id.in_(places),
                Enclave.kind.in_((EnclaveKind.INCOME, EnclaveKind.DEVELOPMENT)),
                Enclave.closed_on.is_(None) | (Enclave.closed_on >= first_day(self.year)),
            )
        ).all()
        enclaves = [row.id for row in rows]
        facts = collect(self.year, SubjectKind.ENCLAVE, [name], enclaves, with_records=False)
        told_of: dict[int, list[Fact]] = defaultdict(list)
        for row in rows:
            if name in facts[row.id]:
                told_of[row.origin_id].append(facts[row.id][name])
        found = {}
        for place in places:
            values = [fact.value for fact in told_of[place] if fact.value is not None]
            lacking = len(told_of[place]) - len(values)
            summed = sum(map(Decimal, values), Decimal(0))
            if told_of[place] and not lacking:
                found[name, place] = Fact(f"{summed:f}")
                continue
            # What some of them reached is no figure of all: their part of the task is nobody's.
            why = f"{lacking} 处飞地未报，已报的合计 {told(summed, '万元')}" if values else ""
            why = why or ("飞地都没有报数" if lacking else "没有消薄、发展飞地")
            found[name, place] = Fact(None, reason=why)
        return found

    def counties_of(self, task_id: int, above: int | None = None) -> list[TaskPart]:
        """The parts of counties, of those that stand below the region `above` alone if given."""
        return [
            part
            for (task, place), part in self.by_place.items()
            if task == task_id
            and self.regions[place].level is RegionLevel.COUNTY
            and (above is None or self.regions[place].parent_id == above)
        ]

    def of(self, part: TaskPart, until: date) -> Progress:
        """The progress of a part of a measure."""
        task, due = part.task, part.due
        unit = unit_of_task(task)
        if part.region_id is None:
            return self._of_bureau(part, unit, until)
        if self.regions[part.region_id].level is RegionLevel.COUNTY:
            return self._standing(task, part.value, self._fact(task, part.region_id), due, until)
        if not adds_up(unit):
            why = f"{unit or '这一指标'}不相加，见各县"
            return Progress(Standing.UNKNOWN, due, unit, part.value, None, why)
        counties = self.counties_of(task.id, part.region_id)
        if not counties:
            why = "还没有分解到县，进度由县汇总"
            return Progress(_undone(due), due, unit, part.value, None, why)
        return self.together(task, counties, due, until)

    def together(
        self, task: AnnualTask, counties: Sequence[TaskPart], due: date, until: date
    ) -> Progress:
        """Counties together: what was asked of those that reported, and what they did."""
        asked, done, silent = Decimal(0), Decimal(0), 0
        for part in counties:
            fact = self._fact(task, part.region_id or 0)
            if fact.value is None or part.value is None:
                silent += 1
                continue
            asked += part.value
            done += Decimal(fact.value)
        if silent == len(counties):
            unit = unit_of_task(task)
            whole = sum((part.value for part in counties if part.value is not None), Decimal(0))
            return Progress(_unknown(due), due, unit, whole, None, f"{silent} 个县都没有报数")
        fact = Fact(f"{done:f}")
        return self._standing(task, asked, fact, due, until, silent)

    def _of_bureau(self, part: TaskPart, unit: str, until: date) -> Progress:
        """A bureau that has the county's task alone has its figure; of several, no record tells
        which did what: they say when they are done."""
        county = self.by_place.get((part.task_id, part.list.region_id))
        alone = self.bureaus[part.task_id, part.list.region_id] == 1
        if alone and county is not None and county.value == part.value:
            fact = self._fact(part.task, part.list.region_id)
            return self._standing(part.task, part.value, fact, part.due, until)
        if part.done_on is not None:
            return _of_milestone(part)
        why = "有关记录不分部门，由部门报告完成"
        return Progress(_undone(part.due), part.due, unit, part.value, None, why)

    def _fact(self, task: AnnualTask, place: int) -> Fact:
        return self.facts.get((task.measure or "", place), Fact(None, reason="这一指标没有数"))

    def _standing(
        self,
        task: AnnualTask,
        asked: Decimal | None,
        fact: Fact,
        due: date,
        until: date,
        silent: int = 0,
    ) -> Progress:
        unit = unit_of_task(task)
        expected = expected_on(self.year, due, until)
        done = None if fact.value is None else Decimal(fact.value)
        if done is None:
            standing = _unknown(due)
        elif asked is not None and done >= asked and not silent:
            standing = Standing.DONE
        elif today() > due:
            standing = Standing.LATE
        elif asked and adds_up(unit) and done / asked < expected:
            standing = Standing.BEHIND
        else:
            standing = _undone(due)
        return Progress(standing, due, unit, asked, done, fact.reason, silent, expected, until)


def _of_milestone(part: TaskPart) -> Progress:
    standing = Standing.DONE if part.done_on is not None else _undone(part.due)
    return Progress(standing, part.due, done_on=part.done_on, reason=part.result)


def _undone(due: date) -> Standing:
    left = (due - today()).days
    if left < 0:
        return Standing.LATE
    return Standing.SOON if left <= SOON else Standing.ON_WAY


def _unknown(due: date) -> Standing:
    """Nothing is reported: after the last day that is late, and never 0."""
    return Standing.LATE if today() > due else Standing.UNKNOWN


@known_by
def _reached(parts: Sequence[TaskPart]) -> set[int]:
    """Which parts of measures are done; what is unknown is not."""
    done: set[int] = set()
    for year in {part.task.year for part in parts}:
        of_year = [part for part in parts if part.task.year == year]
        found = progress_of(of_year, year)
        done |= {number for number, each in found.items() if each.standing is Standing.DONE}
    return done


def waits(part: TaskPart) -> bool:
    """Whether a part is late, behind or soon due."""
    return progress_part(part).standing in (Standing.LATE, Standing.BEHIND, Standing.SOON)
