"""A rebate shared among the villages of its enclave."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.permissions import Permission
from tracker.ledger import service, splitting
from tracker.ledger.blueprint import bp
from tracker.ledger.forms import SplitForm
from tracker.ledger.kinds import LEDGER, VILLAGE_PAYMENTS
from tracker.ledger.models import EntryKind, LedgerEntry
from tracker.villages.kinds import VILLAGE_STAKES
from tracker.web.access import requires
from tracker.web.figures import money
from tracker.web.kit import blocked_page
from tracker.web.kit.kinds import name_of
from tracker.web.transactions import writes


@bp.route("/<id:entry_id>/split", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def split(entry_id: int) -> ResponseReturnValue:
    """Share a rebate among the villages: by their stakes, equally or by a pasted list; before it is
    submitted or after it arrived."""
    entry = LEDGER.get(current_user, entry_id) or abort(404)
    blocked = LEDGER.foreign(current_user, entry)
    if blocked is not None:
        return blocked_page(LEDGER, entry, None, blocked)
    if entry.kind is not EntryKind.REBATE:
        abort(404)
    form, lacking = SplitForm(), []
    if form.validate_on_submit():
        try:
            number = _split(entry, request.form.get("how", ""), form.lines.data)
        except splitting.LinesError as error:
            form.lines.errors = [*form.lines.errors, *error.faults]
        except service.SharesError as error:
            form.form_errors.append(str(error))
            lacking = getattr(error, "stakes", [])
        else:
            over = splitting.left(entry)
            rest = f"尚未分配 {money(over).striptags()}。" if over else "已全部分到村。"
            flash(f"已分到 {number} 个村，{rest}", "success")
            return redirect(f"{LEDGER.address(entry)}#{VILLAGE_PAYMENTS.key}")
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "ledger/split.html",
        form=form,
        entry=entry,
        stakes=splitting.stakes_on(entry),
        lacking=[(stake, VILLAGE_STAKES.act_address("edit", stake)) for stake in lacking],
        left=splitting.left(entry),
        shared=service.shared(entry),
        why_not=splitting.why_not(entry),
        name_of=name_of,
    )
    return page, status


def _split(entry: LedgerEntry, how: str, lines: str) -> int:
    if how == "equal":
        return splitting.split_equally(entry)
    if how == "pasted":
        return splitting.split_pasted(entry, lines or "")
    return splitting.split_by_stakes(entry)
