"""Objections: their list and pages, filing one on a line of a card, withdrawal and answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.quantities.printed import as_decimal
from tracker.core.quantities.shown import in_unit, in_words
from tracker.engine.scoring import explain, plain, score_label
from tracker.records.accounts.owners import of_owner, owned_pages, selected_owner, show_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations.models import RulingLevel
from tracker.web.access import requires
from tracker.web.asking import Act, asked
from tracker.web.kit import Blocked, blocked_page, detail_page, record_blueprint
from tracker.web.kit.acts import version_of
from tracker.web.period import show
from tracker.web.transactions import field_errors, writes
from tracker.year.assessments.awaited import SubjectToRule
from tracker.year.assessments.models import ScorecardRow
from tracker.year.assessments.queries import card_row, latest_snapshot
from tracker.year.assessments.standing_rules import status_words
from tracker.year.measures.fields import measure_words, measured, unit_of
from tracker.year.measures.labels import by_rule_words, undone_words
from tracker.year.objections import queries, service, steps
from tracker.year.objections.forms import Asked, WithdrawForm, answer_form, file_form
from tracker.year.objections.kinds import OBJECTIONS
from tracker.year.objections.models import CORRECTING, Objection, ObjectionAct
from tracker.year.procedure.queries import assessment_of

CHANGED = "这件申诉刚刚有变动，请核对后再办理。"
_STAYS = "答复记下后不能修改或撤回"
_CORRECTED = "；更正的核定留在核定经过中，计分后计入评分表"


def _get(objection_id: int) -> Objection:
    """An objection, whose year and assessment the page is then about; 404 out of sight."""
    found = OBJECTIONS.get(current_user, objection_id) or abort(404)
    show(found.assessment.year)
    show_owner(found.assessment.owner_region_id)
    return found


def _detail(objection_id: int) -> ResponseReturnValue:
    _get(objection_id)
    return detail_page(OBJECTIONS, objection_id, data=_course)


bp = record_blueprint(OBJECTIONS, detail=_detail)
owned_pages(bp)


# -- what of a card stands beside


@dataclass(frozen=True)
class Beside:
    """A line of a card: what its rulebook is, clause and words of its rule, full marks, the points
    of each column that is worked out, its arithmetic, and its facts: (label, value, measure)."""

    rules: str
    clause: str
    words: str
    points: str
    columns: tuple[tuple[str, str], ...]
    explain: str
    facts: tuple[tuple[str, Any, str], ...]


def _beside(row: ScorecardRow, code: str) -> Beside | None:
    points = queries.points_of(row.snapshot)
    sheet = points.sheets[row.sheet]
    line = queries.line_of(sheet, row.subject_code, code)
    if line is None:
        return None
    known = points.document["measures"]
    labels = {name: about["label"] for name, about in known.items()}
    labels |= {name: score_label(name) for name in line.inputs if name.startswith("score.")}
    units = {name: about["unit"] for name, about in known.items()}
    units |= {name: "分" for name in line.inputs if name.startswith("score.")}
    levels = list(RulingLevel)
    columns = []
    for level in levels[: levels.index(sheet.column) + 1]:
        found = sheet.card(row.subject_code, level).line(code)
        columns.append((level.label, queries.without_points(found) or str(found.award)))
    book = sheet.rulebook
    return Beside(
        f"{book.title}（{status_words(book.status, book.document)}）",
        line.indicator.clause,
        line.indicator.words,
        plain(line.points),
        tuple(columns),
        explain(line, labels, units),
        tuple(
            (
                labels.get(name, name),
                _said(value, name, units.get(name, ""))
                + by_rule_words(sheet.undone(row.subject_code, name, value)),
                name,
            )
            for name, value in line.inputs.items()
            if not name.startswith("score.")
        ),
    )


def _said(value: Any, name: str, unit: str) -> Any:
    """A fact in words; what a document gives has the unit of its measure in the snapshot alone."""
    found = _decimal(value)
    return measured(found, name) if unit_of(name) else in_unit(found, unit)


def _decimal(value: Any) -> Decimal | None:
    """An exact figure of the engine as a decimal, which all measures are."""
    return None if value is None else as_decimal(value)


def _course(objection: Objection) -> Mapping[str, Any]:
    """The card's line as it was published and as it is now, and what was done."""
    row = _card_of(objection)
    latest = latest_snapshot(objection.assessment.year, objection.assessment.owner_region_id)
    now = None
    if latest is not None and row is not None and latest.id != objection.snapshot_id:
        now = card_row(latest.id, objection.sheet, objection.subject_code, current_user)
    return {
        "row": row,
        "then": _beside(row, objection.line) if row is not None else None,
        "now_row": now,
        "now": _beside(now, objection.line) if now is not None else None,
        "measured": measured,
        "measure_words": measure_words,
    }


