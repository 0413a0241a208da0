"""Scorecards: a year's rankings, one card as a page, and the same card as a PDF."""

from __future__ import annotations

import itertools
from operator import attrgetter
from urllib.parse import quote

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.permissions import Permission
from tracker.assessments import queries
from tracker.assessments.models import ScorecardRow, Snapshot
from tracker.db import db
from tracker.papers.head import file_name
from tracker.papers.words import grouped
from tracker.scorecards import pdf_text
from tracker.scorecards.build import build_card
from tracker.scorecards.card import Card
from tracker.scorecards.pdf import scorecard_pdf
from tracker.scorecards.words import groups_of
from tracker.web.access import requires
from tracker.web.period import selected_year
from tracker.web.tables import asked_number

bp = Blueprint("scorecards", __name__, url_prefix="/scorecards")


@bp.get("/")
@requires(Permission.SCORECARDS_VIEW)
def index() -> ResponseReturnValue:
    """The rankings of the chosen year's latest snapshot, or of the one in the address."""
    snapshot = _snapshot()
    rows = queries.cards(snapshot, current_user) if snapshot else []
    sheets = {code: list(of) for code, of in itertools.groupby(rows, attrgetter("sheet"))}
    return render_template(
        "scorecards/index.html",
        snapshot=snapshot,
        latest=queries.latest_snapshot(snapshot.year) if snapshot else None,
        sheets=sheets,
        titles={code: _card(of[0]).title for code, of in sheets.items()},
        reasons={row.id: _why_unranked(_card(row)) for row in rows if row.rank is None},
        scored_years=queries.years_with_snapshots(),
    )


@bp.get("/<id:snapshot_id>/<sheet>/<subject_code>")
@requires(Permission.SCORECARDS_VIEW)
def detail(snapshot_id: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """One scorecard, with the content of the PDF."""
    row = _row(snapshot_id, sheet, subject_code)
    card = _card(row)
    return render_template(
        "scorecards/detail.html",
        card=card,
        row=row,
        groups=list(groups_of(card)),
        words=pdf_text,
        grouped=grouped,
    )


@bp.get("/<id:snapshot_id>/<sheet>/<subject_code>.pdf")
@requires(Permission.SCORECARDS_VIEW)
def download(snapshot_id: int, sheet: str, subject_code: str) -> ResponseReturnValue:
    """One scorecard as a PDF."""
    row = _row(snapshot_id, sheet, subject_code)
    card = _card(row)
    name = quote(file_name(card.head), safe="")
    disposition = f"attachment; filename*=UTF-8''{name}"
    return Response(
        scorecard_pdf(card),
        mimetype="application/pdf",
        headers={"Content-Disposition": disposition},
    )


def _row(snapshot_id: int, sheet: str, subject_code: str) -> ScorecardRow:
    return queries.card_row(snapshot_id, sheet, subject_code, current_user) or abort(404)


def _snapshot() -> Snapshot | None:
    asked = asked_number("snapshot")
    if asked is None:
        return queries.latest_snapshot(selected_year())
    return db.session.get(Snapshot, asked) or abort(404)


def _card(row: ScorecardRow) -> Card:
    return build_card(row.snapshot, row.sheet, row.subject_code)


def _why_unranked(card: Card) -> str:
    return card.unranked_reason or ("" if card.complete else "资料不全")
