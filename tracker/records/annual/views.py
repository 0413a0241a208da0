"""The yearly task list: its tasks, the grid by which each level divides them, issuing with a look
at what that will be, earlier versions, one's own tasks, and the report of what is done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.db import db, units
from tracker.core.quantities.clock import today
from tracker.core.quantities.shown import told
from tracker.records.accounts.permissions import Permission, Role
from tracker.records.annual import issuing, reporting, service
from tracker.records.annual.forms import ReopenForm, ReportForm, TermsForm, issue_form
from tracker.records.annual.grid import Sheet, TaskColumn
from tracker.records.annual.kinds import ANNUAL_TASKS, TASK_PARTS
from tracker.records.annual.models import TaskAct, TaskPart
from tracker.records.annual.progress_rules import Standing, find_progress, progress_part
from tracker.records.annual.queries import (
    WITH_ALL,
    giver_of,
    latest_given,
    list_of,
    parts_of,
    received_by,
    stamp,
    versions_of,
)
from tracker.records.annual.service import Done
from tracker.records.annual.sheet_rules import sheet_of
from tracker.records.annual.shown import STATES, View
from tracker.records.places.models import Region, RegionLevel
from tracker.records.quarters.reading import BlockError, kept, typed_of
from tracker.web import security
from tracker.web.access import requires
from tracker.web.kit import Blocked, blocked_page, record_blueprint
from tracker.web.kit.acts import version_of
from tracker.web.period import looks_ahead, selected_year, show
from tracker.web.transactions import writes

bp = Blueprint("annual", __name__, url_prefix="/annual")
AT = "/<int:year>/<code>"
CHANGED = "这项任务刚刚有变动，请核对现在的情况后再办理。"


@bp.get("/mine")
@requires(Permission.ANNUAL_VIEW)
def mine() -> ResponseReturnValue:
    """What one's own place was given, and what it gave to its bureaus, with how far each is."""
    place = db.session.get(Region, current_user.region_id) if current_user.region_id else None
    year = selected_year()
    own = received_by(place, year) if place else []
    of = list_of(place, year) if place else None
    parts = [part for part in parts_of(of) if part.given] if place else []
    find_progress([*own, *parts])
    by_task: dict[int, list[TaskPart]] = {}
    for part in sorted(parts, key=lambda part: part.receiver):
        by_task.setdefault(part.task_id, []).append(part)
    return render_template(
        "annual/mine.html",
        place=place,
        own=own,
        by_task=by_task,
        is_province=place is not None and place.level is RegionLevel.PROVINCE,
        progress=progress_part,
        address=TASK_PARTS.address,
        counts=[(state, _count(own, state)) for state in Standing if _count(own, state)],
        grid=_grid(place, year),
        other=None if own or place is None else latest_given(place),
        told=told,
    )


def _count(parts: list[TaskPart], state: Standing) -> int:
    return sum(progress_part(part).standing is state for part in parts)


def _grid(place: Region | None, year: int) -> str:
    """The address of the grid of a place that gives; "" of others."""
    if place is None or giver_of(current_user, place.code or "") is None:
        return ""
    return url_for("annual.page", year=year, code=place.code)


# -- the grid


@bp.get(AT)
@requires(Permission.ANNUAL_VIEW)
def page(year: int, code: str) -> ResponseReturnValue:
    """What a place gives to those below it: every task by every receiver."""
    return _page(_sheet(year, code))


@bp.get(f"{AT}/drafts")
@requires(Permission.ANNUAL_VIEW)
def drafts(year: int, code: str) -> ResponseReturnValue:
    """What others typed meanwhile, for the page's script; the stamp alone where nothing changed."""
    place = _place(code)
    now = stamp(list_of(place, year))
    if now == request.args.get("stamp"):
        return jsonify({"stamp": now, "token": security.token()})
    answer = View(sheet_of(place, year, _more())).answer()
    return jsonify({**answer, "stamp": now, "token": security.token()})


