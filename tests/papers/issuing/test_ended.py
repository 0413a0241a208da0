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
from tests.processes import all_gone, children_of, until
from tracker.core.db import db
from tracker.papers.issuing import queries
from tracker.papers.issuing.models import PaperTask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PRINTERS = 2
# Whoever runs the tests may have hangups ignored (nohup), and the command goes on ignoring them.
_RUN = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from tracker.cli import main
main()
"""


def tracker(*arguments: str) -> list[str]:
    return [sys.executable, "-c", _RUN, *arguments, "--year", str(YEAR)]


def printers(process: subprocess.Popen[bytes]) -> set[int]:
    """The processes that print for `process`, once all are there."""
    until(lambda: len(_spawned(process.pid)) == PRINTERS)
    return _spawned(process.pid)


def _spawned(pid: int) -> set[int]:
    return {child for child in children_of(pid) if b"spawn_main" in _command_line(child)}


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


# As soon as they are there, and while they print.
@pytest.mark.parametrize(("command", "early"), [("issue", False), ("report", True)])
def test_printers_end_with_a_command_that_is_killed(
    app: Flask, start: Start, command: str, early: bool
) -> None:
    process = start(*tracker(command, "--workers", str(PRINTERS)))
    started = printers(process) | children_of(process.pid)
    if not early:
        until(lambda: _papers(app, command) > 0)
    process.kill()
    process.wait()
    assert all_gone(started)


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(signal.SIGTERM, id="TERM"),
        pytest.param(signal.SIGHUP, id="HUP", marks=pytest.mark.soak),
    ],
)
def test_a_command_that_is_told_to_end_gives_back_what_it_held(
    app: Flask, start: Start, how: signal.Signals
) -> None:
    process = start(*tracker("issue", "--workers", str(PRINTERS)))
    started = printers(process) | children_of(process.pid)
    until(lambda: _papers(app, "issue") > 0)
    process.send_signal(how)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 128 + how, told.decode()
    assert told.decode().splitlines()[-1] == "错误：已被终止"
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
    handlers = re.findall(r"<function _told_to_end", done.stdout)
    assert len(handlers) == 2, done.stdout


_IGNORING = """
import signal
from tracker.cli import main
signal.signal(signal.SIGHUP, signal.SIG_IGN)
try:
    main()
finally:
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
"""


def test_a_hangup_that_is_ignored_goes_on_being_ignored(start: Start) -> None:
    process = start(sys.executable, "-c", _IGNORING, "measures", "--help")
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (0, b"")


def _papers(app: Flask, command: str) -> int:
    if command == "report":
        folder = app.config["TRACKER"].instance / "reports" / str(YEAR)
        return len(list(folder.glob("*.pdf")))
    db.session.rollback()
    issue = queries.latest_issue(YEAR)
    done = queries.progress_of(issue.id).done if issue else 0
    db.session.rollback()
    return done
