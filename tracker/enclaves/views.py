"""The list of enclaves."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.permissions import Permission
from tracker.enclaves import queries
from tracker.enclaves.models import EnclaveKind
from tracker.web.access import requires
from tracker.web.tables import asked_choice, asked_text, ordering, page_of

bp = Blueprint("enclaves", __name__, url_prefix="/enclaves")


@bp.get("/")
@requires(Permission.ENCLAVES_VIEW)
def index() -> ResponseReturnValue:
    """All enclaves that touch the user's regions."""
    wanted = queries.EnclaveFilter(
        text=asked_text("q"),
        kind=asked_choice("kind", EnclaveKind),
    )
    sort, order = ordering(queries.SORTS, "code")
    return render_template(
        "enclaves/index.html",
        page=page_of(queries.listing(current_user, wanted, order)),
        wanted=wanted,
        sort=sort,
        kinds=EnclaveKind,
    )
