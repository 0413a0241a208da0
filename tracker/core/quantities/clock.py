"""The day and the hour in China, whatever the server's own time zone.

All that people read of a moment comes from `day_of` and `written`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")

_looks: ContextVar[list[datetime] | None] = ContextVar("looks", default=None)


def present() -> datetime:
    """The present moment."""
    moment = datetime.now(UTC)
    looks = _looks.get()
    if looks is not None:
        looks.append(moment)
    return moment


def today() -> date:
    """The present day in China."""
    return datetime.now(UTC).astimezone(CHINA).date()


@contextmanager
def looks() -> Iterator[list[datetime]]:
    """The moments that are looked at within the block; looking at the day alone is none."""
    noted: list[datetime] = []
    before = _looks.set(noted)
    try:
        yield noted
    finally:
        _looks.reset(before)


def local(moment: datetime) -> datetime:
    """`moment` (with a time zone) as it reads on a clock in China."""
    return moment.astimezone(CHINA)


def day_of(moment: datetime) -> date:
    """The day of `moment` (with a time zone) in China."""
    return local(moment).date()


def written(moment: datetime) -> str:
    """`moment` as people read it: 2024-07-03 09:30, on a clock in China."""
    return local(moment).strftime("%Y-%m-%d %H:%M")


def stamped(moment: datetime) -> str:
    """`moment` as the name of a file has it: 20240703-093007, on a clock in China."""
    return local(moment).strftime("%Y%m%d-%H%M%S")
