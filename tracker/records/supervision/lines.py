"""A line of a scorecard as what an order is about.

Cards lie above: a feature there says by `declare` how a line is found for somebody who may see its
card, and where that is. An order keeps the line's words without its points, since not everybody who
sees the order sees the card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.records.accounts.models import User
from tracker.records.supervision.models import CardLine


@dataclass(frozen=True)
class Cards:
    """`find(user, snapshot, sheet, subject, line)` gives a line of a card that the user may open,
    with the places that it is of; `address` the place of a line on its card, "" for those who may
    not open that."""

    find: Callable[[User, int, str, str, str], CardLine | None]
    address: Callable[[User, CardLine], str]


_declared: list[Cards] = []


def declare(cards: Cards) -> None:
    """Let a feature above say what is known of cards."""
    _declared[:] = [cards]


def find(user: User, snapshot_id: int, sheet: str, subject: str, line: str) -> CardLine | None:
    """The line of a card; None if it is not there or the card is not for `user`."""
    found = (cards.find(user, snapshot_id, sheet, subject, line) for cards in _declared)
    return next(found, None)


def address(user: User, line: CardLine) -> str:
    """Where the line stands on its card; "" for those who may not open that."""
    return next((cards.address(user, line) for cards in _declared), "")
