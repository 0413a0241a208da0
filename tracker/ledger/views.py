"""The ledger: its list, drafts until they are submitted, entries and their reversals."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.permissions import Permission
from tracker.db import db, units
from tracker.ledger import queries, service
from tracker.ledger.forms import CONSTRAINTS, ConfirmForm, EntryForm, ReversalForm
from tracker.ledger.kinds import LEDGER, VILLAGE_PAYMENTS, entry_name
from tracker.ledger.models import EntryKind, LedgerEntry
from tracker.ledger.subjects import TYPES, Subject, type_of
from tracker.ledger.sums import totals
from tracker.web.access import requires
from tracker.web.kit import blocked_page, detail_page, list_page, record_blueprint
from tracker.web.kit.kinds import Blocked, kind_of, name_of
from tracker.web.kit.listing import listing_of
from tracker.web.kit.views import delete_page, edit_page
from tracker.web.tables import asked_text, page_of
from tracker.web.transactions import field_errors, writes

MOST_FOUND = 10

bp = Blueprint("ledger", __name__, url_prefix="/ledger")


@bp.get("/")
@requires(Permission.LEDGER_VIEW)
def index() -> ResponseReturnValue:
    """The entries of the chosen year, or of all years, with their sums by kind."""
    wanted = listing_of(LEDGER, current_user).statement.with_only_columns(LedgerEntry.id)
    sums = totals(LedgerEntry.id.in_(wanted), by=(LedgerEntry.kind,))
    return list_page(
        LEDGER,
        sums={kind: sums[kind,] for kind in EntryKind if (kind,) in sums},
        drafts=queries.drafts_in_view(current_user),
    )


@bp.get("/<id:ledger_entry_id>")
@requires(Permission.LEDGER_VIEW)
def detail(ledger_entry_id: int) -> ResponseReturnValue:
    """One entry."""
    return detail_page(LEDGER, ledger_entry_id, data=_shares_of)


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
        return blocked_page(LEDGER, entry, None, blocked)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            with field_errors(form, CONSTRAINTS):
                service.submit(entry)
        except service.SharesError as error:
            form.form_errors.append(str(error))
        if not form.errors:
            flash(f"已提交{entry_name(entry)}。", "success")
            return redirect(LEDGER.address(entry))
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "ledger/submit.html", form=form, entry=entry, name_of=name_of, **_shares_of(entry)
    )
    return page, status


@bp.route("/<id:entry_id>/split", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def split(entry_id: int) -> ResponseReturnValue:
    """Share a draft of a rebate among the villages by their stakes."""
    entry, blocked = _own(entry_id)
    if blocked is not None:
        return blocked_page(LEDGER, entry, None, blocked)
    if entry.kind is not EntryKind.REBATE:
        abort(404)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            number = service.split_by_stakes(entry)
        except service.SharesError as error:
            form.form_errors.append(str(error))
        else:
            flash(f"已按份额分到 {number} 个村。", "success")
            return redirect(f"{LEDGER.address(entry)}#{VILLAGE_PAYMENTS.key}")
    status = 422 if form.is_submitted() else 200
    stakes = service.stakes_on(entry)
    page = render_template(
        "ledger/split.html", form=form, entry=entry, stakes=stakes, name_of=name_of
    )
    return page, status


@bp.route("/drafts", methods=["GET", "POST"])
@requires(Permission.LEDGER_ENTER)
def drafts() -> ResponseReturnValue:
    """The drafts of one's own county; those that are chosen are submitted at once."""
    form = ConfirmForm()
    if form.validate_on_submit():
        chosen = [int(raw) for raw in request.form.getlist("entry") if _is_number(raw)]
        submitted, faults = _submit_all(chosen)
        if not submitted and not faults:
            form.form_errors.append("请先勾选要提交的草稿。")
        form.form_errors.extend(faults)
        if submitted:
            flash(f"已提交 {submitted} 笔。", "success")
        if not form.errors:
            return redirect(url_for(".drafts"))
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


@bp.route("/<id:entry_id>/reverse", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_REVERSE)
def reverse(entry_id: int) -> ResponseReturnValue:
    """Take an entry back by a second one, with a reason."""
    entry = queries.get(current_user, entry_id) or abort(404)
    if not service.may_enter(current_user, entry.subject):
        abort(403)
    form = ReversalForm()
    possible = entry.reversal is None and entry.reversal_of_id is None and not entry.is_draft
    if possible and form.validate_on_submit():
        with field_errors(form, CONSTRAINTS):
            service.reverse(current_user, entry, form.reason.data)
        if not form.errors:
            flash("已冲销。原记录保留，年度合计中不再计入。", "success")
            return redirect(url_for(".index", year=entry.occurred_on.year))
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "ledger/reverse.html", form=form, entry=entry, possible=possible, name_of=name_of
    )
    return page, status


def _enter(key: str, number: int) -> ResponseReturnValue:
    of = next(each for each in TYPES if each.key == key)
    subject = of.get(current_user, number) or abort(404)
    back = _page_of(subject)
    if not service.may_enter(current_user, subject):
        abort(403)
    form = EntryForm(subject)
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
            as_draft = "draft" in request.form
            with field_errors(form, CONSTRAINTS):
                act = service.draft if as_draft else service.enter
                entry = act(current_user, subject, values)
        if not form.errors:
            done = "已保存草稿" if as_draft else "已登记并提交"
            flash(f"{done}：{entry_name(entry)}。", "success")
            return redirect(LEDGER.address(entry) if as_draft else back)
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


def _page_of(subject: Subject) -> str:
    kind = kind_of(subject)
    if kind is not None:
        return kind.address(subject)
    return url_for(".index", of=type_of(subject).key)


def _own(entry_id: int) -> tuple[LedgerEntry, Blocked | None]:
    entry = LEDGER.get(current_user, entry_id) or abort(404)
    return entry, LEDGER.blocked(current_user, entry)


def _shares_of(entry: LedgerEntry) -> dict[str, Any]:
    if entry.kind is not EntryKind.REBATE:
        return {"shared": None}
    return {"shared": service.shared(entry)}


def _submit_all(chosen: list[int]) -> tuple[int, list[str]]:
    """How many of the chosen drafts were submitted, and why the others were not."""
    faults = []
    with units.writing():
        wanted = queries.drafts_of(current_user).where(LedgerEntry.id.in_(chosen))
        entries = db.session.scalars(wanted).unique().all()
        for entry in entries:
            try:
                service.submit(entry)
            except service.SharesError as error:
                faults.append(f"{entry_name(entry)}：{error}")
    return len(entries) - len(faults), faults


def _is_number(raw: str) -> bool:
    return raw.isascii() and raw.isdecimal() and len(raw) <= 9


blueprints = (bp, record_blueprint(VILLAGE_PAYMENTS))
