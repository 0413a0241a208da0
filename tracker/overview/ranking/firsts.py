"""Who is first of a class, in a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from tracker.core.db import db
from tracker.web.ways import way
from tracker.year.assessments.models import ScorecardRow
from tracker.year.procedure.sight import SeenCard
from tracker.year.procedure.sights import Sight


def page_of_card(card: SeenCard) -> str | None:
    """The address of a card's page; None where the present user may open none."""
    return way(
        "scorecards.detail",
        snapshot_id=card.snapshot_id,
        sheet=card.sheet,
        subject_code=card.subject_code,
    )


@dataclass(frozen=True)
class First:
    """Who is first of a class: the card, or why none of those in view is."""

    class_name: str
    card: SeenCard | None
    words: str = ""


def first_places(cards: Sequence[SeenCard]) -> list[First]:
    """The first of each class of one sheet, from the cards in view; that the first one lies
    elsewhere is said only where it does, and nothing where the reader sees no ranks yet."""
    if Sight.RANKS not in cards[0].sight:
        words = cards[0].withheld_rank
        return [First(name, None, words) for name in dict.fromkeys(c.county_class for c in cards)]
    sheet = cards[0].sheet
    first_anywhere: dict[str, int] = dict(
        db.session.execute(
            select(ScorecardRow.county_class, func.max(case((ScorecardRow.complete, 1), else_=0)))
            .where(
                ScorecardRow.snapshot_id == cards[0].snapshot_id,
                ScorecardRow.sheet == sheet,
                ScorecardRow.rank == 1,
            )
            .group_by(ScorecardRow.county_class)
        ).all()
    )
    return [
        each
        for name in dict.fromkeys(card.county_class for card in cards)
        for each in _firsts(name, [c for c in cards if c.county_class == name], first_anywhere)
    ]


def _firsts(name: str, cards: list[SeenCard], anywhere: dict[str, int]) -> list[First]:
    own = [card for card in cards if card.rank == 1]
    if settled := [First(name, card) for card in own if card.complete]:
        return settled
    if name not in anywhere:
        waiting = any(not card.complete for card in cards)
        return [First(name, None, "待资料齐全" if waiting else "不排名")]
    elsewhere = not own and anywhere[name]
    return [First(name, None, "第 1 名在其他地区" if elsewhere else "待资料齐全")]
