"""Ruling on facts: what waits for it, a subject's facts, one fact with all that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.records.accounts.owners import owned_pages, selected_owner, show_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations import service
from tracker.records.determinations.fact_rules import (
    behind,
    in_order,
    level_shown,
    not_to_rule,
    plain,
    ruling_over,
)
from tracker.records.determinations.fact_rules import rule as rule_fact
from tracker.records.determinations.forms import AcceptForm, AnswerForm, RulingForm, written
from tracker.records.determinations.kinds import RULINGS, not_to_answer
from tracker.records.determinations.levels import level_of
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.determinations.ruling_rules import (
    STAYS,
    awaited_word,
    deciding,
    form_of,
    marks_of,
    ruled_as,
)
from tracker.records.places.recoded import other_codes
from tracker.web.access import requires
from tracker.web.asking import Act, asked
from tracker.web.kit import Blocked, blocked_page, detail_page, record_blueprint
from tracker.web.period import selected_year, show
from tracker.web.transactions import writes
from tracker.year.assessments import queries
from tracker.year.assessments.awaited import FactToRule, SubjectToRule, subjects_to_rule
from tracker.year.assessments.models import Snapshot
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.fields import measured, unit_of

bp = Blueprint("determinations", __name__, url_prefix="/determinations")
owned_pages(bp)


def _ruling(determination_id: int) -> Determination:
    """A ruling, whose year and assessment the page is then about; 404 out of sight."""
    found = RULINGS.get(current_user, determination_id) or abort(404)
    show(found.year)
    show_owner(found.owner_region_id)
    return found


def _detail(determination_id: int) -> ResponseReturnValue:
    _ruling(determination_id)
    return detail_page(RULINGS, determination_id)


rulings = record_blueprint(RULINGS, detail=_detail)
owned_pages(rulings)
blueprints = (bp, rulings)


@bp.get("/")
@requires(Permission.DETERMINATIONS_VIEW)
def index() -> ResponseReturnValue:
    """How many facts of each subject in view wait for a ruling."""
    year = selected_year()
    snapshot = queries.latest_snapshot(year, selected_owner())
    owner, everything = selected_owner(), request.args.get("all") == "1"
    level = level_shown(current_user, year, owner)
    found = subjects_to_rule(snapshot, queries.cards(snapshot, current_user)) if snapshot else []
    rows = [(each, each.awaiting(level)) for each in found]
    return render_template(
        "determinations/index.html",
        snapshot=snapshot,
        waits_word=awaited_word(level),
        over=ruling_over(current_user, year, owner),
        everything=everything,
        waiting=sum(count for _, count in rows),
        facts=sum(len(each.facts) for each in found),
        subjects=len(found),
        sheets=[
            (title, list(of))
            for title, of in groupby(
                [row for row in rows if row[1] or everything], key=lambda row: row[0].title
            )
        ],
        scored_years=queries.years_with_snapshots(selected_owner()),
    )


@bp.get("/<int:year>/<sheet>/<subject_code>")
@requires(Permission.DETERMINATIONS_VIEW)
def subject(year: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """The facts of a subject, with what each level says of them."""
    if moved := _moved(year, sheet, subject_code):
        return redirect(url_for(".subject", year=year, sheet=sheet, subject_code=moved))
    snapshot, found = _subject(year, sheet, subject_code)
    return _subject_page(snapshot, found, AcceptForm())


@bp.post("/<int:year>/<sheet>/<subject_code>")
@requires(Permission.DETERMINATIONS_RULE)
def accept(year: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """Accept the chosen facts as they were reported, once that was confirmed."""
    _subject(year, sheet, subject_code)  # scored once, before anybody has to wait for it
    return _accept(year, sheet, subject_code)


@writes
@requires(Permission.DETERMINATIONS_RULE)
def _accept(year: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    snapshot, found = _subject(year, sheet, subject_code)
    level = level_of(current_user, selected_owner())
    if (blocked := not_to_rule(current_user, found)) or level is None:
        return _blocked_page(found, blocked), blocked.status if blocked else 403
    form = AcceptForm()
    chosen = request.form.getlist("measure")
    facts = [fact for fact in found.facts if fact.name in chosen]
    if form.validate_on_submit():
        if not facts:
            form.form_errors.append("请先勾选要认可的指标。")
        for fact in facts:
            if request.form.get(f"reported-{fact.name}") != written(fact.reported):
                form.form_errors.append(f"{fact.label}的上报值已变为{plain(fact)}，请按新值再定。")
    if form.errors:
        return _subject_page(snapshot, found, form), 422
    for fact in facts:
        try:
            rule_fact(found, fact, level, Ruling.ACCEPTED)
        except service.RulingError as error:
            form.form_errors.append(f"{fact.label}：{error}")
    if form.errors:
        return _subject_page(snapshot, found, form), 422
    if page := asked(_accepting(found, facts, level)):
        return page
    flash(f"已认可{found.card.subject_name}的 {len(facts)} 项指标值。", "success")
    return redirect(_address(found))


def _accepting(found: SubjectToRule, facts: Sequence[FactToRule], level: RulingLevel) -> Act:
    card = found.card
    says = [
        f"将按上报值认可{card.subject_name} {card.snapshot.year} 年度的 {len(facts)} 项指标，"
        f"每项记一条{level.label}认可。",
        STAYS,
    ]
    items = [f"{fact.label}：{plain(fact)}" for fact in facts]
    title = f"{level.label}认可 {len(facts)} 项（{card.subject_name}）"
    return Act(title, says, "认可", _address(found), "determinations.index", items)


@bp.get("/<int:year>/<sheet>/<subject_code>/<measure>")
@requires(Permission.DETERMINATIONS_VIEW)
def fact(year: int, sheet: str, subject_code: str, measure: str) -> ResponseReturnValue:
    """One fact: what it rests on, the rulings so far, and the form for the next."""
    if moved := _moved(year, sheet, subject_code):
        at: dict[str, Any] = {
            "year": year,
            "sheet": sheet,
            "subject_code": moved,
            "measure": measure,
        }
        return redirect(url_for(".fact", **at))
    snapshot, found = _subject(year, sheet, subject_code)
    one = found.fact(measure) or abort(404)
    return _fact_page(snapshot, found, one, form_of(one))


@bp.post("/<int:year>/<sheet>/<subject_code>/<measure>")
@requires(Permission.DETERMINATIONS_RULE)
def rule(year: int, sheet: str, subject_code: str, measure: str) -> ResponseReturnValue:
    """Accept, correct or refuse a fact; the province confirms it once more."""
    _subject(year, sheet, subject_code)
    return _rule_one(year, sheet, subject_code, measure)


@writes
@requires(Permission.DETERMINATIONS_RULE)
def _rule_one(year: int, sheet: str, subject_code: str, measure: str) -> ResponseReturnValue:
    snapshot, found = _subject(year, sheet, subject_code)
    one = found.fact(measure) or abort(404)
    level = level_of(current_user, selected_owner())
    if (blocked := not_to_rule(current_user, found)) or level is None:
        return _blocked_page(found, blocked), blocked.status if blocked else 403
    form = form_of(one)
    if (made := ruled_as(form, found, one, level)) is None:
        return _fact_page(snapshot, found, one, form), 422
    # 初审 is not the last word; what the province decides makes a card final.
    if level is RulingLevel.PROVINCE and (
        page := asked(deciding(found, one, made, _address(found, measure=measure)))
    ):
        return page
    flash(f"已{level.label}：{one.label}{made.ruling.label}。", "success")
    return redirect(_next_of(found, one))


def _subject(year: int, sheet: str, code: str) -> tuple[Snapshot, SubjectToRule]:
    """The subject in the year's latest snapshot; 404 out of the user's sight."""
    snapshot = queries.latest_snapshot(year, selected_owner()) or abort(404)
    card = queries.card_row(snapshot.id, sheet, code, current_user) or abort(404)
    found = subjects_to_rule(snapshot, [card])
    return snapshot, found[0] if found else abort(404)


def _moved(year: int, sheet: str, code: str) -> str:
    """The code under which the subject was frozen where that is another of its place's, or ""."""
    snapshot = queries.latest_snapshot(year, selected_owner())
    if snapshot is None or queries.card_row(snapshot.id, sheet, code, current_user):
        return ""
    found = (c for c in other_codes(code) if queries.card_row(snapshot.id, sheet, c, current_user))
    return next(found, "")


