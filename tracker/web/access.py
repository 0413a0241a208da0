"""Who may open a page: each view says which permission it asks for, or that it asks for none."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from urllib.parse import urlsplit

from flask import Flask, Response, abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from tracker.core.db import db
from tracker.core.db.audit import act_as
from tracker.web.errors import files_brought, offer_again, typed
from tracker.web.marks import mark

login_manager = LoginManager()

View = Callable[..., ResponseReturnValue]


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.unauthorized_handler(_ask_to_sign_in)
    app.jinja_env.globals["may"] = lambda permission: (
        current_user.is_authenticated and current_user.may(permission)
    )


def requires(permission: StrEnum) -> Callable[[View], View]:
    """Let only users with `permission` in: others get 403, strangers are asked to sign in.

    The view is marked with `permission`, so that a test can walk all routes.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return login_manager.unauthorized()
            if not current_user.may(permission):
                abort(403)
            act_as(db.session, current_user.id)
            return view(*args, **kwargs)

        mark(guarded, permission=permission)
        return guarded

    return decorate


def public(view: View) -> View:
    """Mark a view that anybody may open."""
    mark(view, permission=None)
    return view


def in_background() -> bool:
    """Whether a page asked by itself: nobody need be in front of it. A part of a page that asks
    again and again says so (`data-hx-headers`)."""
    return bool(g.get("background") or request.headers.get("Tracker-Background"))


def safe_next(target: str | None) -> str | None:
    """`target` if it is an address within this site, else None."""
    if not target or not target.startswith("/") or "\\" in target:
        return None
    if target.startswith("//") or any(ord(char) < 32 for char in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def _say_once(words: str) -> None:
    """On the next page that tells anything: however many pages asked, and in however many
    windows."""
    if ("info", words) not in map(tuple, session.get("_flashes", ())):
        flash(words, "info")


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method == "POST" and (typed() or files_brought()):
        # Signed out while a form was being filled in: nothing typed is lost, files are named.
        return offer_again(), 401
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    if wanted == "/":
        wanted = None
    ended = "_user_id" in session
    if wanted or ended or request.method != "GET":
        _say_once("登录已失效，请重新登录。" if ended else "请先登录。")
    address = url_for("accounts.login", next=wanted)
    if request.headers.get("HX-Request"):
        # A redirect would be followed silently and its page put into a part of this one.
        return Response(status=401, headers={"HX-Redirect": url_for("accounts.login")})
    return redirect(address)
