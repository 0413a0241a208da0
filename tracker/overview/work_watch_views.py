"""重点工作监测: which key work is late, what is next, by which day and by whom."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_login import current_user

from tracker.core.quantities.days import last_day_yet
from tracker.overview import work_watch
from tracker.records.accounts.permissions import Permission
from tracker.records.places.queries import regions_in_view
from tracker.records.supervision.queries import orders_to
from tracker.records.works.models import KeyWork
from tracker.records.works.queries import works_of
from tracker.records.works.steps import LIGHTS, RULE
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year

bp = Blueprint("work_watch", __name__, url_prefix="/overview/works")


@bp.get("/")
@requires(Permission.WORKS_VIEW)
@kept
def index() -> Drawing:
    """Those of the regions in view, as they stood on the last day of the year, or stand today."""
    year = selected_year()
    day = last_day_yet(year)
    works = works_of(regions_in_view(current_user), year)
    return Drawing(
        "overview/works.html",
        day=day,
        total=len(works),
        sums=work_watch.whole(works, day),
        lights=LIGHTS,
        short=[(key, word.partition("（")[0]) for key, word in LIGHTS],
        rule=RULE,
        lists=work_watch.by_list(works, day),
        places=work_watch.by_place(works, day),
        late=work_watch.due_ones(works, day, "red"),
        soon=work_watch.due_ones(works, day, "yellow"),
        orders=orders_to(current_user),
    )


@bp.app_template_global()
def order_about_work(work: KeyWork) -> str:
    """The address of the form that issues an order about a work."""
    return url_for("supervision.new", about="work", of=work.id)
