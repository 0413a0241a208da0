"""复核: the review of cards by the province, what it takes over, the lines accepted as gaps; and of
each card the columns of the stages side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.told import ToldError
from tracker.engine.scoring import SUBJECTS
from tracker.records.accounts.owners import owned_pages, runs_own, selected_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations.models import Determination
from tracker.web.access import requires
from tracker.web.asking import Act as Asking
from tracker.web.asking import asked
from tracker.web.period import selected_year, show
from tracker.web.transactions import writes
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import (
    card_row,
    cards,
    latest_snapshot,
    years_with_snapshots,
)
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.procedure import queries, service, sight
from tracker.year.procedure.checks import faults_of_card
from tracker.year.procedure.forms import GapForm, ReviewForm
from tracker.year.procedure.models import CardReview
from tracker.year.procedure.stages import (
    Rulings,
    StageColumn,
    built_on,
    differences,
    stage_columns,
)

bp = Blueprint("card_reviews", __name__, url_prefix="/assessments/reviews")
owned_pages(bp)
_STALE = "此后又计过一次分，请按最近一次的结果复核。"


@dataclass(frozen=True)
class CardState:
    """A card as the review finds it. `review` is the one that stands, `earlier` the last one where
    facts have changed since; `faults` stand against a review."""

    row: ScorecardRow
    review: CardReview | None
    earlier: CardReview | None
    faults: Sequence[str]
    taken_over: int

    @property
    def waits(self) -> bool:
        """Whether it can be reviewed and is not."""
        return self.review is None and not self.faults


@bp.get("/")
@requires(Permission.SCORECARDS_VIEW)
def index() -> ResponseReturnValue:
    """All cards in view of the chosen year by sheet, reviewed or not."""
    return _list(ReviewForm(formdata=None)), 200


@bp.post("/")
@runs_own(Permission.ASSESSMENTS_ADVANCE)
def review() -> ResponseReturnValue:
    """Review the chosen cards, or all of a sheet that wait."""
    year = selected_year()
    snapshot = latest_snapshot(year, selected_owner())
    if snapshot is None:
        form = ReviewForm(formdata=None)
        form.form_errors.append(f"{year} 年度还没有计过分，没有可以复核的评分表。")
        return _list(form), 422
    _points(snapshot)  # scored once, before anybody has to wait for it
    return _review(year)


@writes
@runs_own(Permission.ASSESSMENTS_ADVANCE)
def _review(year: int) -> ResponseReturnValue:
    snapshot = latest_snapshot(year, selected_owner()) or abort(404)
    points, form = _points(snapshot), ReviewForm()
    states = _states(snapshot, points)
    of_sheet, chosen = request.form.get("all", ""), set(request.form.getlist("card"))
    wanted = [
        state
        for state in states
        if state.waits and (state.row.sheet == of_sheet or _key(state.row) in chosen)
    ]
    if form.validate_on_submit():
        assessment = queries.assessment_of(year, selected_owner())
        if form.snapshot.data != snapshot.id:
            form.form_errors.append(_STALE)
        elif said := service.why_not_review(current_user, assessment, snapshot):
            form.form_errors.append(said)
        elif not wanted:
            form.form_errors.append("请先勾选可以复核的评分表。")
    if form.errors:
        return _list(form), 422
    if page := asked(_asking(year, wanted)):
        return page
    of = [(_subject(points, state.row), state.row.subject_code) for state in wanted]
    try:
        service.review(current_user, snapshot, points.document["sheets"], of)
    except ToldError as error:
        form.form_errors.append(str(error))
        return _list(form), 422
    flash(f"已复核 {len(of)} 份评分表。复核在下一次计分时冻结进快照。", "success")
    return redirect(url_for("card_reviews.index", year=year))


def _asking(year: int, wanted: Sequence[CardState]) -> Asking:
    over = sum(state.taken_over for state in wanted)
    says = [
        f"将复核 {len(wanted)} 份评分表，采用各表现在的全部核定值。",
        f"其中 {over} 项沿用市级初审的核定值。" if over else "没有沿用市级初审的核定值。",
        "复核记下后不能删除；此后核定值有变的，须重新复核。",
    ]
    items = [
        f"{state.row.subject_name}"
        + (f"：沿用初审 {state.taken_over} 项" if state.taken_over else "")
        for state in wanted
    ]
    back = url_for("card_reviews.index", year=year)
    title = f"复核 {len(wanted)} 份评分表（{year} 年度）"
    return Asking(title, says, "复核", back, "procedure.index", items)


def _list(form: ReviewForm) -> str:
    year = selected_year()
    snapshot = latest_snapshot(year, selected_owner())
    points = _points(snapshot) if snapshot else None
    states = _states(snapshot, points) if snapshot and points else []
    assessment = queries.assessment_of(year, selected_owner())
    if snapshot and form.snapshot.data is None:
        form.snapshot.data = snapshot.id
    by_sheet: dict[str, list[CardState]] = {}
    for state in states:
        by_sheet.setdefault(state.row.sheet, []).append(state)
    return render_template(
        "procedure/reviews.html",
        form=form,
        snapshot=snapshot,
        assessment=assessment,
        sheets=[
            (code, SUBJECTS[points.sheets[code].rulebook.subject], of)
            for code, of in by_sheet.items()
            if points
        ],
        reviewed=sum(state.review is not None for state in states),
        number=len(states),
        blocked=service.why_not_review(current_user, assessment, snapshot) if snapshot else "",
        key=_key,
        chosen=request.form.getlist("card"),
        scored_years=years_with_snapshots(selected_owner()),
    )


@bp.get("/<int:year>/<sheet>/<subject_code>")
@requires(Permission.SCORECARDS_VIEW)
def card(year: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """A card's review, its gaps, and the columns of the stages side by side."""
    return _card_page(*_wanted(year, sheet, subject_code), GapForm(formdata=None)), 200


