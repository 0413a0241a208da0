"""Whether a year is scored at all now."""

from __future__ import annotations

from tracker.core.questions import Questions

# What features above know that speaks against scoring a year.
scoring_stands_against = Questions[[int, int | None]](__name__)


def why_not_scored(year: int, owner: int | None = None) -> str:
    """Why the year of an owner is not scored now, whatever its facts say; "" where nothing is
    against it."""
    return scoring_stands_against.answer(year, owner)
