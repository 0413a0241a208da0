"""模拟测算 and 再得分: what other facts and weights would bring, and what would bring points.

Everything is in the address; nothing is written.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from tracker.engine.scoring import SUBJECTS, Rulebook
from tracker.records.accounts.owners import owned_pages, show_owner
from tracker.records.accounts.permissions import Permission
from tracker.web.access import requires
from tracker.web.period import show
from tracker.year.assessments import queries, simulation_rights
from tracker.year.assessments.class_lines import step_tells_others
from tracker.year.assessments.models import ScorecardRow
from tracker.year.assessments.next_steps import year_is_over
from tracker.year.assessments.offers import NoLonger, Offer, Promise, feeding, offers, promise_words
from tracker.year.assessments.scored import ScoredSnapshot, scored_of
from tracker.year.assessments.simulating import facts_read, simulate
from tracker.year.assessments.simulation_address import (
    LONGEST,
    Reader,
    Supposed,
    fact_parameter,
    supposing,
)
from tracker.year.assessments.simulation_page import (
    MovedSheet,
    Sheet,
    Told,
    changes_told,
    own_change,
    reached,
    veiled,
)
from tracker.year.assessments.weights import WeightError, weighted

FOR_COUNTIES = ("county.recipient", "county.supporter")
_OUT_OF_SIGHT = "所改的评分表不在您可查看的范围内，没有计入。"
UNTRIED = "与同类其他对象比较计分，公布名次以前不能试改，以免透露其他对象的数值"
_NO_WEIGHTS = "分值由市、省的审核、考核人员和领导试改，没有计入。"
_TOO_LONG = "地址过长，没有读取。请减少改动后重新测算。"

bp = Blueprint("simulations", __name__, url_prefix="/simulations")
owned_pages(bp)


@bp.get("/<id:snapshot_id>/<sheet>/<subject_code>")
@requires(Permission.SCORECARDS_VIEW)
def detail(snapshot_id: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """What the address supposes, and what it would move."""
    row = _row(snapshot_id, sheet, subject_code)
    points = scored_of(row.snapshot)
    own = (sheet, subject_code)
    seen = simulation_rights.seen(points, row.snapshot, current_user)
    at = _at(own, seen)
    weighs = simulation_rights.may_weigh(current_user)
    supposed = _supposed(points, own, at)
    shown = simulation_rights.shown(row.snapshot, current_user)
    untried = simulation_rights.Untried(points, seen, shown)
    _keep_to_rights(supposed, seen, untried, weighs=weighs)
    books, line_faults = _books(points, supposed)
    if request.args.get("set") and supposed.sound and not line_faults:
        return redirect(_address(row, supposed, at))
    told = Told(points)
    simulated = simulate(points, supposed.other_facts(), books)
    moved = list(simulated.moved(told.words.labels))
    whole = own_change(moved, own)
    change = veiled(whole, shown) if whole else None
    faulty = bool(line_faults) or not supposed.sound
    page = render_template(
        "assessments/simulations/detail.html",
        row=row,
        kind=SUBJECTS[points.sheets[sheet].rulebook.subject],
        supposed=supposed,
        told=[
            {**each, "without": _address(row, each["without"], at)}
            for each in changes_told(told, supposed)
        ],
        faults=[*supposed.faults, *(fault for line, fault in line_faults.items() if not line)],
        faulty=faulty,
        change=change,
        lines=told.lines(change, simulated, sheet, shown) if change else [],
        others=told.others(moved, own, seen, shown),
        shown=shown,
        elsewhere=lambda moved: _elsewhere(snapshot_id, moved, supposed),
        at=at,
        at_choices=_at_choices(points, own, seen),
        above=_above(points, at),
        fact_fields=list(told.fact_fields(at, supposed, untried)),
        weight_fields=list(told.weight_fields(sheet, supposed, line_faults, untried))
        if weighs
        else [],
        untried_words=UNTRIED,
        parameters=supposed.parameters(*own),
        plain_address=_address(row, Supposed(), at),
        counties=points.sheets[sheet].rulebook.subject in FOR_COUNTIES,
    )
    # htmx shows no page that is refused.
    return page, 422 if faulty and not request.headers.get("HX-Request") else 200


def _elsewhere(snapshot_id: int, moved: MovedSheet, supposed: Supposed) -> str:
    """The same suppositions from the page of another sheet."""
    given: dict[str, Any] = {
        "snapshot_id": snapshot_id,
        "sheet": moved.sheet,
        "subject_code": moved.code,
        **supposed.parameters("", ""),
    }
    return url_for("simulations.detail", **given)


@bp.get("/<id:snapshot_id>/<sheet>/<subject_code>/next")
@requires(Permission.SCORECARDS_VIEW)
def following(snapshot_id: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """What would bring points to a subject, the cheapest first."""
    row = _row(snapshot_id, sheet, subject_code)
    points = scored_of(row.snapshot)
    seen = simulation_rights.seen(points, row.snapshot, current_user)
    of = points.sheets[sheet].rulebook.subject
    own = (sheet, subject_code)
    found = points.basis.kept(("offers", *own), lambda: offers(points, *own))
    shown = simulation_rights.shown(row.snapshot, current_user)
    untried = simulation_rights.Untried(points, seen, shown)
    in_sight = [each for each in found.possible if (each.sheet, each.code) in seen]

    def tried_not(promise: Promise) -> bool:
        fact = promise.fact
        return untried.fact(fact.sheet, fact.code, fact.measure)

    possible = [
        each
        for each in in_sight
        if shown.ranks or not (_tells_others(points, each) or any(map(tried_not, each.promises)))
    ]
    gone = [
        each
        for each in found.gone
        if (each.sheet, each.code) in seen and (shown.ranks or not _tells_others(points, each))
    ]
    return render_template(
        "assessments/simulations/next.html",
        row=row,
        kind=SUBJECTS[of],
        own=points.sheets[sheet].card(subject_code),
        offers=possible,
        out_of_sight=len(found.possible) - len(in_sight),
        later=len(in_sight) - len(possible),
        small=found.small,
        gone=gone,
        over=year_is_over(points),
        below=len(feeding(points, *own)) - 1,
        kinds={code: SUBJECTS[each.rulebook.subject] for code, each in points.sheets.items()},
        words=lambda promise: promise_words(points, promise, row.subject_name),
        parameter=lambda fact: fact_parameter(fact, *own),
        tried=lambda fact: _address(row, supposing(fact), own),
    )


def _tells_others(points: ScoredSnapshot, each: Offer | NoLonger) -> bool:
    """Whether what has to be reached is what another one of the class has."""
    sheet = points.sheets[each.sheet]
    card = sheet.card(each.code)
    return step_tells_others(card.line(each.line), card, sheet)


@bp.app_template_global()
def fact_reach(card: ScorecardRow, measure: str) -> dict[str, Any]:
    """Which points a fact of a card enters, in words, and where it can be supposed to be another;
    nothing for a fact that the card does not read."""
    points = scored_of(card.snapshot)
    at = (card.sheet, card.subject_code)
    return {
        "words": reached(points, at, measure).sentences,
        "address": url_for(
            "simulations.detail",
            snapshot_id=card.snapshot_id,
            sheet=card.sheet,
            subject_code=card.subject_code,
            _anchor=f"v.{measure}",
        ),
    }


def _row(snapshot_id: int, sheet: str, code: str) -> ScorecardRow:
    row = queries.card_row(snapshot_id, sheet, code, current_user)
    if row is None:
        abort(404)
    show(row.snapshot.year)
    show_owner(row.snapshot.owner_region_id)
    return row


def _at(own: Sheet, seen: set[Sheet]) -> Sheet:
    """Whose facts the form shows: those of `?at=`, where the user may see that card."""
    sheet, _, code = request.args.get("at", "").partition("~")
    return (sheet, code) if (sheet, code) in seen else own


def _at_choices(points: ScoredSnapshot, own: Sheet, seen: set[Sheet]) -> list[tuple[str, str]]:
    """The own sheet, those that feed it, and the others of its kind, as far as in sight."""
    sheet = points.sheets[own[0]]
    class_name = sheet.card(own[1]).subject.class_name
    peers = [
        (own[0], card.subject.code)
        for card in sheet.result.scorecards
        if card.subject.class_name == class_name
    ]
    return [
        (
            f"{name}~{code}",
            f"{SUBJECTS[points.sheets[name].rulebook.subject]}："
            f"{points.sheets[name].card(code).subject.name}",
        )
        for name, code in dict.fromkeys([*feeding(points, *own), *peers])
        if (name, code) in seen
    ]


def _above(points: ScoredSnapshot, at: Sheet) -> str:
    """Which sheets above the total of a sheet enters."""
    names = (name for of in facts_read(points.sheets[at[0]].card(at[1])).values() for name in of)
    first = next(names, None)
    return reached(points, at, first).above if first else ""


def _supposed(points: ScoredSnapshot, own: Sheet, at: Sheet) -> Supposed:
    args: MultiDict[str, str] = request.args
    if len(request.query_string) > LONGEST:
        return Supposed(faults=[_TOO_LONG])
    reader = Reader(points, *own)
    supposed = reader.read(args.getlist("f"), args.getlist("w"))
    if args.get("set"):
        values = {name[2:]: args[name].strip() for name in args if name.startswith("v.")}
        figures = {
            (line, path): args[name].strip()
            for name in args
            if name.startswith("k.")
            for line, _, path in [name[2:].partition("~")]
        }
        reader.typed(supposed, at, values, figures)
    return supposed


def _keep_to_rights(
    supposed: Supposed, seen: set[Sheet], untried: simulation_rights.Untried, *, weighs: bool
) -> None:
    """Take out what the user may not suppose, and say so."""
    hidden = [key for key in (*supposed.facts, *supposed.wrong_facts) if key[:2] not in seen]
    for key in hidden:
        supposed.facts.pop(key, None)
        supposed.wrong_facts.pop(key, None)
    if hidden:
        supposed.faults.append(_OUT_OF_SIGHT)
    if (supposed.weights or supposed.wrong_weights) and not weighs:
        supposed.weights.clear()
        supposed.wrong_weights.clear()
        supposed.faults.append(_NO_WEIGHTS)
    closed = [key for key in (*supposed.facts, *supposed.wrong_facts) if untried.fact(*key)]
    lines = [
        key for key in (*supposed.weights, *supposed.wrong_weights) if untried.weight(*key[:2])
    ]
    for key in closed:
        supposed.facts.pop(key, None)
        supposed.wrong_facts.pop(key, None)
    for key in lines:
        supposed.weights.pop(key, None)
        supposed.wrong_weights.pop(key, None)
    if closed or lines:
        supposed.faults.append(f"所改的有的{UNTRIED}，没有计入。")


def _books(
    points: ScoredSnapshot, supposed: Supposed
) -> tuple[dict[str, Rulebook], dict[str, str]]:
    """The rulebooks with other figures, and why some make none, by line ("" for all of them)."""
    books: dict[str, Rulebook] = {}
    faults: dict[str, str] = {}
    for sheet in dict.fromkeys(key[0] for key in supposed.weights):
        try:
            books[sheet] = weighted(points, points.sheets[sheet], supposed.other_weights(sheet))
        except WeightError as error:
            faults |= error.faults
    return books, faults


def _address(row: ScorecardRow, supposed: Supposed, at: Sheet) -> str:
    own = (row.sheet, row.subject_code)
    more: dict[str, Any] = dict(supposed.parameters(*own))
    if at != own:
        more["at"] = "~".join(at)
    return url_for(
        "simulations.detail",
        snapshot_id=row.snapshot_id,
        sheet=row.sheet,
        subject_code=row.subject_code,
        **more,
    )
