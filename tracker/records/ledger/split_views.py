"""A rebate shared among the villages of its enclave."""

from __future__ import annotations

from decimal import Decimal

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.quantities.shown import in_words, money, wan
from tracker.records.accounts.permissions import Permission
from tracker.records.ledger import service, splitting
from tracker.records.ledger.forms import SplitForm
from tracker.records.ledger.kinds import LEDGER, VILLAGE_PAYMENTS, entry_name
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.rules import bp
from tracker.records.villages.kinds import VILLAGE_STAKES
from tracker.records.villages.models import VillageStake
from tracker.web.access import requires, safe_next
from tracker.web.asking import Act, asked
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
        return blocked_page(LEDGER, entry, None, blocked, doing="分配到村")
    if entry.kind is not EntryKind.REBATE:
        abort(404)
    form = SplitForm()
    lacking: list[VillageStake] = []
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
            if not entry.is_draft and (page := asked(_splitting(entry, number, over))):
                return page
            flash(_done(entry, number, over), "success")
            own = f"{LEDGER.address(entry)}#{VILLAGE_PAYMENTS.key}"
            return redirect(safe_next(request.args.get("next")) or own)
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


def _done(entry: LedgerEntry, number: int, over: Decimal) -> str:
    """What was shared out just now, among how many, and how it stands with what was before."""
    whole = len(splitting.shares_by_village(entry))
    rest = f"尚未分配 {in_words(money(over))}。" if over else "已全部分到村。"
    if whole == number:
        return f"已分到 {whole} 个村，{rest}"
    return f"本次分到 {number} 个村，连同此前的共 {whole} 个村，{rest}"


def _splitting(entry: LedgerEntry, number: int, over: Decimal) -> Act:
    """Sharing out a rebate that arrived; of a draft the shares can be changed."""
    shares = splitting.shares_by_village(entry)
    before = f"（连同此前已分的 {len(shares) - number} 个村）" if len(shares) != number else ""
    says = [
        f"将把{entry_name(entry)}分到 {len(shares)} 个村，共 {wan(entry.amount - over)} 万元"
        f"{before}，尚未分配 {wan(over)} 万元。",
        "这笔返利已提交：分出的不能再改或收回，有误的须冲销整笔。",
    ]
    items = [f"{village.name}（{village.code}）：{wan(amount)} 万元" for village, amount in shares]
    back = url_for(".split", entry_id=entry.id)
    return Act("分到各村", says, "分配", back, "ledger.index", items)


def _split(entry: LedgerEntry, how: str, lines: str) -> int:
    if how == "equal":
        return splitting.split_equally(entry)
    if how == "pasted":
        return splitting.split_pasted(entry, lines or "")
    return splitting.split_by_stakes(entry)
