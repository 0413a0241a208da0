"""Starting the process that reads one stranger's file, and taking its answer or its end."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

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
    sent = b"".join((_head(job, files, bounds, options), *files))
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


@contextmanager
def lines_apart(
    job: Callable[..., Iterator[Any]], *files: bytes, bounds: Bounds = USUAL, **options: Any
) -> Iterator[Iterator[Any]]:
    """As `read_apart`, for a job that yields one thing after another: they are given as they are
    read, so that none but the present one is held. Leaving the block ends the process. What the
    iterator raises is an UnreadableError or ReaderLostError."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the program itself
            [sys.executable, *_PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            env=_environment(),
        )
    except OSError as error:
        _log.warning("no process to read a file: %s", error)
        raise UnreadableError(Reason.NO_TIME) from error
    late = threading.Timer(bounds.clock + _GRACE, process.kill)
    late.start()
    try:
        with process:
            try:
                assert process.stdin is not None
                # The job has all that it is given before it says anything.
                with suppress(BrokenPipeError), process.stdin as sent:
                    sent.write(_head(job, files, bounds, options, lines=True))
                    for file in files:
                        sent.write(file)
                yield _lines_of(process, late)
            finally:
                process.kill()
    finally:
        late.cancel()


def _lines_of(process: subprocess.Popen[bytes], late: threading.Timer) -> Iterator[Any]:
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        answer = json.loads(line) if line.endswith(b"\n") else None
        if answer is None:  # it was ended within a line
            break
        if "found" in answer:
            yield answer["found"]
        elif "reason" in answer:
            _refused(answer)
        else:
            return
    said = process.stderr.read()
    code = process.wait()
    if code == -signal.SIGKILL and late.finished.is_set():
        raise UnreadableError(Reason.NO_TIME)
    _ended(code, said)
    raise UnreadableError(Reason.DAMAGED)


def _head(
    job: Callable[..., Any],
    files: tuple[bytes, ...],
    bounds: Bounds,
    options: dict[str, Any],
    *,
    lines: bool = False,
) -> bytes:
    head = {
        "parent": os.getpid(),
        "job": [job.__module__, job.__qualname__],
        "bounds": asdict(bounds),
        "sizes": [len(file) for file in files],
        "options": options,
        "lines": lines,
    }
    return json.dumps(head).encode() + b"\n"


def _environment() -> dict[str, str]:
    places = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(places), "LANG": "C.UTF-8"}


def _taken(done: subprocess.CompletedProcess[bytes]) -> Any:
    _ended(done.returncode, done.stderr)
    answer = json.loads(done.stdout)
    return answer["found"] if "found" in answer else _refused(answer)


def _ended(code: int, said: bytes) -> None:
    """Raises where the process did not end of its own accord."""
    if code == -signal.SIGALRM:
        raise UnreadableError(Reason.NO_TIME)
    if code < 0:  # the kernel or a library ended it
        raise UnreadableError(Reason.TOO_MUCH)
    if code:
        raise ReaderLostError(said.decode(errors="replace")[-2000:])


def _refused(answer: dict[str, Any]) -> NoReturn:
    if "error" in answer:
        _log.info("a file was not readable: %s", answer["error"])
    raise UnreadableError(Reason(answer["reason"]))
