"""Units of work: a transaction says whether it writes.

Reading is what every transaction does unless it says otherwise, and one that reads cannot write:
the database refuses it. A writing unit begins with the lock that lets one unit write at a time, on
SQLite and PostgreSQL alike; it reads again all that its decision rests on, writes, and ends. Long
work (scoring, printing, hashing, waiting for somebody) is done before or after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from tracker.core.db.base import db

Params = ParamSpec("Params")
Result = TypeVar("Result")

_TURN = 0.3  # seconds
PATIENCE = 15.0  # seconds that a writing unit waits for the one before it

_writes: ContextVar[bool] = ContextVar("writes", default=False)
_patience: ContextVar[float] = ContextVar("patience", default=PATIENCE)
_shown: ContextVar[bool] = ContextVar("shown", default=True)
_later: ContextVar[list[Callable[[], object]] | None] = ContextVar("later", default=None)


def is_writing() -> bool:
    """Whether transactions that begin now may write."""
    return _writes.get()


def patience() -> float:
    """Seconds that a transaction which begins now waits for the lock, if it may write."""
    return _patience.get()


def changes_pages() -> bool:
    """Whether what transactions that begin now write may be on a page (`standing.state`)."""
    return _writes.get() and _shown.get()


@contextmanager
def mode(*, writes: bool, shown: bool = True) -> Iterator[None]:
    """Let transactions that begin within the block write, or not; `shown` as with `writing`. It
    begins and ends none."""
    before, showed = _writes.get(), _shown.get()
    _writes.set(writes)
    _shown.set(shown)
    try:
        yield
    finally:
        _writes.set(before)
        _shown.set(showed)


@contextmanager
def writing(patience: float = PATIENCE, *, shown: bool = True) -> Iterator[None]:
    """A unit that writes: committed at the end of the block, undone where it raises.

    What the session read before is forgotten: records that are looked at again within the block
    are read again, under the lock. Inside another writing unit the block is a part of that one.
    `patience`: seconds to wait for the lock; then the first statement raises OperationalError.
    `shown`: False for what is written all the time and is on no page that is kept (`web.kept`).
    """
    if is_writing():
        yield
        db.session.flush()
        return
    db.session.rollback()
    acts: list[Callable[[], object]] = []
    waits, waiting = _patience.set(patience), _later.set(acts)
    with mode(writes=True, shown=shown):
        try:
            yield
            db.session.commit()
        finally:
            # Also after a commit: the mode ends with the transaction, whatever was read since.
            db.session.rollback()
            _patience.reset(waits)
            _later.reset(waiting)
    for act in acts:
        act()


def afterwards(act: Callable[[], object]) -> None:
    """Call `act` once the present writing unit has been committed, and not if it is undone; at once
    where there is none."""
    acts = _later.get()
    if acts is None:
        act()
    else:
        acts.append(act)


class _TakenBackError(Exception):
    """Ends what only tries."""


@contextmanager
def trying() -> Iterator[None]:
    """A unit that writes and of which nothing stays: what would become of it is found out. Inside
    another writing unit it is a part of that one that is taken back to where it began."""
    with suppress(_TakenBackError), db.session.begin_nested() if is_writing() else writing():
        yield
        raise _TakenBackError


def afresh() -> None:
    """Let a long computation begin from the present state of the data, to which it then keeps;
    within a writing unit it goes on in that one's."""
    if not is_writing():
        db.session.rollback()


def give_way() -> None:
    """Between the units of a long load: let those who wait for the lock have their turn. On SQLite
    they look every tenth of a second, and a unit that begins at once would be quicker each time."""
    if not is_writing():
        time.sleep(_TURN)


def give_up() -> None:
    """Undo what the present writing unit wrote and end it; what follows only reads."""
    db.session.rollback()
    _writes.set(False)
    if acts := _later.get():
        acts.clear()


def reading(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """Let `function` begin as all work does: reading."""

    @wraps(function)
    def only_reading(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        with mode(writes=False):
            return function(*args, **kwargs)

    return only_reading
