"""How what was asked stands: counties or tasks, of one population, in parts that add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from tracker.core.quantities.printed import trimmed
from tracker.overview import progress
from tracker.overview.progress import BEHIND, Progress
from tracker.records.places.models import Region
from tracker.year.measures.declare import Measure

# In the order in which they are asked for; the words of a running year and of one that is over.
STANDINGS = {
    "behind": ("差距大", "差距大"),
    "silent": ("没有报完成数，不能判断", "没有报完成数，不能判断"),
    "short": ("没有完成但差距不大", "没有完成但差距不大"),
    "on_course": ("跟得上进度", "完成"),
}
# What is far off, in words.
RULE = f"完成比例低于按已过天数应达比例的 {trimmed(BEHIND * 100)}%；年度结束后按全年任务计算。"


@dataclass(frozen=True)
class Course:
    """Those that have tasks, by the keys of `STANDINGS`: `on_course` did what the days that have
    passed let expect, all of it where the year is over; `behind` are far off in one at least,
    `silent` have reported nothing of one at least, and are far off in none; `short` reached one at
    least not, though nearly, before the year was over. What has no task is in none of them."""

    of: Mapping[str, Sequence[Sequence[Progress]]]

    @property
    def given(self) -> int:
        """How many have tasks."""
        return sum(map(len, self.of.values()))


def course_of_counties(found: Iterable[Progress]) -> Course:
    """The counties that have tasks."""
    given = sorted((p for p in found if p.asked is not None), key=lambda p: p.region.code or "")
    return _course([list(of) for _, of in groupby(given, key=lambda p: p.region.code)])


def course_of_tasks(found: Iterable[Progress]) -> Course:
    """The tasks, one by one."""
    return _course([[p] for p in found if p.asked is not None])


def _course(each: Sequence[Sequence[Progress]]) -> Course:
    of: dict[str, list[Sequence[Progress]]] = {name: [] for name in STANDINGS}
    for tasks in each:
        of[standing(tasks)].append(tasks)
    of["behind"].sort(key=_farthest)
    return Course(of)


def _farthest(tasks: Sequence[Progress]) -> tuple[int, Decimal]:
    """Those with most that are far off come first, then those that are farthest."""
    behind = [task.part for task in tasks if task.behind]
    return -len(behind), min(behind)


def standing(tasks: Sequence[Progress]) -> str:
    """Which of `STANDINGS` they are together."""
    if any(task.behind for task in tasks):
        return "behind"
    if any(task.done is None for task in tasks):
        return "silent"
    return "short" if any(task.short for task in tasks) else "on_course"


@dataclass(frozen=True)
class Side:
    """Counties of one side of pairs: their tasks by measure, None where a county has none."""

    label: str
    measures: Sequence[Measure]
    rows: Sequence[tuple[Region, Sequence[Progress | None]]]


_SIDES = (
    ("受援", (progress.FUNDS, progress.COUNTED, progress.PLACED, progress.SALES)),
    ("支援", (progress.FUNDS_SENT, progress.AID, progress.TRAINED)),
)


def sides_of(groups: Sequence[Sequence[Progress]]) -> list[Side]:
    """Counties as tables: those that receive are given other tasks than those that help."""
    found = []
    for label, names in _SIDES:
        of = {task.measure.name: task.measure for tasks in groups for task in tasks}
        measures = [of[name] for name in names if name in of]
        rows = []
        for tasks in groups:
            given = {task.measure.name: task for task in tasks}
            cells = [given.get(each.name) for each in measures]
            if any(cells):
                rows.append((tasks[0].region, cells))
        if rows:
            found.append(Side(label, measures, rows))
    return found
