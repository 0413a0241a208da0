"""Planned milestones of projects against the days on which stages were reached: the one rule by
which a plan is late, as a function and as a condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from tracker.records.projects.models import PlannedStage, Project, ProjectMilestone

SOON = timedelta(days=30)  # before a planned day, from which a milestone is soon due
RULE = (
    "计划日期已过而项目没有到这个阶段、也没有到以后阶段的为逾期；"
    f"{SOON.days} 天内到期的为将到期。实际日期取项目登记的日期。"
)
# A stage is passed where it or one that comes after it was reached: 投产 may come before 竣工.
_PASSED_BY = {
    stage: tuple(f"{each.value}_on" for each in list(PlannedStage)[number:])
    for number, stage in enumerate(PlannedStage)
}


def actual_of(project: Project, stage: PlannedStage) -> date | None:
    """The day on which a project reached a stage, as it is on record."""
    found: date | None = getattr(project, f"{stage.value}_on")
    return found


def waits(milestone: ProjectMilestone, project: Project, on: date) -> bool:
    """Whether `project` has not come to the stage of its milestone by a day."""
    days = (getattr(project, name) for name in _PASSED_BY[milestone.stage])
    return all(day is None or day > on for day in days)


def next_of(project: Project, on: date) -> ProjectMilestone | None:
    """The planned milestone that a project comes to next, by its planned day; None without one."""
    left = (each for each in project.milestones if waits(each, project, on))
    return min(left, key=lambda each: (each.planned_on, each.id), default=None)


@dataclass(frozen=True)
class Stand:
    """How a stage stands on a day: its milestone (None: none is planned), the actual day, and for
    how many days it is late: of one that was reached, after its planned day (below nought: before
    it); of one that waits, until the day. None where nothing can be compared."""

    stage: PlannedStage
    planned: ProjectMilestone | None
    actual: date | None
    waits: bool
    late: int | None

    @property
    def words(self) -> tuple[str, str]:
        """The light and what it says: (red, 逾期 12 天); ("", "") where nothing is compared."""
        if self.planned is None or self.late is None:
            return "", ""
        if not self.waits:
            if self.late > 0:
                return "done", f"迟 {self.late:,} 天"
            return "done", f"早 {-self.late} 天" if self.late else "按期"
        if self.late > 0:
            return "red", f"逾期 {self.late:,} 天"
        left = f"还有 {-self.late} 天" if self.late else "今天到期"
        return ("yellow" if -self.late <= SOON.days else "green"), left


def stand_of(milestone: ProjectMilestone, on: date) -> Stand:
    """How a planned milestone stands on a day, its plan against what happened."""
    return _stand(milestone.project, milestone.stage, milestone, on)


def stands_of(project: Project, on: date) -> list[Stand]:
    """All four stages of a project, those without a plan too."""
    planned = {each.stage: each for each in project.milestones}
    return [_stand(project, stage, planned.get(stage), on) for stage in PlannedStage]


def _stand(
    project: Project, stage: PlannedStage, planned: ProjectMilestone | None, on: date
) -> Stand:
    actual = actual_of(project, stage)
    reached = actual if actual is not None and actual <= on else None
    if planned is None:
        return Stand(stage, None, reached, False, None)
    waiting = waits(planned, project, on)
    until = on if waiting else reached
    late = (until - planned.planned_on).days if until is not None else None
    return Stand(stage, planned, reached, waiting, late)


# -- as conditions of statements


def _waiting(on: date) -> ColumnElement[bool]:
    """`waits`, of a milestone beside its project."""
    of_stages: Iterable[ColumnElement[bool]] = (
        and_(
            ProjectMilestone.stage == stage,
            *(or_(getattr(Project, name).is_(None), getattr(Project, name) > on) for name in names),
        )
        for stage, names in _PASSED_BY.items()
    )
    return or_(*of_stages)


def has_waiting(on: date, until: date | None = None) -> ColumnElement[bool]:
    """Whether a milestone of the project waits on a day; planned for `until` at the latest, where
    that is given."""
    some = select(ProjectMilestone.id).where(
        ProjectMilestone.project_id == Project.id,
        _waiting(on),
        *([ProjectMilestone.planned_on <= until] if until is not None else []),
    )
    return some.correlate(Project).exists()


def first_waiting(on: date) -> ColumnElement[date]:
    """The first planned day of those of a project's milestones that wait on a day; none: NULL."""
    of_project = ProjectMilestone.project_id == Project.id
    first = select(func.min(ProjectMilestone.planned_on)).where(of_project, _waiting(on))
    return first.correlate(Project).scalar_subquery()


def has_late(on: date) -> ColumnElement[bool]:
    """Whether a milestone's planned day has passed by a day and the project has not come to it."""
    return has_waiting(on, on - timedelta(days=1))


def has_soon(on: date) -> ColumnElement[bool]:
    """Whether a milestone that waits is planned for the next `SOON` or before."""
    return has_waiting(on, on + SOON)


def has_plan() -> ColumnElement[bool]:
    """Whether any milestone is planned for the project."""
    some = select(ProjectMilestone.id).where(ProjectMilestone.project_id == Project.id)
    return some.correlate(Project).exists()
