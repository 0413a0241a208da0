"""The word that a process is to end, which a signal brings."""

from __future__ import annotations

import signal
import time

_STEP = 0.2  # seconds between two looks


class Ending:
    """Whether this process was told to end.

    A signal's handler may take no lock: what it interrupts, the wait for that very word or the
    handler of the signal before, may hold it for ever. So no `threading.Event`.
    """

    def __init__(self) -> None:
        self._told = False

    def heed(self) -> None:
        """Have SIGTERM, SIGINT and SIGHUP tell it; one that is ignored (nohup) goes on being so. In
        the main thread only."""
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            number = getattr(signal, name, None)  # no SIGHUP on Windows
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_: self.tell())

    def tell(self) -> None:
        self._told = True

    def told(self) -> bool:
        return self._told

    def wait(self, seconds: float) -> bool:
        """Wait at most so many `seconds` for the word; whether it has come."""
        until = time.monotonic() + seconds
        while not self._told and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _STEP))
        return self._told
