"""What is stated to be done: milestones, and the parts of bureaus that share a figure. The acting
user is given; nothing commits."""

from __future__ import annotations

from datetime import date

from tracker.core.db import db
from tracker.core.db.audit import because
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import first_day
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.annual.models import (
    TaskAct,
    TaskEvent,
    TaskPart,
)
from tracker.records.annual.queries import (
    has_figure_of_place,
)
from tracker.records.annual.service import NotTheirsError, TaskError, people_of


def stated_by_hand(part: TaskPart) -> bool:
    """Whether its people say that it is done: of milestones, and of bureaus that share a figure, of
    which no record tells who did what."""
    if not part.given or part.task.is_milestone:
        return part.given
    return part.bureau is not None and not has_figure_of_place(part)


def owner_of(part: TaskPart) -> int:
    """The region (id) whose people report on a part."""
    return part.region_id or part.list.region_id


def why_not_report(user: User, part: TaskPart) -> str:
    """Why `user` cannot report the part done; "" where they can."""
    if not part.given:
        return "这项任务还没有下达。"
    if not stated_by_hand(part):
        return "这项任务的完成情况由有关记录算出，不用填报。"
    if not user.may(Permission.ANNUAL_WORK) or user.region_id != owner_of(part):
        own = part.region or part.list.region
        return f"完成情况由{own.name}的工作人员填报。"
    return ""


def why_not_reopen(user: User, part: TaskPart) -> str:
    """Why `user` cannot take back that a part is done: its people, and those who gave it, can."""
    if part.done_on is None:
        return "还没有报告完成。"
    if user.may(Permission.ANNUAL_WORK) and user.region_id in (owner_of(part), part.list.region_id):
        return ""
    return f"由填报单位或{people_of(part.list.region)}办理。"


def report(
    user: User, part: TaskPart, done_on: date, result: str, *, address: str | None = None
) -> None:
    """State that a part was done on a day, with what was done. Raises TaskError."""
    if said := why_not_report(user, part):
        raise NotTheirsError(said)
    if part.done_on is not None:
        raise TaskError("已经报告完成；有误的请先撤回。")
    if not result.strip():
        raise TaskError("请写明完成情况。")
    if done_on > today():
        raise TaskError("完成日期晚于今天，请填写已经发生的日期。")
    if done_on < first_day(year := part.list.year):
        raise TaskError(f"完成日期早于 {year} 年，不是这一年任务的完成，请核对。")
    _note(user, part, TaskAct.DONE, result.strip(), address, done_on)


def reopen(user: User, part: TaskPart, reason: str, *, address: str | None = None) -> None:
    """Take back that a part is done. Raises TaskError."""
    if said := why_not_reopen(user, part):
        raise NotTheirsError(said)
    if not reason.strip():
        raise TaskError("请写明撤回的理由。")
    _note(user, part, TaskAct.REOPENED, reason.strip(), address, None)


def _note(
    user: User,
    part: TaskPart,
    act: TaskAct,
    words: str,
    address: str | None,
    done_on: date | None,
) -> None:
    event = TaskEvent(list=part.list, part=part, act=act, actor=user, reason=words, address=address)
    with because(db.session, words):
        part.done_on, part.result = done_on, words if done_on else ""
        db.session.add(event)
