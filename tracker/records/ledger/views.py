"""The ledger: its list, drafts until they are submitted, entries and their reversals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.db import db, units
from tracker.core.quantities.shown import day, wan
from tracker.records.accounts.permissions import Permission
from tracker.records.ledger import corrections, doubts, queries, service
from tracker.records.ledger.forms import (
    CONSTRAINTS,
    ConfirmForm,
    EntryForm,
    ReversalForm,
    SubmitForm,
)
from tracker.records.ledger.kinds import LEDGER, VILLAGE_PAYMENTS, entry_name
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.rules import bp, mark_of, page_of_subject, shares_of
from tracker.records.ledger.subjects import TYPES
from tracker.records.ledger.sums import totals
from tracker.records.submissions.beside import below
from tracker.records.submissions.models import Filing
from tracker.web.access import requires, safe_next
from tracker.web.asking import Act, asked
from tracker.web.kept import Drawing, kept_for_each
from tracker.web.kit import blocked_page, detail_page, list_of, offer_files, record_blueprint
from tracker.web.kit.kinds import Blocked, name_of
from tracker.web.kit.listing import listing_of
from tracker.web.kit.views import delete_page, edit_page
from tracker.web.tables import asked_text, page_of
from tracker.web.transactions import field_errors, writes

MOST_FOUND = 10


@bp.get("/")
@requires(Permission.LEDGER_VIEW)
@kept_for_each
def index() -> Drawing:
    """The entries of the chosen year, or of all years, with their sums by kind."""
    listing = listing_of(LEDGER, current_user)
    wanted = listing.statement.with_only_columns(LedgerEntry.id)
    sums = totals(LedgerEntry.id.in_(wanted), by=(LedgerEntry.kind,))
    return list_of(
        LEDGER,
        listing=listing,
        sums={kind: sums[kind,] for kind in EntryKind if (kind,) in sums},
        drafts=queries.drafts_in_view(current_user),
    )


@bp.get("/<id:ledger_entry_id>")
@requires(Permission.LEDGER_VIEW)
def detail(ledger_entry_id: int) -> ResponseReturnValue:
    """One entry."""
    return detail_page(LEDGER, ledger_entry_id, data=_of_entry)


@bp.route("/<id:ledger_entry_id>/edit", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def edit(ledger_entry_id: int) -> ResponseReturnValue:
    """Change a draft."""
    return edit_page(LEDGER, ledger_entry_id)


@bp.route("/<id:ledger_entry_id>/delete", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def delete(ledger_entry_id: int) -> ResponseReturnValue:
    """Delete a draft."""
    return delete_page(LEDGER, ledger_entry_id)


@bp.route("/<id:entry_id>/submit", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def submit(entry_id: int) -> ResponseReturnValue:
    """Submit a draft, after one look at it."""
    entry, blocked = _own(entry_id)
    if blocked is not None:
        return blocked_page(LEDGER, entry, None, blocked, doing="提交资金")
    found = doubts.doubts_of_entry(entry)
    shown = mark_of(entry, found)
    form = SubmitForm()
    form.ask(found)
    if form.validate_on_submit():
        if form.confirmed.data != shown:
            form.form_errors.append(
                "草稿在您打开之后有变化，请再核对一次。"
                if form.confirmed.data
                else "请先核对下面的内容，再确认提交。"
            )
        else:
            try:
                with field_errors(form, CONSTRAINTS):
                    service.submit(current_user, entry, form.why.data)
            except (service.SharesError, service.LockedError) as error:
                form.form_errors.append(str(error))
            except doubts.DoubtedError:
                form.add_error("why", "请填写核实说明；有误的，请返回修改草稿。")
        if not form.errors:
            flash(f"已提交{entry_name(entry)}。", "success")
            return redirect(safe_next(request.args.get("next")) or LEDGER.address(entry))
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "ledger/submit.html",
        form=form,
        entry=entry,
        name_of=name_of,
        doubts=found,
        mark=shown,
        **shares_of(entry),
    )
    return page, status


@bp.route("/drafts", methods=["GET", "POST"])
@requires(Permission.LEDGER_ENTER)
def drafts() -> ResponseReturnValue:
    """The drafts of one's own county; those that are chosen are submitted at once."""
    form = ConfirmForm()
    if form.validate_on_submit():
        chosen = [int(raw) for raw in request.form.getlist("entry") if _is_number(raw)]
        answer = _submit_all(form, chosen)
        if answer is not None:
            return answer
    page = page_of(queries.drafts_of(current_user), per_page=50)
    return render_template("ledger/drafts.html", form=form, page=page, name_of=name_of)


