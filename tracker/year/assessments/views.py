"""考核: freezing and scoring a year, what stands in its way, and what the last scoring changed."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core import jobs
from tracker.core.db import db, statistics
from tracker.records.accounts.owners import (
    owned_pages,
    owner_shown,
    runs,
    runs_own,
    selected_owner,
    show_owner,
    whose_words,
)
from tracker.records.accounts.permissions import Permission
from tracker.records.background import asking as background
from tracker.records.background.models import BackgroundJob, WorkState
from tracker.records.background.queries import get, waiting
from tracker.web.asking import asked
from tracker.web.period import selected_year
from tracker.web.tables import asked_number
from tracker.web.transactions import writes
from tracker.year.assessments import asking, queries, service
from tracker.year.assessments.compared import Compared, compare
from tracker.year.assessments.forms import ScoreForm
from tracker.year.assessments.jobs import SCORE
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.state import year_state

SNAPSHOTS_SHOWN = 10
_DONE = "已冻结事实并计分。"
_UNCHANGED = "事实和细则与上次计分时相同，沿用上次的结果。"

bp = Blueprint("assessments", __name__, url_prefix="/assessments")
owned_pages(bp)


@bp.get("/")
@runs_own(Permission.ASSESSMENTS_SCORE)
def index() -> ResponseReturnValue:
    """The chosen year's state and all snapshots; while it is scored, how far that is, and then what
    it changed."""
    asked_for = asked_number("scoring")
    scoring = get(asked_for, current_user) if asked_for else None
    if scoring is not None and scoring.kind != SCORE:
        scoring = None
    if scoring is not None and scoring.state is WorkState.DONE:
        return _scored(scoring)
    number = asked_number("snapshot")
    snapshot = db.session.get(Snapshot, number) if number else None
    if snapshot is not None and snapshot.owner_region_id != selected_owner():
        abort(404)
    form = ScoreForm(formdata=None, data={"year": selected_year()})
    changed = _changed_by(snapshot) if snapshot else None
    return _page(form, 200, changed, scoring or _waiting(form.year.data))


@bp.post("/score")
@runs_own(Permission.ASSESSMENTS_SCORE)
def score() -> ResponseReturnValue:
    """Freeze the year's facts and score them, once that was confirmed."""
    form = ScoreForm()
    if form.validate():
        if page := asked(asking.scoring(year_state(form.year.data, selected_owner()))):
            return page
        if jobs.worker_seen(current_app.config["TRACKER"]):
            return _ask(form.year.data)
        # Nobody would take it from the queue: the page waits for it.
        try:
            answer = _keep(service.frozen_year(form.year.data, owner=selected_owner()))
        except service.AssessmentError as error:
            form.form_errors.append(str(error))
        else:
            statistics.refresh()
            return answer
    return _page(form, 422, None, None)


@writes
@runs_own(Permission.ASSESSMENTS_SCORE)
def _ask(year: int) -> ResponseReturnValue:
    """Leave it to a worker; the job is sent once this request has committed."""
    city = owner_shown()
    if city is None:
        return background.begin(SCORE, year, title=f"{year} 年度计分")
    title = f"{whose_words(city.name)} {year} 年度计分"
    return background.begin(SCORE, year, city.id, title=title)


def _waiting(year: int) -> BackgroundJob | None:
    """The scoring of the page's owner that waits for a worker."""
    owner = selected_owner()
    return waiting(SCORE, year) if owner is None else waiting(SCORE, year, owner)


def _scored(scoring: BackgroundJob) -> ResponseReturnValue:
    """To what a scoring that has ended well gave, also from the part of the page that waits."""
    snapshot = db.session.get_one(Snapshot, scoring.result_id)
    show_owner(snapshot.owner_region_id)
    added = snapshot.frozen_at >= scoring.asked_at.replace(microsecond=0)
    flash(_DONE if added else _UNCHANGED, "success")
    shown = snapshot.id if added else None
    address = url_for("assessments.index", year=snapshot.year, snapshot=shown)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@writes
@runs_own(Permission.ASSESSMENTS_SCORE)
def _keep(frozen: service.Frozen) -> ResponseReturnValue:
    snapshot = service.keep(frozen, current_user.id)
    added = snapshot is frozen.snapshot
    flash(_DONE if added else _UNCHANGED, "success")
    shown = snapshot.id if added else None
    return redirect(url_for("assessments.index", year=snapshot.year, snapshot=shown))


def _changed_by(snapshot: Snapshot) -> Compared | None:
    if not runs(current_user, snapshot.owner_region_id):
        return None  # what changed is told of all places
    before = queries.snapshot_before(snapshot)
    return compare(before, snapshot) if before else None


def _page(
    form: ScoreForm, status: int, compared: Compared | None, scoring: BackgroundJob | None
) -> ResponseReturnValue:
    snapshots = queries.snapshots(owner=selected_owner())
    page = render_template(
        "assessments/index.html",
        form=form,
        state=year_state(form.year.data or selected_year(), selected_owner()),
        compared=compared,
        scoring=scoring,
        worker=scoring is None
        or not scoring.waits
        or jobs.worker_seen(current_app.config["TRACKER"]),
        snapshots=snapshots[:SNAPSHOTS_SHOWN],
        more_snapshots=len(snapshots) > SNAPSHOTS_SHOWN,
    )
    return page, status
