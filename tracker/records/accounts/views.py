"""Signing in and out, one's own sessions and one's own password."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from tracker.core.db import events, units
from tracker.core.db.records import now
from tracker.records.accounts import demo, service, sessions
from tracker.records.accounts.forms import OwnPasswordForm, SignInForm
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission, Role
from tracker.web.access import in_background, login_manager, public, requires, safe_next
from tracker.web.security import own_page_suffices
from tracker.web.tables import number_of
from tracker.web.transactions import ConflictError, writes

HURRY = 0.1  # seconds that a page waits at most to write that its reader was seen

bp = Blueprint("accounts", __name__)


@login_manager.user_loader
def user_of_session(token: str) -> User | None:
    """The user of a session cookie; nobody's where demonstration accounts are not let in."""
    g.standing = None
    found = sessions.found(token)
    if found is None or not _let_in(found[0]):
        return None
    user, g.standing = found
    return user


@bp.after_app_request
def _seen(response: Response) -> Response:
    """Write that something was done in this session: in a unit of its own, once a minute at most,
    and not at all this time where the lock is not free at once."""
    standing = g.get("standing")
    if standing and standing.unseen and not in_background():
        with suppress(OperationalError), units.writing(HURRY, shown=False):
            sessions.seen(standing.id)
        events.take_in()
    return response


REFUSED = "用户名或密码不正确。"
LOCKED = "登录失败次数过多，请 15 分钟后再试，或联系系统管理员。"


@bp.app_template_global()
def session_left() -> int:
    """Seconds until this session ends by itself, as far as was known when the page was asked."""
    standing = g.get("standing")
    return max(0, round(standing.left[0].total_seconds())) if standing else 0


@bp.route("/login", methods=["GET", "POST"])
@own_page_suffices
@public
def login() -> ResponseReturnValue:
    """Sign in; then go to `?next=` if it is an address of this site."""
    asked = safe_next(request.args.get("next"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(asked or _first_page(current_user))
    form = SignInForm()
    if form.validate_on_submit() and (entered := _checked(form)):
        _enter(*entered)
        return redirect(asked or _first_page(entered[0]))
    accounts = demo.shown() if _demo() else []
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/login.html", form=form, accounts=accounts), status


@bp.post("/logout")
@writes
@own_page_suffices
@public
def logout() -> ResponseReturnValue:
    """Sign out: the session ends, also for whoever holds a copy of its cookie."""
    if current_user.is_authenticated:
        service.sign_out(current_user, g.standing.id, _address())
    session.clear()
    flash("已退出登录。", "success")
    return redirect(url_for(".login"))


@bp.route("/account/session", methods=["GET", "POST"])
@writes
@own_page_suffices
@public
def left() -> ResponseReturnValue:
    """How many seconds this session has left and which limit ends it, for the warning on the page.

    Asking is nobody at work; a POST says that somebody is.
    """
    g.background = True
    if not current_user.is_authenticated:
        return {"left": 0, "limit": None}
    standing = g.standing
    if request.method == "POST":
        sessions.seen(standing.id)
        standing = replace(standing, last_seen_at=now())
    time, limit = standing.left
    return {"left": max(0, round(time.total_seconds())), "limit": limit}


@bp.get("/account/sessions")
@requires(Permission.WORK_VIEW)
def own_sessions() -> ResponseReturnValue:
    """Where one is signed in at present."""
    return render_template(
        "accounts/sessions.html", sessions=sessions.of_user(current_user.id), here=g.standing.id
    )


@bp.post("/account/sessions")
@writes
@requires(Permission.WORK_VIEW)
def end_session() -> ResponseReturnValue:
    """End another session of one's own."""
    number = number_of(request.form.get("session", ""))
    if number is not None and number != g.standing.id:
        ended = service.end_elsewhere(current_user, number, _address())
        flash("已结束那里的登录。" if ended else "那里的登录已经结束。", "success")
    return redirect(url_for(".own_sessions"))


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.WORK_VIEW)
def password() -> ResponseReturnValue:
    """Change one's own password; one stays signed in here and is signed out elsewhere."""
    form = OwnPasswordForm()
    if form.validate_on_submit() and (kept := _new_password(form)):
        return _change_own_password(kept, current_user.password_hash)
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/password.html", form=form), status


def _new_password(form: OwnPasswordForm) -> str | None:
    """What is kept of the new password; what is wrong with it stands on the form."""
    if demo.is_demo(current_user):
        form.form_errors.append("演示账户的密码公开，不能修改。")
        return None
    try:
        return service.hashed_for_owner(current_user, form.present.data, form.password.data)
    except service.WrongPasswordError as error:
        form.add_error("present", f"{error}。")
    except service.AccountError as error:
        form.add_error("password", f"{error}。")
    return None


@writes
@requires(Permission.WORK_VIEW)
def _change_own_password(password_hash: str, before: str) -> ResponseReturnValue:
    if current_user.password_hash != before:
        raise ConflictError  # an administrator has given another one in this moment
    service.set_password(current_user, password_hash, but=g.standing.id)
    session.update(sessions.cookie(current_user, session["_user_id"]))
    flash("密码已修改。", "success")
    return redirect(url_for("pages.home"))


def _checked(form: SignInForm) -> tuple[User, str] | None:
    """Who signs in so, and the token of the new session; None with the reason on the form."""
    before = (current_user.id, g.standing.id) if current_user.is_authenticated else None
    caller = service.Caller(_address(), request.headers.get("User-Agent", ""), before)
    try:
        entered = service.sign_in(form.username.data, form.password.data, caller, let_in=_let_in)
    except service.LockedOutError:
        form.form_errors.append(LOCKED)
        return None
    if entered is None:
        form.form_errors.append(REFUSED)
    return entered


def _first_page(user: User) -> str:
    """Where somebody begins: those who lead at the overview, all others at their work."""
    return url_for("overview.index" if user.role is Role.LEADER else "pages.home")


def _enter(user: User, token: str) -> None:
    """Let the cookie be that of the session; one that was planted before is worth nothing."""
    session.clear()
    session.update(sessions.cookie(user, token))


def _address() -> str:
    return request.remote_addr or "unknown"


def _demo() -> bool:
    return current_app.config["TRACKER"].demo


def _let_in(user: User) -> bool:
    return _demo() or not demo.is_demo(user)
