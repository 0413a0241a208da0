"""考核: freezing and scoring a year, and the snapshots there are."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.permissions import Permission
from tracker.assessments import queries, service
from tracker.assessments.forms import ScoreForm
from tracker.web.access import requires
from tracker.web.period import selected_year

_DONE = "已冻结事实并计分。"
_UNCHANGED = "事实和细则与上次计分时相同，沿用上次的结果。"

bp = Blueprint("assessments", __name__, url_prefix="/assessments")


@bp.get("/")
@requires(Permission.ASSESSMENTS_SCORE)
def index() -> ResponseReturnValue:
    """The chosen year's state and all snapshots."""
    return _page(ScoreForm(formdata=None, data={"year": selected_year()}), 200)


@bp.post("/score")
@requires(Permission.ASSESSMENTS_SCORE)
def score() -> ResponseReturnValue:
    """Freeze the year's facts and score them."""
    form = ScoreForm()
    if form.validate():
        before = queries.latest_snapshot(form.year.data)
        try:
            snapshot = service.freeze_and_score(form.year.data, current_user)
        except service.AssessmentError as error:
            form.form_errors.append(str(error))
        else:
            unchanged = before is not None and before.id == snapshot.id
            flash(_UNCHANGED if unchanged else _DONE, "success")
            return redirect(url_for("scorecards.index", snapshot=snapshot.id, year=snapshot.year))
    return _page(form, 422)


def _page(form: ScoreForm, status: int) -> ResponseReturnValue:
    year = form.year.data or selected_year()
    page = render_template(
        "assessments/index.html",
        form=form,
        latest=queries.latest_snapshot(year),
        latest_year=year,
        snapshots=queries.snapshots(),
    )
    return page, status
