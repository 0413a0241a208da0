"""One rulebook of a set: as its printed table, as a file, as text that is changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.engine.scoring import SUBJECTS
from tracker.records.accounts.owners import owned_pages, runs_own
from tracker.records.accounts.permissions import Permission
from tracker.web.asking import Act, asked
from tracker.web.downloads import attachment
from tracker.web.period import show
from tracker.web.transactions import writes
from tracker.year.measures.names import known_measures
from tracker.year.rulebooks import editing, service
from tracker.year.rulebooks.drafting import draft_book
from tracker.year.rulebooks.models import SetAct
from tracker.year.rulebooks.printed import printed_book
from tracker.year.rulebooks.shelf import SET_FILE
from tracker.year.rulemaking.drafts import SECTION, drafted, file_of, seen
from tracker.year.rulemaking.forms import TextForm

bp = Blueprint("rulefiles", __name__, url_prefix="/rulebooks/files")
owned_pages(bp)


@bp.get("/<id:rulebook_file_id>")
@runs_own(Permission.RULEBOOKS_EDIT)
def file(rulebook_file_id: int) -> ResponseReturnValue:
    """The printed table of a rulebook, or what is wrong with it; its lines, to be changed."""
    found = file_of(rulebook_file_id)
    show(found.set.year)
    draft = draft_book(found.path, found.text)
    return render_template(
        "rulemaking/file.html",
        file=found,
        draft=draft,
        found=printed_book(draft.book) if draft.book else None,
        rows=editing.rows_of(found.text),
        subject=SUBJECTS.get(draft.subject, found.path),
        set_file=SET_FILE,
    )


@bp.get("/<id:rulebook_file_id>/file.toml")
@runs_own(Permission.RULEBOOKS_EDIT)
def download(rulebook_file_id: int) -> ResponseReturnValue:
    """The file as it is kept."""
    found = file_of(rulebook_file_id)
    name = f"{found.set.year}-{found.path}"
    about, record = f"《{found.set.name}》的 {found.path}", ("rulebook_files", found.id)
    kind = "application/toml; charset=utf-8"
    return attachment(found.text.encode(), name, kind, about=about, record=record)


@bp.route("/<id:rulebook_file_id>/text", methods=["GET", "POST"])
@writes
@runs_own(Permission.RULEBOOKS_EDIT)
def text(rulebook_file_id: int) -> ResponseReturnValue:
    """Change a file as text; it is saved where nothing is wrong with it."""
    found = drafted(rulebook_file_id)
    form: Any = TextForm(data={"text": found.text})
    faults: list[list[str]] = []
    mark = seen() or service.mark_of(found.text)
    if form.validate_on_submit():
        written = f"{form.text.data}\n"
        faults = _faults(found.path, written)
        if not faults:
            try:
                service.rewrite(
                    found, lambda _: written, seen(), SetAct.FILE, "改全文", current_user
                )
            except service.SetError as error:
                form.form_errors.append(str(error))
                mark = service.mark_of(found.text)  # of what another has saved, as is told now
            else:
                flash("已保存。", "success")
                return redirect(url_for(".file", rulebook_file_id=found.id))
    page = render_template(
        "rulemaking/text.html",
        file=found,
        form=form,
        faults=faults,
        seen=mark,
    )
    return page, 422 if faults or form.errors else 200


@bp.post("/<id:rulebook_file_id>/remove")
@writes
@runs_own(Permission.RULEBOOKS_EDIT)
def remove(rulebook_file_id: int) -> ResponseReturnValue:
    """Take a rulebook out of a draft, once that was confirmed."""
    found = drafted(rulebook_file_id)
    back = url_for("rulemaking.detail", rulebook_set_id=found.set_id)
    says = [f"将把 {found.path} 移出《{found.set.name}》。移出后不能恢复，要用的须重新载入。"]
    if found.path == SET_FILE:
        raise service.SetError("整套文件不能移出。")
    if page := asked(Act(f"移出 {found.path}", says, "移出", back, SECTION)):
        return page
    service.remove(found, current_user)
    flash("已移出。", "success")
    return redirect(back)


def _faults(path: str, given: str) -> list[list[str]]:
    """What is wrong with a text, each with its place: the same as of a file that is handed in."""
    from tracker.year.rulebooks.received import read_books

    (read,) = read_books(given.encode(), names=[path], supplied=sorted(known_measures()))
    faults: list[list[str]] = list(read["faults"])  # type: ignore[arg-type]
    if not faults and path != SET_FILE and "rulebooks" in editing.values_of(given):
        faults.append(["", "rulebooks 只写在整套的文件（set.toml）中，请删去。"])
    return faults
