"""The first page of each role, and the sign of life."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tracker.core.db import db
from tracker.records.accounts.permissions import Permission
from tracker.site import menu, work
from tracker.site.blueprint import bp
from tracker.site.work_lists import ALL
from tracker.web.access import public, requires
from tracker.web.kept import Drawing, kept_for_each
from tracker.web.period import selected_year
from tracker.web.schema import current_schema


@bp.get("/")
@requires(Permission.WORK_VIEW)
@kept_for_each
def home() -> Drawing:
    """我的工作: what there is to do for the user's role; 首页 of a leader."""
    role = current_user.role
    found = work.of_role(role)(current_user, selected_year())
    wanted = request.args.get(ALL)
    for todo in (*found.get("todos", ()), *filter(None, [found.get("back")])):
        if todo.key == wanted:
            return Drawing("site/home_all.html", todo=todo)
    return Drawing(f"site/home_{role.value}.html", **found)


@bp.get("/everything")
@requires(Permission.WORK_VIEW)
def everything() -> ResponseReturnValue:
    """全部栏目: every page that the user's menu leads to, or would."""
    return render_template("site/everything.html", groups=menu.everything(current_user))


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Whether the database answers and has the program's schema: 200 `{"status": "ok"}`, else 503.

    A schema that does not fit is told with both versions: `{"status": "schema too old", "schema":
    "0004", "wanted": "0005"}`; also "schema too new" and "no schema".
    """
    try:
        if schema := current_schema():
            return {
                "status": schema.state.value,
                "schema": schema.found,
                "wanted": schema.wanted,
            }, 503
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "database unavailable"}, 503
    return {"status": "ok"}
