"""The form of an application, to be printed."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.clock import present
from tracker.records.accounts.permissions import Permission
from tracker.records.applications.models import Application
from tracker.records.applications.queries import WITH_PLACES, touching
from tracker.records.places.queries import regions_of
from tracker.web.access import requires
from tracker.web.downloads import attachment

bp = Blueprint("application_forms", __name__, url_prefix="/forms")


@bp.get("/applications/<id:application_id>.pdf")
@requires(Permission.PAPERS_VIEW)
def form(application_id: int) -> ResponseReturnValue:
    """项目申报表 of an application that the user sees."""
    from tracker.papers.application.build import application_form
    from tracker.papers.application.pdf import application_pdf
    from tracker.papers.common.form import form_name

    seen = select(Application).where(
        Application.id == application_id, touching(regions_of(current_user))
    )
    application = db.session.scalar(seen.options(*WITH_PLACES)) or abort(404)
    made = application_form(application, present())
    return attachment(application_pdf(made), form_name(made.head), "application/pdf")
