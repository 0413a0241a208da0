"""Workers as real processes: killed, several at once, on several machines with one PostgreSQL."""

from __future__ import annotations

import hashlib
import io
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from flask import Flask
from sqlalchemy import make_url, select, update

from tests.conftest import settings_for
from tests.papers.issuing import certificates
from tests.papers.issuing.conftest import FROZEN, Start, final_document, keep
from tests.processes import all_gone, children_of, until
from tracker import create_app
from tracker.cli import main
from tracker.core import jobs
from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.core.jobs.declared import JOBS
from tracker.papers.issuing import queries, service
from tracker.papers.issuing.jobs import BOUND, GO_ON, TAKE_UP, VOLUME, ask_for, bound
from tracker.papers.issuing.models import (
    IssuedPaper,
    PaperIssue,
    PaperTask,
    SignedPaper,
    TaskState,
)
from tracker.papers.issuing.running import run_issue
from tracker.papers.issuing.volume import write_volume
from tracker.records.background.models import BackgroundJob, WorkState
from tracker.records.background.queries import chunks
from tracker.year.assessments.models import Snapshot

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
KILLS = int(os.environ.get("KILLS", "50"))  # of a soak; fewer show that it runs at all
WORKER = (main, "worker", "--processes")


def test_the_programs_jobs_are_known(sqlite_app: Flask) -> None:
    assert {GO_ON: 0, TAKE_UP: 1}.items() <= {
        each.name: each.minutes for each in JOBS.values()
    }.items()


def begin(snapshot: Snapshot, reason: str = "") -> int:
    issue_id = service.start(snapshot, None, reason).id
    db.session.commit()
    return issue_id


def progress(issue_id: int) -> queries.Progress:
    db.session.rollback()
    state = queries.progress_of(issue_id)
    db.session.rollback()
    return state


def free_what_was_held() -> None:
    """The minute of the leases passes."""
    held = update(PaperTask).where(PaperTask.holder.is_not(None))
    db.session.execute(held.values(lease_until=now()))
    db.session.commit()


def is_whole(issue_id: int) -> None:
    """Nothing is lost and nothing issued twice: a paper for each row, with its number and bytes."""
    db.session.rollback()
    tasks = queries.tasks(issue_id, TaskState.DONE)
    papers = queries.list_of(issue_id)
    assert queries.progress_of(issue_id).wanted == len(tasks)
    assert [paper.number for paper in papers] == [task.number for task in tasks]
    assert [task.running for task in tasks] == list(range(1, len(tasks) + 1))
    for paper in papers:
        assert hashlib.sha256(queries.content_of(paper)).hexdigest() == paper.sha256
    numbers = Counter(db.session.scalars(select(IssuedPaper.number)))
    assert set(numbers.values()) == {1}
    db.session.rollback()


def kill_again_and_again(
    start: Start,
    snapshot: Snapshot,
    kills: int,
    pause: float = 1.0,
    also: Mapping[str, str] = MappingProxyType({}),
    begun_one: Callable[[int], None] = lambda issue_id: None,
) -> list[int]:
    """Kill workers, each up to `pause` seconds after it began to print, and let the last one end
    its work. An issue that is done before the last kill is followed by another one; gives all."""
    chance = random.Random(kills)
    begun = [begin(snapshot)]
    begun_one(begun[-1])
    for count in range(kills):
        if progress(begun[-1]).finished:
            later = FROZEN + timedelta(days=count + 1)
            document = final_document(later, **{"projects.counted": str(count + 2)})
            begun.append(begin(keep(document, later), "更正"))
            begun_one(begun[-1])
        worker = start(*WORKER, "1", also=also)
        until(lambda: progress(begun[-1]).busy or progress(begun[-1]).finished, 180)
        time.sleep(chance.random() * pause)
        worker.kill()
        worker.wait()
        free_what_was_held()
    start(*WORKER, "1", also=also)
    until(lambda: progress(begun[-1]).finished, 300)
    for issue_id in begun:
        is_whole(issue_id)
    return begun


