"""Steps that freeze a year, as work in the background."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from tracker.core.db import db, statistics
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.background.declared import work
from tracker.records.background.models import BackgroundJob
from tracker.records.background.queries import waiting_of
from tracker.records.background.running import Run
from tracker.records.places.models import Region
from tracker.year.procedure import steps
from tracker.year.procedure.advancing import prepare, take
from tracker.year.procedure.models import Act

STEP = "procedure.step"


def waiting_step(year: int, owner: int | None) -> BackgroundJob | None:
    """The step in the assessment of `year` by `owner` that waits or is being taken: with whatever
    reason, and from wherever it was asked for."""
    return next(
        (
            each
            for each in waiting_of(STEP)
            if each.given[0] == year and _owner(each.given) == owner
        ),
        None,
    )


def _owner(arguments: Sequence[int | str]) -> int | None:
    return int(arguments[4]) if len(arguments) > 4 else None


def _sees(user: User, *arguments: int | str) -> bool:
    return steps.moves(user, _owner(arguments))


def _page(job: BackgroundJob) -> str:
    owner = _owner(job.given)
    city = db.session.get(Region, owner) if owner is not None else None
    code = city.code if city else None
    return url_for("procedure.index", year=job.given[0], step=job.id, owner=code)


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
def step(
    run: Run, year: int, what: str, reason: str, address: str, owner: int | None = None
) -> None:
    """Freeze and score the facts of a stage, check them, and end the stage; `owner`: of the
    assessment of a city."""
    prepared = prepare(year, Act(what), run.tell, owner)
    run.finish(lambda: take(prepared, run.user, reason=reason, address=address).id)
    statistics.refresh()
