"""Starting the process that reads one stranger's file, and taking its answer or its end."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tracker.core.strangers.bounds import USUAL, Bounds, Reason, UnreadableError

_ROOT = Path(__file__).resolve().parents[3]
_PROGRAM = ("-P", "-B", "-c", "from tracker.core.strangers.child import main; main()")
_KEPT = ("LD_LIBRARY_PATH", "PYTHONHOME")  # of the environment: what Python itself may need
_GRACE = 1  # seconds: the process ends itself first
_log = logging.getLogger(__name__)


class ReaderLostError(RuntimeError):
    """The reading process did not start: a fault of the installation, not of a file."""


def read_apart(
    job: Callable[..., Any], *files: bytes, bounds: Bounds = USUAL, **options: Any
) -> Any:
    """What `job(*files, **options)` gives, called in a process of its own that is ended at `bounds`
    and with this one.

    `job` is a function at the top of a module that imports neither the web nor the database; it
    takes bytes and gives what JSON holds; `options` are what JSON holds. Whatever it raises becomes
    an UnreadableError. Hold no transaction meanwhile. Raises UnreadableError, ReaderLostError.
    """
    head = {
        "parent": os.getpid(),
        "job": [job.__module__, job.__qualname__],
        "bounds": asdict(bounds),
        "sizes": [len(file) for file in files],
        "options": options,
    }
    sent = b"".join((json.dumps(head).encode(), b"\n", *files))
    try:
        done = subprocess.run(  # noqa: S603 - the program itself
            [sys.executable, *_PROGRAM],
            input=sent,
            capture_output=True,
            timeout=bounds.clock + _GRACE,
            cwd="/",
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableError(Reason.NO_TIME) from None
    except OSError as error:  # no memory or no process left for it
        _log.warning("no process to read a file: %s", error)
        raise UnreadableError(Reason.NO_TIME) from error
    return _taken(done)


def _environment() -> dict[str, str]:
    places = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(places), "LANG": "C.UTF-8"}


def _taken(done: subprocess.CompletedProcess[bytes]) -> Any:
    if done.returncode == -signal.SIGALRM:
        raise UnreadableError(Reason.NO_TIME)
    if done.returncode < 0:  # the kernel or a library ended it
        raise UnreadableError(Reason.TOO_MUCH)
    if done.returncode:
        raise ReaderLostError(done.stderr.decode(errors="replace")[-2000:])
    answer = json.loads(done.stdout)
    if "reason" not in answer:
        return answer["found"]
    if "error" in answer:
        _log.info("a file was not readable: %s", answer["error"])
    raise UnreadableError(Reason(answer["reason"]))
