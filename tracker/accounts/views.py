"""Signing in and out."""

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
from tracker.accounts.forms import SignInForm
from tracker.web.access import login_manager, public, safe_next
from tracker.web.transactions import keep_changes

bp = Blueprint("accounts", __name__)

login_manager.user_loader(queries.by_session_id)

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
    accounts = demo.shown() if current_app.config["TRACKER"].demo else []
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


def _checked(form: SignInForm) -> service.User | None:
    keep_changes()
    try:
        user = service.sign_in(
            form.username.data, form.password.data, request.remote_addr or "unknown"
        )
    except service.LockedOutError:
        form.form_errors.append(LOCKED)
        return None
    if user is None:
        form.form_errors.append(REFUSED)
    return user
