"""The ranking of a year's counties by class: who leads and who comes last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from tracker.core.db import db
from tracker.engine.scoring import SUBJECTS
from tracker.web.ways import way
from tracker.year.assessments.models import ScorecardRow
from tracker.year.procedure.sight import SeenCard
from tracker.year.procedure.sights import Sight

ENDS = 3


@dataclass(frozen=True)
class ClassRanking:
    """A class's `top` and `last` rows; `last` is empty where the class is short, and `between` says
    how many stand between them. `unranked` cards have no rank."""

    name: str
    top: Sequence[SeenCard]
    between: int
    last: Sequence[SeenCard]
    unranked: Sequence[SeenCard]

    @property
    def unranked_words(self) -> str:
        """How many have no rank yet because they wait for data, and how many take no part."""
        waiting = sum(1 for card in self.unranked if not card.complete)
        told = ((waiting, "暂不排名"), (len(self.unranked) - waiting, "不排名"))
        return "，".join(f"{number} 个{words}" for number, words in told if number)


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


def rankings(cards: Iterable[SeenCard]) -> list[ClassRanking]:
    """The classes of the sheet that ranks by class, from cards in the order of rank."""
    classes: dict[str, list[SeenCard]] = {}
    for card in cards:
        if card.county_class:
            classes.setdefault(card.county_class, []).append(card)
    return [_ranking(name, rows) for name, rows in classes.items()]


def unclassed_words(cards: Sequence[SeenCard], subjects: Mapping[str, str]) -> str:
    """Which counties `rankings` leaves out: those without a class, by what their sheet (its
    subject in `subjects`) is of; "" where it leaves out none."""
    left = Counter(subjects[card.sheet] for card in cards if not card.county_class)
    words = [
        f"{SUBJECTS[subject]} {left[subject]} 个"
        for subject in SUBJECTS
        if subject.startswith("county.") and left[subject]
    ]
    return f"没有类别的不在分类排名中：{'、'.join(words)}。" if words else ""


def _ranking(name: str, rows: list[SeenCard]) -> ClassRanking:
    ranked = [row for row in rows if row.ranks]
    unranked = [row for row in rows if not row.ranks]
    if len(ranked) <= 2 * ENDS:
        return ClassRanking(name, ranked, 0, [], unranked)
    return ClassRanking(name, ranked[:ENDS], len(ranked) - 2 * ENDS, ranked[-ENDS:], unranked)
