"""按对象审核: one subject's lines, and the facts and evidence of the open one, to be ruled on."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.papers.scorecard import page_words
from tracker.records.accounts.owners import selected_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations.fact_rules import level_shown, not_to_rule
from tracker.records.determinations.forms import RulingForm
from tracker.records.determinations.levels import level_of
from tracker.records.determinations.models import RulingLevel
from tracker.records.determinations.ruling_rules import awaited_word, deciding, form_of, ruled_as
from tracker.records.evidence.kinds import small_of
from tracker.records.places.recoded import other_codes
from tracker.site.desk.blueprint import bp
from tracker.site.desk.subject import Desk, DeskFact, DeskLine, desk_of, opened
from tracker.web.access import requires
from tracker.web.asking import asked
from tracker.web.tables import asked_text
from tracker.web.transactions import writes
from tracker.year.assessments import queries
from tracker.year.assessments.models import ScorecardRow
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.fields import measured


@bp.get("/<int:year>/<sheet>/subjects/<subject_code>")
@requires(Permission.DETERMINATIONS_VIEW)
def subject(year: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """A subject's lines; `?line=` is open, `?fact=` the one of its facts that is ruled on."""
    row = _row(year, sheet, subject_code)
    if row is None:
        return _moved(year, sheet, subject_code)
    desk = _desk(row)
    line = desk.line(asked_text("line")) or desk.first()
    fact = _chosen(line, asked_text("fact", 80))
    form = form_of(fact.rule) if fact is not None and fact.rule is not None else None
    return _page(desk, line, fact, form)


@bp.post("/<int:year>/<sheet>/subjects/<subject_code>")
@requires(Permission.DETERMINATIONS_RULE)
def decide(year: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """Accept, correct or refuse the fact that the address names; the province confirms it."""
    row = _row(year, sheet, subject_code) or abort(404)
    _desk(row)  # scored once, before anybody has to wait for it
    return _decide(year, sheet, subject_code)


@writes
@requires(Permission.DETERMINATIONS_RULE)
def _decide(year: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    desk = _desk(_row(year, sheet, subject_code) or abort(404))
    line = desk.line(asked_text("line")) or desk.first()
    fact = line.fact(asked_text("fact", 80))
    if fact is None or (one := fact.rule) is None:
        flash("请先选定一项可以核定的事实。", "info")
        return _page(desk, line, None, None), 422
    level = level_of(current_user, selected_owner())
    if (blocked := not_to_rule(current_user, desk.found)) or level is None:
        flash(blocked.reason if blocked else "核定由市级审核人员和省级考核人员作出。", "info")
        return _page(desk, line, fact, None), blocked.status if blocked else 403
    form = form_of(one)
    if (made := ruled_as(form, desk.found, one, level)) is None:
        return _page(desk, line, fact, form), 422
    # 初审 is not the last word; what the province decides makes a card final.
    back = _address(desk.row, line.code, fact.name)
    if level is RulingLevel.PROVINCE and (page := asked(deciding(desk.found, one, made, back))):
        return page
    flash(f"已{level.label}：{one.label}{made.ruling.label}。", "success")
    return redirect(_next(desk, line, fact))


def _row(year: int, sheet: str, code: str) -> ScorecardRow | None:
    """The card of the year's latest snapshot; 404 where nothing was scored."""
    snapshot = queries.latest_snapshot(year, selected_owner()) or abort(404)
    return queries.card_row(snapshot.id, sheet, code, current_user)


def _desk(row: ScorecardRow) -> Desk:
    level = level_shown(current_user, row.snapshot.year, selected_owner())
    return desk_of(row, level, current_user) or abort(404)


def _chosen(line: DeskLine, name: str) -> DeskFact | None:
    """The fact that is asked for; else the first of the line that waits, or that can be ruled on
    at all."""
    if (found := line.fact(name)) is not None:
        return found
    ruled = [fact for fact in line.facts if fact.rule is not None]
    return next((fact for fact in ruled if fact.waits), ruled[0] if ruled else None)


def _moved(year: int, sheet: str, code: str) -> ResponseReturnValue:
    """To the same subject under the code that its place had when the year was frozen."""
    for other in other_codes(code):
        if (row := _row(year, sheet, other)) is not None:
            return redirect(_address(row, asked_text("line"), asked_text("fact", 80)))
    return abort(404)


def _address(row: ScorecardRow, line: str = "", fact: str = "", **more: Any) -> str:
    at: dict[str, Any] = {
        "year": row.snapshot.year,
        "sheet": row.sheet,
        "subject_code": row.subject_code,
    }
    return url_for("desk.subject", **at, line=line or None, fact=fact or None, **more)


def _next(desk: Desk, line: DeskLine, fact: DeskFact) -> str:
    """The next fact that waits: of the line, else of the lines behind it and then before it."""
    at = desk.lines.index(line)
    for each in (*desk.lines[at:], *desk.lines[:at]):
        for other in each.facts:
            if other.waits and other.name != fact.name:
                return _address(desk.row, each.code, other.name, _anchor="line")
    return _address(desk.row, line.code, fact.name, _anchor="line")


def _page(desk: Desk, line: DeskLine, fact: DeskFact | None, form: RulingForm | None) -> str:
    level = level_shown(current_user, desk.row.snapshot.year, selected_owner())
    snapshot, row = desk.row.snapshot, desk.row
    return render_template(
        "site/desk/subject.html",
        desk=desk,
        card=desk.card,
        row=row,
        snapshot=snapshot,
        line=line,
        fact=fact,
        form=form,
        opened=opened(snapshot, row.sheet, line, current_user),
        beside=desk.beside(line),
        about=CATALOGUE.measures.get(fact.name) if fact is not None else None,
        level=level,
        levels=RulingLevel,
        waits_word=awaited_word(level),
        blocked=not_to_rule(current_user, desk.found),
        measured=measured,
        small_of=small_of,
        words=page_words,
        grouped=page_words.grouped,
        address=_address,
        notes_of=_notes,
    )


def _notes(line: DeskLine, waits_word: str) -> list[str]:
    """What a line's entry in the list says besides its points."""
    lost = line.page.line.lost
    notes = [f"失 {page_words.grouped(lost)} 分"] if lost else []
    notes += [f"{line.waiting} 项{waits_word}"] if line.waiting else []
    return [*notes, *line.marks]
