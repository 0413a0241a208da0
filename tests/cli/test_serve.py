"""`tracker serve`: pages and workers are started together and end together, however they end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import settings_for
from tests.processes import all_gone, children_of, until
from tracker.core import jobs
from tracker.core.config import ROOT

# Tests that run in the background have SIGINT ignored, and the service would go on ignoring it.
_RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from tracker.cli import main
main()
"""


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The service on a port of its own, once pages answer and a worker was seen."""
    shutil.copy(sqlite_template, tmp_path / "tracker.db")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment = {**kept, "TRACKER_INSTANCE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _RUN, "serve", "--port", str(port), "--processes", "1"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        until(lambda: _answers(port))
        settings = settings_for(f"sqlite:///{tmp_path / 'tracker.db'}", tmp_path)
        until(lambda: jobs.worker_seen(settings))
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            return answer.status == 200
    except OSError:
        return False


def _workers(served: subprocess.Popen[bytes]) -> set[int]:
    """The processes started last that have none below them: gunicorn's master has."""
    spawned = set()
    for task in Path(f"/proc/{served.pid}/task").glob("*/children"):
        spawned |= {int(child) for child in task.read_text().split()}
    return {
        child
        for child in spawned
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes() and not children_of(child)
    }


@pytest.mark.parametrize(
    "told", ["interrupted", pytest.param("terminated", marks=pytest.mark.soak)]
)
def test_a_worker_that_is_killed_is_started_anew_and_all_ends_when_told(
    served: subprocess.Popen[bytes], told: str
) -> None:
    """Both signals are heeded alike (`core/jobs/ending.py`), but a terminal sends ctrl-C to the
    whole group, where gunicorn's master passes it on: two at once can leave a process of pages
    waiting for itself, until it is killed half a minute later."""
    (worker,) = _workers(served)
    os.kill(worker, signal.SIGKILL)
    until(lambda: len(found := _workers(served)) == 1 and worker not in found)
    started = children_of(served.pid)
    pages = {child for child in started if children_of(child) - {child}}
    assert pages
    assert served.pid not in {os.getpgid(child) for child in pages}
    if told == "interrupted":
        os.killpg(served.pid, signal.SIGINT)
    else:
        served.terminate()
    assert served.wait(60) == 0
    assert all_gone(started)


def test_all_of_it_ends_with_the_one_that_is_killed(served: subprocess.Popen[bytes]) -> None:
    started = children_of(served.pid)
    assert len(started) >= 4  # pages: master and process; a worker; the watch over semaphores
    served.kill()
    served.wait()
    assert all_gone(started, 30)
