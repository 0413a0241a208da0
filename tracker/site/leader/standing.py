"""How the year stands: its tasks, of one population, in parts that add up to it."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.core.quantities.printed import percent
from tracker.overview.course import STANDINGS, course_of_counties, course_of_tasks
from tracker.overview.progress import Progress, passed
from tracker.records.places.models import Region, RegionLevel
from tracker.site.leader.words import Said, Sentence, joined
from tracker.web.ways import way


def stands(place: Region, year: int, found: Sequence[Progress], counties: int) -> Sentence:
    """The first sentence: of a county its tasks, of a city or the province its counties."""
    share = passed(year)
    year_words = f"{year} 年度已结束，" if share == 1 else f"{year} 年已过 {percent(share)}，"
    if place.level is RegionLevel.COUNTY:
        course, unit = course_of_tasks(found), "项任务"
        of = f"{course.given} 项年度任务中 "
    else:
        course, unit = course_of_counties(found), "县"
        of = f"{counties} 个县中有任务的 {course.given} 个，其中 "
    if not course.given:
        return Sentence("全年", [Said(f"{year_words}没有下达年度任务，不能判断进度。")])
    said = [
        Said(
            f"{len(course.of[key])} {unit}{STANDINGS[key][share == 1]}",
            way("overview.tasks", year=year, _anchor=key),
        )
        for key in ("on_course", "short", "behind", "silent")
        if course.of[key] or key == "on_course"
    ]
    return Sentence("全年", [Said(year_words + of), *joined(said)])
