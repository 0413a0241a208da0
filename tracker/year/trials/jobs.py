"""Trials on the queue: made by themselves once a day, and when somebody asks for one."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from tracker.core import jobs
from tracker.core.db import db, units
from tracker.core.quantities.clock import day_of, today
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import city_of_code, runs, whose_words
from tracker.records.accounts.permissions import Permission
from tracker.records.background.declared import work
from tracker.records.background.running import Run
from tracker.year.trials import queries, service
from tracker.year.trials.freezing import owners_of, tried

TRY = "trial"
_log = logging.getLogger(__name__)


@jobs.every_minutes(60, "trials.freeze", lane=jobs.Lane.LONG)
def daily() -> None:
    """Try the running year for the province and for each city with rulebooks of its own, once a
    day: the first hour of a day in which a worker runs. What stops one stops none of the others."""
    year = today().year
    for owner in owners_of(year):
        if jobs.told_to_end():
            return
        latest = queries.latest(year, owner)
        if latest is not None and day_of(latest.frozen_at) == today():
            continue
        try:
            trial = tried(year, owner=owner)
            with units.writing():
                service.keep(trial, None)
        except ToldError as error:
            _log.warning("no trial of %s by %s: %s", year, owner or "the province", error)
        except Exception:
            db.session.rollback()
            _log.exception("no trial of %s by %s", year, owner or "the province")


def _asked(form: Mapping[str, str]) -> tuple[tuple[int, ...], str]:
    year, code = int(form["year"]), form.get("owner", "")
    if year != today().year:
        raise ValueError("only the running year is tried")
    if not code:
        return (year,), f"{year} 年度试算"
    city = city_of_code(code)
    if city is None:
        raise ValueError("no city of that code")
    return (year, city.id), f"{whose_words(city.name)} {year} 年度试算"


def _sees(user: User, _year: int, owner: int | None = None) -> bool:
    return runs(user, owner)


@work(TRY, "试算", Permission.ASSESSMENTS_SCORE, sees=_sees, shared=True, asked=_asked)
def ask(run: Run, year: int, owner: int | None = None) -> None:
    """Try the running year now; `owner`: by the rulebooks of which city, if by one's."""
    trial = tried(year, run.tell, owner)
    run.finish(lambda: service.keep(trial, run.user_id).id)
