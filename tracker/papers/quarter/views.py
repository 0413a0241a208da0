"""The forms on paper: filled from the records as they stand, for signature and seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.clock import present, today
from tracker.core.quantities.days import quarter_of
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves import queries as enclaves
from tracker.records.pairings import queries as pairings
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_of
from tracker.web.access import requires
from tracker.web.downloads import attachment
from tracker.web.period import need_year, selected_year
from tracker.web.tables import asked_number

if TYPE_CHECKING:
    from tracker.papers.common.form import FormHead
    from tracker.papers.quarter.build import Quarter
    from tracker.papers.tasks.build import Subject

bp = Blueprint("forms", __name__, url_prefix="/forms")


@bp.get("/quarter.pdf")
@requires(Permission.PAPERS_VIEW)
def quarter() -> ResponseReturnValue:
    """季度报送表 of a county (`?region=` its code), year and quarter (1 to 4)."""
    from tracker.papers.quarter.build import quarter_form
    from tracker.papers.quarter.pdf import quarter_pdf

    need_year()
    region = _region()
    if region.level is not RegionLevel.COUNTY:
        flash("季度报送表由县（市、区）填报。请先在页面上方选择县（市、区）。", "info")
        return redirect(url_for("pages.home"))
    form = quarter_form(region, _quarter(), present())
    return _pdf(quarter_pdf(form), form.head)


@bp.get("/tasks.pdf")
@requires(Permission.PAPERS_VIEW)
def tasks() -> ResponseReturnValue:
    """年度任务清单 of a region (code), or of a `pairing`, `park` or `enclave` (number)."""
    from tracker.papers.quarter.pdf import task_pdf
    from tracker.papers.tasks.build import task_form

    need_year()
    form = task_form(_subject(), selected_year(), present())
    return _pdf(task_pdf(form), form.head)


def _region() -> Region:
    """The region in the address, else the one chosen at the top, else the user's own."""
    seen = select(Region).where(Region.id.in_(regions_of(current_user)))
    if code := request.args.get("region"):
        chosen = seen.where(Region.code == code)
    else:
        chosen = seen.where(Region.id == (g.get("region_id") or current_user.region_id))
    return db.session.scalar(chosen) or abort(404)


def _quarter() -> Quarter:
    """The quarter in the address; else the present one, or the last of a past year."""
    from tracker.papers.quarter.build import Quarter

    year, day = selected_year(), today()
    if "quarter" not in request.args:
        return Quarter(year, quarter_of(day) if year == day.year else 4)
    number = asked_number("quarter")
    if number not in (1, 2, 3, 4):
        abort(404)
    return Quarter(year, number)


def _subject() -> Subject:
    if "pairing" in request.args:
        return pairings.get(current_user, asked_number("pairing") or 0) or abort(404)
    if "enclave" in request.args:
        return enclaves.get(current_user, asked_number("enclave") or 0) or abort(404)
    if "park" in request.args:
        regions = regions_of(current_user)
        of_number = Park.id == (asked_number("park") or 0)
        seen = parks.touching(regions)
        return db.session.scalar(select(Park).where(of_number, seen)) or abort(404)
    return _region()


def _pdf(content: bytes, head: FormHead) -> Response:
    from tracker.papers.common.form import form_name

    return attachment(content, form_name(head), "application/pdf")
