"""Few at once, over all processes and threads of a machine; nobody waits for what is long."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


class BusyError(Exception):
    """All places are taken."""


class Slots:
    """`most` places on this machine and one in each process, so that a server's other threads go on
    answering. Whoever ends, however it ends, gives its place back: the kernel keeps the locks."""

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most = name, most
        self._here = threading.Lock()

    @contextmanager
    def taken(self, folder: Path) -> Iterator[None]:
        """Hold a place, whose lock files lie in `folder`, during the block. Raises BusyError at
        once if there is none, OSError."""
        if not self._here.acquire(blocking=False):
            raise BusyError
        try:
            descriptor = self._place(folder)
            try:
                yield
            finally:
                os.close(descriptor)
        finally:
            self._here.release()

    @contextmanager
    def waited_for(self, folder: Path, patience: float, step: float) -> Iterator[None]:
        """As `taken`, for what is short: asked again each `step` for up to `patience` seconds.
        Raises BusyError, OSError."""
        until = time.monotonic() + patience
        with ExitStack() as held:
            while True:
                try:
                    held.enter_context(self.taken(folder))
                except BusyError:
                    if time.monotonic() >= until:
                        raise
                    time.sleep(step)
                else:
                    break
            yield

    def _place(self, folder: Path) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(self.most):
            descriptor = os.open(
                folder / f"{self.name}-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            except BaseException:
                os.close(descriptor)
                raise
            else:
                return descriptor
        raise BusyError
