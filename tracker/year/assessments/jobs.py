"""Scoring a year as work in the background."""

from __future__ import annotations

from flask import url_for

from tracker.core.db import db, statistics
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import runs
from tracker.records.accounts.permissions import Permission
from tracker.records.background.declared import work
from tracker.records.background.models import BackgroundJob
from tracker.records.background.running import Run
from tracker.records.places.models import Region
from tracker.year.assessments import service

SCORE = "scoring"


def _page(job: BackgroundJob) -> str:
    year, *owner = job.given
    city = db.session.get(Region, owner[0]) if owner else None
    code = city.code if city else None
    return url_for("assessments.index", year=year, scoring=job.id, owner=code)


def _sees(user: User, _year: int, owner: int | None = None) -> bool:
    return runs(user, owner)


# Not again by one press: what will be frozen is shown and confirmed each time.
@work(SCORE, "计分", Permission.ASSESSMENTS_SCORE, sees=_sees, shared=True, again=False, page=_page)
def score(run: Run, year: int, owner: int | None = None) -> None:
    """Freeze and score a year that was asked for on a page; `owner`: by which city, if by one."""
    frozen = service.frozen_year(year, run.tell, owner)
    run.finish(lambda: service.keep(frozen, run.user_id).id)
    statistics.refresh()
