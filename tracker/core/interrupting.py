"""How a command is interrupted: never within a statement."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

_SOON = 0.01  # seconds until what a statement held back is tried again

Handler = Callable[[int, FrameType | None], None]


def outside_of_statements(error: Callable[[int], BaseException]) -> Handler:
    """A handler that raises the error of a signal's number where no statement is under way: a
    session that is interrupted within SQLAlchemy can neither go on nor be rolled back, and what a
    command holds could not be given back."""

    def heard(number: int, frame: FrameType | None) -> None:
        if not hasattr(signal, "setitimer") or not _within_a_statement(frame):  # no timer: Windows
            raise error(number)

        def again(_alarm: int, later: FrameType | None) -> None:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            heard(number, later)

        signal.signal(signal.SIGALRM, again)
        signal.setitimer(signal.ITIMER_REAL, _SOON)

    return heard


def _within_a_statement(frame: FrameType | None) -> bool:
    while frame is not None:
        if str(frame.f_globals.get("__name__")).partition(".")[0] == "sqlalchemy":
            return True
        frame = frame.f_back
    return False
