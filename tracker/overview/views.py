"""总览: the year's question answered in words, figures, one picture and what needs attention."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask import Blueprint, abort, request
from flask_login import current_user

from tracker.core.quantities.figure import WAN_YUAN
from tracker.overview import progress
from tracker.overview.attention import concerns_of
from tracker.overview.chart import Chart, chart_of
from tracker.overview.course import (
    RULE,
    STANDINGS,
    course_of_counties,
    course_of_tasks,
    sides_of,
    standing,
)
from tracker.overview.enclaves import by_kind, returns_in
from tracker.overview.figures import figures_of, tasks_of
from tracker.overview.people import MEASURES, tasks_with_people, with_people
from tracker.overview.progress import Progress
from tracker.overview.summary import blocks_of, months_left
from tracker.records.accounts.permissions import Permission
from tracker.records.ledger.parts import part_of
from tracker.records.places.models import RegionLevel
from tracker.records.places.queries import regions_in_view
from tracker.records.places.switch import narrowed_to
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


def _least_first(one: Progress) -> tuple[bool, Decimal]:
    """Those of which no share can be told come last."""
    return one.share is None, Decimal(0) if one.share is None else one.part


@bp.get("/tasks")
@requires(Permission.OVERVIEW_VIEW)
@kept
def tasks() -> Drawing:
    """任务进度: who keeps pace and who does not; with `measure` all that were given that task."""
    name = request.args.get("measure", "")
    if name and name not in MEASURES:
        abort(404)
    year, regions = selected_year(), regions_in_view(current_user)
    counties = progress.counties_in(regions)
    wanted = (name,) if name else progress.ASKED
    found = [one for one in progress.progress_of(counties, year, wanted) if one.asked is not None]
    place = narrowed_to() or current_user.region
    by_task = place is not None and place.level is RegionLevel.COUNTY
    return Drawing(
        "overview/tasks.html",
        part=part_of(regions, year),
        passed=progress.passed(year),
        counties=len(counties),
        measure=found[0].measure if name and found else None,
        asked_for=name,
        given=sorted(found, key=_least_first) if name else (),
        sums=tasks_of(found).get(name) if name else None,
        by_task=by_task,
        course=course_of_tasks(found) if by_task else course_of_counties(found),
        standings=STANDINGS,
        standing=standing,
        rule=RULE,
        sides=sides_of,
    )
