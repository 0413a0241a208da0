"""Real processes: made by forking; who descends from whom, and whether they are gone (Linux)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Collection, Mapping
from contextvars import Context
from pathlib import Path
from typing import IO

import click

from tracker.cli import COMMANDS


def forked(
    call: Callable[[], object],
    *arguments: str | Path,
    environment: Mapping[str, str],
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """What a process does that calls `call` with `arguments` on its command line: as one that is
    started anew, but with all modules there already, which take longer than most commands.

    The databases that `call` opens must not be open here: close them before.
    """
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as said:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.environ.update(environment)
                if folder is not None:
                    os.chdir(folder)
                sys.argv = ["tracker", *map(str, arguments)]
                code = _run(call, printed, said)
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        for file in (printed, said):
            file.seek(0)
        code = os.waitstatus_to_exitcode(status)
        return subprocess.CompletedProcess(arguments, code, printed.read(), said.read())


def _forget_application(command: click.Command | None) -> None:
    """Let `command` and those below it find the application anew."""
    if command is not None and "obj" in command.context_settings:
        command.context_settings["obj"]._loaded_app = None
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        _forget_application(each)


def _run(call: Callable[[], object], printed: IO[str], said: IO[str]) -> int:
    """The code with which `call` ends this process, whose three streams are put in their places."""
    for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), printed, said)):
        os.dup2(file if isinstance(file, int) else file.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, closefd=False)  # noqa: SIM115
        for number, mode in enumerate("rww")
    )
    try:
        for module, attribute, _ in COMMANDS.values():
            _forget_application(getattr(sys.modules.get(module), attribute, None))
        Context().run(call)  # nothing of what the test has set up
        code: object = 0
    except SystemExit as end:
        code = end.code
        if isinstance(code, str):
            print(code, file=sys.stderr)  # noqa: T201
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else int(code is not None)


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
    """Wait until `true` gives True; fails after `seconds`. It asks no more often than is needed to
    be in time, for it takes the processor from those who are waited for."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def all_gone(pids: Collection[int], seconds: float = 10) -> bool:
    """Whether `pids` have ended within `seconds`."""
    end = time.monotonic() + seconds
    while any(runs(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
