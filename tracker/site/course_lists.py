"""Assessments that go their course, each with what is next and by when."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.owners import of as owned_by
from tracker.records.places.models import Region
from tracker.site.work_lists import Row, Todo, todo_of
from tracker.web.ways import way
from tracker.year.procedure.models import Assessment, Stage
from tracker.year.procedure.steps import onward


def running(owner: Region | None = None) -> list[Todo]:
    """The years of `owner` that are not circulated, the oldest first; of a city nothing where it
    has never begun to assess."""
    of_owner = owned_by(Assessment.owner_region_id, owner.id if owner else None)
    runs = (Assessment.stage != Stage.CIRCULAR, of_owner)
    code = owner.code if owner else None
    if owner and not db.session.scalar(select(select(Assessment.id).where(*runs).exists())):
        return []

    def row(each: Assessment) -> Row:
        page = way("procedure.index", year=each.year, owner=code)
        step = onward(each)
        return Row(each.name, page, _state(each), step.act.label if step else "", page)

    statement = select(Assessment).where(*runs).options(selectinload(Assessment.days))
    return [
        todo_of(
            "running-assessments",
            "进行中的市考县" if owner else "进行中的考核",
            statement.order_by(Assessment.year),
            runs,
            row,
            "启动以后、通报以前的年度考核会列在这里。目前没有。",
            way("procedure.index", owner=code),
        )
    ]


def _state(of: Assessment) -> str:
    if of.stage is Stage.NOTICE:
        return f"公示到 {of.notice_until} 为止"
    due = of.due_on(of.stage)
    if due is None:
        return f"{of.called(of.stage)}阶段"
    late = (today() - due).days
    over = f"，已过 {late} 天" if late > 0 else ""
    return f"{of.called(of.stage)}阶段，{due} 前办完{over}"
