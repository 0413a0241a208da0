"""Whether a year is scored at all now."""

from __future__ import annotations

from tracker.core.questions import Questions

# What features above know that speaks against scoring a year.
scoring_stands_against = Questions[[int]](__name__)


def why_not_scored(year: int) -> str:
    """Why `year` is not scored now, whatever its facts say; "" where nothing is against it."""
    return scoring_stands_against.answer(year)
