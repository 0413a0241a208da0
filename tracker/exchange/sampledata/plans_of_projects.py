"""Planned milestones of large projects: some that were kept, some late, some moved."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tracker.core.db import Origin, db
from tracker.core.quantities.days import first_day, last_day
from tracker.exchange.sampledata.draw import chance, stream
from tracker.exchange.sampledata.scene import Scene
from tracker.records.projects.models import PlannedStage, Project, ProjectMilestone

PLANNED = 25  # of a hundred large projects that have a plan
_MOVED = 12  # of a hundred planned days that were moved
# Stage → days after signing between which it is planned, and what is done for it.
_STEPS = {
    PlannedStage.STARTED: (90, 210, "办理施工许可，完成场地平整"),
    PlannedStage.COMPLETED: (420, 640, "主体封顶，设备进场"),
    PlannedStage.IN_PRODUCTION: (660, 760, "设备调试，办理验收"),
}


def plan_projects(scene: Scene, year: int) -> None:
    """The plans of a quarter of the large projects that are signed in `year`."""
    statement = (
        select(Project)
        .where(
            Project.origin == Origin.SAMPLE,
            Project.is_large,
            Project.signed_on.between(first_day(year), last_day(year)),
        )
        .order_by(Project.id)
    )
    for project in db.session.scalars(statement):
        rng = stream(scene.seed, "plan of a project", project.name)
        if not chance(rng, PLANNED):
            continue
        signed = project.signed_on
        assert signed is not None, "asked for"
        before = signed
        for stage, (least, most, step) in _STEPS.items():
            first = signed + timedelta(days=rng.randint(least, most))
            if actual := getattr(project, f"{stage.value}_on"):
                # Most came within the month before or after their day.
                first = actual + timedelta(days=rng.randint(-25, 30))
            first = max(first, before)
            moved = timedelta(days=rng.randint(20, 90) if chance(rng, _MOVED) else 0)
            before = first + moved
            scene.rows.add(
                ProjectMilestone,
                signed,
                project_id=project.id,
                stage=stage,
                planned_on=before,
                first_planned_on=first,
                responsible="投资促进中心（示例）",
                next_step=f"{step}（示例）",
            )
    scene.rows.write()