@bp.get("/new")
@requires(Permission.LEDGER_ENTER)
def new() -> ResponseReturnValue:
    """Choose what the money belongs to."""
    text = asked_text("q")
    found = [(of, of.own(current_user, text, MOST_FOUND + 1)) for of in TYPES]
    return render_template(
        "ledger/choose.html", text=text, found=found, most=MOST_FOUND, name_of=name_of
    )


@bp.route("/projects/<id:project_id>/new", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def new_of_project(project_id: int) -> ResponseReturnValue:
    """Enter money of a project."""
    return _enter("project", project_id)


@bp.route("/enclaves/<id:enclave_id>/new", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def new_of_enclave(enclave_id: int) -> ResponseReturnValue:
    """Enter money of an enclave."""
    return _enter("enclave", enclave_id)


@bp.route("/parks/<id:park_id>/new", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def new_of_park(park_id: int) -> ResponseReturnValue:
    """Enter money of a park."""
    return _enter("park", park_id)


@bp.route("/pairings/<id:pairing_id>/new", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def new_of_pairing(pairing_id: int) -> ResponseReturnValue:
    """Enter money of a pairing."""
    return _enter("pairing", pairing_id)


@bp.route("/demonstrations/<id:demonstration_village_id>/new", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def new_of_demonstration_village(demonstration_village_id: int) -> ResponseReturnValue:
    """Enter money of a demonstration village."""
    return _enter("demonstration_village", demonstration_village_id)


@bp.route("/<id:entry_id>/explain", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def explain(entry_id: int) -> ResponseReturnValue:
    """Say why a submitted entry is right that is unusual by the rules and was never asked about."""
    entry = LEDGER.get(current_user, entry_id, LEDGER.load_detail) or abort(404)
    if not service.may_enter(current_user, entry.subject):
        blocked = LEDGER.blocked(current_user, entry) or abort(403)
        return blocked_page(LEDGER, entry, None, blocked, status=403, doing="说明资金")
    found = doubts.unanswered(entry)
    if not found:
        return blocked_page(
            LEDGER, entry, None, Blocked("这笔资金没有待核实之处。"), status=409, doing="说明资金"
        )
    shown = mark_of(entry, found)
    form = SubmitForm()
    form.ask(found)
    if form.validate_on_submit():
        if form.confirmed.data != shown:
            form.form_errors.append("请先核对下面的内容，再说明。")
        else:
            try:
                doubts.answer(current_user, entry, found, form.why.data)
            except doubts.DoubtedError:
                form.add_error("why", "请填写核实说明；有误的，请更正。")
        if not form.errors:
            flash("已保存核实说明。", "success")
            return redirect(LEDGER.address(entry))
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "ledger/explain.html", form=form, entry=entry, doubts=found, mark=shown, name_of=name_of
    )
    return page, status


@bp.route("/<id:entry_id>/reverse", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_REVERSE)
def reverse(entry_id: int) -> ResponseReturnValue:
    """Take an entry back by a second one, with a reason."""
    entry = queries.get(current_user, entry_id) or abort(404)
    if not service.may_enter(current_user, entry.subject):
        abort(403)
    form = ReversalForm()
    back = safe_next(request.args.get("next")) or url_for(".index", year=entry.occurred_on.year)
    possible = service.needs_reversing(entry)
    if possible and form.validate_on_submit():
        try:
            with field_errors(form, CONSTRAINTS):
                service.reverse(current_user, entry, form.reason.data)
        except service.LockedError as error:
            form.form_errors.append(str(error))
        if not form.errors:
            sums = "" if entry.cumulative else "，年度合计中不再计入"
            flash(f"已冲销。原记录保留{sums}。", "success")
            return redirect(back)
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "ledger/reverse.html",
        form=form,
        entry=entry,
        possible=possible,
        booking=service.booking_told(
            entry.subject, [entry.occurred_on], "冲销", counts=not entry.cumulative
        )
        if possible
        else "",
        name_of=name_of,
        back=back,
    )
    return page, status


def _enter(key: str, number: int) -> ResponseReturnValue:
    of = next(each for each in TYPES if each.key == key)
    subject = of.get(current_user, number) or abort(404)
    back = page_of_subject(subject)
    if not service.may_enter(current_user, subject):
        abort(403)
    form = EntryForm(subject)
    form.makes = True
    twin = None
    if form.validate_on_submit():
        values = form.values()
        twin = queries.same_as(subject, values["kind"], values["amount"], values["occurred_on"])
        if twin and not form.repeated.data:
            form.add_error(
                "repeated",
                f"已有一笔类型、金额、日期都相同的记录（编号 {twin}）。"
                "确为另一笔的，请勾选再保存。",
            )
        else:
            try:
                with field_errors(form, CONSTRAINTS):
                    entry = service.draft(current_user, subject, values)
            except service.LockedError as error:
                form.add_error("occurred_on", str(error))
        if not form.errors:
            flash(f"已保存草稿：{entry_name(entry)}。", "success")
            # Submitting cannot be undone, so it is asked about on a page of its own.
            if "submit" in request.form:
                return redirect(url_for(".submit", entry_id=entry.id, next=back))
            return redirect(LEDGER.address(entry))
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "ledger/form.html",
        kind=LEDGER,
        form=form,
        record=None,
        parent=None,
        subject=subject,
        subject_name=name_of(subject),
        back=back,
        twin=twin,
    )
    return page, status


def _own(entry_id: int) -> tuple[LedgerEntry, Blocked | None]:
    entry = LEDGER.get(current_user, entry_id) or abort(404)
    return entry, LEDGER.blocked(current_user, entry)


def _of_entry(entry: LedgerEntry) -> dict[str, Any]:
    """Its shares, and what is unusual of it: now of a draft, as it was answered of an entry."""
    return {
        **shares_of(entry),
        "doubts": doubts.doubts_of_entry(entry) if entry.is_draft else [],
        "answered": [] if entry.is_draft else doubts.answered(entry),
        "unanswered": doubts.unanswered(entry),
        "own": service.may_enter(current_user, entry.subject),
    }


def _submit_all(form: ConfirmForm, chosen: list[int]) -> ResponseReturnValue | None:
    """Submit those of the chosen drafts that can be, once that was confirmed: the page that asks,
    or where to go then; None where the form says what is wrong."""
    faults, sent = [], []
    with units.writing():
        wanted = queries.drafts_of(current_user).where(LedgerEntry.id.in_(chosen))
        entries = db.session.scalars(wanted).unique().all()
        for entry in entries:
            try:
                service.submit(current_user, entry)
                sent.append(entry)
            except (service.SharesError, service.LockedError) as error:
                faults.append(f"{entry_name(entry)}：{error}")
            except doubts.DoubtedError as error:
                faults.append(f"{entry_name(entry)}：{error}请打开这笔草稿，核实后单独提交。")
        if sent and (page := asked(_submitting(sent, faults))):
            return page
    if not entries:
        form.form_errors.append("请先勾选要提交的草稿。")
    form.form_errors.extend(faults)
    if sent:
        flash(f"已提交 {len(sent)} 笔。", "success")
    return None if form.errors else redirect(url_for(".drafts"))


def _submitting(sent: Sequence[LedgerEntry], faults: Sequence[str]) -> Act:
    whole = sum((entry.amount for entry in sent if not entry.cumulative), Decimal(0))
    says = [f"将提交 {len(sent)} 笔草稿，计入各年度合计共 {wan(whole)} 万元。"]
    if faults:
        says.append(f"所选的另有 {len(faults)} 笔须先核实或改正，这次不提交。")
    says.append("提交后不能再修改或删除；有误的只能更正或冲销，原记录保留。")
    items = [f"{entry_name(e)}，{name_of(e.subject)}，{day(e.occurred_on)}" for e in sent]
    title = f"提交 {len(sent)} 笔草稿"
    return Act(title, says, "提交", url_for(".drafts"), "ledger.index", items)


def _is_number(raw: str) -> bool:
    return raw.isascii() and raw.isdecimal() and len(raw) <= 9


offer_files(bp, LEDGER)
blueprints = (bp, record_blueprint(VILLAGE_PAYMENTS))


@below
def _corrections(filing: Filing) -> str:
    """What was corrected in the period of a filing, and of it since it was locked."""
    made, since = corrections.made_in(filing), corrections.changed_since(filing)
    if not (made or since):
        return ""
    return render_template("ledger/corrected.html", made=made, since=since, name_of=name_of)
