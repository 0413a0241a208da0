"""名单监测: who is how far from leaving the list, and whose income how far from the mean."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint
from flask_login import current_user

from tracker.core.quantities.days import last_day_yet
from tracker.core.quantities.figure import WAN_YUAN
from tracker.overview.chart import Chart, chart_of
from tracker.overview.listed import incomes, leaving
from tracker.overview.listed.published import INCOMES, published
from tracker.records.accounts.permissions import Permission
from tracker.records.places.queries import listed_on, regions_in_view
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year
from tracker.web.ways import way

bp = Blueprint("listed", __name__, url_prefix="/overview/listed")


@bp.get("/")
@requires(Permission.OVERVIEW_VIEW)
@kept
def index() -> Drawing:
    """The counties in view that stand on the list on the last day of the year, or today."""
    year, regions = selected_year(), regions_in_view(current_user)
    day = last_day_yet(year)
    listings = listed_on(day, regions)
    told = published([each.region for each in listings], year)
    rows = leaving.rows(listings, told)
    of_incomes = incomes.rows([each.region for each in listings], told)
    return Drawing(
        "overview/listed.html",
        day=day,
        rows=rows,
        groups=[(state, [r for r in rows if r.state is state]) for state in leaving.State],
        chart=_chart(rows),
        moved=leaving.moved(regions, year),
        rule=leaving.reported_rule(),
        rule_words=leaving.RULE,
        incomes=of_incomes,
        indicators=INCOMES,
        goals=incomes.GOALS,
        reached=incomes.reached(of_incomes),
        means=incomes.means(of_incomes, told),
        plan=incomes.PLAN,
    )


def _chart(rows: Sequence[leaving.Row]) -> Chart | None:
    """The GDP that is told, of each county that tells one, with the sign of a bound."""
    told = [row for row in rows if row.gdp]
    if not told:
        return None
    line = leaving.ASKING.to(WAN_YUAN).value
    return chart_of(
        [
            (
                row.place.name,
                row.gdp.figure.to(WAN_YUAN).value if row.gdp else None,
                line,
                way("counties.detail", code=row.place.code),
            )
            for row in told
        ],
        [row.gdp.figure.precision for row in told if row.gdp],
    )
