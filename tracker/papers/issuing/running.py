"""Making the papers of an issue: each whole or not at all, by any number of processes, resumable.

The rows of `paper_tasks` are the truth. Whoever works takes a few rows under a lease, prints, and
writes a paper, with its signature where a certificate is set, together with its row's end in one
transaction; the rows of one who was killed are
free again when the lease has run out. Papers are of a final year alone: what waits once the year is
worked on anew is cancelled.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update

from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.papers.catalogue import PaperRef, papers_of
from tracker.papers.common.head import PaperKind, PaperStatus, Stamp, file_name
from tracker.papers.common.identity import read_identity
from tracker.papers.issuing.models import (
    IssuedPaper,
    IssuedPaperRegion,
    PaperIssue,
    PaperTask,
    SignedPaper,
    TaskState,
)
from tracker.papers.issuing.printing import Order, Printed, PrintersLostError, printed
from tracker.papers.issuing.queries import Progress, progress_of, waits_free
from tracker.papers.issuing.service import stopped
from tracker.papers.issuing.signing import Signer, SigningError, sign, signer_of
from tracker.year.assessments.scored import scored

LEASE = timedelta(seconds=60)
_PAUSE = 0.5  # seconds between looks at rows that others hold


@units.reading
def run_issue(
    issue_id: int,
    workers: int = 1,
    public_address: str = "",
    progress: Callable[[Progress], None] = lambda state: None,
    *,
    stop: Callable[[], bool] = lambda: False,
    patient: bool = True,
) -> Progress:
    """Make all papers of an issue that wait; commits paper by paper. Returns when none waits, also
    where others make some of them; one that is not `patient` leaves those to them. Once `stop` is
    true it takes no more, and returns when what is under way is done.

    Raises PrintersLostError; the papers that were under way then have failed. When it is
    interrupted, what it held is free again.
    """
    holder = uuid.uuid4().hex
    issue = db.session.get_one(PaperIssue, issue_id)
    content = issue.snapshot.content
    points = scored(issue.snapshot.sha256, content)
    db.session.rollback()
    signing = Signing.begun()
    refs = {(ref.kind, ref.sheet, ref.subject_code): ref for ref in papers_of(points)}
    try:
        while progress_of(issue_id).waiting and not stop():
            orders = _orders(issue_id, holder, refs, public_address, workers, stop)
            for made in printed(points, content, orders, workers):
                _keep(issue_id, holder, made, signing)
                progress(progress_of(issue_id))
                db.session.rollback()
            if not patient:
                break
            if progress_of(issue_id).waiting:
                db.session.rollback()
                time.sleep(_PAUSE)
        return progress_of(issue_id)
    except PrintersLostError as error:
        _fail(issue_id, holder, str(error))
        raise
    finally:
        _release(issue_id, holder)


def _orders(
    issue_id: int,
    holder: str,
    refs: dict[tuple[PaperKind, str, str], PaperRef],
    public_address: str,
    most: int,
    stop: Callable[[], bool],
) -> Iterator[Order]:
    """Take rows, a few at a time, until none is free or it is time to stop."""
    while not stop() and (taken := _take(issue_id, holder, most)):
        orders = [
            Order(
                task.position,
                refs[task.kind, task.sheet, task.subject_code],
                _stamp(task, public_address),
            )
            for task in taken
        ]
        db.session.rollback()
        yield from orders


def _take(issue_id: int, holder: str, most: int) -> list[PaperTask]:
    with units.writing():
        taken = list(
            db.session.scalars(
                select(PaperTask)
                .where(PaperTask.issue_id == issue_id, waits_free())
                .order_by(PaperTask.position)
                .limit(most)
            )
        )
        if taken and stopped(taken[0].issue):
            return []
        for task in taken:
            task.holder, task.lease_until = holder, now() + LEASE
    return taken


def _stamp(task: PaperTask, public_address: str) -> Stamp:
    number = task.number
    return Stamp(
        status=PaperStatus.FINAL,
        number=number,
        supersedes=task.supersedes.number if task.supersedes else "",
        verify_text=verify_text(number, task.issue.snapshot.sha256, public_address),
    )


def verify_text(number: str, snapshot_sha256: str, public_address: str) -> str:
    """What the code on a paper says: where to verify it, or by what."""
    if public_address:
        return f"{public_address.rstrip('/')}/verify?number={number}"
    return f"山海协作考核文书 {number} {snapshot_sha256}"


@dataclass(frozen=True)
class Signing:
    """With what papers are signed as they are made: nobody's where no certificate is set, and
    nobody's with a `fault` where it cannot be used: papers are issued all the same."""

    signer: Signer | None = None
    fault: str | None = None

    @classmethod
    def begun(cls) -> Signing:
        """By the settings of this machine."""
        try:
            return cls(signer_of(current_app.config["TRACKER"]))
        except SigningError as error:
            return cls(fault=str(error))

    def of(self, pdf: bytes) -> tuple[SignedPaper | None, str | None]:
        """The signature of a paper, or why there is none though there should be."""
        if self.signer is None:
            return None, self.fault
        try:
            return sign(pdf, self.signer), None
        except SigningError as error:
            return None, str(error)


def _keep(issue_id: int, holder: str, made: Printed, signing: Signing) -> None:
    """Write what became of a row, unless another has taken it over."""
    paper, fault = None, None
    if not made.fault:
        paper = _paper(made)
        paper.signed, fault = signing.of(made.pdf)
    with units.writing():
        task = db.session.scalars(
            select(PaperTask).filter_by(issue_id=issue_id, position=made.order.place)
        ).one()
        if task.state is not TaskState.WAITING or task.holder != holder:
            return
        if paper is not None and stopped(task.issue):
            return
        if paper is None:
            task.state, task.reason = TaskState.FAILED, made.fault
        else:
            _place(paper, task)
            task.state, task.sign_fault = TaskState.DONE, fault
        task.holder = task.lease_until = None


def _paper(made: Printed) -> IssuedPaper:
    """The paper that was printed; whose it is follows from its row (see `_place`)."""
    identity = read_identity(made.pdf)
    assert made.head is not None
    return IssuedPaper(
        number=made.order.stamp.number,
        file_name=file_name(made.head),
        sha256=hashlib.sha256(made.pdf).hexdigest(),
        size=len(made.pdf),
        pages=made.pages,
        layout=identity.layout,
        engine=identity.engine,
        verify_text=made.order.stamp.verify_text,
        content=made.pdf,
        places=[IssuedPaperRegion(region_id=region) for region in made.order.ref.region_ids],
    )


def _place(paper: IssuedPaper, task: PaperTask) -> None:
    for name in ("issue_id", "position", "kind", "sheet", "subject_code", "subject_name"):
        setattr(paper, name, getattr(task, name))
    paper.year = task.issue.year
    paper.supersedes_id = task.supersedes_id
    paper.issued_by_id = task.issue.started_by_id
    db.session.add(paper)


def _fail(issue_id: int, holder: str, reason: str) -> None:
    """Let what ends its printers again and again wait for a person, not for the next worker."""
    with units.writing():
        db.session.execute(
            update(PaperTask)
            .where(
                PaperTask.issue_id == issue_id,
                PaperTask.holder == holder,
                PaperTask.state == TaskState.WAITING,
            )
            .values(state=TaskState.FAILED, reason=reason, holder=None, lease_until=None)
        )


def _release(issue_id: int, holder: str) -> None:
    with units.writing():
        db.session.execute(
            update(PaperTask)
            .where(PaperTask.issue_id == issue_id, PaperTask.holder == holder)
            .values(holder=None, lease_until=None)
        )
