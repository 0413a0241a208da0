"""Issuing as work on the queue. A job says no more than that an issue may have papers that wait;
which, and what became of them, stands in the rows of the issue."""

from __future__ import annotations

import logging

from flask import current_app

from tracker.core import jobs
from tracker.core.db import db
from tracker.papers.issuing import queries
from tracker.papers.issuing.models import PaperIssue
from tracker.papers.issuing.printing import PrintersLostError
from tracker.papers.issuing.running import run_issue
from tracker.papers.issuing.volume import kept_archive, kept_volume

GO_ON = "issuing.go_on"
TAKE_UP = "issuing.take_up"
_log = logging.getLogger(__name__)


@jobs.job(GO_ON, lane=jobs.Lane.LONG)
def go_on(issue_id: int) -> None:
    """Make the papers of an issue that wait and that nobody holds, and bind them after the last."""
    settings = current_app.config["TRACKER"]
    if not queries.is_free(issue_id):
        return
    # Another worker that is idle takes this and helps; it finds nothing where all is done.
    jobs.send(settings, GO_ON, issue_id)
    try:
        state = run_issue(
            issue_id,
            jobs.processes(),
            settings.public_address,
            stop=jobs.told_to_end,
            patient=False,
        )
    except PrintersLostError:
        _log.exception("the printers of issue %s were lost", issue_id)
        return
    if state.done and not state.waiting and not jobs.told_to_end():
        found = db.session.get_one(PaperIssue, issue_id)
        kept_archive(found, settings.instance)
        kept_volume(found, settings.instance)


@jobs.every_minutes(1, TAKE_UP, lane=jobs.Lane.LONG)
def take_up() -> None:
    """Go on with what a worker, a command or a machine left that was ended or killed."""
    for issue_id in queries.free_issues():
        go_on(issue_id)
