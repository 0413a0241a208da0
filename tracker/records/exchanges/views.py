"""The list of each kind of exchange, and the page that leads to them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, literal, select, union_all

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.exchanges.kinds import KINDS
from tracker.records.ledger.parts import Span, part_of
from tracker.records.places.queries import regions_in_view
from tracker.web.access import requires
from tracker.web.kit import Kind, record_blueprint
from tracker.web.period import selected_year

bp = Blueprint("exchanges", __name__, url_prefix="/exchanges")


@dataclass(frozen=True)
class Done:
    """How many records of a kind lie in the days of each of the columns."""

    kind: Kind
    numbers: list[int]


@bp.get("/")
@requires(Permission.EXCHANGES_VIEW)
def index() -> ResponseReturnValue:
    """How much of each kind of exchange there was, and the way to each."""
    part = part_of(regions_in_view(current_user), selected_year())
    spans = part.spans(2)
    done = done_in(current_user, spans)
    totals = [sum(each.numbers[at] for each in done) for at in range(len(spans))]
    return render_template("exchanges/index.html", part=part, spans=spans, done=done, totals=totals)


def done_in(user: User, spans: Sequence[Span]) -> list[Done]:
    """Every kind with its numbers in each of `spans`, in one statement."""
    parts = [
        select(literal(kind.key), literal(at), func.count())
        .select_from(kind.model)
        .where(kind.scope.in_view(user), span.holds(getattr(kind.model, kind.order[1:])))
        for kind in KINDS
        for at, span in enumerate(spans)
    ]
    counts = {(key, at): count for key, at, count in db.session.execute(union_all(*parts))}
    return [Done(kind, [counts[kind.key, at] for at in range(len(spans))]) for kind in KINDS]


def _tabs() -> dict[str, object]:
    return {"exchange_kinds": KINDS}


blueprints = (bp, *(record_blueprint(kind) for kind in KINDS))
for _each in blueprints:
    _each.context_processor(_tabs)
