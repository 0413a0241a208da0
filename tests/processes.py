"""Looking at real processes: who descends from whom, and whether they are gone (Linux)."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path


def children_of(pid: int) -> set[int]:
    """All processes that `pid` started, and those that they started."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            started = [int(child) for child in task.read_text().split()]
        except OSError:
            continue  # it ended meanwhile
        for child in started:
            found |= {child} | children_of(child)
    return found


def runs(pid: int) -> bool:
    """Whether `pid` is alive; one that ended and was not waited for is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] not in "ZX"


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until `true` gives True; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def all_gone(pids: Collection[int], seconds: float = 10) -> bool:
    """Whether `pids` have ended within `seconds`."""
    end = time.monotonic() + seconds
    while any(runs(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
