"""Assessments that go their course, each with what is next and by when."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker.core.quantities.clock import today
from tracker.site.work_lists import Row, Todo, todo_of
from tracker.web.ways import way
from tracker.year.procedure.models import Assessment, Stage
from tracker.year.procedure.steps import onward


def running() -> list[Todo]:
    """The years that are not circulated, the oldest first."""
    runs = (Assessment.stage != Stage.CIRCULAR,)

    def row(each: Assessment) -> Row:
        page = way("procedure.index", year=each.year)
        step = onward(each)
        return Row(
            f"{each.year} 年度考核", page, _state(each), step.act.label if step else "", page
        )

    statement = select(Assessment).where(*runs).options(selectinload(Assessment.days))
    return [
        todo_of(
            "running-assessments",
            "进行中的考核",
            statement.order_by(Assessment.year),
            runs,
            row,
            "启动以后、通报以前的年度考核会列在这里。目前没有。",
            way("procedure.index"),
        )
    ]


def _state(of: Assessment) -> str:
    if of.stage is Stage.NOTICE:
        return f"公示到 {of.notice_until} 为止"
    due = of.due_on(of.stage)
    if due is None:
        return f"{of.stage.label}阶段"
    late = (today() - due).days
    over = f"，已过 {late} 天" if late > 0 else ""
    return f"{of.stage.label}阶段，{due} 前办完{over}"
