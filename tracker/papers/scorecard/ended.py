"""Which cards were made final; told by the feature that issues papers, which comes after."""

from __future__ import annotations

from collections.abc import Callable, Collection

from flask import current_app
from flask.sansio.app import App

_SETTLED = "settled_cards"


def settle_by(app: App, cards: Callable[[int, int | None], Collection[tuple[str, str]]]) -> None:
    """Let `cards` say which cards of a year of an owner were made final, by sheet and subject's
    code."""
    app.extensions[_SETTLED] = cards


def is_settled(year: int, sheet: str, code: str, owner: int | None = None) -> bool:
    """Whether the subject's card was made final: it is promised no points any more."""
    cards = current_app.extensions.get(_SETTLED)
    return cards is not None and (sheet, code) in cards(year, owner)
