"""The process that reads one stranger's file, and nothing else: it binds itself, reads, answers.

It imports neither the web nor the database, and learns no setting of theirs. It is started by
`process.read_apart`, gets the files on its standard input and writes one JSON document.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

from tracker.core.strangers.bounds import Bounds, Reason, UnreadableError

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_NICE = 10  # pages come first


def main() -> None:
    """Read what the parent sends and answer it. Ends the process."""
    head = json.loads(sys.stdin.buffer.readline())
    bounds = Bounds(**head["bounds"])
    _end_with(head["parent"])
    os.nice(_NICE)
    signal.alarm(bounds.clock)  # whatever becomes of the parent
    _bind(resource.RLIMIT_CPU, bounds.processor)
    _bind(resource.RLIMIT_FSIZE, 0)
    _bind(resource.RLIMIT_CORE, 0)
    module, name = head["job"]
    job = getattr(importlib.import_module(module), name)
    _bind(resource.RLIMIT_AS, bounds.memory)
    out = _silenced()
    try:
        if head["lines"]:
            for answer in _answers(job, head["sizes"], head["options"]):
                _say(out, answer)
        else:
            _say(out, _answer(job, head["sizes"], head["options"]))
    except MemoryError:
        os.abort()
    os._exit(0)  # taking a hostile file's objects apart may take longer than reading them


def _answer(job: Callable[..., Any], sizes: list[int], options: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"found": job(*(sys.stdin.buffer.read(size) for size in sizes), **options)}
    except Exception as error:
        return _fault(error)


def _answers(
    job: Callable[..., Iterator[Any]], sizes: list[int], options: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """What the job yields, one at a time, and then that this was all."""
    try:
        for found in job(*(sys.stdin.buffer.read(size) for size in sizes), **options):
            yield {"found": found}
        yield {}
    except Exception as error:
        yield _fault(error)


def _fault(error: Exception) -> dict[str, Any]:
    if isinstance(error, UnreadableError):
        return {"reason": error.reason}
    if isinstance(error, MemoryError | RecursionError):
        return {"reason": Reason.TOO_MUCH}
    # A crafted file can make a library fail in any way; none of them tells the user more.
    return {"reason": Reason.DAMAGED, "error": f"{type(error).__name__}: {error}"[:500]}


def _say(out: int, answer: dict[str, Any]) -> None:
    said = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    said += b"\n"
    while said:
        said = said[os.write(out, said) :]


def _silenced() -> int:
    """Where the answer goes; what libraries say of a file from now on goes nowhere."""
    out, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return out


def _bind(limit: int, most: int) -> None:
    _, hard = resource.getrlimit(limit)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (most, most))


def _end_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
