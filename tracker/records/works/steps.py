"""Who says what of a work, and by which rule it is late.

Pure of acts: `service` takes the steps, the pages show them, and both ask here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.places.scopes import is_province
from tracker.records.works.models import KeyWork, Milestone, WorkAct

A, P = WorkAct, Permission
SOON = 15  # days before a planned day from which the light is yellow
RULE = (
    f"期限或一个节点的计划日期已过而没有完成的为红灯；{SOON} 天内到期的为黄灯；"
    "其余为绿灯；报告完成的为已完成。"
)
LIGHTS = (
    ("red", "红灯（逾期）"),
    ("yellow", f"黄灯（{SOON} 天内到期）"),
    ("green", "绿灯"),
    ("done", "已完成"),
)


@dataclass(frozen=True)
class Step:
    """An act, whose it is, and whether the work has to be open for it."""

    act: WorkAct
    permission: Permission
    icon: str
    by_place: bool  # the people of the place in charge; else those who set it
    of_open: bool


STEPS = {
    step.act: step
    for step in (
        Step(A.REPORTED, P.WORKS_REPORT, "pencil", by_place=True, of_open=True),
        Step(A.FINISHED, P.WORKS_REPORT, "clipboard-check", by_place=True, of_open=True),
        Step(A.REOPENED, P.WORKS_EDIT, "arrow-back-up", by_place=False, of_open=False),
    )
}


def sets(user: User, work: KeyWork) -> bool:
    """Whether `user`'s place lies above the one in charge: whoever is obliged never sets it."""
    return is_province(user) or (
        user.region_id is not None and work.region.parent_id == user.region_id
    )


def is_one_of(user: User, work: KeyWork, step: Step) -> bool:
    """Whether `user` is of those who ever take the step, by role and place."""
    if not user.may(step.permission):
        return False
    return user.region_id == work.region_id if step.by_place else sets(user, work)


def why_not(user: User, work: KeyWork, step: Step) -> str:
    """Why `user` cannot take the step now; "" if they can."""
    if not is_one_of(user, work, step):
        takers = work.region.name if step.by_place else "下达的省、设区市"
        return f"“{step.act.label}”由{takers}办理，您的账户不能办理。"
    if step.of_open and work.finished_on is not None:
        return "这项工作已报告完成。需要改动的，请上级退回。"
    if not step.of_open and work.finished_on is None:
        return "这项工作还没有报告完成，不用退回。"
    return ""


# -- lateness


@dataclass(frozen=True)
class Next:
    """What is to be done next, and by which day."""

    words: str
    due_on: date

    def days_late(self, on: date) -> int:
        """For how many days it has been due; 0 where it is not."""
        return max(0, (on - self.due_on).days)


def is_open_on(work: KeyWork, on: date) -> bool:
    """Whether it was not done yet on a day."""
    return work.finished_on is None or work.finished_on > on


def _waits(milestone: Milestone, on: date) -> bool:
    return milestone.reached_on is None or milestone.reached_on > on


def next_of(work: KeyWork, on: date | None = None) -> Next | None:
    """The first thing that is not done on a day, by its planned day; None where nothing is left."""
    day = on or today()
    if not is_open_on(work, day):
        return None
    waiting = [Next(each.name, each.planned_on) for each in work.milestones if _waits(each, day)]
    return min([*waiting, Next("全部完成", work.due_on)], key=lambda each: each.due_on)


def light_of(work: KeyWork, on: date | None = None) -> tuple[str, str]:
    """The light by `RULE`, with its words: (red, 红灯：逾期 3 天)."""
    day = on or today()
    step = next_of(work, day)
    if step is None:
        return "done", "已完成"
    left = step.due_on - day
    if left < timedelta():
        return "red", f"红灯：逾期 {-left.days:,} 天"
    if left <= timedelta(SOON):
        return "yellow", f"黄灯：{f'还有 {left.days} 天' if left else '今天到期'}"
    return "green", f"绿灯：还有 {left.days} 天"
