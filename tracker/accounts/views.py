"""Signing in and out, and one's own password."""

from __future__ import annotations

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from tracker.accounts import demo, queries, service
from tracker.accounts.forms import OwnPasswordForm, SignInForm
from tracker.accounts.models import User
from tracker.accounts.permissions import Permission
from tracker.web.access import login_manager, public, requires, safe_next
from tracker.web.transactions import ConflictError, writes

bp = Blueprint("accounts", __name__)


@login_manager.user_loader
def user_of_session(session_id: str) -> User | None:
    """The user of a session cookie; nobody's where demonstration accounts are not let in."""
    user = queries.by_session_id(session_id)
    return user if user and _let_in(user) else None


REFUSED = "用户名或密码不正确。"
LOCKED = "登录失败次数过多，请 15 分钟后再试，或联系系统管理员。"


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Sign in; then go to `?next=` if it is an address of this site."""
    target = safe_next(request.args.get("next")) or url_for("pages.home")
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target)
    form = SignInForm()
    if form.validate_on_submit() and (user := _checked(form)):
        # A new session: one that was planted before signing in is worth nothing.
        session.clear()
        login_user(user)
        return redirect(target)
    accounts = demo.shown() if _demo() else []
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/login.html", form=form, accounts=accounts), status


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Sign out."""
    logout_user()
    session.clear()
    flash("已退出登录。", "success")
    return redirect(url_for(".login"))


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.WORK_VIEW)
def password() -> ResponseReturnValue:
    """Change one's own password; one is signed in anew here and signed out elsewhere."""
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
    service.set_password(current_user._get_current_object(), password_hash)
    login_user(current_user._get_current_object())
    flash("密码已修改。", "success")
    return redirect(url_for("pages.home"))


def _checked(form: SignInForm) -> User | None:
    try:
        user = service.sign_in(
            form.username.data,
            form.password.data,
            request.remote_addr or "unknown",
            let_in=_let_in,
        )
    except service.LockedOutError:
        form.form_errors.append(LOCKED)
        return None
    if user is None:
        form.form_errors.append(REFUSED)
    return user


def _demo() -> bool:
    return current_app.config["TRACKER"].demo


def _let_in(user: User) -> bool:
    return _demo() or not demo.is_demo(user)
