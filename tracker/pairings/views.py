"""Pairings: the list, and one with what is published of it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.permissions import Permission
from tracker.pairings import queries
from tracker.web.access import requires
from tracker.web.tables import asked_text, ordering, page_of

bp = Blueprint("pairings", __name__, url_prefix="/pairings")


@bp.get("/")
@requires(Permission.PAIRINGS_VIEW)
def index() -> ResponseReturnValue:
    """All pairings that touch the user's regions."""
    text = asked_text("q")
    sort, order = ordering(queries.SORTS, "recipient")
    page = page_of(queries.listing(current_user, text, order))
    return render_template("pairings/index.html", page=page, text=text, sort=sort)


@bp.get("/<id:pairing_id>")
@requires(Permission.PAIRINGS_VIEW)
def detail(pairing_id: int) -> ResponseReturnValue:
    """One pairing."""
    pairing = queries.get(current_user, pairing_id) or abort(404)
    return render_template("pairings/detail.html", pairing=pairing)
