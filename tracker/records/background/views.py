"""后台办理: what one asked for, how far it is, stopping it, and taking away what came of it."""

from __future__ import annotations

import tempfile

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core import jobs
from tracker.records.accounts.permissions import Permission
from tracker.records.background import queries, service
from tracker.records.background.asking import begin, go_on, page_of
from tracker.records.background.declared import WORKS
from tracker.records.background.models import BackgroundJob
from tracker.web.access import requires
from tracker.web.downloads import attachment
from tracker.web.tables import page_of as rows_of
from tracker.web.transactions import writes

bp = Blueprint("background", __name__, url_prefix="/background")


@bp.get("/")
@requires(Permission.WORK_VIEW)
def index() -> ResponseReturnValue:
    """What the user asked for, the newest first."""
    return render_template(
        "background/index.html",
        page=rows_of(queries.asked_by(current_user)),
        works=WORKS,
        way_to=page_of,
        worker=_worker_seen(),
    )


@bp.post("/ask")
@writes
@requires(Permission.WORK_VIEW)
def ask() -> ResponseReturnValue:
    """Ask for work of a `kind` that a button may ask for."""
    work = WORKS.get(request.form.get("kind", ""))
    if work is None or work.asked is None:
        flash("请在要办的那一页上提出。", "info")
        return redirect(url_for(".index"))
    try:
        arguments, title = work.asked(request.form)
    except (KeyError, ValueError):
        abort(400)
    if not work.allows(current_user, *arguments):
        abort(403)
    try:
        return begin(work.name, *arguments, title=title)
    except service.WorkError as error:
        flash(str(error), "info")
        return redirect(url_for(".index"))


@bp.get("/<id:background_job_id>")
@requires(Permission.WORK_VIEW)
def detail(background_job_id: int) -> ResponseReturnValue:
    """How far it is, and what came of it."""
    job = _job(background_job_id)
    work, own = WORKS[job.kind], page_of(job)
    return render_template(
        "background/detail.html",
        job=job,
        work=work,
        own=own if work.page else "",
        worker=not job.waits or _worker_seen(),
    )


@bp.get("/<id:background_job_id>/file")
@requires(Permission.WORK_VIEW)
def file(background_job_id: int) -> ResponseReturnValue:
    """The file that came of it."""
    job = _job(background_job_id)
    if WORKS[job.kind].inner:
        return redirect(page_of(job))
    if not job.has_file:
        flash("没有可下载的文件：还没有办完，或已超过保存期限。", "info")
        return redirect(url_for(".detail", background_job_id=job.id))
    assert job.file_name is not None
    assert job.file_type is not None
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
    for piece in queries.chunks(job.id):
        out.write(piece)
    out.seek(0)
    record = ("background_jobs", job.id)
    return attachment(out, job.file_name, job.file_type, about=job.title, record=record)


@bp.post("/<id:background_job_id>/cancel")
@writes
@requires(Permission.WORK_VIEW)
def cancel(background_job_id: int) -> ResponseReturnValue:
    """Stop it; nothing comes of it then."""
    job = _job(background_job_id)
    if service.cancel(job, current_user):
        flash(f"已取消：{job.title}。", "success")
    else:
        flash("已经结束，无须取消。", "info")
    return redirect(page_of(job))


@bp.post("/<id:background_job_id>/again")
@writes
@requires(Permission.WORK_VIEW)
def again(background_job_id: int) -> ResponseReturnValue:
    """Ask once more for what has ended."""
    job = _job(background_job_id)
    try:
        return go_on(service.again(job, current_user))
    except service.WorkError as error:
        flash(str(error), "info")
        return redirect(page_of(job))


def _job(job_id: int) -> BackgroundJob:
    return queries.get(job_id, current_user) or abort(404)


def _worker_seen() -> bool:
    return jobs.worker_seen(current_app.config["TRACKER"])
