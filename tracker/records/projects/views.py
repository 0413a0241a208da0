"""The list of projects, the forms that make and change one, a project's own page (how far it has
come, its money by quarter, what sources say), and the partner's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.db import Precision
from tracker.core.provenance.said import said_of
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Permission
from tracker.records.exchanges.spans import part_of_region
from tracker.records.ledger import queries as ledger
from tracker.records.ledger import reached_kinds
from tracker.records.ledger.models import PROJECT_KINDS, EntryKind
from tracker.records.ledger.quarters import years_of
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.sums import together
from tracker.records.projects import service
from tracker.records.projects.forms import AnswerForm, ReplyForm
from tracker.records.projects.kinds import PROJECTS
from tracker.records.projects.milestone_kinds import PROJECT_MILESTONES
from tracker.records.projects.milestones import Stand, stands_of
from tracker.records.projects.models import Project, ProjectStage
from tracker.web.access import requires
from tracker.web.kit import Action, Blocked, blocked_page, detail_page, record_blueprint
from tracker.web.period import selected_year
from tracker.web.transactions import writes
from tracker.year.assessments.years import other_of_record
from tracker.year.measures.counting import counting_of, uncounted_words

__all__ = ["bp", "reached_kinds"]  # the latter hangs its columns onto the list of projects

_REACHED = (EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT)
_ALWAYS = (
    ProjectStage.SIGNED,
    ProjectStage.STARTED,
    ProjectStage.COMPLETED,
    ProjectStage.IN_PRODUCTION,
)


@dataclass(frozen=True)
class Step:
    """A stage on the way: the day it was reached (None: not yet), days after the one before, and
    how it stands against its plan, where it has one."""

    stage: ProjectStage
    on: date | None
    after: int | None
    plan: Stand | None = None


@dataclass(frozen=True)
class Reached:
    """What was put in so far, of all years; `share` of the planned investment, None where that
    is not reported."""

    kind: EntryKind
    sum: Sum | None
    share: Decimal | None


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


bp = record_blueprint(PROJECTS, project)
blueprints = (bp, record_blueprint(PROJECT_MILESTONES))


@bp.route("/<id:project_id>/answer", methods=["GET", "POST"])
@writes
@requires(Permission.PROJECTS_EDIT)
def answer(project_id: int) -> ResponseReturnValue:
    """The partner county confirms what the owner entered, or disputes it."""
    project = PROJECTS.get(current_user, project_id) or abort(404)
    if reason := service.not_partner(current_user, project):
        return blocked_page(
            PROJECTS, project, None, Blocked(reason), status=409, doing="答复项目登记"
        )
    form = AnswerForm(obj=project)
    if form.validate_on_submit():
        try:
            view, note = form.partner_view.data, form.partner_note.data
            service.answer_as_partner(current_user, project, view, note)
        except service.PartnerError as error:
            form.add_error("partner_note", str(error))
        if not form.errors:
            flash("已记下本县意见。", "success")
            return redirect(PROJECTS.address(project))
    status = 422 if form.is_submitted() else 200
    return render_template("projects/answer.html", form=form, record=project), status


@bp.route("/<id:project_id>/reply", methods=["GET", "POST"])
@writes
@requires(Permission.PROJECTS_EDIT)
def reply(project_id: int) -> ResponseReturnValue:
    """The owner answers the partner that disputes the project."""
    project = PROJECTS.get(current_user, project_id) or abort(404)
    if reason := service.not_owner(current_user, project):
        return blocked_page(
            PROJECTS, project, None, Blocked(reason), status=409, doing="回复对方的异议"
        )
    form = ReplyForm(obj=project)
    if form.validate_on_submit():
        service.answer_as_owner(current_user, project, form.owner_answer.data)
        flash("已记下本县答复。", "success")
        return redirect(PROJECTS.address(project))
    status = 422 if form.is_submitted() else 200
    return render_template("projects/reply.html", form=form, record=project), status


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
    planned = {
        each.stage.value: each for each in stands_of(project, today()) if each.planned is not None
    }
    for stage in ProjectStage:
        on = getattr(project, f"{stage.value}_on")
        if on is None and (stage not in _ALWAYS or project.terminated_on):
            continue
        exact = on if on and _is_exact(project, stage) else None
        passed = (exact - before).days if exact and before else None
        found.append(Step(stage, on, passed, planned.get(stage.value)))
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
    return Reached(kind, whole, whole.figure.value / planned if whole and planned else None)
