"""The accounts and who has them: for those who run the system."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.records.accounts import demo, queries, service, sessions
from tracker.records.accounts.forms import NewUserForm, ResetPasswordForm, UserForm
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission, Role
from tracker.web.access import requires
from tracker.web.forms import Form, note_current, offer
from tracker.web.tables import asked_choice, asked_number, asked_text, ordering, page_of
from tracker.web.transactions import ConflictError, writes

bp = Blueprint("users", __name__, url_prefix="/users")

STATES = [("1", "启用"), ("0", "停用")]


@bp.get("/")
@requires(Permission.USERS_VIEW)
def index() -> ResponseReturnValue:
    """All accounts."""
    state = asked_number("active")
    wanted = queries.UserFilter(
        text=asked_text("q"),
        role=asked_choice("role", Role),
        active=bool(state) if state in (0, 1) else None,
    )
    sort, order = ordering(queries.SORTS, "region")
    return render_template(
        "accounts/users/index.html",
        page=page_of(queries.listing(wanted, order)),
        wanted=wanted,
        state=state,
        sort=sort,
        roles=Role,
        states=STATES,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.USERS_EDIT)
def new() -> ResponseReturnValue:
    """Make an account."""
    form = NewUserForm()
    offer(form.region_id, queries.region_choices())
    if form.validate_on_submit():
        try:
            return _create(form, service.hashed(form.password.data, form.username.data))
        except service.AccountError as error:
            form.form_errors.append(f"{error}。")
    return _page("accounts/users/new.html", form)


@writes
@requires(Permission.USERS_EDIT)
def _create(form: NewUserForm, password_hash: str) -> ResponseReturnValue:
    user = service.create(
        form.username.data,
        form.display_name.data,
        password_hash,
        form.role.data,
        form.region_id.data,
    )
    flash(f"已新建账户“{user.username}”。请将用户名和密码当面告知本人。", "success")
    return redirect(url_for(".detail", user_id=user.id))


@bp.get("/<id:user_id>")
@requires(Permission.USERS_VIEW)
def detail(user_id: int) -> ResponseReturnValue:
    """One account."""
    user = _found(user_id)
    return render_template(
        "accounts/users/detail.html",
        user=user,
        lock=service.lock_of(user.username),
        sessions=sessions.of_user(user.id),
        is_demo=demo.is_demo,
    )


@bp.post("/<id:user_id>/unlock")
@writes
@requires(Permission.USERS_EDIT)
def unlock(user_id: int) -> ResponseReturnValue:
    """Let somebody who failed to sign in too often try again at once."""
    user = _found(user_id)
    unlocked = service.unlock(user)
    flash("已解除锁定，可以立即重新登录。" if unlocked else "该账户没有被锁定。", "success")
    return redirect(url_for(".detail", user_id=user.id))


@bp.route("/<id:user_id>/edit", methods=["GET", "POST"])
@writes
@requires(Permission.USERS_EDIT)
def edit(user_id: int) -> ResponseReturnValue:
    """Change an account, or switch it off."""
    user = _found(user_id)
    form = _form_of(user)
    if form.validate_on_submit():
        try:
            service.update(current_user, user, form.version.data, **form.values())
        except ConflictError:
            note_current(form, _form_of(user, formdata=None))
        except service.AccountError as error:
            form.form_errors.append(f"{error}。")
        if not form.errors:
            flash("已保存。", "success")
            return redirect(url_for(".detail", user_id=user.id))
    return _page("accounts/users/edit.html", form, user)


@bp.route("/<id:user_id>/password", methods=["GET", "POST"])
@requires(Permission.USERS_EDIT)
def password(user_id: int) -> ResponseReturnValue:
    """Give an account a new password."""
    user = _found(user_id)
    form = ResetPasswordForm()
    if form.validate_on_submit():
        try:
            return _set_password(user_id, service.hashed(form.password.data, user.username))
        except service.AccountError as error:
            form.add_error("password", f"{error}。")
    return _page("accounts/users/password.html", form, user)


@writes
@requires(Permission.USERS_EDIT)
def _set_password(user_id: int, password_hash: str) -> ResponseReturnValue:
    user = _found(user_id)
    service.set_password(user, password_hash)
    flash(f"已为“{user.username}”设置新密码，该账户已在各处退出登录，登录锁定一并解除。", "success")
    return redirect(url_for(".detail", user_id=user.id))


def _found(user_id: int) -> User:
    return queries.get(user_id) or abort(404)


def _form_of(user: User, **options: object) -> UserForm:
    form = UserForm(obj=user, **options)
    offer(form.region_id, queries.region_choices(user.region_id))
    return form


def _page(template: str, form: Form, user: User | None = None) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    return render_template(template, form=form, user=user), status
