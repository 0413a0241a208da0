"""The day and the hour in China, whatever the server's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")


def present() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in China."""
    return present().astimezone(CHINA).date()


def local(moment: datetime) -> datetime:
    """`moment` (with a time zone) as it reads on a clock in China."""
    return moment.astimezone(CHINA)