class Undisturbed:
    """Each issue as one worker makes it whom nobody ends: in a copy of the database, taken as the
    issue begins."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.papers: dict[str, bytes] = {}

    def begun(self, issue_id: int) -> None:
        """Make the papers of an issue that nobody began to work on."""
        copy = self.folder / f"undisturbed-{issue_id}.db"
        at = make_url(self.app.config["TRACKER"].database_url).database
        assert at
        with closing(sqlite3.connect(at)) as here, closing(sqlite3.connect(copy)) as there:
            here.backup(there)
        other = create_app(settings_for(f"sqlite:///{copy}", self.folder))
        with other.app_context():
            assert run_issue(issue_id).finished
            made = queries.list_of(issue_id)
            self.papers |= {paper.number: queries.content_of(paper) for paper in made}
            db.session.remove()
            db.engine.dispose()


def killed_while_signing(app: Flask, start: Start, snapshot: Snapshot, kills: int) -> None:
    """However often its workers end, each paper is there once, with the bytes that it has where
    nobody disturbs the run, and with one signature that holds."""
    folder = app.config["TRACKER"].instance
    alone = Undisturbed(app, folder)
    files = certificates.files_of(folder, certificates.pkcs12_of())
    also = {f"TRACKER_{name.upper()}": path for name, path in files.items()}
    begun = kill_again_and_again(start, snapshot, kills, 0.4, also, alone.begun)
    issued = [paper for issue_id in begun for paper in queries.list_of(issue_id)]
    assert {paper.number: queries.content_of(paper) for paper in issued} == alone.papers
    assert len(issued) == len(alone.papers)
    signatures = Counter(db.session.scalars(select(SignedPaper.paper_id)))
    assert signatures == {paper.id: 1 for paper in issued}
    for paper in issued:
        signed = queries.signed_content_of(paper)
        assert signed is not None
        assert signed.startswith(alone.papers[paper.number])
        assert signed.count(b"/ByteRange") == 1
    (name,) = set(db.session.scalars(select(SignedPaper.signer)))
    assert certificates.OFFICE in name
    path = folder / "signed.pdf"
    path.write_bytes(queries.signed_content_of(issued[-1]))
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


@ON_SQLITE
def test_workers_that_are_killed_lose_nothing_and_issue_and_sign_nothing_twice(
    app: Flask, start: Start, snapshot: Snapshot
) -> None:
    killed_while_signing(app, start, snapshot, 1)


@pytest.mark.soak
@ON_SQLITE
def test_ten_workers_that_are_killed_while_they_sign(
    app: Flask, start: Start, snapshot: Snapshot
) -> None:
    killed_while_signing(app, start, snapshot, 10)


@pytest.mark.soak
def test_fifty_workers_that_are_killed(start: Start, snapshot: Snapshot) -> None:
    kill_again_and_again(start, snapshot, KILLS)


@pytest.mark.soak
def test_fifty_workers_that_are_killed_while_they_bind(start: Start, snapshot: Snapshot) -> None:
    """Each volume is there once and whole, or its row says that it was given up."""
    issue_id = begin(snapshot)
    run_issue(issue_id)
    chance, kills, rows = random.Random(KILLS), 0, set()
    while kills < KILLS:
        with units.mode(writes=False), units.writing():
            # As if a paper had been made since, so that it is bound anew.
            db.session.execute(update(BackgroundJob).values(asked_at=FROZEN))
            rows.add(ask_for(VOLUME, issue_id, None).id)
        worker = start(*WORKER, "1")
        until(lambda: busy(max(rows)), 180)
        if chance.random() < 0.3:
            until(lambda: not busy(max(rows), waiting=True), 180)
        time.sleep(chance.random() * 0.6)
        worker.kill()
        worker.wait()
        kills += 1
        held = update(BackgroundJob).where(BackgroundJob.holder.is_not(None))
        db.session.execute(held.values(lease_until=now()))
        db.session.commit()
    start(*WORKER, "1")
    until(lambda: not busy(max(rows), waiting=True), 180)
    expected = io.BytesIO()
    write_volume(db.session.get_one(PaperIssue, issue_id), expected)
    states = Counter()
    for job in db.session.scalars(select(BackgroundJob).order_by(BackgroundJob.id)):
        states[job.state.value] += 1
        assert job.id in rows
        if job.state is WorkState.DONE:
            assert b"".join(chunks(job.id)) == expected.getvalue()
        else:
            assert "3 次被打断" in job.reason
    print(kills, "kills:", dict(states))  # noqa: T201
    assert states["done"] > 1
    assert sum(states.values()) == len(rows)


def busy(job_id: int, *, waiting: bool = False) -> bool:
    """Whether somebody works on it, or it has ended; `waiting`: whether it has not."""
    db.session.rollback()
    job = db.session.get_one(BackgroundJob, job_id, populate_existing=True)
    waits, held = job.waits, job.lease_until is not None and job.lease_until > now()
    db.session.rollback()
    return waits if waiting else held or not waits


@ON_POSTGRESQL
def test_workers_of_several_machines_share_an_issue(
    app: Flask, start: Start, snapshot: Snapshot, tmp_path: Path
) -> None:
    snapshot_id = snapshot.id
    workers = [start(*WORKER, "1", instance=tmp_path / name) for name in ("one", "other")]
    for worker in workers:
        assert "工作进程已启动".encode() in worker.stderr.readline()
    assert jobs.worker_seen(app.config["TRACKER"])
    issue_id = begin(db.session.get_one(Snapshot, snapshot_id))
    assert jobs.send(app.config["TRACKER"], GO_ON, issue_id)
    holders: set[str] = set()

    def look() -> bool:
        held = select(PaperTask.holder).where(PaperTask.holder.is_not(None))
        holders.update(db.session.scalars(held))
        return progress(issue_id).finished

    until(look, 120)
    assert len(holders) == 2
    is_whole(issue_id)
    # Volume and archive are bound after the last paper, and can be had from any machine.
    until(lambda: all(is_bound(kind, issue_id) for kind in BOUND), 60)


def is_bound(kind: str, issue_id: int) -> bool:
    db.session.rollback()
    found = bound(kind, issue_id)
    return found is not None and found.has_file


@ON_SQLITE
@pytest.mark.parametrize(
    "processes",  # with printers of its own: a command, in `test_ended`
    [pytest.param(1, id="alone"), pytest.param(2, id="printers", marks=pytest.mark.soak)],
)
def test_a_worker_that_is_told_to_end_gives_back_what_it_held(
    start: Start, snapshot: Snapshot, processes: int
) -> None:
    issue_id = begin(snapshot)
    worker = start(*WORKER, str(processes))
    until(lambda: progress(issue_id).done > 0)
    started = children_of(worker.pid)
    assert bool(started) is (processes > 1)
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert all_gone(started)
    state = progress(issue_id)
    assert not state.busy
    assert state.failed == 0
    held = select(PaperTask.id).where(PaperTask.holder.is_not(None))
    assert not db.session.scalars(held).all()