@bp.post(f"{AT}/cells")
@requires(Permission.ANNUAL_WORK)
def cells(year: int, code: str) -> ResponseReturnValue:
    """Keep what was typed, then lay a block, fill down or divide; an answer for the script, or the
    page again."""
    place = _place(code)
    if said := service.why_not(current_user, place):
        back = url_for(".page", year=year, code=code)
        sheet = sheet_of(place, year)
        return render_template("annual/post.html", sheet=sheet, blocked=said, back=back), _status()
    fault = ""
    with units.writing():
        sheet = sheet_of(place, year, _more())
        done = Done()
        try:
            done = service.save(current_user, sheet, typed_of(request.form))
            if act := _act():
                db.session.expire_all()
                sheet = sheet_of(place, year, _more())
                more = act(sheet)
                refused = (*done.refused, *more.refused)
                done = Done((*done.changed, *more.changed), refused, more.words)
        except (BlockError, service.TaskError) as error:
            fault = str(error)
        db.session.flush()
    refused_by = {each.address: each for each in done.refused}
    sheet = sheet_of(place, year, _more())
    if "application/json" in request.headers.get("Accept", ""):
        told_back = {"words": done.words, "wrong": fault, "stamp": stamp(sheet.record)}
        answer = View(sheet, refused_by).answer()
        return jsonify({**answer, **told_back, "token": security.token()})
    if fault:
        flash(fault, "error")
    elif refused_by:
        words = f"已保存 {len(done.changed)} 格，{len(refused_by)} 格没有保存，原因在格下。"
        flash(words, "error")
        return _page(sheet, refused_by), 422
    elif request.form.get("act") == "post":
        return redirect(url_for(".post", year=year, code=code))
    else:
        flash(done.words or f"已保存 {len(done.changed)} 格草稿。", "success")
    more_rows = {"bureau": _more()} if _more() else {}
    return redirect(url_for(".page", year=year, code=code, **more_rows))  # type: ignore[arg-type]


@bp.route(f"{AT}/post", methods=["GET", "POST"])
@writes
@requires(Permission.ANNUAL_WORK)
def post(year: int, code: str) -> ResponseReturnValue:
    """Issue the list, or its next version, after one look at what that will be."""
    sheet = _sheet(year, code)
    said, status = service.why_not(current_user, sheet.region), _status()
    if not said:
        said, status = issuing.why_not_issue(sheet), 409
    back = url_for(".page", year=year, code=code)
    if said:
        shown = render_template("annual/post.html", sheet=sheet, blocked=said, back=back)
        return shown, status
    seen = _mark(sheet)
    form = issue_form(sheet, issuing.whys_of(sheet))
    if form.validate_on_submit():
        if form.seen.data != seen:
            form.form_errors.append("清单在您打开之后有变化，请再核对一次。")
            form.seen.raw_data = [seen]
        else:
            try:
                event = issuing.issue(
                    current_user,
                    sheet,
                    reason=form.reason.data or "" if "reason" in form else "",
                    whys=form.whys,
                    address=request.remote_addr,
                )
            except service.TaskError as error:
                form.add_error("reason", str(error))
        if not form.errors:
            flash(f"{event.act.label}成功，现为第 {event.revision} 版。", "success")
            return redirect(back)
    shown = render_template(
        "annual/post.html",
        sheet=sheet,
        form=form,
        seen=seen,
        wrong=[check for check in sheet.checks if not check.fits],
        right=[check for check in sheet.checks if check.fits],
        changed=sheet.drafts,
        fresh=_fresh,
        back=back,
    )
    return shown, 422 if form.is_submitted() else 200


@bp.get(f"{AT}/versions/<int:revision>")
@requires(Permission.ANNUAL_VIEW)
def version(year: int, code: str, revision: int) -> ResponseReturnValue:
    """A list as it was issued, with what differs from the version before."""
    place = _place(code)
    found = {event.revision: event for event in versions_of(list_of(place, year))}
    event = found.get(revision) or abort(404)
    before = found.get(revision - 1)
    return render_template(
        "annual/version.html",
        sheet_year=year,
        place=place,
        event=event,
        content=json.loads(event.content or "{}"),
        changes=_changes(before.content, event.content or "") if before else [],
        versions=list(found.values()),
        said=_said,
    )


def _said(value: str | None, unit: str) -> str:
    return "" if value is None else told(Decimal(value), unit)


