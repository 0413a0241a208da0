"""A trial of a set as work in the background."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import undefer

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import runs
from tracker.records.accounts.permissions import Permission
from tracker.records.background.declared import work
from tracker.records.background.models import BackgroundJob
from tracker.records.background.running import Run
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored_of
from tracker.year.rulebooks import queries
from tracker.year.rulebooks.drafting import draft_set
from tracker.year.rulemaking.trying import TrialError, tried

TRIAL = "rulebook-trial"


def _page(job: BackgroundJob) -> str:
    return url_for("rulemaking.trial", background_job_id=job.id)


def _sees(user: User, set_id: int, _snapshot_id: int) -> bool:
    stored = queries.get(set_id)
    return stored is not None and runs(user, stored.owner_region_id)


@work(
    TRIAL,
    "细则试算",
    Permission.RULEBOOKS_EDIT,
    sees=_sees,
    shared=True,
    page=_page,
    inner=True,
)
def trial(run: Run, set_id: int, snapshot_id: int) -> None:
    """Try a set on the facts of a snapshot; what comes of it is read by the page alone."""
    stored = queries.get(set_id)
    assert stored is not None, "no set is ever deleted"
    run.tell("核对细则")
    read_at = now()
    found = draft_set(stored, queries.texts(set_id))
    if found.year_set is None:
        raise TrialError("这一套还有问题，不能试算：" + "；".join(found.faults[:5]))
    snapshot = db.session.get_one(Snapshot, snapshot_id, options=[undefer(Snapshot.content)])
    run.tell("按当年的细则计分")
    points = scored_of(snapshot)
    run.tell("按这一套计分")
    outcome = tried(found.year_set.rulebook_set, read_at, points)
    with run.file("试算.json", "application/json") as out:
        out.write(outcome.packed())