def _address(found: SubjectToRule, **more: Any) -> str:
    card = found.card
    at: dict[str, Any] = {
        "year": card.snapshot.year,
        "sheet": card.sheet,
        "subject_code": card.subject_code,
    }
    return url_for(
        "determinations.fact" if "measure" in more else "determinations.subject", **at, **more
    )


def _next_of(found: SubjectToRule, one: FactToRule) -> str:
    """The next fact of the subject that waits, so that one goes through them; else the subject."""
    level = level_of(current_user, selected_owner())
    names = [each.name for each in found.facts if level and each.awaits(level) and each is not one]
    later = [name for name in names if name > one.name] or names
    return _address(found, measure=later[0]) if later else _address(found)


def _subject_page(snapshot: Snapshot, found: SubjectToRule, form: AcceptForm) -> str:
    level = level_shown(current_user, snapshot.year, selected_owner())
    return render_template(
        "determinations/subject.html",
        found=found,
        facts=sorted(found.facts, key=lambda each: not each.awaits(level)),
        card=found.card,
        snapshot=snapshot,
        form=form,
        level=level,
        levels=RulingLevel,
        waiting=found.awaiting(level),
        waits_word=awaited_word(level),
        marks_of=marks_of,
        blocked=not_to_rule(current_user, found),
        written=written,
        measured=measured,
        unit_of=unit_of,
        address=_address,
    )


