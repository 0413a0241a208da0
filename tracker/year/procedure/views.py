"""考核进程: the course of a year for all to see, and its steps for the province."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core import jobs
from tracker.core.quantities.clock import today
from tracker.records.accounts.owners import (
    of_owner,
    owned_pages,
    owner_shown,
    runs_own,
    seen_cities,
    selected_owner,
    whose_words,
)
from tracker.records.accounts.permissions import Permission
from tracker.records.background import asking as background
from tracker.records.background.models import BackgroundJob
from tracker.records.background.queries import get
from tracker.records.submissions.workdays import years_known
from tracker.web.access import requires
from tracker.web.asking import Act as Asking
from tracker.web.asking import asked
from tracker.web.kit.acts import version_of
from tracker.web.period import selected_year, show
from tracker.web.tables import asked_number
from tracker.web.transactions import writes
from tracker.year.assessments.queries import latest_of_cities
from tracker.year.assessments.service import AssessmentError
from tracker.year.procedure import advancing, queries, service, steps
from tracker.year.procedure.checks import ERROR, Asked, precheck
from tracker.year.procedure.forms import DaysForm, form_of
from tracker.year.procedure.jobs import STEP, waiting_step
from tracker.year.procedure.models import DATED, STAGES, Act, Assessment, Stage
from tracker.year.rulebooks.queries import owners_with_books

bp = Blueprint("procedure", __name__, url_prefix="/assessments/course")
owned_pages(bp)
CHANGED = "考核进程刚刚有变动，请核对现在的阶段后再办理。"


@bp.get("/")
@requires(Permission.SCORECARDS_VIEW)
def index() -> ResponseReturnValue:
    """How far the chosen year's assessment has come; for those who move it on, what is next and
    what stands in its way."""
    number = asked_number("step")
    job = get(number, current_user) if number else None
    if job is not None and job.kind != STEP:
        job = None
    if job is not None:
        show(int(job.given[0]))
    year, owner = selected_year(), selected_owner()
    assessment = queries.assessment_of(year, owner)
    moves = steps.moves(current_user, owner)
    step = steps.onward(assessment) if assessment else None
    tree = precheck(step.act, Asked(year, owner=owner)) if moves and step else ()
    job = job or (waiting_step(year, owner) if moves else None)
    return render_template(
        "procedure/index.html",
        assessment=assessment,
        stages=STAGES,
        step=step,
        back=steps.back(assessment) if assessment else None,
        moves=moves,
        blocked=service.why_not(current_user, assessment, step.act) if assessment and step else "",
        tree=tree,
        errors=sum(len(branch.faults) for branch in tree if branch.weight is ERROR),
        events=queries.events_of(assessment) if assessment else (),
        job=job,
        worker=_worker(job),
        today=today(),
        opened_years=[each.year for each in queries.assessments(owner)],
    )


@bp.get("/cities")
@requires(Permission.SCORECARDS_VIEW)
def cities() -> ResponseReturnValue:
    """The cities that assess their own counties, as far as the reader sees any of it."""
    year, found = selected_year(), seen_cities(current_user)
    assessments = queries.of_cities(year)
    books, snapshots = owners_with_books(year), latest_of_cities(year)
    rows = [
        (city, assessments.get(city.id), city.id in books, snapshots.get(city.id)) for city in found
    ]
    return render_template("procedure/cities.html", rows=rows)


def _worker(job: BackgroundJob | None) -> bool:
    return job is None or not job.waits or jobs.worker_seen(current_app.config["TRACKER"])


@bp.route("/<int:year>/days", methods=["GET", "POST"])
@writes
@runs_own(Permission.ASSESSMENTS_ADVANCE)
def days(year: int) -> ResponseReturnValue:
    """Open the assessment of a year with the last days of its stages, or set them anew."""
    if year not in service.YEARS:
        abort(404)
    show(year)
    owner = selected_owner()
    assessment = queries.assessment_of(year, owner)
    stated: dict[Stage, Any] = service.usual_days(year)
    if assessment is not None:
        stated |= {each.stage: each.stated_on for each in assessment.days}
    form = DaysForm(data={stage.value: stated[stage] for stage in DATED})
    if form.validate_on_submit():
        try:
            service.open_year(
                current_user, year, form.stated(), address=request.remote_addr, owner=owner
            )
        except service.ProcedureError as error:
            form.form_errors.append(str(error))
        if not form.errors:
            flash(
                "已设定各阶段的截止日。" if assessment else f"已启动 {year} 年度考核。", "success"
            )
            return redirect(url_for(".index", year=year))
    page = render_template(
        "procedure/days.html",
        form=form,
        of_year=year,
        assessment=assessment,
        stages=DATED,
        unknown=year + 1 not in years_known(),
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/<int:year>/step/<act>")
@runs_own(Permission.ASSESSMENTS_ADVANCE)
def step(year: int, act: str) -> ResponseReturnValue:
    """A step with all that is to be known before it."""
    assessment, what = _wanted(year, act)
    form = form_of(steps.STEPS[what])(version=version_of(assessment))
    return _step_page(assessment, what, form), 200


@bp.post("/<int:year>/step/<act>")
@runs_own(Permission.ASSESSMENTS_ADVANCE)
def take(year: int, act: str) -> ResponseReturnValue:
    """Take a step: at once, or, where facts are frozen with it, by a worker."""
    assessment, what = _wanted(year, act)
    form = form_of(steps.STEPS[what])(version=version_of(assessment))
    if not form.validate_on_submit():
        return _step_page(assessment, what, form), 422
    if form.version.data != version_of(assessment):
        form.form_errors.append(CHANGED)
        form.version.raw_data = [str(version_of(assessment))]
        return _step_page(assessment, what, form), 422
    if said := service.why_not(current_user, assessment, what):
        form.form_errors.append(said)
        return _step_page(assessment, what, form), 409
    if page := asked(_asking(assessment, what)):
        return page
    freezes = steps.STEPS[what].freezes
    if freezes and jobs.worker_seen(current_app.config["TRACKER"]):
        return _ask(year, what, form.reason.data or "")
    try:
        prepared = advancing.prepare(year, what, owner=selected_owner())
        return _take(prepared, form.reason.data or "", _document(form))
    except (service.ProcedureError, AssessmentError) as error:
        form.form_errors.append(str(error))
    return _step_page(assessment, what, form), 422


@writes
@runs_own(Permission.ASSESSMENTS_ADVANCE)
def _ask(year: int, what: Act, reason: str) -> ResponseReturnValue:
    if (found := waiting_step(year, selected_owner())) is not None:  # asked for by somebody else
        return background.go_on(found)
    given: list[Any] = [year, what.value, reason, request.remote_addr or ""]
    title, city = f"{year} 年度{what.label}", owner_shown()
    if city is not None:
        given, title = [*given, city.id], f"{whose_words(city.name)} {title}"
    return background.begin(STEP, *given, title=title)


@writes
@runs_own(Permission.ASSESSMENTS_ADVANCE)
def _take(prepared: advancing.Prepared, reason: str, document: str) -> ResponseReturnValue:
    event = advancing.take(
        prepared, current_user, reason=reason, document=document, address=request.remote_addr
    )
    flash(
        f"已办理“{event.act.label}”，现在是“{event.assessment.called(event.to_stage)}”阶段。",
        "success",
    )
    return redirect(url_for("procedure.index", year=prepared.year))


def _document(form: Any) -> str:
    return form.document.data or "" if "document" in form else ""


def _wanted(year: int, act: str) -> tuple[Assessment, Act]:
    """The assessment and the act of an address; 404 where there is none."""
    show(year)
    assessment = queries.assessment_of(year, selected_owner())
    what = next((each for each in steps.STEPS if each.value == act), None)
    if assessment is None or what is None:
        abort(404)
    return assessment, what


def _asking(assessment: Assessment, what: Act) -> Asking:
    of = steps.STEPS[what]
    to = steps.target(assessment, of)
    says = [
        f"{assessment.name}将从“{assessment.called(assessment.stage)}”转到"
        f"“{assessment.called(to)}”阶段。",
        of_owner(of.words, assessment.owner_region_id),
        "办理人、时间和理由留在考核进程中，不能修改。",
    ]
    return Asking(
        f"{what.label}（{assessment.year} 年度）",
        says,
        what.label,
        url_for("procedure.index", year=assessment.year),
        "procedure.index",
        busy="正在冻结和核对，请勿关闭页面" if of.freezes else "",
    )


def _step_page(assessment: Assessment, what: Act, form: Any) -> str:
    of = steps.STEPS[what]
    return render_template(
        "procedure/step.html",
        assessment=assessment,
        step=of,
        to=steps.target(assessment, of),
        form=form,
        blocked=service.why_not(current_user, assessment, what),
        tree=precheck(what, Asked(assessment.year, owner=assessment.owner_region_id)),
    )
