"""The page of the quarter: a grid that is a plain form, with a script that saves cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from tracker.core.db import db, units
from tracker.core.quantities.days import QUARTER_NAMES
from tracker.core.quantities.shown import named
from tracker.records.accounts.permissions import Permission
from tracker.records.ledger import corrections
from tracker.records.ledger.doubts import DoubtedError
from tracker.records.places.models import Region
from tracker.records.places.subjects import subject_of
from tracker.records.quarters import beside_rules, partners, posting, service
from tracker.records.quarters.cells import Sheet
from tracker.records.quarters.fields import Sort
from tracker.records.quarters.forms import PostForm
from tracker.records.quarters.queries import due, place_of, stamp
from tracker.records.quarters.reading import BlockError, typed_of
from tracker.records.quarters.service import Done, Typing
from tracker.records.quarters.shown import View
from tracker.records.quarters.target_rules import tasks_of
from tracker.records.quarters.undoing import sealed
from tracker.records.targets.done_rules import bare_share, done_of, is_scored, share_of
from tracker.records.targets.kinds import TARGETS
from tracker.web import security
from tracker.web.access import requires
from tracker.web.kit import looks
from tracker.web.kit.kinds import kind_of, link_to, name_of
from tracker.web.transactions import writes
from tracker.web.ways import way
from tracker.year.measures.fields import measure_words, of_record_bare, unit_of

bp = Blueprint("quarters", __name__, url_prefix="/quarters")
AT = "/<code>/<int:year>/<int:quarter>"


@bp.get(AT)
@requires(Permission.SUBMISSIONS_VIEW)
def page(code: str, year: int, quarter: int) -> ResponseReturnValue:
    """All that is due of a county for a quarter."""
    return _page(_sheet(code, year, quarter), cumulative=_cumulative(request.args))


@bp.get(f"{AT}/drafts")
@requires(Permission.SUBMISSIONS_VIEW)
def drafts(code: str, year: int, quarter: int) -> ResponseReturnValue:
    """What others typed meanwhile, for the page's script; the stamp alone where nothing changed."""
    place = _place(code, year, quarter)
    now = stamp(place, year, quarter)
    if now == request.args.get("stamp"):
        return jsonify({"stamp": now, "token": security.token()})
    view = View(_own(due(place, year, quarter)), _cumulative(request.args))
    return jsonify({**view.answer(), "stamp": now, "token": security.token()})


@bp.post(f"{AT}/cells")
@requires(Permission.LEDGER_ENTER)
def cells(code: str, year: int, quarter: int) -> ResponseReturnValue:
    """Keep what was typed, then lay a block, fill down or say that nothing changed; an answer for
    the script, or the page again."""
    place = _place(code, year, quarter)
    if current_user.region_id != place.id:
        abort(403)
    every = bool(request.form.get("all"))
    by = Typing(current_user, _cumulative(request.form), request.remote_addr)
    fault = ""
    if request.form.get("act") == "discard":
        return _discard(place, year, quarter)
    with units.writing():
        done = Done(due(place, year, quarter, every=every))
        try:
            done = service.save(by, done.sheet, typed_of(request.form))
            if act := _act(by):
                more = act(done.sheet)
                refused = (*done.refused, *more.refused)
                changes = (*done.changes, *more.changes)
                changed = (*done.changed, *more.changed)
                same = (*done.same, *more.same)
                done = replace(more, changed=changed, refused=refused, changes=changes, same=same)
        except (BlockError, service.NotTheirsError) as error:
            fault = str(error)
        db.session.flush()
        refused_by = {each.address: each for each in done.refused}
        undo = sealed(current_user.id, done.sheet, done.changes)
        if "application/json" in request.headers.get("Accept", ""):
            # Told within the unit: afterwards each record would be read again by itself.
            view = View(_own(done.sheet), by.cumulative, refused_by, done.same)
            told = {
                "words": done.words,
                "wrong": fault,
                "stamp": stamp(place, year, quarter),
                "undo": undo,
            }
            return jsonify({**view.answer(), **told, "token": security.token()})
    if not (fault or refused_by) and request.form.get("act") == "post":
        return redirect(url_for(".post", code=code, year=year, quarter=quarter))
    if fault:
        flash(fault, "error")
    elif refused_by:
        words = f"已保存 {len(done.changed)} 格，{len(refused_by)} 格没有保存，原因在格下。"
        flash(words, "error")
    else:
        flash(done.words or f"已保存 {len(done.changed)} 格草稿。", "success")
    if undo or refused_by:
        # The page itself: what takes the act back is too long for an address. Sent anew by
        # somebody who loads the page once more, it finds all as it is and changes nothing.
        sheet = due(place, year, quarter, every=every)
        page = _page(sheet, cumulative=by.cumulative, refused=refused_by, undo=undo)
        return page, 422 if refused_by else 200
    mode: dict[str, Any] = {"as": "cumulative"} if by.cumulative else {}
    return redirect(url_for(".page", code=code, year=year, quarter=quarter, **mode))


