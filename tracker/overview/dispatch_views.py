"""重大项目调度: who is late with projects of 1 亿元 and more, and what is next."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_login import current_user

from tracker.core.quantities.days import last_day_yet
from tracker.overview import dispatch
from tracker.records.accounts.permissions import Permission
from tracker.records.ledger.dispatched import RULES
from tracker.records.places.queries import regions_in_view
from tracker.records.projects.milestones import RULE
from tracker.records.projects.models import PlannedStage, Project
from tracker.records.supervision.queries import orders_to
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year

bp = Blueprint("dispatch", __name__, url_prefix="/overview/dispatch")


@bp.get("/")
@requires(Permission.OVERVIEW_VIEW)
@kept
def index() -> Drawing:
    """Those of the regions in view, as they stood on the last day of the year, or stand today."""
    year, regions = selected_year(), regions_in_view(current_user)
    rows = dispatch.by_place(regions, year)
    keys = [key for key, *_ in RULES]
    return Drawing(
        "overview/dispatch.html",
        rows=rows,
        rules=RULES,
        sums={key: sum(row.numbers[key] for row in rows) for key in keys},
        total=sum(row.total for row in rows),
        late=dispatch.late_ones(regions, year),
        planned=dispatch.planned_ones(regions, year),
        numbers=dispatch.number_planned(regions),
        stages=list(PlannedStage),
        plan_rule=RULE,
        orders=orders_to(current_user),
        day=last_day_yet(year),
    )


@bp.app_template_global()
def order_about_project(project: Project) -> str:
    """The address of the form that issues an order about a project."""
    return url_for("supervision.new", about="project", of=project.id)
