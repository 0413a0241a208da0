"""How the year stands: its tasks, of one population, in three parts that add up to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from tracker.core.quantities.printed import percent
from tracker.overview.progress import Progress, passed
from tracker.records.places.models import Region, RegionLevel
from tracker.site.leader.words import Said, Sentence, joined
from tracker.web.ways import way


@dataclass(frozen=True)
class Course:
    """Those that have tasks: `on_course` did what the days that have passed let expect, all of it
    where the year is over; `behind` are far off in one at least, `silent` have reported nothing of
    one at least, and are far off in none; `short` reached one at least not, though nearly, before
    the year was over. What has no task is in none of them."""

    on_course: int
    behind: int
    silent: int
    short: int

    @property
    def given(self) -> int:
        """How many have tasks."""
        return self.on_course + self.behind + self.silent + self.short


def course_of_counties(found: Iterable[Progress]) -> Course:
    """The counties that have tasks."""
    given = sorted((p for p in found if p.asked is not None), key=lambda p: p.region.code or "")
    return _course([list(of) for _, of in groupby(given, key=lambda p: p.region.code)])


def course_of_tasks(found: Iterable[Progress]) -> Course:
    """The tasks, one by one."""
    return _course([[p] for p in found if p.asked is not None])


def _course(each: Sequence[Sequence[Progress]]) -> Course:
    numbers = Counter(_standing(tasks) for tasks in each)
    return Course(**{name: numbers[name] for name in ("on_course", "behind", "silent", "short")})


def _standing(tasks: Sequence[Progress]) -> str:
    if any(task.behind for task in tasks):
        return "behind"
    if any(task.done is None for task in tasks):
        return "silent"
    return "short" if any(task.short for task in tasks) else "on_course"


def stands(place: Region, year: int, found: Sequence[Progress], counties: int) -> Sentence:
    """The first sentence: of a county its tasks, of a city or the province its counties."""
    share = passed(year)
    year_words = f"{year} 年度已结束，" if share == 1 else f"{year} 年已过 {percent(share)}，"
    tasks = way("targets.index", year=year)
    if place.level is RegionLevel.COUNTY:
        course, unit = course_of_tasks(found), "项任务"
        of = f"{course.given} 项年度任务中 "
    else:
        course, unit = course_of_counties(found), "县"
        of = f"{counties} 个县中有任务的 {course.given} 个，其中 "
    if not course.given:
        return Sentence("全年", [Said(f"{year_words}没有下达年度任务，不能判断进度。")])
    verb = "完成" if share == 1 else "跟得上进度"
    said = [Said(f"{course.on_course} {unit}{verb}", tasks)]
    if course.short:
        said.append(Said(f"{course.short} {unit}没有完成但差距不大", tasks))
    if course.behind:
        said.append(Said(f"{course.behind} {unit}差距大", tasks))
    if course.silent:
        said.append(Said(f"{course.silent} {unit}没有报完成数，不能判断", tasks))
    return Sentence("全年", [Said(year_words + of), *joined(said)])
