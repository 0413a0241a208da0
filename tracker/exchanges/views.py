"""The list of each kind of exchange, and the page that leads to them all."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, literal, select, union_all

from tracker.accounts.models import User
from tracker.accounts.permissions import Permission
from tracker.db import db
from tracker.exchanges.kinds import KINDS
from tracker.web.access import requires
from tracker.web.kit import Kind, record_blueprint
from tracker.web.kit.listing import year_is
from tracker.web.period import selected_year

bp = Blueprint("exchanges", __name__, url_prefix="/exchanges")


@dataclass(frozen=True)
class Done:
    """How many records of a kind lie in the year and in the one before it."""

    kind: Kind
    this_year: int
    last_year: int


@bp.get("/")
@requires(Permission.EXCHANGES_VIEW)
def index() -> ResponseReturnValue:
    """How much of each kind of exchange there was, and the way to each."""
    year = selected_year()
    return render_template("exchanges/index.html", done=done_in(current_user, year))


def done_in(user: User, year: int) -> list[Done]:
    """Every kind with its numbers in `year` and the year before, in one statement."""
    parts = [
        select(literal(kind.key), literal(each), func.count())
        .select_from(kind.model)
        .where(kind.scope.in_view(user), year_is(getattr(kind.model, kind.order[1:]), each))
        for kind in KINDS
        for each in (year, year - 1)
    ]
    counts = {(key, of): count for key, of, count in db.session.execute(union_all(*parts))}
    return [Done(kind, counts[kind.key, year], counts[kind.key, year - 1]) for kind in KINDS]


def _tabs() -> dict[str, object]:
    return {"exchange_kinds": KINDS}


blueprints = (bp, *(record_blueprint(kind) for kind in KINDS))
for _each in blueprints:
    _each.context_processor(_tabs)
