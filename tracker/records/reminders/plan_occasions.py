"""What people are reminded of about key work and about planned milestones of large projects: what
is next, by which day, and what is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.shown import days_left
from tracker.records.accounts.permissions import Permission
from tracker.records.projects.milestones import has_soon, waits
from tracker.records.projects.models import Project, ProjectMilestone
from tracker.records.reminders.occasions import (
    Found,
    Occasion,
    _of,
    declare,
    late_stage,
    path_to,
    stage_before,
)
from tracker.records.works.models import KeyWork
from tracker.records.works.queries import WHOLE, lights
from tracker.records.works.steps import next_of

_BEFORE_WORK = (15, 5)  # days before the planned day of a step
_BEFORE_PLAN = (30, 7)
_REPORT = (Permission.WORKS_REPORT,)
_SET = (Permission.WORKS_EDIT,)
_OWN = (Permission.PROJECTS_EDIT,)


def _works(on: date) -> Iterator[Found]:
    """What is next of a key work: to the place in charge some days before its day, on it, and each
    week after; what is late also to the place above."""
    of = lights(on)
    statement = select(KeyWork).where(of["red"] | of["yellow"]).options(*WHOLE)
    for work in db.session.scalars(statement.order_by(KeyWork.due_on, KeyWork.id)).unique():
        step = next_of(work, on)
        assert step is not None, "it is due"
        left = (step.due_on - on).days
        late = left < 0
        stage = late_stage(on, step.due_on) if late else None
        stage = stage or stage_before(on, step.due_on, _BEFORE_WORK)
        assert stage is not None, "it is soon due"
        told = [(work.region_id, _REPORT)]
        if late and work.region.parent_id is not None:
            told.append((work.region.parent_id, _SET))
        for place, permissions in told:
            yield Found(
                f"work {work.id} {place}",
                stage,
                (place,),
                permissions,
                f"重点工作{'逾期' if late else '将到期'}：{work.name}",
                f"{work.region.name}（{work.responsible}）应于 {step.due_on} 前“{step.words}”，"
                f"{days_left(left)}。完成的请报告；没有完成的写明原因和下一步。",
                _of(work),
                step.due_on,
            )


def _plans(on: date) -> Iterator[Found]:
    """Planned milestones of large projects, to the county that owns them: some days before, on the
    day, and each week after. What of one county is planned for one day is one thing."""
    statement = (
        select(ProjectMilestone)
        .join(Project, Project.id == ProjectMilestone.project_id)
        .where(Project.terminated_on.is_(None), has_soon(on))
        .where(ProjectMilestone.planned_on <= on + timedelta(max(_BEFORE_PLAN)))
        .options(joinedload(ProjectMilestone.project))
        .order_by(ProjectMilestone.planned_on, ProjectMilestone.id)
    )
    together: dict[tuple[int, date], list[ProjectMilestone]] = defaultdict(list)
    for each in db.session.scalars(statement):
        if waits(each, each.project, on):
            together[each.project.region_id, each.planned_on].append(each)
    for (place, day), found in together.items():
        left = (day - on).days
        stage = late_stage(on, day) if left < 0 else stage_before(on, day, _BEFORE_PLAN)
        if stage is None:
            continue
        first, one = found[0], len(found) == 1
        named = (
            f"{first.project.name}计划{first.stage.label}" if one else f"{len(found)} 个计划节点"
        )
        yield Found(
            f"{place} {day}",
            stage,
            (place,),
            _OWN,
            f"{named}{'逾期' if left < 0 else '将到期'}",
            f"计划日期为 {day}，{days_left(left)}；{first.responsible}负责。"
            "已到的请登记项目的日期，没有到的抓紧推进。",
            _of(first.project) if one else path_to("projects.index", large=1, plan="yes"),
            day,
        )


declare(
    Occasion("work_due", "重点工作到期", "节点和期限前 15 天、5 天，当天，逾期后每周一次", _works),
    Occasion(
        "plan_due", "项目计划节点到期", "计划日期前 30 天、7 天，当天，逾期后每周一次", _plans
    ),
)
