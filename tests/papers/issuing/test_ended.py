"""What a killed command leaves behind: no process, no half paper, nothing held.

Real processes; which database they use makes no difference to when they end.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.papers.issuing.conftest import YEAR, Start
from tests.processes import Begun, all_gone, children_of, until
from tracker.cli import main
from tracker.core.db import db
from tracker.papers.issuing import queries
from tracker.papers.issuing.models import PaperTask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PRINTERS = 2


def tracker() -> None:
    # Whoever runs the tests may have hangups ignored (nohup), and the command goes on ignoring.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    main()


def begun(start: Start, command: str) -> Begun:
    """A command whose papers are printed by processes of their own."""
    return start(tracker, command, "--workers", str(PRINTERS), "--year", str(YEAR))


def printers(process: Begun, *, new: bool = True) -> set[int]:
    """The processes that print for `process`, once all are there; `new`: beside them is one that
    only clears up."""
    until(lambda: len(_printing(process.pid, new)) == PRINTERS)
    return _printing(process.pid, new)


def _printing(pid: int, new: bool) -> set[int]:
    found = children_of(pid)
    return {child for child in found if not new or b"spawn_main" in _command_line(child)}


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("command", "early"),
    [
        pytest.param("report", True, id="as soon as they are there"),
        pytest.param("issue", False, id="while they print", marks=pytest.mark.soak),
    ],
)
def test_printers_end_with_a_command_that_is_killed(
    app: Flask, start: Start, command: str, early: bool
) -> None:
    process = begun(start, command)
    started = printers(process) | children_of(process.pid)
    if not early:
        until(lambda: _papers(app, command) > 0)
    process.kill()
    process.wait()
    assert all_gone(started, 60)


@pytest.mark.parametrize(
    ("how", "forked"),
    [
        pytest.param(signal.SIGTERM, True, id="TERM"),
        pytest.param(signal.SIGTERM, False, id="TERM-new", marks=pytest.mark.soak),
        pytest.param(signal.SIGHUP, False, id="HUP-new", marks=pytest.mark.soak),
    ],
)
def test_a_command_that_is_told_to_end_gives_back_what_it_held(
    request: pytest.FixtureRequest, app: Flask, start: Start, how: signal.Signals, forked: bool
) -> None:
    if forked:
        request.getfixturevalue("forking")
    process = begun(start, "issue")
    started = printers(process, new=not forked) | children_of(process.pid)
    until(lambda: _papers(app, "issue") > 0)
    process.send_signal(how)
    told = process.communicate(timeout=60)
    assert process.returncode == 128 + how, told
    assert told.splitlines()[-1] == "错误：已被终止"
    assert all_gone(started)
    held = select(func.count()).where(PaperTask.holder.is_not(None))
    assert db.session.scalar(held) == 0
    issue = queries.latest_issue(YEAR)
    assert queries.progress_of(issue.id).waiting > 0


def test_a_hangup_is_taken_as_the_order_to_end_is(database_url: str) -> None:
    """They have one handler; what it does is tried above."""
    taken = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs this may have it ignored
from tracker import cli
cli.cli.main = lambda **_: print(signal.getsignal(signal.SIGHUP), signal.getsignal(signal.SIGTERM))
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", taken], capture_output=True, check=True, text=True)
    handlers = re.findall(r"<function outside_of_statements", done.stdout)
    assert len(handlers) == 2, done.stdout


def _ignoring() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        main()
    finally:
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL


def test_a_hangup_that_is_ignored_goes_on_being_ignored(start: Start) -> None:
    process = start(_ignoring, "measures", "--help")
    told = process.communicate(timeout=60)
    assert (process.returncode, told) == (0, "")


def _papers(app: Flask, command: str) -> int:
    if command == "report":
        folder = app.config["TRACKER"].instance / "reports" / str(YEAR)
        return len(list(folder.glob("*.pdf")))
    db.session.rollback()
    issue = queries.latest_issue(YEAR)
    done = queries.progress_of(issue.id).done if issue else 0
    db.session.rollback()
    return done
