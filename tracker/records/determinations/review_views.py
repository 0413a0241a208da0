"""按指标审核: one measure over all places in view, each figure with its evidence beside it, to be
ruled on singly or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.quantities.shown import in_words
from tracker.records.accounts.owners import owned_pages, selected_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations import service
from tracker.records.determinations.fact_rules import (
    NO_PROOF,
    Behind,
    Proof,
    behind,
    level_shown,
    not_to_rule,
    plain,
    proof_of,
    rule,
    ruling_over,
)
from tracker.records.determinations.forms import BulkForm, ShareBulkForm, written
from tracker.records.determinations.levels import level_of
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.determinations.ruling_rules import STAYS, awaited_word
from tracker.records.evidence.kinds import small_of
from tracker.records.evidence.models import EvidenceLink
from tracker.web.access import requires
from tracker.web.asking import Act, asked
from tracker.web.period import selected_year
from tracker.web.tables import asked_number, at_once
from tracker.web.transactions import writes
from tracker.year.assessments import queries
from tracker.year.assessments.awaited import FactToRule, SubjectToRule, subjects_to_rule
from tracker.year.assessments.freeze import evidence_asked
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored_of
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.fields import measured, unit_of

bp = Blueprint("reviews", __name__, url_prefix="/determinations/review")
owned_pages(bp)
ON_A_PAGE = 50
RECORDS_SHOWN, LINKS_SHOWN = 5, 2  # of a figure; its own page has all


@dataclass(frozen=True)
class Row:
    """A figure of a subject: `key` names it in the form, `records` are some of those behind it,
    `proof` what proves all of them beside what the rulebook asks for, `links` the first of its
    files. `asked`: the kinds of files that the rulebook asks for."""

    key: str
    subject: SubjectToRule
    fact: FactToRule
    records: Sequence[Behind] = ()
    proof: Proof = NO_PROOF
    links: Sequence[EvidenceLink] = ()
    asked: Sequence[str] = ()
    blocked: str = ""


@bp.get("/")
@requires(Permission.DETERMINATIONS_VIEW)
def index() -> ResponseReturnValue:
    """The measures of the year's latest snapshot, each with how many figures wait for a ruling."""
    year = selected_year()
    owner = selected_owner()
    snapshot, level = queries.latest_snapshot(year, owner), level_shown(current_user, year, owner)
    found = subjects_to_rule(snapshot, queries.cards(snapshot, current_user)) if snapshot else []
    counts: dict[str, list[Any]] = {}
    for subject in found:
        for fact in subject.facts:
            of = counts.setdefault(fact.name, [fact.label, 0, 0])
            of[1] += 1
            of[2] += fact.awaits(level)
    return render_template(
        "determinations/review_index.html",
        snapshot=snapshot,
        waits_word=awaited_word(level),
        over=ruling_over(current_user, year, owner),
        measures=sorted(
            ((name, *of) for name, of in counts.items()), key=lambda row: (-row[3], row[1])
        ),
        scored_years=queries.years_with_snapshots(selected_owner()),
    )


@bp.get("/<int:year>/<measure>")
@requires(Permission.DETERMINATIONS_VIEW)
def review(year: int, measure: str) -> ResponseReturnValue:
    """The figures of one measure that wait, or all, with their evidence."""
    snapshot, rows = _rows(year, measure)
    return _page(snapshot, measure, rows, _form(measure))


@bp.post("/<int:year>/<measure>")
@requires(Permission.DETERMINATIONS_RULE)
def decide(year: int, measure: str) -> ResponseReturnValue:
    """Accept, refuse or correct the chosen figures with one reason, once that was confirmed."""
    _rows(year, measure)  # scored once, before anybody has to wait for it
    return _decide(year, measure)


@writes
@requires(Permission.DETERMINATIONS_RULE)
def _decide(year: int, measure: str) -> ResponseReturnValue:
    snapshot, rows = _rows(year, measure)
    form: Any = _form(measure)
    level, ruling = level_of(current_user, selected_owner()), _ruling()
    given = set(request.form.getlist("subject"))
    chosen = [row for row in rows if row.key in given]
    if form.validate_on_submit():
        form.form_errors += _against(chosen, ruling, level)
        if gone := len(given) - len(chosen):
            form.form_errors.append(f"所选中有 {gone} 项刚刚已由他人核定，请核对后再定。")
    if form.errors or ruling is None or level is None:
        return _page(snapshot, measure, rows, form), 422
    value = form.value.data
    for row in chosen:
        try:
            rule(row.subject, row.fact, level, ruling, value, form.reason.data or "")
        except service.RulingError as error:
            said = str(error)
            if error.field in ("reason", "value"):
                form.add_error(error.field, said)
            else:
                form.form_errors.append(f"{row.subject.card.subject_name}：{said}")
            break
    if form.errors:
        return _page(snapshot, measure, rows, form), 422
    if page := asked(_deciding(chosen, ruling, level, form, value)):
        return page
    flash(f"已{level.label}：{chosen[0].fact.label} {len(chosen)} 项{ruling.label}。", "success")
    return redirect(url_for("reviews.review", year=year, measure=measure))


def _ruling() -> Ruling | None:
    given = request.form.get("ruling", "")
    return Ruling(given) if given in {each.value for each in Ruling} else None


