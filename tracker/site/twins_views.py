"""同名记录: the list of records and accounts whose names read alike."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.site.twins import ADVICE, all_twins, called
from tracker.web.access import requires
from tracker.web.kit.kinds import kind_of

bp = Blueprint("twins", __name__, url_prefix="/twins")


def address_of(record: Any) -> str:
    """Where the user may look at a twin: its own page, else what was done to it; "" for neither."""
    if isinstance(record, User):
        may = current_user.may(Permission.USERS_VIEW)
        return url_for("users.detail", user_id=record.id) if may else ""
    kind = kind_of(record)
    if kind is not None and current_user.may(kind.view):
        return kind.address(record) if kind.get(current_user, record.id) is not None else ""
    if current_user.may(Permission.AUDIT_VIEW):
        return url_for("audit.index", table=record.__tablename__, record=record.id)
    return ""


@bp.get("/")
@requires(Permission.TWINS_VIEW)
def index() -> ResponseReturnValue:
    """The twins that the user may look at one by one."""
    groups = [
        (twins, [(each, address_of(each)) for each in twins.records]) for twins in all_twins()
    ]
    shown = [(twins, links) for twins, links in groups if any(address for _, address in links)]
    return render_template("site/twins/index.html", groups=shown, advice=ADVICE, called=called)
