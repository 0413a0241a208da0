"""Trials on the queue: made by themselves once a day, and when somebody asks for one."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import url_for

from tracker.core import jobs
from tracker.core.db import units
from tracker.core.quantities.clock import day_of, today
from tracker.records.accounts.permissions import Permission
from tracker.records.background.declared import work
from tracker.records.background.models import BackgroundJob
from tracker.records.background.running import Run
from tracker.year.trials import queries, service
from tracker.year.trials.freezing import TrialError, tried

TRY = "trial"
_log = logging.getLogger(__name__)


@jobs.every_minutes(60, "trials.freeze", lane=jobs.Lane.LONG)
def daily() -> None:
    """Try the running year, once a day: the first hour of a day in which a worker runs."""
    year = today().year
    latest = queries.latest(year)
    if latest is not None and day_of(latest.frozen_at) == today():
        return
    try:
        trial = tried(year)
    except TrialError as error:
        _log.warning("no trial of %s: %s", year, error)
        return
    with units.writing():
        service.keep(trial, None)


def _asked(form: Mapping[str, str]) -> tuple[tuple[int], str]:
    year = int(form["year"])
    if year != today().year:
        raise ValueError("only the running year is tried")
    return (year,), f"{year} 年度试算"


def _page(job: BackgroundJob) -> str:
    return url_for("trials.index", year=job.given[0])


@work(TRY, "试算", Permission.ASSESSMENTS_SCORE, shared=True, asked=_asked)
def ask(run: Run, year: int) -> None:
    """Try the running year now."""
    trial = tried(year, run.tell)
    run.finish(lambda: service.keep(trial, run.user_id).id)
