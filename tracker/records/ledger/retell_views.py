"""修改文字说明: the words of a submitted entry, while the province has opened its locked period."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.records.accounts.permissions import Permission
from tracker.records.ledger import service
from tracker.records.ledger.forms import RetellForm
from tracker.records.ledger.kinds import LEDGER, entry_name
from tracker.records.ledger.rules import bp
from tracker.web.access import requires
from tracker.web.kit import Blocked, blocked_page
from tracker.web.kit.kinds import name_of
from tracker.web.transactions import writes


@bp.route("/<id:entry_id>/words", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def retell(entry_id: int) -> ResponseReturnValue:
    """Change the voucher and the note of an entry, and nothing else."""
    entry = LEDGER.get(current_user, entry_id, LEDGER.load_detail) or abort(404)
    if (foreign := LEDGER.foreign(current_user, entry)) is not None:
        return blocked_page(LEDGER, entry, None, foreign, doing="修改凭证和说明")
    if said := service.why_not_retold(current_user, entry):
        return blocked_page(LEDGER, entry, None, Blocked(said), status=409, doing="修改凭证和说明")
    form = RetellForm(obj=entry)
    if form.validate_on_submit():
        told = (form.voucher.data or "", form.note.data or "")
        service.retell(current_user, entry, *told, form.reason.data)
        flash(f"已修改{entry_name(entry)}的文字说明，金额和日期没有变。", "success")
        return redirect(LEDGER.address(entry))
    page = render_template(
        "ledger/retell.html", form=form, entry=entry, subject_name=name_of(entry.subject)
    )
    return page, 422 if form.is_submitted() else 200
