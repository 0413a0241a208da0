"""走势: how the measures that matter move over quarters and years."""

from __future__ import annotations

from flask import Blueprint
from flask_login import current_user

from tracker.overview.trends.explored import explored
from tracker.overview.trends.per_mu import GOAL, per_mu_of
from tracker.overview.trends.picture import of_per_mu, of_series, of_tasks
from tracker.overview.trends.series import money_series, signed_series, years_to
from tracker.overview.trends.tasks import tasks_over_years
from tracker.records.accounts.permissions import Permission
from tracker.records.ledger.parts import part_of
from tracker.records.places.queries import regions_in_view
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year

bp = Blueprint("trends", __name__, url_prefix="/overview/trends")


@bp.get("/")
@requires(Permission.OVERVIEW_VIEW)
@kept
def index() -> Drawing:
    """The years to the one in view, of the regions in view."""
    year, regions = selected_year(), regions_in_view(current_user)
    part = part_of(regions, year)
    series = [*money_series(regions, year, part), *signed_series(regions, year, part)]
    tasks = tasks_over_years(regions, year)
    per_mu = per_mu_of(regions, year)
    return Drawing(
        "overview/trends.html",
        part=part,
        covered={each: part_of(regions, each) for each in years_to(year)[:-1]} | {year: part},
        series=series,
        explored={each.key: explored(each) for each in series if each.is_known},
        pictures={each.key: of_series(each) for each in series},
        tasks={each.key: each for each in tasks},
        task_pictures={each.key: of_tasks(each) for each in tasks},
        per_mu=per_mu,
        per_mu_picture=of_per_mu(per_mu),
        goal=GOAL,
    )
