"""The process that reads strangers' files: what it gives, and that nothing gets out of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.strangers import jobs
from tests.processes import runs
from tracker.core.strangers import Bounds, Reason, UnreadableError, lines_apart, read_apart
from tracker.core.strangers.process import ReaderLostError

ROOT = Path(__file__).resolve().parents[3]
QUICK = Bounds(processor=1, clock=20)


def test_it_gives_what_the_job_gives() -> None:
    assert read_apart(jobs.lengths) == []
    assert read_apart(jobs.lengths, b"", b"\n{}\n" * 500_000, b"x", extra=1) == [1, 2_000_001, 2]


def test_it_knows_nothing_of_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://name:word@host/base")
    found = read_apart(jobs.surroundings)
    assert found["modules"] == []
    assert not {"SECRET_KEY", "DATABASE_URL", "HOME", "TRACKER_INSTANCE"} & set(
        found["environment"]
    )
    assert found["nice"] > os.nice(0)


@pytest.mark.parametrize(
    ("job", "bounds", "reason"),
    [
        (jobs.refuses, QUICK, Reason.ENCRYPTED),
        (jobs.fails, QUICK, Reason.DAMAGED),
        (jobs.recurses, QUICK, Reason.TOO_MUCH),
        (jobs.never_ends, QUICK, Reason.TOO_MUCH),
        (jobs.grows, Bounds(processor=5, clock=20), Reason.TOO_MUCH),
        (jobs.crashes, QUICK, Reason.TOO_MUCH),
        (jobs.sleeps, Bounds(processor=1, clock=1), Reason.NO_TIME),
    ],
)
def test_every_end_is_an_answer(job: Callable[[], None], bounds: Bounds, reason: Reason) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_apart(job, bounds=bounds)
    assert caught.value.reason is reason
    assert str(caught.value) == reason.words


def test_what_a_job_yields_comes_one_after_another() -> None:
    with lines_apart(jobs.counts, b"x" * 3_000_000, most=20_000) as found:
        assert next(found) == [0, 3_000_000]
        assert sum(1 for _ in found) == 19_999
    with lines_apart(jobs.counts, b"", most=0) as found:
        assert list(found) == []


@pytest.mark.parametrize(
    ("then", "bounds", "reason"),
    [
        ("refuses", QUICK, Reason.ENCRYPTED),
        ("fails", QUICK, Reason.DAMAGED),
        ("crashes", QUICK, Reason.TOO_MUCH),
        ("sleeps", Bounds(processor=1, clock=1), Reason.NO_TIME),
    ],
)
def test_every_end_of_lines_is_an_answer(then: str, bounds: Bounds, reason: Reason) -> None:
    got = []
    with (
        pytest.raises(UnreadableError) as caught,
        lines_apart(jobs.counts, b"", most=3, then=then, bounds=bounds) as found,
    ):
        got.extend(found)
    assert caught.value.reason is reason
    assert len(got) <= 3


def test_leaving_the_lines_ends_their_process() -> None:
    began = time.monotonic()
    with lines_apart(jobs.counts, b"", most=1, then="sleeps") as found:
        assert next(found) == [0, 0]
    assert time.monotonic() - began < 8  # of the ten that it may take


def test_what_libraries_say_is_not_kept() -> None:
    assert read_apart(jobs.talks) == "done"


def test_it_leaves_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        read_apart(jobs.writes, folder=str(tmp_path))
    assert all(not path.stat().st_size for path in tmp_path.iterdir())


def test_a_fault_of_the_installation_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.lengths, "__module__", "tests.core.strangers.nowhere")
    with pytest.raises(ReaderLostError, match="nowhere"):
        read_apart(jobs.lengths)


def test_it_ends_with_its_parent() -> None:
    """Also when the parent is killed and can end nobody any more."""
    program = (
        "from tests.core.strangers import jobs\n"
        "from tracker.core.strangers import Bounds, read_apart\n"
        "read_apart(jobs.sleeps, bounds=Bounds(clock=50))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=_environment())
    try:
        child = _wait_for(lambda: _sleeping_child(parent.pid))
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert _wait_for(lambda: not runs(child))


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _sleeping_child(parent: int) -> int:
    """The reading process below `parent` once it is bound and at work; 0 before."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for child in map(int, children):
        files = Path(f"/proc/{child}/limits").read_text()
        if any(
            line.split()[3:5] == ["0", "0"] for line in files.splitlines() if "file size" in line
        ):
            return child
    return 0


def _wait_for(found: Callable[[], int]) -> int:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("it did not come")
