"""试算: what the running year would give by what is on record."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.quantities.clock import today
from tracker.records.accounts.owners import owned_pages, seen_cities, selected_owner
from tracker.records.accounts.permissions import Permission
from tracker.web.access import requires
from tracker.web.period import selected_year
from tracker.year.procedure.sights import Sight
from tracker.year.trials import queries
from tracker.year.trials.rules import statuses, trial_words

bp = Blueprint("trials", __name__, url_prefix="/trials")
owned_pages(bp)


@bp.get("/")
@requires(Permission.SCORECARDS_VIEW)
def index() -> ResponseReturnValue:
    """The cards of the year's latest trial, with what moved since the month before."""
    year, owner = selected_year(), selected_owner()
    trial = queries.latest(year, owner)
    of_cities = queries.latest_of_cities(year) if owner is None else {}
    cards = queries.cards(trial, current_user) if trial else []
    before = queries.before_month(trial) if trial else None
    sheets = {card.sheet: card.title for card in cards}
    return render_template(
        "trials/index.html",
        trial=trial,
        said=trial_words(trial) if trial else "",
        statuses=statuses(trial) if trial else {},
        cards=cards,
        sheets=sheets,
        before=before,
        totals=queries.totals(before, current_user, sheets) if before else {},
        ranks=trial is not None and Sight.RANKS in queries.sight_for(current_user, trial),
        runs=year == today().year,
        cities=[
            (city, of_cities[city.id]) for city in seen_cities(current_user) if city.id in of_cities
        ],
    )


@bp.get("/<int:year>/<sheet>/<code>")
@requires(Permission.SCORECARDS_VIEW)
def detail(year: int, sheet: str, code: str) -> ResponseReturnValue:
    """One card: its lines with what each gives, and why."""
    trial = queries.latest(year, selected_owner()) or abort(404)
    card = queries.card_of(trial, sheet, code, current_user) or abort(404)
    return render_template(
        "trials/detail.html",
        trial=trial,
        card=card,
        said=trial_words(trial, sheet),
        lines=card.lines,
    )
