"""The ledger: its list, new entries and reversals."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.permissions import Permission
from tracker.enclaves import queries as enclave_queries
from tracker.enclaves.models import Enclave
from tracker.ledger import queries, service
from tracker.ledger.forms import CONSTRAINTS, EntryForm, ReversalForm
from tracker.ledger.models import ENCLAVE_KINDS, PROJECT_KINDS, EntryKind
from tracker.projects import queries as project_queries
from tracker.projects.models import Project
from tracker.web.access import requires
from tracker.web.period import selected_year
from tracker.web.tables import asked_choice, asked_number, asked_text, ordering, page_of
from tracker.web.transactions import field_errors

bp = Blueprint("ledger", __name__, url_prefix="/ledger")


@bp.get("/")
@requires(Permission.LEDGER_VIEW)
def index() -> ResponseReturnValue:
    """The entries of the chosen year, or of all years."""
    wanted = queries.LedgerFilter(
        kind=asked_choice("kind", EntryKind),
        year=None if request.args.get("span") == "all" else selected_year(),
        text=asked_text("q"),
        project_id=asked_number("project"),
        enclave_id=asked_number("enclave"),
    )
    sort, order = ordering(queries.SORTS, "-day")
    return render_template(
        "ledger/index.html",
        page=page_of(queries.listing(current_user, wanted, order)),
        sums=queries.sums(current_user, wanted),
        wanted=wanted,
        sort=sort,
        kinds=EntryKind,
        subject=_subject_of(wanted),
    )


@bp.route("/projects/<id:project_id>/new", methods=["GET", "POST"])
@requires(Permission.LEDGER_ENTER)
def new_of_project(project_id: int) -> ResponseReturnValue:
    """Enter money of a project."""
    project = project_queries.get(current_user, project_id) or abort(404)
    back = url_for("pages.project", project_id=project.id)
    return _enter(project, EntryForm(PROJECT_KINDS), back)


@bp.route("/enclaves/<id:enclave_id>/new", methods=["GET", "POST"])
@requires(Permission.LEDGER_ENTER)
def new_of_enclave(enclave_id: int) -> ResponseReturnValue:
    """Enter money of an enclave."""
    enclave = enclave_queries.get(current_user, enclave_id) or abort(404)
    back = url_for("pages.enclave", enclave_id=enclave.id)
    return _enter(enclave, EntryForm(ENCLAVE_KINDS), back)


@bp.route("/<id:entry_id>/reverse", methods=["GET", "POST"])
@requires(Permission.LEDGER_REVERSE)
def reverse(entry_id: int) -> ResponseReturnValue:
    """Take an entry back by a second one, with a reason."""
    entry = queries.get(current_user, entry_id) or abort(404)
    if not service.may_enter(current_user, entry.subject):
        abort(403)
    form = ReversalForm()
    possible = entry.reversal is None and entry.reversal_of_id is None
    if possible and form.validate_on_submit():
        with field_errors(form, CONSTRAINTS):
            service.reverse(current_user, entry, form.reason.data)
        if not form.errors:
            flash("已冲销。原记录保留，年度合计中不再计入。", "success")
            return redirect(url_for(".index", year=entry.occurred_on.year))
    status = 422 if form.is_submitted() else 200
    return render_template("ledger/reverse.html", form=form, entry=entry, possible=possible), status


def _enter(subject: Project | Enclave, form: EntryForm, back: str) -> ResponseReturnValue:
    if not service.may_enter(current_user, subject):
        abort(403)
    twin = None
    if form.validate_on_submit():
        values = form.values()
        confirmed = values.pop("repeated")
        twin = queries.same_as(subject, values["kind"], values["amount"], values["occurred_on"])
        if twin and not confirmed:
            form.add_error(
                "repeated",
                f"已有一笔类型、金额、日期都相同的记录(编号 {twin})。确为另一笔的，请勾选再保存。",
            )
        else:
            with field_errors(form, CONSTRAINTS):
                entry = service.enter(current_user, subject, values)
        if not form.errors:
            flash(f"已登记{entry.kind.label}，编号 {entry.id}。", "success")
            return redirect(back)
    status = 422 if form.is_submitted() else 200
    page = render_template("ledger/form.html", form=form, subject=subject, back=back, twin=twin)
    return page, status


def _subject_of(wanted: queries.LedgerFilter) -> Project | Enclave | None:
    if wanted.project_id:
        return project_queries.get(current_user, wanted.project_id)
    if wanted.enclave_id:
        return enclave_queries.get(current_user, wanted.enclave_id)
    return None
