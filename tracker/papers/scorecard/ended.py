"""Which cards were made final; told by the feature that issues papers, which comes after."""

from __future__ import annotations

from collections.abc import Callable, Collection

from flask import current_app
from flask.sansio.app import App

_SETTLED = "settled_cards"


def settle_by(app: App, cards: Callable[[int], Collection[tuple[str, str]]]) -> None:
    """Let `cards` say which cards of a year were made final, by sheet and subject's code."""
    app.extensions[_SETTLED] = cards


def is_settled(year: int, sheet: str, code: str) -> bool:
    """Whether the subject's card was made final: it is promised no points any more."""
    cards = current_app.extensions.get(_SETTLED)
    return cards is not None and (sheet, code) in cards(year)
