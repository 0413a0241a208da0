"""Supervision orders: in each quarter one that was answered and accepted; as a running year stands,
also one that waits, one that was answered, one sent back, and one overdue at 示例县."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from tracker.core.db import Origin, db
from tracker.core.quantities.days import quarter_end
from tracker.exchange.sampledata.rows import moment
from tracker.exchange.sampledata.scene import INVENTED_COUNTY, Scene
from tracker.records.places.models import Region, RegionLevel
from tracker.records.projects.models import Project
from tracker.records.supervision.models import (
    OrderAct,
    OrderState,
    SupervisionEvent,
    SupervisionOrder,
)

A, S = OrderAct, OrderState
_TO = {A.ISSUED: S.ISSUED, A.ANSWERED: S.ANSWERED, A.RETURNED: S.RETURNED, A.ACCEPTED: S.ACCEPTED}


@dataclass(frozen=True)
class _Act:
    """An act so many days after the end of the quarter; `due` of one that sets a last day."""

    act: OrderAct
    on: int
    due: int | None = None
    words: str = ""


_ANSWER = _Act(A.ANSWERED, -14, words="已协调用地指标，本月开工（示例）。")
# What became of an order; the quarter's first is done at its end.
DONE = (_Act(A.ISSUED, -40, -10), _ANSWER, _Act(A.ACCEPTED, -6))
AGAIN = (
    _Act(A.ISSUED, -60, -30),
    _Act(A.ANSWERED, -34, words="正在协调（示例）。"),
    _Act(A.RETURNED, -32, -10, "没有写明下一步安排和时间（示例）。"),
    _ANSWER,
    _Act(A.ACCEPTED, -6),
)
WAITING = (_Act(A.ISSUED, -5, 75),)
ANSWERED = (_Act(A.ISSUED, -40, 10), _Act(A.ANSWERED, -3, words="已完成整改（示例）。"))
RETURNED = (*ANSWERED[:1], _ANSWER, _Act(A.RETURNED, -8, 80, "没有附进度安排（示例）。"))
OVERDUE = (_Act(A.ISSUED, -60, -20),)


def years_of_orders(scene: Scene, year: int) -> None:
    """The orders of `year`. Of a running year those that are open are of the last quarter that is
    over."""
    late = next(each for each in scene.regions.values() if each.code == INVENTED_COUNTY)
    real = [each for each in scene.counties(year) if each.id != late.id]
    ends = [quarter_end(year, number) for number in range(1, 5)]
    last = scene.rows.last_day
    for number, end in enumerate(ends):
        place = real[(year * 5 + number * 7) % len(real)]
        _order(scene, end, place, AGAIN if number == 2 else DONE, by_city=bool(number % 2))
        if end == last:
            for step, way in enumerate((WAITING, ANSWERED, RETURNED), 1):
                other = real[(year * 5 + number * 7 + step * 3) % len(real)]
                _order(scene, end, other, way, by_city=way is ANSWERED)
            _order(scene, end, late, OVERDUE, by_city=False)
    scene.rows.write()


def _order(scene: Scene, end: date, place: Region, way: tuple[_Act, ...], *, by_city: bool) -> None:
    days = [end + timedelta(days=each.on) for each in way]
    issued, dues = days[0], [each.due for each in way if each.due is not None]
    province = next(e for e in scene.regions.values() if e.level is RegionLevel.PROVINCE)
    issuer = place.parent_id if by_city else province.id
    values: dict[str, Any] = {"name": f"推进{place.name}重点事项（示例）"}
    if project := _project(place, issued):
        values = {"name": f"推进{place.name}项目按期开工（示例）", "project_id": project}
    number = scene.rows.add(
        SupervisionOrder,
        issued,
        demand="说明进度滞后的原因，报送下一步安排和时间（示例）。",
        due_on=end + timedelta(days=dues[-1]),
        issuer_id=issuer,
        county_id=place.id,
        needs_proof=False,
        state=_TO[way[-1].act],
        state_at=moment(days[-1]),
        **values,
    )
    if number is None:
        return
    before = None
    for each, day in zip(way, days, strict=True):
        scene.rows.add(
            SupervisionEvent,
            issued,
            order_id=number,
            act=each.act,
            from_state=before,
            to_state=_TO[each.act],
            at=moment(day),
            reason=each.words,
            due_on=end + timedelta(days=each.due) if each.due is not None else None,
        )
        before = _TO[each.act]


def _project(place: Region, on: date) -> int | None:
    """The last large sample project of a place that was signed by a day and has not begun then."""
    wanted = (
        select(Project.id)
        .where(
            Project.origin == Origin.SAMPLE,
            Project.region_id == place.id,
            Project.is_large,
            Project.signed_on <= on,
            Project.started_on.is_(None) | (Project.started_on > on),
            Project.terminated_on.is_(None),
        )
        .order_by(Project.signed_on.desc(), Project.id)
    )
    return db.session.scalar(wanted.limit(1))
