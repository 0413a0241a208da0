"""Why a card has no rank."""

from __future__ import annotations

from tracker.engine.scoring import NOT_ASSESSED, Scorecard


def unranked_words(card: Scorecard) -> str:
    """The vetoes that leave it unranked, or that nothing applied; "" for a card that has a rank."""
    if not card.assessed:
        return f"没有一项指标适用，{NOT_ASSESSED}"
    return "、".join(veto.name for veto in card.fired if veto.unranked)
