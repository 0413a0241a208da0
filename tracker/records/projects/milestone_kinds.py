"""The pages of the milestones that are planned for large projects."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.days import last_day_yet
from tracker.records.accounts.permissions import Permission
from tracker.records.projects.forms import MILESTONE_CONSTRAINTS, MilestoneForm
from tracker.records.projects.kinds import PROJECTS
from tracker.records.projects.milestones import actual_of, stand_of
from tracker.records.projects.models import PlannedStage, Project, ProjectMilestone
from tracker.web.kit import Column, Field, Kind, Show, looks
from tracker.web.kit.kinds import Parent
from tracker.web.period import selected_year


def _is_planned(project: Project) -> bool:
    return project.is_large or bool(project.milestones)


def _actual(milestone: ProjectMilestone) -> date | None:
    return actual_of(milestone.project, milestone.stage)


def _stands(milestone: ProjectMilestone) -> Markup | str:
    day = last_day_yet(selected_year())
    colour, words = stand_of(milestone, day).words
    return looks.light(colour, words) if colour else looks.NOTHING


_EITHER_WAY = {PlannedStage.COMPLETED, PlannedStage.IN_PRODUCTION}  # 投产 may come before 竣工


def _out_of_order(milestone: ProjectMilestone) -> tuple[str, str] | None:
    """A stage that is planned for a day before that of one it follows."""
    of_project = ProjectMilestone.project_id == milestone.project_id
    others = select(ProjectMilestone).where(of_project, ProjectMilestone.id != milestone.id)
    order = list(PlannedStage)
    for other in db.session.scalars(others):
        if {milestone.stage, other.stage} == _EITHER_WAY:
            continue
        first, then = sorted((milestone, other), key=lambda each: order.index(each.stage))
        if first.planned_on > then.planned_on:
            return (
                "planned_on",
                f"计划{then.stage.label}的日期 {then.planned_on} 早于计划{first.stage.label}的日期 "
                f"{first.planned_on}。请核对两处日期。",
            )
    return None


PROJECT_MILESTONES = Kind(
    "project_milestones",
    ProjectMilestone,
    "计划节点",
    view=Permission.PROJECTS_VIEW,
    edit=Permission.PROJECTS_EDIT,
    parent=Parent(PROJECTS, "project_id", fits=_is_planned),
    name=lambda milestone: f"计划{milestone.stage.label}",
    load=(joinedload(ProjectMilestone.project),),
    columns=(
        Column("stage", phone=False),
        Column("planned_on", sort=True, phone=True),
        Column("first_planned_on", sort=True, show=Show.WIDE),
        Column("actual", "实际日期", value=_actual, phone=True),
        Column("stands", "情况", value=_stands, look=lambda said, of: said, phone=True),
        Column("responsible", show=Show.DESK),
        Column("next_step", show=Show.DESK),
        Column("origin", "来源", look=looks.origin, show=Show.WIDE),
    ),
    order="planned_on",
    against=_out_of_order,
    subline=(
        Field("stands", "情况", value=_stands, look=lambda said, of: said),
        Field("origin", look=looks.origin),
    ),
    groups=(
        (
            "计划节点",
            (
                "project",
                "stage",
                "planned_on",
                "first_planned_on",
                Field("actual", "实际日期", value=_actual),
                "responsible",
                Field("next_step", look=looks.quoted),
            ),
        ),
    ),
    form=MilestoneForm,
    constraints=MILESTONE_CONSTRAINTS,
    empty="这里将列出这个亿元以上项目的计划节点：计划哪天签约、开工、竣工、投产，由谁负责。",
)