def _card_of(objection: Objection) -> ScorecardRow | None:
    return card_row(objection.snapshot_id, objection.sheet, objection.subject_code, current_user)


# -- filing


@bp.get("/<int:year>/<sheet>/<subject_code>/<line>/new")
@requires(Permission.OBJECTIONS_FILE)
def file(year: int, sheet: str, subject_code: str, line: str) -> ResponseReturnValue:
    """The form that objects to a line of a card that is published."""
    return _file(year, sheet, subject_code, line)


@bp.post("/<int:year>/<sheet>/<subject_code>/<line>/new")
@requires(Permission.OBJECTIONS_FILE)
def hand_in(year: int, sheet: str, subject_code: str, line: str) -> ResponseReturnValue:
    """Object to a line of a card."""
    _published(year, sheet, subject_code, line)  # scored once, before anybody has to wait for it
    return _hand_in(year, sheet, subject_code, line)


@writes
@requires(Permission.OBJECTIONS_FILE)
def _hand_in(year: int, sheet: str, subject_code: str, line: str) -> ResponseReturnValue:
    return _file(year, sheet, subject_code, line)


def _file(year: int, sheet: str, subject_code: str, line: str) -> ResponseReturnValue:
    row = _published(year, sheet, subject_code, line)
    found = queries.points_of(row.snapshot).sheets[sheet]
    said = service.why_not_file(current_user, row, found.rulebook.subject, line)
    if said:
        own = steps.files(current_user, row.region_id)
        return _not_now(row, line, said), 409 if own else 403
    scored = queries.line_of(found, subject_code, line)
    assert scored is not None, "it was looked for"
    names = queries.ruled_measures(scored)
    undone = {name: found.undone(subject_code, name, scored.inputs[name]) for name in names}
    form: Any = file_form(_asked(names, scored.inputs, undone))()
    if form.validate_on_submit():
        try:
            with field_errors(form, {"uq_objections_line": ("words", "这一条已有申诉待答复。")}):
                made = service.file(
                    current_user,
                    row,
                    line,
                    form.words.data,
                    form.given(),
                    address=request.remote_addr,
                )
        except service.ObjectionError as error:
            _beside_field(form, error)
        if not form.errors:
            g.made = OBJECTIONS.address(made)
            flash(f"已提出第 {made.id} 号申诉。佐证材料在这一页上传。", "success")
            return redirect(OBJECTIONS.address(made))
    page = render_template(
        "objections/file.html",
        kind=OBJECTIONS,
        row=row,
        line=scored,
        then=_beside(row, line),
        form=form,
        assessment=assessment_of(year, row.snapshot.owner_region_id),
        back=_line_address(row, line),
    )
    return page, 422 if form.is_submitted() else 200


def _published(year: int, sheet: str, subject_code: str, line: str) -> ScorecardRow:
    """The card of the published snapshot, or before there is one of the latest; 404 for those out
    of sight, and for lines that it has not."""
    owner = selected_owner()
    snapshot = queries.notified(year, owner) or latest_snapshot(year, owner) or abort(404)
    row = card_row(snapshot.id, sheet, subject_code, current_user) or abort(404)
    if queries.line_of(queries.points_of(snapshot).sheets[sheet], subject_code, line) is None:
        abort(404)
    return row


def _not_now(row: ScorecardRow, line: str, said: str) -> str:
    return render_template(
        "objections/blocked.html", kind=OBJECTIONS, said=said, back=_line_address(row, line)
    )


def _line_address(row: ScorecardRow, line: str) -> str:
    at: dict[str, Any] = {
        "snapshot_id": row.snapshot_id,
        "sheet": row.sheet,
        "subject_code": row.subject_code,
    }
    return url_for("scorecards.detail", **at) + f"#line-{line}"


def _asked(
    names: Sequence[str], values: Mapping[str, Any], undone: Mapping[str, str]
) -> list[Asked]:
    return [
        Asked(
            name,
            str(measure_words(name)),
            unit_of(name),
            in_words(measured(_decimal(values.get(name)), name)) + by_rule_words(undone[name]),
        )
        for name in names
    ]


def _beside_field(form: Any, error: service.ObjectionError) -> None:
    """An error beside the field that it is about, else above the form."""
    field = error.field if error.field in form else form.field_of(error.field)
    if field:
        form.add_error(field, str(error))
    else:
        form.form_errors.append(str(error))


