"""The declared pages of the yearly task list: its tasks, and who has what of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, or_, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day
from tracker.core.quantities.shown import bare, named
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.annual import reporting, service
from tracker.records.annual.forms import AnnualTaskForm, measure_label
from tracker.records.annual.models import AnnualTask, TaskPart
from tracker.records.annual.progress_rules import Progress, find_progress, of_task, progress_part
from tracker.records.annual.queries import (
    WITH_ALL,
    events_of,
    given_of,
    seen_parts,
    seen_tasks,
    taken_back,
)
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_in_view, regions_of
from tracker.records.places.scopes import is_province, set_above
from tracker.records.targets.queries import held_by
from tracker.web.kit import (
    Action,
    Blocked,
    Column,
    Field,
    Filter,
    Kind,
    Scope,
    Section,
    Show,
    looks,
    this_year,
    through,
)
from tracker.web.kit.kinds import link_to
from tracker.web.period import selected_year
from tracker.year.measures.fields import measured, unit_of


def _measure(task: AnnualTask) -> str:
    return measure_label(task.measure) if task.measure else "事项"


def _figure(value: Any, measure: str | None) -> Markup | str:
    return looks.NOTHING if value is None or not measure else measured(value, measure)


def _total(task: AnnualTask) -> Markup | str:
    """As it stands for all, and for the province what was typed since."""
    stands = _figure(task.issued_total if task.is_issued else task.total, task.measure)
    if not task.is_issued or task.issued_total == task.total or not is_province(current_user):
        return stands
    return Markup("{}（拟调整为 {}）").format(stands, _figure(task.total, task.measure))


def _due(task: AnnualTask) -> str:
    """By when, in the like way."""
    stands = task.issued_due_on or task.due_on
    if stands == task.due_on or not is_province(current_user):
        return stands.isoformat()
    return f"{stands}（拟调整为 {task.due_on}）"


def _stands(task: AnnualTask) -> Decimal | None:
    """The total as it stands; until it is issued, as it is typed."""
    return task.issued_total if task.is_issued else task.total


def _bare(value: Decimal | None, measure: str | None) -> Markup | str:
    return looks.NOTHING if value is None or not measure else bare(value, unit_of(measure))


def _unit(measure: str | None) -> str:
    return named(unit_of(measure)) if measure else ""


def _kept(word: str, record: object) -> Markup | str:
    """A word that no line is broken in."""
    return Markup('<span class="nowrap">{}</span>').format(word) if word else ""


def _find_taken_back(tasks: Sequence[AnnualTask]) -> None:
    """Whether each was taken back, as `task.taken_back`: one statement for all."""
    found = taken_back([task.id for task in tasks])
    for task in tasks:
        held: Any = task
        held.taken_back = task.id in found


def _state(task: AnnualTask) -> str:
    if not task.is_issued:
        return "草拟"
    if not hasattr(task, "taken_back"):
        _find_taken_back([task])
    held: Any = task
    if held.taken_back:
        return "已收回"
    stands = (task.total, task.due_on) == (task.issued_total, task.issued_due_on)
    return "已下达" if stands or not is_province(current_user) else "已下达，拟调整"


def _next_number(user: User, parent: None) -> dict[str, object]:
    year = selected_year()
    used = db.session.scalars(select(AnnualTask.number).where(AnnualTask.year == year)).all()
    return {"year": year, "number": max(used, default=0) + 1, "due_on": last_day(year)}


def _reserved(user: User, task: AnnualTask | None) -> tuple[str, ...]:
    """What a task is stays as it was issued; how much and by when is adjusted."""
    if task is None or not task.is_issued:
        return ()
    return ("year", "measure", "total") if task.is_milestone else ("year", "measure")


def _tree(task: AnnualTask) -> dict[str, object] | None:
    """Province → cities → counties → bureaus, as far as the user sees, each with its progress."""
    seen = set(db.session.scalars(regions_of(current_user)))
    parts = [part for part in given_of(task) if reporting.owner_of(part) in seen]
    if not parts:
        return None
    find_progress(parts)
    places = {part.region_id for part in parts if part.region_id}
    below: dict[int, list[TaskPart]] = {}
    for part in parts:
        below.setdefault(part.list.region_id, []).append(part)
    return {
        "roots": [part for part in parts if part.list.region_id not in places],
        "below": lambda part: below.get(part.region_id, []) if part.region_id else [],
        "progress": progress_part,
        "whole": of_task(task) if is_province(current_user) else None,
        "task": task,
        "address": TASK_PARTS.address,
        "figure": _figure,
    }


ANNUAL_TASKS = Kind(
    "annual_tasks",
    AnnualTask,
    "年度任务清单",
    view=Permission.ANNUAL_VIEW,
    edit=Permission.ANNUAL_EDIT,
    scope=Scope(seen_tasks, seen_tasks, set_above),
    prepare=_find_taken_back,
    name=lambda task: f"{task.year} 年任务 {task.number} {task.name}",
    columns=(
        Column("name", sort=True),
        Column("number", sort=True, show=Show.DESK),
        Column("measure", value=_measure, look=lambda words, task: words, phone=True),
        Column("unit", "单位", value=lambda task: _unit(task.measure), look=_kept),
        Column(
            "total",
            value=_stands,
            look=lambda value, task: _bare(value, task.measure),
            number=True,
            phone=True,
        ),
        Column("due_on", value=_due, look=lambda words, task: words, sort=True, phone=True),
        Column("lead", show=Show.DESK),
        Column("state", "状态", value=_state, look=_kept, phone=True),
        Column("year", sort=True, show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        this_year(AnnualTask.year),
        Filter(
            "category",
            "类别",
            [("figure", "有指标的"), ("milestone", "事项")],
            lambda value: {
                "figure": AnnualTask.measure.is_not(None),
                "milestone": AnnualTask.measure.is_(None),
            }.get(value),
        ),
    ),
    search=(AnnualTask.name, AnnualTask.clause, AnnualTask.lead),
    search_label="任务、出处或牵头单位",
    order="number",
    subline=(
        Field("state", value=_state, look=lambda words, task: words),
        Field("origin", look=looks.origin),
    ),
    groups=(
        (
            "任务",
            (
                "year",
                "number",
                "clause",
                "lead",
                Field("measure", value=_measure, look=lambda words, task: words),
                Field("total", value=_total, look=lambda words, task: words),
                Field("due_on", value=_due, look=lambda words, task: words),
                "note",
            ),
        ),
    ),
    sections=(Section("分解与进度", "annual/tree.html", _tree, "tree"),),
    form=AnnualTaskForm,
    constraints={
        "uq_annual_tasks_number": ("number", "这个编号已经用过。"),
        "uq_annual_tasks_measure": ("measure", "本年度已有这一指标的任务；一个指标一年一项任务。"),
    },
    defaults=_next_number,
    reserved=_reserved,
    empty="这里将列出本年度的任务。由省级考核人员登记，下达以后各市、县看得到自己的。",
    list_template="annual/list.html",
)


def _level(part: TaskPart) -> str:
    return part.region.level.label if part.region is not None else "部门"


def _of_year(value: str) -> ColumnElement[bool] | None:
    if value:
        return None
    return TaskPart.task_id.in_(select(AnnualTask.id).where(AnnualTask.year == selected_year()))


def _receivers(value: str) -> ColumnElement[bool] | None:
    if value == "bureau":
        return TaskPart.bureau.is_not(None)
    levels = {"city": RegionLevel.CITY, "county": RegionLevel.COUNTY}
    if value not in levels:
        return None
    return TaskPart.region_id.in_(select(Region.id).where(Region.level == levels[value]))


def _done_or_due(value: str) -> ColumnElement[bool] | None:
    """By what is stated: of figures, that the last day is over."""
    task_due = select(AnnualTask.issued_due_on).where(AnnualTask.id == TaskPart.task_id)
    own, of_task_ = TaskPart.due_on, task_due.scalar_subquery()
    over = or_(own < today(), own.is_(None) & (of_task_ < today()))
    return {
        "done": TaskPart.done_on.is_not(None),
        "open": TaskPart.done_on.is_(None) & ~over,
        "over": TaskPart.done_on.is_(None) & over,
    }.get(value)


def _words(part: TaskPart) -> str:
    return progress_part(part).words


def _standing(progress: Progress, part: TaskPart) -> Markup:
    return Markup('<span class="badge-word task-{}">{}</span>').format(
        progress.standing.value, progress.standing.label
    )


def _action(label: str, icon: str, endpoint: str, why: Callable[[User, TaskPart], str]) -> Action:
    def blocked(user: User, part: TaskPart) -> Blocked | None:
        said = why(user, part)
        return Blocked(said) if said else None

    return Action(
        label,
        icon,
        Permission.ANNUAL_WORK,
        lambda part: url_for(endpoint, part_id=part.id),
        blocked,
        fits=lambda user, part: (
            reporting.stated_by_hand(part)
            and ((part.done_on is None) == (endpoint == "annual.report"))
        ),
    )


def _reported(part: TaskPart) -> dict[str, object] | None:
    """What was stated of the part, and taken back."""
    found = events_of(part)
    return {"events": found} if found else None


def _terms_blocked(user: User, part: TaskPart) -> Blocked | None:
    said = service.why_not(user, part.list.region)
    return Blocked(said) if said else None


TASK_PARTS = Kind(
    "task_parts",
    TaskPart,
    "任务分解",
    view=Permission.ANNUAL_VIEW,
    scope=Scope(
        lambda user: seen_parts(regions_of(user)),
        lambda user: seen_parts(regions_in_view(user)),
        lambda user, part: _not_own(user, part),
        paths=("region_id", "list.region_id"),
    ),
    name=lambda part: f"{part.full_receiver} {part.task.name}",
    load=WITH_ALL,
    prepare=find_progress,
    where=TaskPart.given.is_(True),
    columns=(
        Column(
            "task",
            "任务",
            look=lambda task, part: task.name,
            sort=through(TaskPart.task_id, AnnualTask.number),
        ),
        Column(
            "receiver", "承担单位", value=lambda p: p.full_receiver, look=lambda w, p: w, phone=True
        ),
        Column("level", "层级", value=_level, look=lambda w, p: w, show=Show.DESK),
        Column("unit", "单位", value=lambda p: _unit(p.task.measure), look=_kept),
        Column(
            "value",
            "任务数",
            look=lambda value, part: _bare(value, part.task.measure),
            number=True,
            phone=True,
        ),
        Column("progress", "状态", value=progress_part, look=_standing, phone=True),
        Column("words", "进度", value=_words, look=lambda words, part: words, show=Show.DESK),
        Column("due", "期限", value=lambda part: part.due, phone=False),
        Column("responsible", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.WIDE),
    ),
    filters=(
        Filter(
            "span",
            "年度",
            [("all", "全部年度")],
            _of_year,
            blank=lambda: f"{selected_year()} 年度",
            year_of=lambda: (
                select(AnnualTask.year).where(AnnualTask.id == TaskPart.task_id).scalar_subquery()
            ),
        ),
        Filter(
            "to",
            "层级",
            [("city", "设区市"), ("county", "县（市、区）"), ("bureau", "部门")],
            _receivers,
        ),
        Filter(
            "due",
            "期限",
            [("over", "已过期限"), ("open", "未到期限"), ("done", "已报告完成")],
            _done_or_due,
        ),
    ),
    search=(
        through(TaskPart.task_id, AnnualTask.name),
        through(TaskPart.region_id, Region.name),
        TaskPart.bureau,
        TaskPart.responsible,
    ),
    search_label="任务、地方、部门或责任人",
    order="task",
    subline=(
        Field("progress", value=progress_part, look=_standing),
        Field("origin", look=looks.origin),
    ),
    groups=(
        (
            "任务",
            (
                Field("task", look=lambda task, part: link_to(task)),
                Field("giver", "下达单位", value=lambda p: p.list.region.name, look=lambda w, p: w),
                Field("receiver", "承担单位", value=lambda p: p.full_receiver, look=lambda w, p: w),
                Field(
                    "value",
                    "任务数",
                    value=lambda part: _figure(part.value, part.task.measure),
                    look=lambda words, part: words,
                ),
                Field("due", "期限", value=lambda part: part.due.isoformat(), look=lambda w, p: w),
                "responsible",
                Field("words", "进度", value=_words, look=lambda words, part: words),
                "target",
            ),
        ),
        ("完成", ("done_on", "result")),
    ),
    actions=(
        _action("报告完成", "clipboard-check", "annual.report", reporting.why_not_report),
        _action("撤回完成", "arrow-back-up", "annual.reopen", reporting.why_not_reopen),
        Action(
            "期限和责任人",
            "pencil",
            Permission.ANNUAL_WORK,
            lambda part: url_for("annual.terms", part_id=part.id),
            _terms_blocked,
            fits=lambda user, part: not _terms_blocked(user, part),
        ),
    ),
    sections=(Section("完成的报告", "annual/events.html", _reported, "reports"),),
    empty="这里将列出下达给各地、各部门的任务。",
    list_template="annual/list.html",
    menu="annual_tasks.index",
)


def _not_own(user: User, part: TaskPart) -> Blocked | None:
    """Files prove what the own people did."""
    if user.region_id in (reporting.owner_of(part), part.list.region_id):
        return None
    return Blocked(f"这项任务由{(part.region or part.list.region).name}办理。")


@held_by
def _of_list(target: Any) -> str:
    """What was issued by a list is adjusted there."""
    part = db.session.scalar(select(TaskPart).where(TaskPart.target_id == target.id))
    if part is None:
        return ""
    return f"这项任务由{part.list.region.name}的任务清单下达，请在清单中调整。"
