"""A supervision order, to be printed."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.clock import present
from tracker.records.accounts.permissions import Permission
from tracker.records.places.queries import regions_of
from tracker.records.supervision.models import SupervisionOrder
from tracker.records.supervision.queries import WITH_PLACES, touching
from tracker.web.access import requires
from tracker.web.downloads import attachment

bp = Blueprint("order_forms", __name__, url_prefix="/forms")


@bp.get("/supervision/<id:supervision_order_id>.pdf")
@requires(Permission.PAPERS_VIEW)
def form(supervision_order_id: int) -> ResponseReturnValue:
    """督办单 of an order that the user sees."""
    from tracker.papers.common.form import form_name
    from tracker.papers.order.build import order_form
    from tracker.papers.order.pdf import order_pdf

    seen = select(SupervisionOrder).where(
        SupervisionOrder.id == supervision_order_id, touching(regions_of(current_user))
    )
    order = db.session.scalar(seen.options(*WITH_PLACES)) or abort(404)
    made = order_form(order, present())
    return attachment(order_pdf(made), form_name(made.head), "application/pdf")
