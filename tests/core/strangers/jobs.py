"""What a reading process may be made to do by a file, done on purpose."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tracker.core.strangers.bounds import Reason, UnreadableError


def lengths(*files: bytes, extra: int = 0) -> list[int]:
    return [len(file) + extra for file in files]


def surroundings() -> dict[str, object]:
    modules = [name for name in sys.modules if name in {"flask", "sqlalchemy", "click"}]
    return {"modules": modules, "environment": dict(os.environ), "nice": os.nice(0)}


def refuses() -> None:
    raise UnreadableError(Reason.ENCRYPTED)


def counts(file: bytes, most: int, then: str = "") -> Iterator[list[int]]:
    for number in range(most):
        yield [number, len(file)]
    {"": str, "refuses": refuses, "fails": fails, "crashes": crashes, "sleeps": sleeps}[then]()


def fails() -> None:
    raise OSError("what a library says")


def recurses() -> None:
    recurses()


def never_ends() -> None:
    while True:
        pass


def sleeps() -> None:
    time.sleep(60)


def grows() -> None:
    held = []
    while True:
        held.append(bytearray(10_000_000))


def crashes() -> None:
    ctypes.string_at(0)


def talks() -> str:
    for _ in range(1_000):
        os.write(1, b"x" * 10_000)
        os.write(2, b"x" * 10_000)
    return "done"


def writes(folder: str) -> None:
    Path(folder, "left behind").write_bytes(b"x")
