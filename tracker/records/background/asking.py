"""How a view leaves work to a worker."""

from __future__ import annotations

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core import jobs
from tracker.core.db import units
from tracker.records.background import service
from tracker.records.background.declared import WORKS
from tracker.records.background.jobs import GO_ON
from tracker.records.background.models import BackgroundJob


def begin(
    kind: str, *arguments: int | str, title: str, given: bytes | None = None
) -> ResponseReturnValue:
    """Ask within a writing view for work of a kind (see `service.ask`), and lead to the page that
    says how far it is. Raises WorkError."""
    return go_on(service.ask(kind, current_user, *arguments, title=title, given=given))


def go_on(job: BackgroundJob) -> ResponseReturnValue:
    """To the page of `job`; it is put on the queue once the unit has been committed."""
    settings, name, job_id = current_app.config["TRACKER"], GO_ON[WORKS[job.kind].lane], job.id
    if job.waits:
        units.afterwards(lambda: jobs.send(settings, name, job_id))
    return redirect(page_of(job))


def page_of(job: BackgroundJob) -> str:
    """The address of the page that says how far `job` is and what came of it."""
    page = WORKS[job.kind].page
    return page(job) if page else url_for("background.detail", background_job_id=job.id)
