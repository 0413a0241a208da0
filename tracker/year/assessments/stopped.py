"""Whether a year is scored at all now."""

from __future__ import annotations

from collections.abc import Callable

# What features above know that speaks against scoring a year: a sentence, or "".
_against: list[Callable[[int], str]] = []


def scoring_stands_against(question: Callable[[int], str]) -> Callable[[int], str]:
    """Let a feature above say why a year is not scored now."""
    _against.append(question)
    return question


def why_not_scored(year: int) -> str:
    """Why `year` is not scored now, whatever its facts say; "" where nothing is against it."""
    return next(filter(None, (ask(year) for ask in _against)), "")
