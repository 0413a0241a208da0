"""Key work of the four lists: what counties and cities were given for a year, with milestones and
what was reported of them. The invented county is late, and has not done the last ones yet."""

from __future__ import annotations

from datetime import date, timedelta

from tracker.exchange.sampledata.draw import stream
from tracker.exchange.sampledata.rows import moment
from tracker.exchange.sampledata.scene import INVENTED_COUNTY, YEARS, Scene
from tracker.records.places.models import Region
from tracker.records.works.models import KeyWork, Milestone, WorkAct, WorkEvent, WorkList

# What each list asks for.
_NAMES = {
    WorkList.TASK: "推进结对重大项目落地见效",
    WorkList.LEVER: "建好用好共富飞地",
    WorkList.REFORM: "探索飞地税收分享机制",
    WorkList.PRACTICE: "总结推广村企结对做法",
}
# Milestones: what, and by which day of the year.
_MILESTONES = (("印发工作方案", 3, 31), ("完成中期评估", 7, 31), ("报送总结材料", 11, 30))
_PLACES = 9  # of the counties on the list, beside the invented one


def years_of_works(scene: Scene, year: int) -> None:
    """The works of `year`: one of each of some places, one of each list in turn."""
    counties = scene.counties(year)
    late = next(each for each in scene.regions.values() if each.code == INVENTED_COUNTY)
    real = [each for each in counties if each.id != late.id]
    chosen = [*real[:: max(len(real) // _PLACES, 1)][:_PLACES], late]
    for number, place in enumerate(chosen):
        sheet = list(WorkList)[number % len(WorkList)]
        _work(scene, year, place, sheet, is_late=place is late)
    scene.rows.write()


def _work(scene: Scene, year: int, place: Region, sheet: WorkList, *, is_late: bool) -> None:
    rng, rows = stream(scene.seed, "key work", place.code, year), scene.rows
    given = date(year, 2, 10)
    events: list[tuple[WorkAct, int | None, date, str]] = []
    reached: list[date | None] = []
    for number, (_, month, day) in enumerate(_MILESTONES):
        then = date(year, month, day) + timedelta(days=rng.randint(-12, 0))
        if is_late:
            then += timedelta(days=26)
        stays = is_late and year >= YEARS[-1] and number == len(_MILESTONES) - 1
        reached.append(then if rows.has_come(then) and not stays else None)
    due = date(year, 12, 15)
    done = max(due - timedelta(days=rng.randint(0, 7)), reached[-1] or due)
    finished = done if all(reached) and rows.has_come(done) else None
    work = rows.add(
        KeyWork,
        given,
        region_id=place.id,
        sheet=sheet,
        name=f"{_NAMES[sheet]}（示例{year}）",
        demand="按工作方案推进，按节点报告进展（示例）。",
        responsible="发展和改革局（示例）",
        starts_on=given,
        due_on=due,
        finished_on=finished,
        document=f"示例〔{year}〕1号",
    )
    if work is None:
        return
    for (name, month, day), on in zip(_MILESTONES, reached, strict=True):
        number = rows.add(
            Milestone,
            given,
            work_id=work,
            name=name,
            planned_on=date(year, month, day),
            reached_on=on,
        )
        if on is not None:
            events.append((WorkAct.REPORTED, number, on, f"已{name}（示例）。"))
    if finished is not None:
        words = "各节点已完成，材料已报送（示例）。"
        events.append((WorkAct.FINISHED, None, finished, words))
    for act, milestone, on, words in events:
        rows.add(
            WorkEvent,
            given,
            work_id=work,
            act=act,
            milestone_id=milestone,
            day=on,
            words=words,
            at=moment(on),
        )
