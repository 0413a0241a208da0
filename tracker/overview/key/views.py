"""重点指标分析: how a place's key indicators stand against its target and the goals ahead."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint
from flask_login import current_user
from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.overview.key.names import LESS
from tracker.overview.key.table import GOAL_YEARS, RULE, STATES, Row, State, Table, tables
from tracker.records.accounts.permissions import Permission
from tracker.records.indicators.goals import LISHUI_ITEMS, LISHUI_PLAN, goal_words
from tracker.records.indicators.models import GoalKind, PlanGoal
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_in_view
from tracker.records.places.switch import narrowed_to, own_region
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year
from tracker.web.tables import asked_text

bp = Blueprint("key_indicators", __name__, url_prefix="/overview/key-indicators")


@bp.get("/")
@requires(Permission.TARGETS_VIEW)
@kept
def index() -> Drawing:
    """The table of the place in view, and beside it those in it that have goals of their own."""
    year = selected_year()
    place = narrowed_to() or own_region()
    others = _with_goals(place)
    found = tables([place, *others], year) if place is not None else []
    kind = next((each for each in GoalKind if each.value == asked_text("kind")), None)
    state = asked_text("state") if asked_text("state") in STATES else ""
    table = found[0] if found else None
    rows = _narrowed(table, kind, state) if table else []
    return Drawing(
        "overview/key.html",
        table=table,
        shown=len(rows),
        groups=[(name, list(of)) for name, of in groupby(rows, key=lambda row: row.group)],
        others=found[1:],
        kind=kind,
        kinds=[each for each in GoalKind if table and any(r.kind is each for r in table.rows)],
        state=state,
        states={key: words for key, (words, _) in STATES.items()},
        State=State,
        goal_years=GOAL_YEARS,
        rule=RULE,
        less=LESS,
        plan=LISHUI_PLAN,
        items=LISHUI_ITEMS,
        goal_words=goal_words,
        running=year >= today().year,
    )


def _narrowed(table: Table, kind: GoalKind | None, state: str) -> list[Row]:
    wanted = STATES[state][1] if state else None
    return [
        row
        for row in table.rows
        if (kind is None or row.kind is kind) and (wanted is None or wanted(row))
    ]


def _with_goals(place: Region | None) -> list[Region]:
    """The places in view that have goals of their own, but for `place`, by code."""
    if place is None:
        return []
    having = select(PlanGoal.region_id).where(PlanGoal.region_id.in_(regions_in_view(current_user)))
    statement = select(Region).where(Region.id.in_(having), Region.id != place.id)
    return list(db.session.scalars(statement.order_by(Region.code)))
