"""更正: an entry reversed and entered anew, in one act."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.quantities.shown import wan
from tracker.records.accounts.permissions import Permission
from tracker.records.evidence import service as evidence
from tracker.records.evidence.models import EvidenceLink
from tracker.records.ledger import doubts, queries, service
from tracker.records.ledger.forms import CONSTRAINTS, CorrectionForm
from tracker.records.ledger.kinds import LEDGER, entry_name
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.rules import bp, page_of_subject
from tracker.records.ledger.subjects import Subject
from tracker.web.access import requires, safe_next
from tracker.web.kit import blocked_page
from tracker.web.kit.kinds import Blocked, name_of
from tracker.web.plausibility import Doubt, asked_of, keys_of
from tracker.web.transactions import field_errors, writes


@bp.route("/<id:entry_id>/correct", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_REVERSE)
def correct(entry_id: int) -> ResponseReturnValue:
    """Reverse an entry and enter what it should have said, in one act; asked about once. The files
    that prove it prove the new one as well, unless they are left out."""
    entry = LEDGER.get(current_user, entry_id, LEDGER.load_detail) or abort(404)
    if not service.may_enter(current_user, entry.subject):
        blocked = LEDGER.blocked(current_user, entry) or abort(403)
        return blocked_page(LEDGER, entry, None, blocked, status=403, doing="更正资金")
    if not service.needs_reversing(entry):
        reason = "这笔资金已被冲销、本身是冲销，或还是草稿，不能更正。草稿请直接修改。"
        return blocked_page(LEDGER, entry, None, Blocked(reason), status=409, doing="更正资金")
    back = safe_next(request.args.get("next")) or page_of_subject(entry.subject)
    form = CorrectionForm(obj=entry)
    proofs = evidence.proofs_of(entry)
    taken = _taken(form, proofs)
    found: list[Doubt] = []
    mark, twin = "", None
    if form.validate_on_submit():
        values = form.values()
        found = _doubts(entry.subject, values, entry.id)
        form.why.description = f"{asked_of(found)}。随记录保存。"
        form.why.flags.required = bool(found)
        mark = _mark(values, found, taken)
        twin = queries.same_as(
            entry.subject, values["kind"], values["amount"], values["occurred_on"]
        )
        if not _differs(entry, values):
            form.form_errors.append("内容与原记录相同，没有可更正的。")
        elif twin and twin != entry.id and not form.repeated.data:
            form.add_error(
                "repeated", f"已有一笔类型、金额、日期都相同的记录（编号 {twin}）。请核对。"
            )
        elif form.confirmed.data == mark:
            if found and not form.why.data:
                form.add_error("why", "请填写核实说明；有误的，请在下面改正。")
            else:
                try:
                    with field_errors(form, CONSTRAINTS):
                        new = service.correct(
                            current_user, entry, values, form.reason.data, form.why.data, taken
                        )
                except service.LockedError as error:
                    form.form_errors.append(str(error))
                if not form.errors:
                    flash(f"已更正：{entry.id} 号已冲销，另记{entry_name(new)}。", "success")
                    return redirect(back)
    days = [entry.occurred_on, form.occurred_on.data or entry.occurred_on]
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "ledger/correct.html",
        kind=LEDGER,
        form=form,
        record=entry,
        entry=entry,
        parent=None,
        subject_name=name_of(entry.subject),
        back=back,
        twin=twin,
        doubts=found,
        proofs=proofs,
        booking=service.booking_told(entry.subject, days, counts=_is_counted(entry, form)),
        moved=_moved(entry, form) if mark else "",
        taken=taken,
        shared=service.shared(entry) if entry.kind is EntryKind.REBATE else 0,
        rebate=EntryKind.REBATE,
        mark=mark if set(form.errors) <= {"why"} else "",
    )
    return page, status


def _taken(form: CorrectionForm, proofs: Sequence[EvidenceLink]) -> set[int]:
    """The proofs (ids) that go over to the new entry: all, until somebody chooses."""
    if not form.is_submitted():
        return {link.id for link in proofs}
    chosen = request.form.getlist("proof")
    return {link.id for link in proofs if str(link.id) in chosen}


def _is_counted(entry: LedgerEntry, form: CorrectionForm) -> bool:
    """Whether some year has the money among its sums: not what is told up to a day, before or
    after."""
    return not (entry.cumulative or form.cumulative.data)


def _moved(entry: LedgerEntry, form: CorrectionForm) -> str:
    """Which year loses what, and which gains it, where the day is of another year; "" else."""
    year, into = entry.occurred_on.year, form.occurred_on.data.year
    if year == into:
        return ""
    kind = EntryKind(form.kind.data)
    if not _is_counted(entry, form):
        return f"这笔款项移到另一年度：不再列入 {year} 年度的台账，改列入 {into} 年度。"
    return (
        f"这笔款项移到另一年度：{year} 年度的{entry.kind.label}减少 {wan(entry.amount)} 万元，"
        f"{into} 年度的{kind.label}增加 {wan(form.amount.data)} 万元。"
    )


def _doubts(subject: Subject, values: Mapping[str, Any], instead_of: int) -> list[Doubt]:
    return doubts.doubts_of(
        subject,
        values["kind"],
        values["amount"],
        values["occurred_on"],
        cumulative=values["cumulative"],
        without=(instead_of,),
    )


def _differs(entry: LedgerEntry, values: Mapping[str, Any]) -> bool:
    return any(getattr(entry, name) != value for name, value in values.items())


def _mark(values: Mapping[str, Any], found: Sequence[Doubt], taken: Collection[int]) -> str:
    """What the person was shown before confirming; another text asks again."""
    said = sorted((name, str(value)) for name, value in values.items())
    return sha256(f"{said}{keys_of(found)}{sorted(taken)}".encode()).hexdigest()[:32]
