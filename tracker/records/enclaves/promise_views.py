"""The answer of the other side to what a contract of an enclave promises, and the asking back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves import agreement_kinds as agreements
from tracker.records.enclaves import binding
from tracker.records.enclaves.forms import AnswerForm, AskForm
from tracker.records.enclaves.kinds import RETURN_TERMS
from tracker.records.enclaves.models import Bound
from tracker.web.access import requires
from tracker.web.forms import Form
from tracker.web.kit import Blocked, Kind, blocked_page, looks
from tracker.web.kit.acts import version_of
from tracker.web.kit.kinds import iter_fields
from tracker.web.transactions import writes

bp = Blueprint("promises", __name__, url_prefix="/promises")

CHANGED = "这条约定刚刚有变动，请核对现在的内容后再答复。"


def answer(kind: Kind, record_id: int) -> ResponseReturnValue:
    """The other side of the contract, or the province, confirms a promise or gives it back."""
    record = kind.get(current_user, record_id, kind.load_detail) or abort(404)
    if not binding.may_confirm(current_user, record):
        reason = "约定由合同另一方（飞入地）或省级确认，登记一方不能自行确认。"
        return blocked_page(kind, record, kind.parent_of(record), Blocked(reason), doing="确认约定")
    form = AnswerForm(version=version_of(record))
    if record.binds:
        refusal = [("refuse", "不同意更正，约定不变")] if record.change_reason else []
        form.answer.choices = [("", "请选择"), ("give_back", "退回更正"), *refusal]
    if form.validate_on_submit():
        chosen, reason = form.answer.data, form.reason.data
        if form.version.data != version_of(record):
            form.form_errors.append(CHANGED)
            form.version.raw_data = [str(version_of(record))]
        elif chosen != "confirm" and not reason:
            form.add_error("reason", "请写明理由。")
        else:
            try:
                if chosen == "confirm":
                    binding.confirm(current_user, record)
                elif chosen == "refuse":
                    binding.refuse(current_user, record, reason)
                else:
                    binding.give_back(current_user, record, reason)
            except binding.BindingError as error:
                form.form_errors.append(str(error))
        if not form.errors:
            flash(f"已答复：{binding.state_words(record)}。", "success")
            return redirect(kind.address(record))
    return _page("enclaves/answer.html", kind, record, form)


def ask(kind: Kind, record_id: int) -> ResponseReturnValue:
    """Those who entered a promise that binds ask to have it back."""
    record = kind.get(current_user, record_id, kind.load_detail) or abort(404)
    form = AskForm()
    foreign = kind.foreign(current_user, record)
    if foreign is not None:
        return blocked_page(kind, record, kind.parent_of(record), foreign, doing="申请更正约定")
    if not record.binds or not binding.is_promise(record):
        reason = Blocked("这条约定尚未确认，可以直接修改。")
        return blocked_page(
            kind, record, kind.parent_of(record), reason, status=409, doing="申请更正约定"
        )
    if form.validate_on_submit():
        try:
            binding.ask(current_user, record, form.reason.data)
        except binding.BindingError as error:
            form.form_errors.append(str(error))
        if not form.errors:
            flash("已申请更正，待合同另一方或省级答复；答复之前约定不变。", "success")
            return redirect(kind.address(record))
    return _page("enclaves/ask.html", kind, record, form)


def _add(
    kind: Kind, act: str, permission: Permission, view: Callable[..., ResponseReturnValue]
) -> None:
    guarded = writes(requires(permission)(lambda **at: view(kind, at[kind.argument])))
    rule = f"/{kind.slug}/<id:{kind.argument}>/{act}"
    bp.add_url_rule(rule, f"{act}_{kind.key}", guarded, methods=["GET", "POST"])


for _kind in (RETURN_TERMS, agreements.TAX_SPLITS, agreements.ENCLAVE_SPACES):
    _add(_kind, "answer", Permission.ENCLAVES_CONFIRM, answer)
    _add(_kind, "ask", Permission.ENCLAVES_EDIT, ask)


def _page(template: str, kind: Kind, record: Bound, form: Form) -> ResponseReturnValue:
    page = render_template(
        template,
        kind=kind,
        record=record,
        parent=kind.parent_of(record),
        enclave=binding.enclave_of(record),
        groups=list(iter_fields(kind.groups)),
        form=form,
        looks=looks,
    )
    return page, 422 if form.is_submitted() else 200
