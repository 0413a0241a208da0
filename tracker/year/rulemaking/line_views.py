"""One indicator of a draft as a form: what it says and what it gives, as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.engine.scoring import RulebookError
from tracker.engine.scoring.methods import RULES
from tracker.records.accounts.owners import owned_pages, runs_own, selected_owner
from tracker.records.accounts.permissions import Permission
from tracker.web.asking import Act, asked
from tracker.web.period import show
from tracker.web.tables import number_of
from tracker.web.transactions import writes
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.queries import snapshots
from tracker.year.assessments.rosters import ROSTERS
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.labels import labels_of
from tracker.year.rulebooks import editing, line_forms, service
from tracker.year.rulebooks.drafting import draft_book, probe
from tracker.year.rulebooks.line_forms import LineForm, PartForm
from tracker.year.rulebooks.models import SetAct, StoredFile
from tracker.year.rulebooks.printed import printed_line
from tracker.year.rulebooks.shelf import SET_FILE
from tracker.year.rulemaking.drafts import SECTION, drafted, seen
from tracker.year.rulemaking.working import subjects_of, worked

bp = Blueprint("rulelines", __name__, url_prefix="/rulebooks/files")
owned_pages(bp)

_FAULTS_SHOWN = 3


@bp.route("/<id:rulebook_file_id>/line", methods=["GET", "POST"])
@runs_own(Permission.RULEBOOKS_EDIT)
def line(rulebook_file_id: int) -> ResponseReturnValue:
    """An indicator (`?line=`, none for a new one) as a form. Everything but saving only looks."""
    file = drafted(rulebook_file_id)
    if file.path == SET_FILE:
        raise service.SetError("整套文件没有指标")
    code = request.args.get("line", "")
    rows = {str(row.get("code")): row for row in editing.rows_of(file.text)}
    if code and code not in rows:
        raise service.SetError(f"这一本没有编号为 {code} 的指标，可能已被他人删去")
    if request.method == "GET":
        form = line_forms.of_row(rows[code]) if code else LineForm()
        return _page(file, code, form, 200)
    form = line_forms.of_sent(request.form)
    act = request.form.get("act", "look")
    if act != "save":
        _grown(form, act)
        return _page(file, code, form, 200)
    row = form.row()
    if row.get("code") != code and row.get("code") in rows:
        form.wrong("code", f"编号 {row['code']} 已有，请换一个。")
    if not form.errors:
        try:
            probe(file.text, row)
        except RulebookError as error:
            form.told(error.faults)
    if form.errors:
        return _page(file, code, form, 422)
    try:
        return _save(file.id, code, row)
    except service.SetError as error:
        form.wrong("", str(error))
        # What another has saved is seen now: what is sent next stands beside it.
        return _page(file, code, form, 422, service.mark_of(file.text))


@writes
@runs_own(Permission.RULEBOOKS_EDIT)
def _save(file_id: int, code: str, row: dict[str, Any]) -> ResponseReturnValue:
    file = drafted(file_id)
    about = f"{row['code']} {row['name']}"
    change = partial(editing.with_line, code=code or None, row=row)
    service.rewrite(file, change, seen(), SetAct.LINE, about, current_user)
    flash(f"已保存指标 {about}。", "success")
    if faults := draft_book(file.path, file.text).faults:
        shown = "；".join(faults[:_FAULTS_SHOWN])
        more = f"，另有 {len(faults) - _FAULTS_SHOWN} 处" if len(faults) > _FAULTS_SHOWN else ""
        flash(f"整本细则还有要改之处：{shown}{more}。", "info")
    return redirect(url_for("rulefiles.file", rulebook_file_id=file_id))


@bp.post("/<id:rulebook_file_id>/line/remove")
@writes
@runs_own(Permission.RULEBOOKS_EDIT)
def remove_line(rulebook_file_id: int) -> ResponseReturnValue:
    """Take an indicator out of a rulebook, once that was confirmed."""
    file = drafted(rulebook_file_id)
    code = request.form.get("line", "")
    back = url_for("rulefiles.file", rulebook_file_id=file.id)
    name = next((r.get("name") for r in editing.rows_of(file.text) if r.get("code") == code), None)
    if name is None:
        raise service.SetError("没有这一指标，可能已被他人删去")
    says = [f"将从《{file.set.name}》的 {file.path} 删去指标 {code} {name}。删去后不能恢复。"]
    given = service.mark_of(file.text)
    if page := asked(Act(f"删去指标 {code}", says, "删去", back, SECTION, given=given)):
        return page
    about = f"{code} {name}"
    change = partial(editing.without_line, code=code)
    service.rewrite(file, change, given, SetAct.LINE_REMOVED, about, current_user)
    flash(f"已删去指标 {about}。", "success")
    return redirect(back)


def _grown(form: LineForm, act: str) -> None:
    """Let the form have one part or one row more or less, as a button asks."""
    what, _, number = act.partition("-")
    place = int(number) if number.isdecimal() and len(number) < 3 else 0
    if what == "part" and len(form.parts) < line_forms.MOST_PARTS:
        form.parts.append(PartForm())
    elif what == "drop" and 0 < place < len(form.parts):
        del form.parts[place]
    elif what == "rows" and place < len(form.parts):
        rows = form.parts[place].rows
        if len(rows) < line_forms.MOST_ROWS:
            rows += _blank_rows(form.parts[place])


def _blank_rows(part: PartForm) -> list[list[str]]:
    """Three rows to fill in; none where the method has no table."""
    wanted = line_forms.parts_of_rows(part.method)
    return [[""] * len(wanted) for _ in range(3)] if wanted else []


def _page(
    file: StoredFile, code: str, form: LineForm, status: int, mark: str = ""
) -> ResponseReturnValue:
    """`mark`: of the file as it is shown; without one as it was shown before, or is now."""
    show(file.set.year)
    row = form.row()
    found = printed = None
    if not form.errors:
        try:
            found = probe(file.text, row)
        except RulebookError as error:
            form.told(error.faults)
        else:
            printed = printed_line(found.indicators[0], labels_of(found.measures))
    wrong = [words for each in form.errors.values() for words in each]
    if status == 200:
        form.errors = {}  # what is not saved yet is not held against anybody beside its field
    for part in form.parts:
        part.rows = part.rows or _blank_rows(part)
    values = editing.values_of(file.text)
    subject = str(values.get("subject", ""))
    # The latest of each year: what was frozen before it looks no different in a list.
    latest: dict[int, Snapshot] = {}
    for each in snapshots(owner=selected_owner()):
        latest.setdefault(each.year, each)
    every = list(latest.values())
    snapshot = _chosen(every, file.set.year)
    choices = subjects_of(snapshot, subject)
    chosen = request.values.get("try_subject", "")
    if chosen not in {each for each, _ in choices}:
        chosen = choices[0][0] if choices else ""
    page = render_template(
        "rulemaking/line.html",
        file=file,
        code=code,
        form=form,
        line=line_forms,
        methods={name: rule.title for name, rule in RULES.items()},
        printed=printed,
        wrong=wrong,
        worked=worked(found, snapshot, chosen) if found and snapshot and chosen else None,
        snapshots=every,
        snapshot=snapshot,
        subjects=choices,
        chosen=chosen,
        measures=_measures(subject),
        seen=mark or seen() or service.mark_of(file.text),
    )
    return page, status


def _chosen(every: Sequence[Snapshot], year: int) -> Snapshot | None:
    """The snapshot that is asked for; else the latest of last year, else the latest of all."""
    asked_for = number_of(request.values.get("try_snapshot", ""))
    found = next((each for each in every if each.id == asked_for), None)
    found = found or next((each for each in every if each.year == year - 1), None)
    return found or (every[0] if every else None)


def _measures(subject: str) -> list[tuple[str, str]]:
    """The measures of a subject: name, and label with unit."""
    roster = ROSTERS.get(subject)
    of_kind = CATALOGUE.of(roster.measures) if roster else []
    return [
        (each.name, f"{each.label}（{each.unit}）" if each.unit else each.label) for each in of_kind
    ]
