"""Real processes: made by forking; who descends from whom, and whether they are gone (Linux)."""

from __future__ import annotations

import json
import os
import signal
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
from tracker.core.strangers.child import main as read_file


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


class Begun:
    """A process in which `call` is called with `arguments` on its command line, at the head of a
    session of its own; it is told things, waited for and killed as one of `subprocess` is, and
    `stderr` is what it says.

    The databases that `call` opens must not be open here: close them before.
    """

    def __init__(
        self, call: Callable[[], object], *arguments: str, environment: Mapping[str, str]
    ) -> None:
        heard, told = os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.close(heard)
                os.setsid()
                os.environ.update(environment)
                sys.argv = ["tracker", *arguments]
                with Path(os.devnull).open("w") as nothing, os.fdopen(told, "w") as said:
                    code = _run(call, nothing, said)
            finally:
                os._exit(code)
        os.close(told)
        self.stderr = os.fdopen(heard, "rb")

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        """Its exit code once it has ended; fails after `timeout` seconds."""
        until(lambda: self.poll() is not None, timeout)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float = 60) -> str:
        """What it said that was not read yet, once it has ended."""
        self.wait(timeout)
        if self.stderr.closed:
            return ""
        with self.stderr as said:
            os.set_blocking(said.fileno(), False)  # whom it started may live, and could say more
            return (said.read() or b"").decode()


def read_in_a_fork(
    _command: object, *, input: bytes, **_options: object
) -> subprocess.CompletedProcess[bytes]:
    """What `subprocess.run` gives of the process that reads a stranger's file: forked, with the
    libraries there already, which take a new one longer than most files. Of memory it may have as
    much more as it begins with."""
    asked, _, files = input.partition(b"\n")
    head = json.loads(asked)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    head["bounds"]["memory"] += pages * os.sysconf("SC_PAGE_SIZE")
    heard, told = os.pipe()
    with tempfile.TemporaryFile() as sent:
        sent.write(json.dumps(head).encode() + b"\n" + files)
        sent.seek(0)
        pid = os.fork()
        if pid == 0:
            try:
                nothing = os.open(os.devnull, os.O_WRONLY)
                for number, file in enumerate((sent.fileno(), told, nothing)):
                    os.dup2(file, number)
                os.close(heard)
                sys.stdin = open(0, closefd=False)  # noqa: SIM115
                read_file()
            finally:
                os._exit(1)
        os.close(told)
        with os.fdopen(heard, "rb") as said:
            answer = said.read()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return subprocess.CompletedProcess((), code, answer, b"")


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
