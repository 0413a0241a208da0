"""Scorecards: a year's rankings, one card as a page, and the same card as a PDF."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.db import db
from tracker.engine.scoring import SUBJECTS, UNCLASSED
from tracker.papers.common.head import file_name
from tracker.papers.scorecard import page_words, supervised
from tracker.papers.scorecard.behind import members_of
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card, Column
from tracker.papers.scorecard.ended import is_settled
from tracker.papers.scorecard.page import page_of_card, references_of
from tracker.papers.scorecard.rankings import SORTS, Wanted, rankings
from tracker.papers.scorecard.record_links import proof_links, record_links
from tracker.records.accounts.owners import owned_pages, selected_owner, show_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations.models import RulingLevel
from tracker.records.places.recoded import other_codes
from tracker.web.access import requires
from tracker.web.downloads import attachment
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year, show
from tracker.web.tables import asked_number, asked_text
from tracker.year.assessments import queries
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.scored import ScoredSnapshot, scored_of
from tracker.year.objections.service import objecting
from tracker.year.procedure import sight
from tracker.year.procedure.sights import Sight
from tracker.year.rulebooks.printed import read_in_order, shelved_at

bp = Blueprint("scorecards", __name__, url_prefix="/scorecards")
owned_pages(bp)


@bp.get("/")
@requires(Permission.SCORECARDS_VIEW)
@kept
def index() -> Drawing:
    """The rankings of the chosen year's latest snapshot, or of the one in the address; for those
    below the province, of the one that was made public, once one was."""
    snapshot = _snapshot()
    wanted = _wanted()
    if snapshot is None:
        return Drawing(
            "scorecard/index.html",
            snapshot=None,
            wanted=wanted,
            scored_years=queries.years_with_snapshots(selected_owner()),
        )
    show(snapshot.year)
    show_owner(snapshot.owner_region_id)
    rows = sight.cards(snapshot, current_user, of_all=True)
    seen = sight.sight_of(snapshot, current_user)
    present = {row.sheet for row in rows}
    points = _points(snapshot)
    earlier = queries.comparable_before(snapshot)
    years = Between(points, _points(earlier)) if earlier else None
    return Drawing(
        "scorecard/index.html",
        snapshot=snapshot,
        latest=queries.latest_snapshot(snapshot.year, snapshot.owner_region_id),
        public=sight.public_instead(snapshot, current_user),
        earlier=earlier,
        whole_year=queries.is_whole(snapshot),
        wanted=wanted,
        sheets=rankings(
            rows,
            points,
            years,
            wanted,
            {} if Sight.RANKS in seen else sight.ranges(snapshot, current_user),
            sight.sight_of(earlier, current_user) if earlier else Sight.NOTHING,
        ),
        sight_words=sight.words(snapshot, current_user),
        columns=list(RulingLevel),
        any_rows=bool(rows),
        sheet_choices=[
            (book.code, SUBJECTS[book.subject])
            for book in read_in_order(sheet.rulebook for sheet in points.sheets.values())
            if book.code in present
        ],
        class_choices=[
            (name, name) for name in sorted({row.county_class or UNCLASSED for row in rows})
        ],
    )


@bp.get("/<id:snapshot_id>/<sheet>/<subject_code>")
@requires(Permission.SCORECARDS_VIEW)
def detail(snapshot_id: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """One scorecard, with the content of the PDF and all that each line rests on."""
    row = queries.card_row(snapshot_id, sheet, subject_code, current_user)
    if row is None:
        return _moved(".detail", snapshot_id, sheet, subject_code)
    show(row.snapshot.year)
    show_owner(row.snapshot.owner_region_id)
    points = _points(row.snapshot)
    seen = sight.sight_of(row.snapshot, current_user)
    public = sight.public_instead(row.snapshot, current_user)
    card = _card(row, points, seen, public)
    earlier = queries.comparable_before(row.snapshot)
    references = references_of(points.sheets[sheet], subject_code)
    links = record_links(references, current_user)
    frozen = points.document.get("annex", {}).get("proofs", {})
    proofs = proof_links(frozen, references, current_user)
    page = page_of_card(
        card,
        points,
        links,
        _points(earlier) if earlier else None,
        proofs,
        seen,
        sight.sight_of(earlier, current_user) if earlier else Sight.NOTHING,
    )
    return render_template(
        "scorecard/detail.html",
        card=card,
        row=row,
        page=page,
        whole_year=queries.is_whole(row.snapshot),
        columns=card.columns or (Column(card.status.value, counts=True, total=card.total),),
        public=public,
        public_row=_same_card(public, row),
        earlier_row=_earlier_row(earlier, page.earlier_sheet, subject_code),
        member_ways=_member_ways(points, row, card),
        rulebook_way=_rulebook_way(card),
        open_all=request.args.get("open") == "all",
        objecting=objecting(row, current_user),
        supervised={
            "of": supervised.orders_about(current_user, row),
            "issues": supervised.issues_about(current_user, row),
        },
        words=page_words,
        grouped=page_words.grouped,
        way_to_points=page_words.way_of(
            points.sheets[sheet].card(subject_code), points.sheets[sheet].rulebook
        ),
    )


@bp.get("/<id:snapshot_id>/<sheet>/<subject_code>.pdf")
@requires(Permission.SCORECARDS_VIEW)
def download(snapshot_id: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """One scorecard as a PDF."""
    from tracker.papers.scorecard.pdf import scorecard_pdf

    row = queries.card_row(snapshot_id, sheet, subject_code, current_user)
    if row is None:
        return _moved(".download", snapshot_id, sheet, subject_code)
    seen = sight.sight_of(row.snapshot, current_user)
    public = sight.public_instead(row.snapshot, current_user)
    card = _card(row, _points(row.snapshot), seen, public)
    record = ("snapshots", row.snapshot_id)
    return attachment(
        scorecard_pdf(card), file_name(card.head), "application/pdf", about="试算稿", record=record
    )


def _card(row: ScorecardRow, points: ScoredSnapshot, seen: Sight, public: Snapshot | None) -> Card:
    snapshot = row.snapshot
    ended = is_settled(snapshot.year, row.sheet, row.subject_code, snapshot.owner_region_id)
    told = sight.public_words(public) if public else ""
    return card_of(points, row.sheet, row.subject_code, settled=ended, sight=seen, public=told)


def _same_card(public: Snapshot | None, row: ScorecardRow) -> ScorecardRow | None:
    """The card of the same subject in the scoring that is public instead, if there is one."""
    if public is None:
        return None
    return queries.card_row(public.id, row.sheet, row.subject_code, current_user)


def _moved(endpoint: str, snapshot_id: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """To the same card under the code that its place had when the year was frozen."""
    for code in other_codes(subject_code):
        if queries.card_row(snapshot_id, sheet, code, current_user):
            at: dict[str, Any] = {"snapshot_id": snapshot_id, "sheet": sheet, "subject_code": code}
            query = request.query_string.decode("ascii", "ignore")
            return redirect(url_for(endpoint, **at) + (f"?{query}" if query else ""))
    return abort(404)


def _snapshot() -> Snapshot | None:
    asked = asked_number("snapshot")
    if asked is None:
        return sight.begun_with(selected_year(), current_user, selected_owner())
    return db.session.get(Snapshot, asked) or abort(404)


def _points(snapshot: Snapshot) -> ScoredSnapshot:
    return scored_of(snapshot)


def _wanted() -> Wanted:
    sort = request.args.get("sort", "rank")
    return Wanted(
        sheet=asked_text("sheet"),
        class_name=asked_text("class"),
        text=asked_text("q"),
        sort=sort if sort.removeprefix("-") in SORTS else "rank",
    )


def _earlier_row(earlier: Snapshot | None, sheet: str, code: str) -> ScorecardRow | None:
    """The subject's card of the year before, if the user may open it."""
    if earlier is None or not sheet:
        return None
    return queries.card_row(earlier.id, sheet, code, current_user)


def _member_ways(points: ScoredSnapshot, row: ScorecardRow, card: Card) -> list[str | None]:
    """The addresses of the lower cards, in the card's order; None for those out of sight."""
    if not card.members:
        return []
    own = points.sheets[row.sheet]
    lower = [
        (sheet.rulebook.code, code) for sheet, code in members_of(points, own, row.subject_code)
    ]
    seen = queries.visible_cards(row.snapshot_id, {code for _, code in lower}, current_user)
    return [
        url_for("scorecards.detail", snapshot_id=row.snapshot_id, sheet=sheet, subject_code=code)
        if (sheet, code) in seen
        else None
        for sheet, code in lower
    ]


def _rulebook_way(card: Card) -> str | None:
    """The page of the card's rulebook, where the very same one lies on the shelf."""
    if not current_user.may(Permission.RULEBOOKS_VIEW):
        return None
    owner = selected_owner()
    if not shelved_at(card.year, card.rulebook_code, card.rulebook_sha256, owner):
        return None
    return url_for("rulebooks.detail", year=card.year, code=card.rulebook_code)