@bp.post("/<int:year>/<sheet>/<subject_code>")
@runs_own(Permission.ASSESSMENTS_ADVANCE)
def gap(year: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """Accept a line that cannot be scored as a gap, or take that back."""
    _wanted(year, sheet, subject_code)
    return _gap(year, sheet, subject_code)


@writes
@runs_own(Permission.ASSESSMENTS_ADVANCE)
def _gap(year: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    row, points = _wanted(year, sheet, subject_code)
    form = GapForm()
    accepted = request.form.get("accepted") == "1"
    if form.validate_on_submit():
        try:
            service.set_gap(
                current_user,
                year,
                (_subject(points, row), subject_code),
                form.line.data or "",
                accepted,
                form.reason.data or "",
                _unscorable(points.sheets[sheet], subject_code),
                row.snapshot.owner_region_id,
            )
        except service.ProcedureError as error:
            form.form_errors.append(str(error))
    if form.errors:
        return _card_page(row, points, form), 422
    flash("已作为缺口认可，再计一次分后印在评分表上。" if accepted else "已撤销。", "success")
    return redirect(url_for(".card", year=year, sheet=sheet, subject_code=subject_code))


def _card_page(row: ScorecardRow, points: ScoredSnapshot, form: GapForm) -> str:
    year, code = row.snapshot.year, row.subject_code
    sheet = points.sheets[row.sheet]
    subject = sheet.rulebook.subject
    assessment = queries.assessment_of(year, selected_owner())
    columns = stage_columns(queries.stage_snapshots(year, row.snapshot.owner_region_id))
    return render_template(
        "procedure/card.html",
        form=form,
        row=row,
        state=_states(row.snapshot, points, row)[0],
        key=_key(row),
        blocked=service.why_not_review(current_user, assessment, row.snapshot),
        assessment=assessment,
        kind=sheet.frozen["subjects"][code]["kind"],
        columns=[(each, each.card(row.sheet, code)) for each in columns],
        differences=differences(columns, row.sheet, code, _rulings(row, columns)),
        taken_over=[points.document["measures"][name]["label"] for name in sheet.taken_over(code)],
        unscorable=[line for line in sheet.card(code).lines if line.state == "unscorable"],
        gaps=queries.accepted_gaps(year, row.snapshot.owner_region_id).get((subject, code), {}),
        reviews=queries.reviews_of(year, subject, code, row.snapshot.owner_region_id),
        labels={name: about["label"] for name, about in points.document["measures"].items()},
    )


def _rulings(row: ScorecardRow, columns: Sequence[StageColumn]) -> Rulings:
    """All rulings on the facts of a card and of the cards that it builds on, of which the user sees
    the points."""
    points = _points(row.snapshot)
    wanted = built_on(columns, row.sheet, row.subject_code)
    seen = {(each.sheet, each.subject_code) for each in sight.cards(row.snapshot, current_user)}
    rows = [row] + [
        each
        for each in cards(row.snapshot, current_user)
        if each.id != row.id
        and (each.sheet, each.subject_code) in seen
        and (_subject(points, each), each.subject_code) in wanted
    ]
    found: dict[tuple[str, str], Mapping[str, Sequence[Determination]]] = {
        (_subject(points, each), each.subject_code): {} for each in rows
    }
    for subject in subjects_to_rule(row.snapshot, rows):
        of = _subject(points, subject.card), subject.card.subject_code
        found[of] = {fact.name: fact.rulings for fact in subject.facts}
    return found


def _unscorable(sheet: ScoredSheet, code: str) -> set[str]:
    return {line.code for line in sheet.card(code).lines if line.state == "unscorable"}


def _wanted(year: int, sheet: str, subject_code: str) -> tuple[ScorecardRow, ScoredSnapshot]:
    show(year)
    snapshot = latest_snapshot(year, selected_owner()) or abort(404)
    row = card_row(snapshot.id, sheet, subject_code, current_user) or abort(404)
    return row, _points(snapshot)


def _points(snapshot: Snapshot) -> ScoredSnapshot:
    return scored_of(snapshot)


def _subject(points: ScoredSnapshot, row: ScorecardRow) -> str:
    return points.sheets[row.sheet].rulebook.subject


def _key(row: ScorecardRow) -> str:
    return f"{row.sheet} {row.subject_code}"


def _states(
    snapshot: Snapshot, points: ScoredSnapshot, only: ScorecardRow | None = None
) -> list[CardState]:
    """The cards in view, or one of them, as the review finds them."""
    latest = queries.latest_reviews(snapshot.year, snapshot.owner_region_id)
    found = []
    for row in [only] if only else cards(snapshot, current_user):
        sheet = points.sheets[row.sheet]
        last = latest.get((sheet.rulebook.subject, row.subject_code))
        stands = last is not None and last.facts_sha256 == queries.facts_digest(
            sheet.frozen, row.subject_code
        )
        found.append(
            CardState(
                row,
                last if stands else None,
                None if stands else last,
                faults_of_card(sheet.frozen, row.subject_code),
                len(sheet.taken_over(row.subject_code)),
            )
        )
    return found