def _discard(place: Region, year: int, quarter: int) -> ResponseReturnValue:
    with units.writing():
        number = service.discard(current_user, due(place, year, quarter))
    flash(f"已清空 {number} 格没有登记的草稿。", "success")
    return redirect(url_for(".page", code=place.code, year=year, quarter=quarter))


@bp.route(f"{AT}/post", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def post(code: str, year: int, quarter: int) -> ResponseReturnValue:
    """Make records of all drafts, after one look at what that will be."""
    sheet = _sheet(code, year, quarter)
    back = url_for(".page", code=code, year=year, quarter=quarter)
    said = service.why_not(current_user, sheet)
    if said:
        shown = render_template("quarters/post.html", sheet=sheet, blocked=said, back=back)
        return shown, 403 if current_user.region_id != sheet.region.id else 409
    plan = posting.plan(sheet)
    form = PostForm()
    form.ask(plan.doubts, len(plan.corrections))
    form.ask_again(len(plan.overtaken))
    if form.validate_on_submit():
        if form.confirmed.data != plan.mark or not plan.postings:
            changed = "表中内容在您打开之后有变化，请再核对一次。"
            form.form_errors.append(changed if form.confirmed.data else "请先核对下面的内容。")
        else:
            try:
                aware = "aware" in form and form.aware.data
                number = posting.post(current_user, sheet, form.why.data or "", aware=aware)
            except posting.OvertakenError:
                form.add_error("aware", "请核对后勾选；不对的，请返回表中改正或清空。")
            except posting.FaultyError as error:
                form.form_errors.append(str(error))
            except DoubtedError:
                form.add_error("why", "请填写核实说明（更正的写明理由）；有误的，请返回表中改正。")
        if not form.errors:
            flash(f"已登记 {number} 格。", "success")
            return redirect(back)
    shown = render_template(
        "quarters/post.html",
        sheet=sheet,
        form=form,
        plan=plan,
        made=plan.made,
        folded=[("本季没有，登记为 0", plan.noughts), ("与已登记的相同，不变", plan.same)],
        faulty=[(sheet.cells[at], words) for at, words in plan.faults.items()],
        row_of=lambda cell: service.row_of(sheet, f"{cell.column}-{cell.subject.id}"),
        left=len(sheet.missing),
        back=back,
    )
    return shown, 422 if form.is_submitted() else 200


# -- what was asked for and typed


def _place(code: str, year: int, quarter: int) -> Region:
    return place_of(current_user, code, year, quarter) or abort(404)


def _sheet(code: str, year: int, quarter: int) -> Sheet:
    every = bool(request.args.get("all"))
    return due(_place(code, year, quarter), year, quarter, every=every)


def _own(sheet: Sheet) -> Sheet:
    """The sheet as it is for the present user: others than its own people only read it."""
    said = service.why_not(current_user, sheet)
    return replace(sheet, blocked=said)


def _cumulative(given: MultiDict[str, str]) -> bool:
    return given.get("as") == "cumulative"


def _act(by: Typing) -> Callable[[Sheet], Done] | None:
    """What is to be done beyond saving, by the button that was pressed."""
    act, at = request.form.get("act", ""), request.form.get("at", "")
    name, _, row = act.partition(":")
    if name == "unchanged":
        return lambda sheet: service.unchanged(by, sheet, row)
    if name == "paste":
        return lambda sheet: service.paste(by, sheet, at, request.form.get("block", ""))
    if name == "undo":
        return lambda sheet: service.undo(by, sheet, request.form.get("undo", ""))
    if name == "fill":
        return lambda sheet: service.fill(by, sheet, at)
    return None


# -- the page


def _page(sheet: Sheet, *, cumulative: bool, refused: Any = None, undo: str = "") -> str:
    sheet = _own(sheet)
    return render_template(
        "quarters/page.html",
        sheet=sheet,
        view=View(sheet, cumulative, refused),
        undo=undo,
        own=current_user.region_id == sheet.region.id,
        stamp=stamp(sheet.region, sheet.year, sheet.quarter),
        reasons=beside_rules.reasons_of(sheet),
        names=QUARTER_NAMES,
        around=_around(sheet),
        ways=_ways(sheet, cumulative),
        links=_links(sheet),
        partnered=partners.partnered(sheet),
        partner_kinds=partners.KINDS,
        partner_words=partners.own_words(sheet),
        rebates=beside_rules.rebates_of(sheet),
        row_of=lambda cell: service.row_of(sheet, f"{cell.column}-{cell.subject.id}"),
        parts=beside_rules.parts_of(sheet, current_user),
        **_corrections(sheet),
        tasks=tasks_of(sheet) if current_user.may(Permission.TARGETS_VIEW) else [],
        task_words={
            "measure": measure_words,
            "of": lambda target: link_to(subject_of(target)),
            "value": of_record_bare,
            "unit": lambda measure: named(unit_of(measure)) or looks.NOTHING,
            "done": done_of,
            "share": lambda target: bare_share(share_of(target), target),
            "link": TARGETS.address,
            "scored": is_scored(sheet.year),
        },
        sorts=Sort,
        every=bool(request.values.get("all")),
    )


def _corrections(sheet: Sheet) -> dict[str, Any]:
    """What was corrected in the quarter, and of it since it was locked."""
    own, days = corrections.of_place(sheet.region.id), (sheet.first, sheet.last)
    return {
        "made": corrections.booked_between(own, *days),
        "since": corrections.corrected_between(own, *days),
        "name_of": name_of,
    }


def _around(sheet: Sheet) -> list[tuple[str, str]]:
    """(name, address) of the quarters of the year."""
    return [
        (
            QUARTER_NAMES[each],
            url_for(".page", code=sheet.region.code, year=sheet.year, quarter=each),
        )
        for each in QUARTER_NAMES
    ]


def _ways(sheet: Sheet, cumulative: bool) -> dict[str, str | None]:
    """The addresses of the page in its modes, and of what its script asks."""
    at: dict[str, Any] = {
        "code": sheet.region.code,
        "year": sheet.year,
        "quarter": sheet.quarter,
    }
    paper = {"region": sheet.region.code, "year": sheet.year, "quarter": sheet.quarter}
    summed: dict[str, Any] = {"as": "cumulative"}
    mode = summed if cumulative else {}
    return {
        "quarter": url_for(".page", **at),
        "cumulative": url_for(".page", **at, **summed),
        "all": url_for(".page", **at, **mode, all=1),
        "cells": url_for(".cells", **at),
        "drafts": url_for(".drafts", **at, **mode),
        "paper": way("forms.quarter", **paper),
    }


def _links(sheet: Sheet) -> dict[str, Any]:
    """The record of each row, as a link."""
    return {
        row.key: link_to(row.subject) if kind_of(row.subject) else row.name
        for section in sheet.sections
        for row in section.rows
    }
