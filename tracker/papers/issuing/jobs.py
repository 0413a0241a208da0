"""Issuing as work on the queue. A job says no more than that an issue may have papers that wait;
which, and what became of them, stands in the rows of the issue. Binding what was issued is work in
the background like any other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import IO

from flask import current_app

from tracker.core import jobs
from tracker.core.db import db, units
from tracker.papers.issuing import queries
from tracker.papers.issuing.models import PaperIssue
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import runs
from tracker.records.accounts.permissions import Permission
from tracker.records.background import service as background
from tracker.records.background.declared import work
from tracker.records.background.jobs import GO_ON as BACKGROUND
from tracker.records.background.models import BackgroundJob
from tracker.records.background.queries import latest
from tracker.records.background.running import Run

GO_ON = "issuing.go_on"
TAKE_UP = "issuing.take_up"
VOLUME, ARCHIVE = "issuing.volume", "issuing.archive"
BOUND = {VOLUME: "合订本", ARCHIVE: "全部原件压缩包"}
_DAYS = 30
_log = logging.getLogger(__name__)


@jobs.job(GO_ON, lane=jobs.Lane.LONG)
def go_on(issue_id: int) -> None:
    """Make the papers of an issue that wait and that nobody holds, and bind them after the last."""
    from tracker.papers.issuing.printing import PrintersLostError
    from tracker.papers.issuing.running import run_issue

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
        for kind in BOUND:
            with units.writing():
                job_id = ask_for(kind, issue_id, None).id
            jobs.send(settings, BACKGROUND[jobs.Lane.SHORT], job_id)


@jobs.every_minutes(1, TAKE_UP, lane=jobs.Lane.LONG)
def take_up() -> None:
    """Go on with what a worker, a command or a machine left that was ended or killed."""
    for issue_id in queries.free_issues():
        go_on(issue_id)


def _sees(user: User, issue_id: int) -> bool:
    issue = db.session.get(PaperIssue, issue_id)
    return issue is not None and runs(user, issue.owner_region_id)


@work(VOLUME, BOUND[VOLUME], Permission.PAPERS_ISSUE, sees=_sees, shared=True, days=_DAYS)
def bind_volume(run: Run, issue_id: int) -> None:
    """Bind the papers of an issue into one file."""
    from tracker.papers.issuing.volume import write_volume

    _bind(run, issue_id, "pdf", "application/pdf", write_volume)


@work(ARCHIVE, BOUND[ARCHIVE], Permission.PAPERS_ISSUE, sees=_sees, shared=True, days=_DAYS)
def pack_archive(run: Run, issue_id: int) -> None:
    """Put the papers of an issue as they were issued into one archive."""
    from tracker.papers.issuing.volume import write_archive

    _bind(run, issue_id, "zip", "application/zip", write_archive)


def _bind(
    run: Run,
    issue_id: int,
    ending: str,
    content_type: str,
    write: Callable[[PaperIssue, IO[bytes], Callable[[int, int], None]], None],
) -> None:
    from tracker.papers.issuing.volume import volume_name

    issue = db.session.get_one(PaperIssue, issue_id)
    name = f"{volume_name(issue, queries.list_of(issue.id))}.{ending}"
    run.tell("准备")
    with run.file(name, content_type) as out:
        write(issue, out, lambda done, total: run.tell("装订文书", done, total))


def ask_for(kind: str, issue_id: int, user: User | None) -> BackgroundJob:
    """Ask, within a writing unit, for the papers of an issue to be bound; what waits or has been
    made of all of them is given back. Raises WorkError."""
    if (made := bound(kind, issue_id)) is not None and (made.waits or made.has_file):
        return made
    issue = db.session.get_one(PaperIssue, issue_id)
    title = f"{issue.year} 年度第 {issue.ordinal} 次签发的{BOUND[kind]}"
    return background.ask(kind, user, issue_id, title=title)


def bound(kind: str, issue_id: int) -> BackgroundJob | None:
    """The newest work of binding an issue, unless a paper was made after it was asked for."""
    found, newest = latest(kind, issue_id), queries.last_issued_at(issue_id)
    if found is None or (newest is not None and not found.waits and found.asked_at < newest):
        return None
    return found
