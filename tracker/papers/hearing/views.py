"""听证材料 of an objection, to be printed."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.clock import present
from tracker.papers.common.head import safe_name
from tracker.records.accounts.permissions import Permission
from tracker.records.places.queries import regions_of
from tracker.web.access import requires
from tracker.web.downloads import attachment
from tracker.year.objections.models import Objection
from tracker.year.objections.queries import WITH_ALL, touching

bp = Blueprint("hearings", __name__, url_prefix="/forms")


@bp.get("/objections/<id:objection_id>.pdf")
@requires(Permission.OBJECTIONS_VIEW)
def paper(objection_id: int) -> ResponseReturnValue:
    """All about the line of an objection that the user sees."""
    from tracker.papers.hearing.build import hearing_of
    from tracker.papers.hearing.pdf import hearing_pdf

    seen = select(Objection).where(Objection.id == objection_id, touching(regions_of(current_user)))
    objection = db.session.scalars(seen.options(*WITH_ALL)).unique().one_or_none() or abort(404)
    hearing = hearing_of(objection, present())
    head = hearing.head
    name = safe_name(f"{head.period}-{head.title}-{head.subject_name}-{hearing.line}")
    return attachment(hearing_pdf(hearing), f"{name}-第{hearing.number}号.pdf", "application/pdf")