def _changes(before: str | None, after: str) -> list[tuple[str, str, str, str]]:
    """(task, receiver, before, after) of what differs between two versions, in words."""

    def flat(content: str) -> dict[tuple[str, str], str]:
        found = {}
        for task in json.loads(content)["tasks"]:
            whole = _said(task["whole"], task["unit"])
            found[task["name"], "总数和期限"] = f"{whole} {task['due']}".strip()
            for part in task["parts"]:
                words = [_said(part["value"], task["unit"]) or "承担"]
                words += [each for each in (part["due"], part["responsible"]) if each]
                found[task["name"], part["to"]] = "，".join(words)
        return found

    old, new = flat(before or '{"tasks": []}'), flat(after)
    keys = list(dict.fromkeys([*new, *old]))
    return [
        (*key, old.get(key, "无"), new.get(key, "收回"))
        for key in keys
        if old.get(key) != new.get(key)
    ]


def _fresh(column: TaskColumn) -> str:
    """What was changed of a task since it was issued: 总数 1,000 家 改为 1,200 家."""
    task = column.task
    if not task.is_issued:
        return "新增的任务"

    def of(value: Decimal | None) -> str:
        return "无" if value is None else told(value, column.unit)

    changed = []
    if task.total != task.issued_total:
        changed.append(f"全省总数 {of(task.issued_total)} 改为 {of(task.total)}")
    if task.due_on != task.issued_due_on:
        changed.append(f"期限 {task.issued_due_on} 改为 {task.due_on}")
    return "，".join(changed)


# -- a part


def _part(part_id: int) -> TaskPart:
    part = TASK_PARTS.get(current_user, part_id, WITH_ALL) or abort(404)
    show(part.task.year)
    return part


