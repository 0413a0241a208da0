"""Steps that freeze a year, as work in the background."""

from __future__ import annotations

from flask import url_for

from tracker.core.db import statistics
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.background.declared import work
from tracker.records.background.models import BackgroundJob
from tracker.records.background.running import Run
from tracker.year.procedure import steps
from tracker.year.procedure.advancing import prepare, take
from tracker.year.procedure.models import Act

STEP = "procedure.step"


def _sees(user: User, *_arguments: int | str) -> bool:
    return steps.moves(user)


def _page(job: BackgroundJob) -> str:
    return url_for("procedure.index", year=job.given[0], step=job.id)


# Not again by one press: what stands in the way then is shown and confirmed each time.
@work(
    STEP,
    "考核进程",
    Permission.ASSESSMENTS_ADVANCE,
    sees=_sees,
    shared=True,
    again=False,
    page=_page,
)
def step(run: Run, year: int, what: str, reason: str, address: str) -> None:
    """Freeze and score the facts of a stage, check them, and end the stage."""
    prepared = prepare(year, Act(what), run.tell)
    run.finish(lambda: take(prepared, run.user, reason=reason, address=address).id)
    statistics.refresh()
