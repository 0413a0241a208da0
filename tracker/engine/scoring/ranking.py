"""Ranks inside a class, ties, and the quotas of grades."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from tracker.engine.scoring.exact import floor
from tracker.engine.scoring.result import QuotaApplied, Scorecard
from tracker.engine.scoring.rulebook import Grade


def rank_class(cards: Iterable[Scorecard], grades: Sequence[Grade]) -> None:
    """Set the ranks of one class's scorecards and settle the quotas of their grades.

    Competition ranking by total, then the tie-breaks from left to right, higher first; a
    tie-break without a value counts as lowest. Unranked cards keep rank None and their grade;
    those that are not assessed have neither.
    """
    counted = (card for card in cards if card.assessed and not card.unranked)
    ranked = sorted(counted, key=_key, reverse=True)
    previous: Scorecard | None = None
    for place, card in enumerate(ranked, 1):
        card.rank = place
        if previous is not None and _key(previous) == _key(card):
            card.rank = previous.rank
            card.tied = previous.tied = True
        previous = card
    names = [grade.name for grade in grades]
    for number, grade in enumerate(grades[:-1]):
        if grade.quota is None:
            continue
        limit = max(1, floor(len(ranked) * grade.quota))
        holders = [card for card in ranked if card.grade == grade.name]
        places = [card.rank for card in holders if card.rank is not None]
        for card in holders:
            if card.rank is not None and bisect_right(places, card.rank) > limit:
                card.grade = names[number + 1]
                card.quotas += (QuotaApplied(grade.name, limit, len(ranked)),)


def _key(card: Scorecard) -> tuple:
    return card.total, tuple((v is not None, v) for v in card.tie_break)