# -- withdrawing


@bp.route("/<id:objection_id>/withdraw", methods=["GET", "POST"])
@writes
@requires(Permission.OBJECTIONS_FILE)
def withdraw(objection_id: int) -> ResponseReturnValue:
    """Take back an objection that nobody has answered."""
    objection = _get(objection_id)
    if said := steps.why_no_withdrawal(current_user, objection):
        own = steps.files(current_user, objection.region_id)
        return blocked_page(
            OBJECTIONS, objection, None, Blocked(said), status=409 if own else 403, doing="撤回申诉"
        )
    form: Any = WithdrawForm()
    if form.validate_on_submit():
        service.withdraw(current_user, objection, form.reason.data, address=request.remote_addr)
        flash(f"已撤回第 {objection.id} 号申诉。", "success")
        return redirect(OBJECTIONS.address(objection))
    page = render_template(
        "objections/withdraw.html", kind=OBJECTIONS, objection=objection, form=form
    )
    return page, 422 if form.is_submitted() else 200


# -- answering


@bp.get("/<id:objection_id>/answer")
@requires(Permission.OBJECTIONS_ANSWER)
def answer(objection_id: int) -> ResponseReturnValue:
    """The form that answers an objection."""
    objection = _get(objection_id)
    return _answer(objection)


@bp.post("/<id:objection_id>/answer")
@requires(Permission.OBJECTIONS_ANSWER)
def decide(objection_id: int) -> ResponseReturnValue:
    """Answer an objection, once that was confirmed."""
    objection = _get(objection_id)
    queries.subject_now(objection)  # scored once, before anybody has to wait for it
    return _decide(objection_id)


@writes
@requires(Permission.OBJECTIONS_ANSWER)
def _decide(objection_id: int) -> ResponseReturnValue:
    return _answer(_get(objection_id))


def _answer(objection: Objection) -> ResponseReturnValue:
    if said := steps.why_no_answer(current_user, objection):
        mine = steps.answers(current_user, objection.assessment.owner_region_id)
        return blocked_page(
            OBJECTIONS,
            objection,
            None,
            Blocked(said),
            status=409 if mine else 403,
            doing="答复申诉",
        )
    found = queries.subject_now(objection)
    facts = queries.facts_to_correct(objection, found)
    values = {fact.name: fact.at(RulingLevel.PROVINCE).value for fact in facts}
    only_refusing = steps.why_no_answer(None, objection, ObjectionAct.GRANTED)
    undone = {
        fact.name: undone_words(fact.name, values[fact.name], fact.references) for fact in facts
    }
    of = _asked([fact.name for fact in facts], values, undone)
    form: Any = answer_form(of, only_refusing)(version=version_of(objection))
    if form.validate_on_submit():
        if form.version.data != version_of(objection):
            form.form_errors.append(CHANGED)
        else:
            _try(objection, found, form)
        if not form.errors:
            if page := asked(_answering(objection, form)):
                return page
            flash(f"已答复第 {objection.id} 号申诉：{objection.state.label}。", "success")
            return redirect(OBJECTIONS.address(objection))
    page = render_template(
        "objections/answer.html",
        kind=OBJECTIONS,
        objection=objection,
        form=form,
        only_refusing=only_refusing,
        **_course(objection),
    )
    return page, 422 if form.is_submitted() else 200


def _try(objection: Objection, found: SubjectToRule | None, form: Any) -> None:
    try:
        service.answer(
            current_user,
            objection,
            form.how.data,
            form.reason.data,
            found,
            form.given(),
            address=request.remote_addr,
        )
    except service.ObjectionError as error:
        _beside_field(form, error)


def _answering(objection: Objection, form: Any) -> Act:
    how = form.how.data
    says = [
        f"第 {objection.id} 号申诉（{objection.subject_name}，{objection.line_words}），"
        f"将答复{how.label.removeprefix('答复：')}。",
        f"理由：{form.reason.data}",
    ]
    given = form.given()
    if how in CORRECTING and given:
        owner = objection.assessment.owner_region_id
        said = f"同时由省级更正核定 {len(given)} 项，请随后再计一次分。"
        says.append(of_owner(said, owner))
        says.append(f"{_STAYS}{_CORRECTED}。")
    else:
        says.append(f"{_STAYS}。")
    items = [
        f"{measure_words(name)}：{in_words(measured(value, name))}" for name, value in given.items()
    ]
    title = f"答复第 {objection.id} 号申诉"
    back = url_for("objections.answer", objection_id=objection.id)
    return Act(title, says, "答复", back, "objections.index", items)