def _fact_page(snapshot: Snapshot, found: SubjectToRule, one: FactToRule, form: RulingForm) -> str:
    return render_template(
        "determinations/fact.html",
        found=found,
        card=found.card,
        fact=one,
        form=form,
        level=level_shown(current_user, snapshot.year, selected_owner()),
        levels=RulingLevel,
        blocked=not_to_rule(current_user, found),
        about=CATALOGUE.measures.get(one.name),
        behind=in_order(one.references, behind(snapshot, one.references, current_user)),
        measured=measured,
        address=_address,
    )


def _blocked_page(found: SubjectToRule, blocked: Blocked | None) -> str:
    return render_template(
        "determinations/blocked.html", blocked=blocked, back=_address(found), card=found.card
    )


@rulings.route("/<id:determination_id>/answer", methods=["GET", "POST"])
@writes
@requires(Permission.DETERMINATIONS_ANSWER)
def answer(determination_id: int) -> ResponseReturnValue:
    """What the place whose figure was ruled on says of the ruling."""
    ruling = _ruling(determination_id)
    if blocked := not_to_answer(current_user, ruling):
        return blocked_page(RULINGS, ruling, None, blocked, status=403, doing="答复核定")
    form: Any = AnswerForm()
    if form.validate_on_submit():
        try:
            service.answer(current_user, ruling, form.agrees.data == "1", form.words.data or "")
        except service.RulingError as error:
            form.add_error(error.field, str(error))
        else:
            flash("已记下答复，核定的人看得到。", "success")
            return redirect(RULINGS.address(ruling))
    page = render_template(
        "determinations/answer.html", kind=RULINGS, ruling=ruling, form=form, measured=measured
    )
    return page, 422 if form.is_submitted() else 200
