"""The ranking of a year's counties by class: who leads and who comes last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.assessments.models import ScorecardRow
from tracker.web.ways import way

ENDS = 3


@dataclass(frozen=True)
class ClassRanking:
    """A class's `top` and `last` rows; `last` is empty where the class is short, and `between` says
    how many stand between them. `waiting` cards are not ranked yet."""

    name: str
    top: Sequence[ScorecardRow]
    between: int
    last: Sequence[ScorecardRow]
    waiting: Sequence[ScorecardRow]


def page_of_card(card: ScorecardRow) -> str | None:
    """The address of a card's page; None where the present user may open none."""
    return way(
        "scorecards.detail",
        snapshot_id=card.snapshot_id,
        sheet=card.sheet,
        subject_code=card.subject_code,
    )


def rankings(cards: Iterable[ScorecardRow]) -> list[ClassRanking]:
    """The classes of the sheet that ranks by class, from cards in the order of rank."""
    classes: dict[str, list[ScorecardRow]] = {}
    for card in cards:
        if card.county_class:
            classes.setdefault(card.county_class, []).append(card)
    return [_ranking(name, rows) for name, rows in classes.items()]


def _ranking(name: str, rows: list[ScorecardRow]) -> ClassRanking:
    ranked = [row for row in rows if row.rank is not None]
    waiting = [row for row in rows if row.rank is None]
    if len(ranked) <= 2 * ENDS:
        return ClassRanking(name, ranked, 0, [], waiting)
    return ClassRanking(name, ranked[:ENDS], len(ranked) - 2 * ENDS, ranked[-ENDS:], waiting)
