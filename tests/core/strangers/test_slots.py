"""Places for few at once, over threads and processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from tracker.core.strangers import BusyError, Slots

ROOT = Path(__file__).resolve().parents[3]
HOLDER = (
    "import sys\n"
    "from pathlib import Path\n"
    "from tracker.core.strangers import Slots\n"
    "with Slots('check', 2).taken(Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


def holder(folder: Path) -> subprocess.Popen[str]:
    """A process that holds a place until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    return process


def test_one_place_in_a_process(tmp_path: Path) -> None:
    slots, said = Slots("check", 2), []

    def other_thread() -> None:
        try:
            with slots.taken(tmp_path):
                said.append("taken")
        except BusyError:
            said.append("busy")

    def from_a_thread() -> str:
        thread = threading.Thread(target=other_thread)
        thread.start()
        thread.join()
        return said[-1]

    with slots.taken(tmp_path):
        assert from_a_thread() == "busy"
    assert from_a_thread() == "taken"
    with pytest.raises(ZeroDivisionError), slots.taken(tmp_path):
        raise ZeroDivisionError
    assert from_a_thread() == "taken"


def test_few_places_on_a_machine_and_none_is_lost(tmp_path: Path) -> None:
    slots = Slots("check", 2)
    with ExitStack() as stack:
        first, second = (stack.enter_context(holder(tmp_path)) for _ in range(2))
        with pytest.raises(BusyError), slots.taken(tmp_path):
            pass
        first.kill()  # it gives nothing back by itself
        first.wait()
        with slots.taken(tmp_path):
            pass
        second.stdin.close()
    with slots.taken(tmp_path):
        pass
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_short_is_waited_for_and_given_up_in_the_end(tmp_path: Path) -> None:
    slots, order = Slots("check", 1), []
    held, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with slots.taken(tmp_path):
            held.set()
            leave.wait(10)
            order.append("first")

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    with pytest.raises(BusyError), slots.waited_for(tmp_path, 0.02, 0.01):
        order.append("never")
    leave.set()
    with slots.waited_for(tmp_path, 10, 0.01):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]
