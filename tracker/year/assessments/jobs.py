"""Scoring a year as work in the background."""

from __future__ import annotations

from flask import url_for

from tracker.core.db import statistics
from tracker.records.accounts.permissions import Permission
from tracker.records.background.declared import work
from tracker.records.background.models import BackgroundJob
from tracker.records.background.running import Run
from tracker.year.assessments import service

SCORE = "scoring"


def _page(job: BackgroundJob) -> str:
    return url_for("assessments.index", year=job.given[0], scoring=job.id)


# Not again by one press: what will be frozen is shown and confirmed each time.
@work(SCORE, "计分", Permission.ASSESSMENTS_SCORE, shared=True, again=False, page=_page)
def score(run: Run, year: int) -> None:
    """Freeze and score a year that was asked for on a page."""
    frozen = service.frozen_year(year, run.tell)
    run.finish(lambda: service.keep(frozen, run.user_id).id)
    statistics.refresh()
