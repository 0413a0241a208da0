"""The yearly task list of the sample: the counties' targets as the parts of what cities were given,
and milestones that all but the invented county kept in time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.days import last_day, quarter_end
from tracker.exchange.sampledata.draw import stream
from tracker.exchange.sampledata.rows import moment
from tracker.exchange.sampledata.scene import INVENTED_COUNTY, Scene
from tracker.records.annual.models import (
    AnnualTask,
    ListState,
    TaskAct,
    TaskEvent,
    TaskList,
    TaskPart,
)
from tracker.records.places.models import Region, RegionLevel
from tracker.records.targets.models import Target
from tracker.year.measures.catalogue import CATALOGUE

# Measures that offices ask for, with the bureau of a county that sees to them.
FIGURES = (
    ("projects.funds_in_place", "合作项目到位资金", "发展和改革局"),
    ("projects.counted", "产业合作项目", "经济和信息化局"),
    ("training.placed", "培训后就业", "人力资源和社会保障局"),
    ("consumption.sales", "消费帮扶", "商务局"),
    ("support.funds_in_place", "结对项目到位资金", "发展和改革局"),
    ("support.training", "帮助培训就业", "人力资源和社会保障局"),
)
# Milestones: what is to be done, the quarter at whose end it is due, the bureau.
MILESTONES = (
    ("制定年度结对合作方案", 1, "发展和改革局"),
    ("召开结对县联席会议并印发纪要", 2, "发展和改革局"),
    ("报送年度工作总结", 4, "财政局"),
)


@dataclass
class _Lists:
    """The lists of a year as they are made: one a giver, with what each holds for its event."""

    scene: Scene
    year: int
    day: date

    def __post_init__(self) -> None:
        self.ids: dict[int, int] = {}
        self.content: dict[int, dict[int, dict[str, Any]]] = {}

    def of(self, place: Region) -> int:
        if place.id not in self.ids:
            self.ids[place.id] = self.scene.rows.add(
                TaskList,
                self.day,
                year=self.year,
                region_id=place.id,
                state=ListState.ISSUED,
                revision=1,
            )
        return self.ids[place.id]

    def give(
        self,
        by: Region,
        task: dict[str, Any],
        to: Region | str,
        value: Decimal | None,
        **about: Any,
    ) -> None:
        """A part with what its list's event says of it."""
        receiver = {"bureau": to} if isinstance(to, str) else {"region_id": to.id}
        figures = {"value": value, "draft_value": value}
        self.scene.rows.add(
            TaskPart,
            self.day,
            list_id=self.of(by),
            task_id=task["task"],
            drafted=True,
            given=True,
            **receiver,
            **figures,
            **about,
        )
        kept = self.content.setdefault(by.id, {}).setdefault(task["task"], {**task, "parts": []})
        told = None if value is None else f"{value:f}"
        name = to if isinstance(to, str) else to.name
        kept["parts"].append({"to": name, "value": told, "due": None, "responsible": ""})

    def issue(self, wholes: dict[tuple[int, int], Decimal]) -> None:
        """The event by which each list was issued."""
        for place, number in self.ids.items():
            tasks = list(self.content[place].values())
            for task in tasks:
                whole = wholes.get((place, task["task"]))
                task["whole"] = None if whole is None else f"{whole:f}"
            self.scene.rows.add(
                TaskEvent,
                self.day,
                list_id=number,
                act=TaskAct.ISSUED,
                revision=1,
                at=moment(self.day),
                content=json.dumps({"tasks": tasks}, ensure_ascii=False, sort_keys=True),
            )


