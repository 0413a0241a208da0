"""导入: templates of the kinds of records, workbooks that are handed in, what was found of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from tracker.core import jobs as queue
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.exchange.sheets import outcome
from tracker.exchange.sheets.archive import MOST_BYTES
from tracker.exchange.sheets.entering import (
    MOST_ROWS,
    is_sheetful,
    kind_called,
    sheetful,
)
from tracker.exchange.sheets.forms import WorkbookForm
from tracker.exchange.sheets.jobs import CHECK, KEPT_DAYS, TAKE, making
from tracker.exchange.sheets.quarter import Quarter, quarter_of, write_quarter
from tracker.records.accounts.permissions import Permission
from tracker.records.background import queries, refused
from tracker.records.background.asking import begin, page_of
from tracker.records.background.models import BackgroundJob, WorkState
from tracker.records.background.service import WorkError
from tracker.records.quarters.queries import place_of
from tracker.web.access import requires
from tracker.web.asking import Act, asked
from tracker.web.downloads import attachment
from tracker.web.kit import Kind, on_every_list
from tracker.web.sheets import Form as Kept
from tracker.web.sheets import file_name
from tracker.web.tables import asked_number
from tracker.web.tables import page_of as rows_of
from tracker.web.transactions import writes

bp = Blueprint("sheets", __name__, url_prefix="/sheets")
refused.number_oversized(bp, "导入")


@bp.url_value_preprocessor
def _take_files(endpoint: str | None, values: Mapping[str, Any] | None) -> None:
    """Let a request be as large as its workbook, before anything reads it."""
    if endpoint and endpoint.startswith("sheets.import_") and current_user.is_authenticated:
        request.max_content_length = MOST_BYTES + 1024 * 1024


@bp.record
def _add_routes(state: BlueprintSetupState) -> None:
    """`/sheets/projects/template` and `/sheets/projects/import` for each kind of record, each with
    the permission that its form asks for."""
    for kind in sheetful():
        assert kind.edit is not None
        base = f"/{kind.slug}"
        state.add_url_rule(
            f"{base}/template",
            f"template_{kind.key}",
            requires(kind.edit)(_of_kind(_template, kind)),
            methods=["GET"],
        )
        state.add_url_rule(
            f"{base}/import",
            f"import_{kind.key}",
            writes(requires(kind.edit)(_of_kind(_import, kind))),
            methods=["GET", "POST"],
        )


def _of_kind(
    view: Callable[[Kind], ResponseReturnValue], kind: Kind
) -> Callable[[], ResponseReturnValue]:
    return lambda: view(kind)


@dataclass(frozen=True)
class About:
    """What an import is of: its name, the entry of the menu, where it is listed ("" nowhere by
    itself), where its template is, where another workbook is handed in."""

    label: str
    section: str
    back: str
    template: str
    again: str
    drafts: bool = False  # of the quarter's grid


def _about(key: str) -> About | None:
    if (quarter := quarter_of(key)) is not None:
        at: dict[str, Any] = {"year": quarter.year, "quarter": quarter.quarter}
        at["code"] = quarter.place.code
        return About(
            quarter.label,
            "submissions.index",
            url_for("quarters.page", **at),
            url_for("sheets.template_quarter", **at),
            url_for("sheets.import_quarter", **at),
            drafts=True,
        )
    kind = kind_called(key)
    if kind is None:
        return None
    return About(
        kind.label,
        kind.section,
        "" if kind.parent else kind.list_address(),
        url_for(f"sheets.template_{kind.key}"),
        url_for(f"sheets.import_{kind.key}"),
    )


@bp.get("/quarters/<code>/<int:year>/<int:quarter>/template")
@requires(Permission.LEDGER_ENTER)
def template_quarter(code: str, year: int, quarter: int) -> ResponseReturnValue:
    """The workbook of a county's quarter, last quarter's figures in it."""
    of = _own_quarter(code, year, quarter)
    name = f"{of.sheet().name}填报模板"
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        write_quarter(of, day=today(), out=out)
        out.seek(0)
        answer = attachment(
            out, file_name(name, today(), Kept.XLSX), Kept.XLSX.content_type, about=name
        )
    except BaseException:
        out.close()
        raise
    return answer


@bp.route("/quarters/<code>/<int:year>/<int:quarter>/import", methods=["GET", "POST"])
@writes
@requires(Permission.LEDGER_ENTER)
def import_quarter(code: str, year: int, quarter: int) -> ResponseReturnValue:
    """Hand in the workbook of a quarter; what it says becomes drafts of the grid."""
    return _hand_in(_own_quarter(code, year, quarter).key)


def _own_quarter(code: str, year: int, quarter: int) -> Quarter:
    """The quarter of the user's own county; 404 out of sight, 403 for another's."""
    place = place_of(current_user, code, year, quarter) or abort(404)
    if current_user.region_id != place.id:
        abort(403)
    return Quarter(place, year, quarter)


@on_every_list
def _ways_in(kind: Kind, parent: Any) -> list[tuple[str, str, str]]:
    """The template and the import, for those who may enter."""
    if not is_sheetful(kind) or not current_user.may(kind.edit):
        return []
    if parent is not None and kind.under.stands_against(current_user, parent) is not None:
        return []
    under = parent.id if parent is not None else None
    return [
        ("模板", "table", url_for(f"sheets.template_{kind.key}", under=under)),
        ("导入", "send", url_for(f"sheets.import_{kind.key}")),
    ]


def _template(kind: Kind) -> ResponseReturnValue:
    """The template of a kind, with the records that the user may change; where there are many of
    them, the page that asks for it in the background."""
    under = asked_number("under") if kind.parent is not None else None
    of = making(current_user, kind, under) or abort(404)
    if of.of.is_large(of.parent):
        about = _about(kind.key) or abort(404)
        asked_for = {"of": kind.key, "under": under or 0, "region": g.get("region_id") or 0}
        return render_template("sheets/large.html", about=about, name=of.title, wanted=asked_for)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        number = of.write(out)
        out.seek(0)
        name = file_name(of.title, today(), Kept.XLSX)
        about_it = f"{of.title}，{number:,} 条"
        return attachment(out, name, Kept.XLSX.content_type, about=about_it)
    except BaseException:
        out.close()
        raise


def _import(kind: Kind) -> ResponseReturnValue:
    """Hand in a workbook; it is read in the background."""
    return _hand_in(kind.key)


def _hand_in(key: str) -> ResponseReturnValue:
    about = _about(key) or abort(404)
    form = WorkbookForm()
    if form.validate_on_submit() and (data := form.content()) is not None:
        try:
            title = f"导入{about.label}：{form.file_name()}"
            return begin(CHECK, key, form.file_name(), title=title, given=data)
        except WorkError as error:
            form.form_errors.append(str(error))
    number = refused.note_form(f"导入{about.label}", form) if form.is_submitted() else None
    page = render_template(
        "sheets/import.html",
        about=about,
        form=form,
        not_taken=refused.words_of(number),
        most_rows=MOST_ROWS,
        days=KEPT_DAYS,
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/imports/")
@requires(Permission.WORK_VIEW)
def index() -> ResponseReturnValue:
    """The imports of the user, the newest first."""
    page = rows_of(queries.asked_by(current_user).where(BackgroundJob.kind == CHECK))
    return render_template(
        "sheets/index.html",
        page=page,
        taken={job.id: _taking(job) for job in page.rows},
        days=KEPT_DAYS,
    )


@bp.get("/imports/<id:background_job_id>")
@requires(Permission.WORK_VIEW)
def detail(background_job_id: int) -> ResponseReturnValue:
    """What was found of a workbook, or how far that is; and whether it was taken."""
    job = _job(background_job_id)
    if job.kind != CHECK:
        return redirect(page_of(job))
    about = _about(str(job.given[0])) or abort(404)
    found, workbook = _found(job)
    taking = _taking(job)
    return render_template(
        "sheets/detail.html",
        job=job,
        about=about,
        found=found,
        has_workbook=workbook is not None,
        taking=taking,
        busy=job if job.waits else taking if taking is not None and taking.waits else None,
        worker=not (job.waits or (taking and taking.waits)) or _worker_seen(),
        shown=outcome.SHOWN,
    )


@bp.get("/imports/<id:background_job_id>/workbook")
@requires(Permission.WORK_VIEW)
def workbook(background_job_id: int) -> ResponseReturnValue:
    """The workbook back, with its faulty cells marked."""
    job = _job(background_job_id)
    content = _found(job)[1] if job.kind == CHECK else None
    if content is None:
        flash("没有标注过的工作簿可下载。", "info")
        return redirect(page_of(job))
    return attachment(
        content,
        file_name(f"导入{job.id}标注", today(), Kept.XLSX),
        Kept.XLSX.content_type,
        about=f"{job.title}，标注后退回",
        record=("background_jobs", job.id),
    )


@bp.post("/imports/<id:background_job_id>/take")
@writes
@requires(Permission.WORK_VIEW)
def take(background_job_id: int) -> ResponseReturnValue:
    """Take a workbook that passed, all of it or nothing, once that was confirmed."""
    job = _job(background_job_id)
    found, _ = _found(job) if job.kind == CHECK else (None, None)
    if found is None or not found.passed:
        flash("这次核对没有可导入的内容。", "info")
        return redirect(page_of(job))
    taking = _taking(job)
    if taking is not None and (taking.waits or taking.state is WorkState.DONE):
        flash("这份工作簿已经导入，或正在导入。", "info")
        return redirect(page_of(job))
    about = _about(str(job.given[0])) or abort(404)
    if page := asked(_taking_act(job, about, found)):
        return page
    try:
        return begin(TAKE, job.id, title=f"导入{about.label}（导入编号 {job.id}）")
    except WorkError as error:
        flash(str(error), "info")
        return redirect(page_of(job))


def _taking_act(job: BackgroundJob, about: About, found: outcome.Outcome) -> Act:
    says = [
        f"将导入“{about.label}”：{found.words}。全部写入才生效，有一行不能写入就一行都不写。",
        "导入以后不能撤回；有误的逐条修改或删除，改动都留在操作记录中。",
    ]
    items = [_said(row) for row in found.rows]
    title = f"导入 {found.created + found.changed:,} 条{about.label}"
    return Act(title, says, "导入", page_of(job), about.section, items)


def _said(row: dict[str, Any]) -> str:
    """What would come of a row, with what was read of a new one."""
    read = "，".join(f"{label} {value}" for label, value in row.get("values", ()))
    act = "新增" if row["new"] else "修改"
    return f"{_where(row)}：{act}{row['name']}" + (f"（{read}）" if read else "")


def _where(row: dict[str, Any]) -> str:
    """The row that is told of, with its sheet where there are several."""
    sheet = f"「{row['sheet']}」" if row.get("sheet") else ""
    return f"{sheet}第 {row['line']} 行"


def _job(number: int) -> BackgroundJob:
    return queries.get(number, current_user) or abort(404)


def _found(job: BackgroundJob) -> tuple[outcome.Outcome | None, bytes | None]:
    """What was found of the workbook, None while it is read and when it is no longer kept."""
    if not job.has_file:
        return None, None
    return outcome.unpacked(b"".join(queries.chunks(job.id)))


def _taking(job: BackgroundJob) -> BackgroundJob | None:
    """The last work that took the workbook of a check, or is to."""
    return db.session.scalars(
        select(BackgroundJob)
        .filter_by(kind=TAKE, arguments=queries.packed((job.id,)), asked_by_id=current_user.id)
        .order_by(BackgroundJob.id.desc())
        .limit(1)
    ).first()


def _worker_seen() -> bool:
    return queue.worker_seen(current_app.config["TRACKER"])
