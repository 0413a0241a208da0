"""A project's own page: how far it has come, its money by quarter, and what sources say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import url_for
from flask.typing import ResponseReturnValue

from tracker.core.db import Precision
from tracker.core.provenance.said import said_of
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Permission
from tracker.records.exchanges.spans import part_of_region
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import PROJECT_KINDS, EntryKind
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.sums import together
from tracker.records.projects.kinds import PROJECTS
from tracker.records.projects.models import Project, ProjectStage
from tracker.records.submissions.quarters import years_of
from tracker.site.blueprint import bp
from tracker.web.access import requires
from tracker.web.kit import Action, detail_page
from tracker.web.period import selected_year
from tracker.year.assessments.years import other_of_record
from tracker.year.measures.counting import counting_of, uncounted_words

_REACHED = (EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT)
_ALWAYS = (
    ProjectStage.SIGNED,
    ProjectStage.STARTED,
    ProjectStage.COMPLETED,
    ProjectStage.IN_PRODUCTION,
)


@dataclass(frozen=True)
class Step:
    """A stage on the way: the day it was reached (None: not yet), days after the one before."""

    stage: ProjectStage
    on: date | None
    after: int | None


@dataclass(frozen=True)
class Reached:
    """What was put in so far, of all years; `share` of the planned investment, None where that
    is not reported."""

    kind: EntryKind
    sum: Sum | None
    share: Decimal | None


@bp.get("/projects/<id:project_id>")
@requires(Permission.PROJECTS_VIEW)
def project(project_id: int) -> ResponseReturnValue:
    """One project."""
    enter = Action(
        "登记资金",
        "plus",
        Permission.LEDGER_ENTER,
        lambda record: url_for("ledger.new_of_project", project_id=record.id),
        PROJECTS.blocked,
        primary=True,
    )
    return detail_page(PROJECTS, project_id, actions=[enter], data=_of_project)


def _of_project(project: Project) -> dict[str, object]:
    part = part_of_region(project.region_id)
    years = years_of(project, PROJECT_KINDS, part)
    whole = {
        kind: together(year.sums[kind] for year in years if kind in year.sums)
        for kind in PROJECT_KINDS
        if any(kind in year.sums for year in years)
    }
    counting, steps = counting_of(project, selected_year()), steps_of(project)
    return {
        "counting": counting,
        "warnings": uncounted_words(counting, selected_year()),
        "steps": steps,
        "since": _since(project),
        "reached": [_reached(project, kind, whole.get(kind)) for kind in _REACHED],
        "kinds": [kind for kind in PROJECT_KINDS if kind in whole or kind in _REACHED],
        "sums_of_all": whole,
        "years_of_money": years,
        "other": other_of_record(
            selected_year(),
            (year.year for year in years),
            (step.on.year for step in steps if step.on),
        ),
        "part": part,
        "entries": ledger.entries_of(project),
        "said": said_of(project.sourced_values),
    }


def _warnings(project: Project) -> list[str]:
    """Why the project will not count for the year in view, as it is kept now."""
    return uncounted_words(counting_of(project, selected_year()), selected_year())


PROJECTS.warnings = _warnings


def steps_of(project: Project) -> list[Step]:
    """The stages that were reached and those of every project that lie ahead, in their order.

    Where a source gave only the month or the year, no days are counted.
    """
    found: list[Step] = []
    before: date | None = None
    for stage in ProjectStage:
        on = getattr(project, f"{stage.value}_on")
        if on is None and (stage not in _ALWAYS or project.terminated_on):
            continue
        exact = on if on and _is_exact(project, stage) else None
        found.append(Step(stage, on, (exact - before).days if exact and before else None))
        before = exact if on else before
    return found


def _is_exact(project: Project, stage: ProjectStage) -> bool:
    return not any(
        said.field == f"{stage.value}_on" and said.adopted and said.precision is Precision.ABOUT
        for said in project.sourced_values
    )


def _since(project: Project) -> int | None:
    """Days since the present stage was reached; None where no day is known."""
    on = getattr(project, f"{project.stage.value}_on")
    return (today() - on).days if on and _is_exact(project, project.stage) else None


def _reached(project: Project, kind: EntryKind, whole: Sum | None) -> Reached:
    planned = project.total_investment
    return Reached(kind, whole, whole.amount / planned if whole and planned else None)
