"""总览: the year's question answered in words, figures, one picture and what needs attention."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint
from flask_login import current_user

from tracker.core.quantities.figure import WAN_YUAN
from tracker.overview import progress
from tracker.overview.attention import concerns_of
from tracker.overview.chart import Chart, chart_of
from tracker.overview.enclaves import by_kind, returns_in
from tracker.overview.figures import figures_of
from tracker.overview.people import tasks_with_people, with_people
from tracker.overview.progress import Progress
from tracker.overview.summary import blocks_of, months_left
from tracker.records.accounts.permissions import Permission
from tracker.records.ledger.parts import part_of
from tracker.records.places.queries import regions_in_view
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year
from tracker.web.ways import way
from tracker.year.assessments import queries as assessments
from tracker.year.procedure import sight

bp = Blueprint("overview", __name__, url_prefix="/overview")


@bp.get("/")
@requires(Permission.OVERVIEW_VIEW)
@kept
def index() -> Drawing:
    """The chosen year in the regions in view."""
    year, regions = selected_year(), regions_in_view(current_user)
    snapshot = assessments.latest_snapshot(year)
    cards = sight.cards(snapshot, current_user) if snapshot else []
    found = progress.progress_of(progress.counties_in(regions), year)
    returns = returns_in(regions, year)
    pictured = progress.pictured(found)
    part = part_of(regions, year)
    return Drawing(
        "overview/index.html",
        part=part,
        figures=figures_of(regions, year, found, returns, part),
        pictured=pictured,
        chart=_chart(pictured),
        kinds=by_kind(returns, year),
        snapshot=snapshot,
        concerns=concerns_of(regions, year, returns, cards, found),
    )


def _chart(pictured: Sequence[Progress]) -> Chart | None:
    if not pictured:
        return None
    return chart_of(
        [
            (
                one.region.name,
                one.done.to(WAN_YUAN).value if one.done is not None else None,
                one.asked.to(WAN_YUAN).value if one.asked is not None else None,
                way("counties.detail", code=one.region.code),
            )
            for one in pictured
        ]
    )


@bp.get("/summary")
@requires(Permission.OVERVIEW_VIEW)
@kept
def summary() -> Drawing:
    """总表: the year on one sheet of paper."""
    year, regions = selected_year(), regions_in_view(current_user)
    counties = progress.counties_in(regions)
    found = progress.progress_of(counties, year)
    part = part_of(regions, year)
    figures = figures_of(regions, year, found, returns_in(regions, year), part)
    tasks = tasks_with_people(counties, year, found)
    blocks = blocks_of(regions, year, part, figures, tasks)
    return Drawing(
        "overview/summary.html",
        part=part,
        blocks=with_people(blocks, regions, year, part, tasks),
        left=months_left(year),
        passed=progress.passed(year),
    )
