"""Ways to other pages that are shown only where they lead somewhere."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, has_request_context, url_for
from flask_login import current_user
from werkzeug.routing import BuildError

from tracker.web.kit.apart import callings


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(way=way, callings=callings)


def opens(user: Any, endpoint: str) -> bool:
    """Whether there is such a page and `user` may open it: by what it requires, and by
    `seen_by`, where it is marked with who alone finds anything on it."""
    view = current_app.view_functions.get(endpoint)
    permission, seen_by = getattr(view, "permission", None), getattr(view, "seen_by", None)
    if permission is None or not user.may(permission):
        return False
    return seen_by is None or bool(seen_by(user))


def way(endpoint: str, **values: Any) -> str | None:
    """The address of a page; None if there is no such page or the user may not open it, and on a
    paper, which leads nowhere."""
    if not has_request_context():
        return None
    if not opens(current_user, endpoint):
        return None
    try:
        return url_for(endpoint, **values)
    except BuildError:  # there is such a page, but it is not of one record of this kind
        return None