def _against(chosen: Sequence[Row], ruling: Ruling | None, level: RulingLevel | None) -> list[str]:
    """Why the chosen figures cannot be ruled on like this, all reasons at once."""
    if ruling is None:
        return ["请选认可、更正或不予认定。"]
    if level is None:
        return ["核定由市级审核人员和省级考核人员作出；市考县的，由该市的审核人员作出。"]
    if not chosen:
        return ["请先勾选要核定的对象。"]
    if ruling is Ruling.CORRECTED and len(chosen) > 1:
        return ["更正须逐项填写核定值，请只勾选一项。"]
    found = []
    for row in chosen:
        name = row.subject.card.subject_name
        if row.blocked:
            found.append(f"{name}：{row.blocked}")
        elif request.form.get(f"reported-{row.key}") != written(row.fact.reported):
            found.append(f"{name}的上报值已变为{plain(row.fact)}，请按新值再定。")
        elif request.form.get(f"latest-{row.key}") != str(row.fact.latest):
            found.append(f"您打开之后，已有人对{name}作出核定，请核对后再定。")
    return found


def _deciding(
    chosen: Sequence[Row], ruling: Ruling, level: RulingLevel, form: Any, value: Any
) -> Act:
    fact, year = chosen[0].fact, chosen[0].subject.card.snapshot.year
    into = "" if value is None else f"为 {in_words(measured(value, fact.name))}"
    says = [
        f"将把 {year} 年度 {len(chosen)} 个对象的{fact.label}{ruling.label}{into}，"
        f"每项记一条{level.label}。"
    ]
    if form.reason.data:
        says.append(f"理由：{form.reason.data}")
    says.append(STAYS)
    items = [f"{row.subject.card.subject_name}：{plain(row.fact)}" for row in chosen]
    title = f"{level.label}{ruling.label} {len(chosen)} 项（{fact.label}）"
    back = url_for("reviews.review", year=year, measure=fact.name)
    return Act(title, says, ruling.label, back, "determinations.index", items)


def _rows(year: int, measure: str) -> tuple[Snapshot, list[Row]]:
    """The figures of a measure in view, those that wait for the user's level unless all are asked
    for; 404 for a measure that the year does not have."""
    snapshot = queries.latest_snapshot(year, selected_owner()) or abort(404)
    points = scored_of(snapshot)
    if measure not in points.document["measures"]:
        abort(404)
    sheets = {code for code, s in points.sheets.items() if measure in s.rulebook.measures}
    cards = [c for c in queries.cards(snapshot, current_user) if c.sheet in sheets]
    level = level_shown(current_user, year, selected_owner())
    everything = request.values.get("all") == "1"
    asked = {code: evidence_asked(points.sheets[code].rulebook).get(measure, ()) for code in sheets}
    rows = []
    for subject in subjects_to_rule(snapshot, cards):
        fact = subject.fact(measure)
        if fact is not None and (everything or fact.awaits(level)):
            blocked = not_to_rule(current_user, subject)
            key = f"{subject.card.sheet}|{subject.card.subject_code}"
            why, kinds = blocked.reason if blocked else "", asked[subject.card.sheet]
            rows.append(Row(key, subject, fact, blocked=why, asked=kinds))
    return snapshot, rows


def _form(measure: str) -> BulkForm:
    unit = unit_of(measure)
    return (ShareBulkForm if unit == "比例" else BulkForm)(unit)


def _page(snapshot: Snapshot, measure: str, rows: Sequence[Row], form: BulkForm) -> str:
    most = at_once(ON_A_PAGE)
    pages = max(1, -(-len(rows) // most))
    page = min(max(asked_number("page") or 1, 1), pages)
    shown = rows[(page - 1) * most : page * most]
    level = level_shown(current_user, snapshot.year, selected_owner())
    return render_template(
        "determinations/review.html",
        snapshot=snapshot,
        measure=measure,
        label=snapshot_label(snapshot, measure),
        about=CATALOGUE.measures.get(measure),
        rows=_with_evidence(snapshot, shown),
        number=len(rows),
        page=page,
        pages=pages,
        everything=request.values.get("all") == "1",
        form=form,
        level=level,
        waits_word=awaited_word(level),
        levels=RulingLevel,
        rules=level_of(current_user, selected_owner()) is not None,
        chosen=request.form.getlist("subject"),
        written=written,
        measured=measured,
        unit_of=unit_of,
        records_shown=RECORDS_SHOWN,
        small_of=small_of,
    )


def snapshot_label(snapshot: Snapshot, measure: str) -> str:
    """What a measure was called when the year was frozen."""
    document = scored_of(snapshot).document
    return document["measures"][measure]["label"]


def _with_evidence(snapshot: Snapshot, rows: Sequence[Row]) -> list[Row]:
    """The rows with the records and files behind them: as many statements for all as for one."""
    references = list(dict.fromkeys(ref for row in rows for ref in row.fact.references))
    found = behind(snapshot, references, current_user)
    with_them = []
    for row in rows:
        of = [found[reference] for reference in row.fact.references]
        proof = proof_of(of, row.asked)
        # What is proven stands first: it is what a reviewer opens.
        first = sorted(of, key=lambda each: not each.files)[:RECORDS_SHOWN]
        some = proof.files[:LINKS_SHOWN]
        with_them.append(replace(row, records=first, proof=proof, links=some))
    return with_them
