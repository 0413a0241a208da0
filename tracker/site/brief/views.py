"""工作简报: where a month or a quarter, and the province's year, are chosen to be printed."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.quantities.clock import today
from tracker.papers.brief.period import periods_until, usual
from tracker.records.accounts.permissions import Permission
from tracker.records.places.models import Region
from tracker.records.places.queries import is_province
from tracker.records.places.switch import narrowed_to, own_region
from tracker.web.access import requires
from tracker.web.period import selected_year

bp = Blueprint("briefs", __name__, url_prefix="/overview/briefs")


@bp.get("/")
@requires(Permission.OVERVIEW_VIEW)
def index() -> ResponseReturnValue:
    """The periods of the year in view, for the region in view."""
    year, day = selected_year(), today()
    place = narrowed_to() or own_region()
    assert isinstance(place, Region), "who compares places has one"
    return render_template(
        "overview/briefs.html",
        place=place,
        periods=periods_until(year, day),
        usual=usual(year, day),
        running=year == day.year,
        yearly=is_province(current_user),
    )