def _take(
    part: TaskPart, form: Any, said: str, label: str, act: Callable[[], None]
) -> ResponseReturnValue:
    """A page with a form of one act on a part: blocked with its reason, or done."""
    if said:
        near = current_user.region_id in (reporting.owner_of(part), part.list.region_id)
        status = 409 if near else _status()
        return blocked_page(
            TASK_PARTS, part, None, Blocked(said), status=status, doing=f"办理“{label}”"
        )
    if form.validate_on_submit():
        if "version" in form and form.version.data != str(version_of(part)):
            form.form_errors.append(CHANGED)
            form.version.raw_data = [str(version_of(part))]
        else:
            try:
                act()
            except service.TaskError as error:
                form.form_errors.append(str(error))
        if not form.errors:
            flash(f"已办理“{label}”。", "success")
            return redirect(TASK_PARTS.address(part))
    page = render_template(
        "annual/act.html",
        kind=TASK_PARTS,
        part=part,
        form=form,
        label=label,
        progress=progress_part(part),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/parts/<id:part_id>/report", methods=["GET", "POST"])
@writes
@requires(Permission.ANNUAL_WORK)
def report(part_id: int) -> ResponseReturnValue:
    """State that a milestone, or a bureau's part, is done."""
    part = _part(part_id)
    form: Any = ReportForm(done_on=today())

    def act() -> None:
        reporting.report(
            current_user, part, form.done_on.data, form.result.data, address=request.remote_addr
        )

    said = reporting.why_not_report(current_user, part)
    if not said and part.done_on is not None:
        said = "已经报告完成；有误的请先撤回。"
    return _take(part, form, said, TaskAct.DONE.label, act)


@bp.route("/parts/<id:part_id>/reopen", methods=["GET", "POST"])
@writes
@requires(Permission.ANNUAL_WORK)
def reopen(part_id: int) -> ResponseReturnValue:
    """Take back that it is done."""
    part = _part(part_id)
    form: Any = ReopenForm()

    def act() -> None:
        reporting.reopen(current_user, part, form.reason.data, address=request.remote_addr)

    return _take(
        part, form, reporting.why_not_reopen(current_user, part), TaskAct.REOPENED.label, act
    )


@bp.route("/parts/<id:part_id>/terms", methods=["GET", "POST"])
@writes
@requires(Permission.ANNUAL_WORK)
def terms(part_id: int) -> ResponseReturnValue:
    """By when a part is due and who sees to it."""
    part = _part(part_id)
    form: Any = TermsForm(due_on=part.due_on, responsible=part.responsible).of(part)
    sheet = sheet_of(part.list.region, part.list.year)

    def act() -> None:
        due = form.due_on.data
        column = next((c for c in sheet.columns if c.task.id == part.task_id), None)
        latest = column.due if column else part.task.due_on
        if due and not (due.year == part.list.year and due <= latest):
            raise service.TaskError(f"完成期限应在 {part.list.year} 年内，不晚于 {latest}。")
        issuing.set_terms(
            current_user,
            sheet,
            part,
            due,
            form.responsible.data,
            form.reason.data if "reason" in form else "",
            address=request.remote_addr,
        )

    said = service.why_not(current_user, part.list.region)
    return _take(part, form, said, "期限和责任人", act)


def _status() -> int:
    """Of an act that is another's: those who judge what lies below them are told whose, whoever is
    of another place has no business there."""
    return 403 if current_user.role is Role.STAFF else 409


# -- what was asked for and typed


def _place(code: str) -> Region:
    return giver_of(current_user, code) or abort(404)


def _sheet(year: int, code: str) -> Sheet:
    if not 2002 <= year <= 2100:
        abort(404)
    return sheet_of(_place(code), year, _more())


def _more() -> tuple[str, ...]:
    """Bureaus that are to have a row besides the usual ones."""
    named = [kept(each)[: service.LONGEST] for each in request.values.getlist("bureau")]
    return tuple(dict.fromkeys(each for each in named if each and "." not in each))[:20]


def _act() -> Callable[[Sheet], Done] | None:
    """What is to be done beyond saving, by the button that was pressed."""
    act, at = request.form.get("act", ""), request.form.get("at", "")
    name, _, task = act.partition(":")
    if name in ("equal", "before") and task.isascii() and task.isdecimal() and len(task) < 10:
        return lambda sheet: service.divide(current_user, sheet, int(task), name)
    if name == "paste":
        block = request.form.get("block", "")
        return lambda sheet: service.paste(current_user, sheet, at, block)
    if name == "fill":
        return lambda sheet: service.fill(current_user, sheet, at)
    if name == "discard":
        return lambda sheet: service.discard(current_user, sheet)
    return None


def _mark(sheet: Sheet) -> str:
    """What was looked at before it is issued: another thing since is another mark."""
    seen = [
        (cell.address, cell.text, cell.issued_text, cell.version) for cell in sheet.cells.values()
    ]
    wholes = [(c.task.id, str(c.whole), c.due.isoformat()) for c in sheet.columns]
    return hashlib.sha256(repr((seen, wholes)).encode()).hexdigest()


def _page(sheet: Sheet, refused: Any = None) -> str:
    own = not service.why_not(current_user, sheet.region)
    at: dict[str, Any] = {"year": sheet.year, "code": sheet.region.code}
    more: dict[str, Any] = {"bureau": _more()} if _more() else {}
    return render_template(
        "annual/page.html",
        sheet=sheet,
        view=View(sheet, refused),
        why_not=service.why_not(current_user, sheet.region),
        own=own,
        stamp=stamp(sheet.record),
        versions=versions_of(sheet.record),
        states=STATES,
        address=ANNUAL_TASKS.address,
        is_county=sheet.region.level is RegionLevel.COUNTY,
        more=_more(),
        ways={
            "cells": url_for(".cells", **at, **more),
            "drafts": url_for(".drafts", **at, **more),
            "post": url_for(".post", **at),
        },
        below=_below(sheet),
    )


def _below(sheet: Sheet) -> dict[str, str]:
    """The lists of the places below, by their row, for those who may see them."""
    return {
        row.key: url_for(".page", year=sheet.year, code=row.region.code)
        for row in sheet.rows
        if row.region is not None and row.region.code
    }


def _own_grid() -> dict[str, Any]:
    """For the list of tasks: the way to the grid in which one divides."""
    place = db.session.get(Region, current_user.region_id) if current_user.region_id else None
    year = selected_year()
    if place is None or place.level is RegionLevel.TOWN:
        return {"own_grid": "", "own_list": None, "own_place": place}
    return {
        "own_grid": _grid(place, year),
        "own_list": list_of(place, year),
        "own_place": place,
    }


_lists = (record_blueprint(ANNUAL_TASKS), record_blueprint(TASK_PARTS))
for _each in _lists:
    _each.context_processor(lambda: {"annual_grid": _own_grid})
blueprints = (bp, *_lists)
looks_ahead(*(each.name for each in blueprints))