def issue_lists(scene: Scene, year: int) -> None:
    """The list of `year`, down to the bureaus of the counties that receive. Of a running year it
    comes with the quarter in which it is issued."""
    day = date(year, 3, 20)
    if not scene.rows.holds(day):
        return
    lists = _Lists(scene, year, day)
    wholes: dict[tuple[int, int], Decimal] = {}
    province = next(r for r in scene.regions.values() if r.level is RegionLevel.PROVINCE)
    receivers = scene.counties(year)
    targets = _targets(year)
    number = 0
    for measure, name, bureau in FIGURES:
        of = [(scene.regions[t.region_id], t) for t in targets.get(measure, ()) if t.region_id]
        of = [(place, t) for place, t in of if _city_of(scene, place) is not None]
        if not of:
            continue
        number += 1
        total = sum((target.value for _, target in of), Decimal(0))
        task = _task(scene, year, day, number, name, measure=measure, total=total)
        wholes[province.id, task["task"]] = total
        for city, below in _by_city(scene, of):
            value = sum((target.value for _, target in below), Decimal(0))
            wholes[city.id, task["task"]] = value
            lists.give(province, task, city, value)
            for county, target in below:
                lists.give(city, task, county, target.value, target_id=target.id)
                if county in receivers:
                    wholes[county.id, task["task"]] = target.value
                    lists.give(county, task, bureau, target.value)
    for name, quarter, bureau in MILESTONES:
        number += 1
        due = quarter_end(year, quarter)
        # Of a running year nobody will say that it was done.
        if not scene.rows.has_come(due):
            due = last_day(year)
        task = _task(scene, year, day, number, name, due_on=due)
        found = [(county, None) for county in receivers if _city_of(scene, county) is not None]
        for city, below in _by_city(scene, found):
            lists.give(province, task, city, None, **_done(scene, city, task, due))
            for county, _ in below:
                lists.give(city, task, county, None, **_done(scene, county, task, due))
                lists.give(county, task, bureau, None, **_done(scene, county, task, due))
    lists.issue(wholes)
    scene.rows.write()


def _targets(year: int) -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    counties = select(Region.id).where(Region.level == RegionLevel.COUNTY)
    statement = (
        select(Target)
        .join(Region, Region.id == Target.region_id)
        .where(Target.year == year, Target.region_id.in_(counties), Target.value > 0)
        .order_by(Region.code)
    )
    for target in db.session.scalars(statement):
        found.setdefault(target.measure, []).append(target)
    return found


def _task(
    scene: Scene, year: int, day: date, number: int, name: str, **about: Any
) -> dict[str, Any]:
    """A task of the list; what an event keeps of it."""
    about.setdefault("due_on", last_day(year))
    measure, total = about.get("measure"), about.get("total")
    made = scene.rows.add(
        AnnualTask,
        day,
        year=year,
        number=number,
        name=name,
        clause=f"示例任务书（{year}年）第{number}条",
        lead="示例牵头单位",
        issued_total=total,
        issued_due_on=about["due_on"],
        **about,
    )
    return {
        "task": made,
        "name": name,
        "unit": CATALOGUE.measures[measure].unit if measure else "",
        "measure": measure,
        "due": about["due_on"].isoformat(),
    }


def _done(scene: Scene, place: Region, task: dict[str, Any], due: date) -> dict[str, Any]:
    """When a milestone was done: some days before its last day; by the invented county after it."""
    rng = stream(scene.seed, "milestone", place.code or "", task["name"], due.year)
    late = place.code == INVENTED_COUNTY
    day = due + timedelta(days=rng.randint(5, 20) if late else -rng.randint(1, 10))
    if not scene.rows.has_come(day):
        return {}
    return {"done_on": day, "result": "示例：已完成并印发"}


def _city_of(scene: Scene, place: Region) -> Region | None:
    above = scene.regions.get(place.parent_id or 0)
    return above if above is not None and above.level is RegionLevel.CITY else None


def _by_city(
    scene: Scene, found: Iterable[tuple[Region, Any]]
) -> list[tuple[Region, list[tuple[Region, Any]]]]:
    by: dict[int, list[tuple[Region, Any]]] = {}
    for county, about in found:
        city = _city_of(scene, county)
        assert city is not None, "those without were left out"
        by.setdefault(city.id, []).append((county, about))
    cities = [(scene.regions[number], below) for number, below in by.items()]
    return sorted(cities, key=lambda pair: pair[0].code or "")
