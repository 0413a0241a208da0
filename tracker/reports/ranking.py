"""The order of classes and of ranks, the same in every report and in the bound volume."""

from __future__ import annotations

from tracker.assessments.scored import ScoredSheet
from tracker.regions.models import CountyClass
from tracker.scoring import Scorecard

_CLASSES = [county_class.label for county_class in CountyClass]
UNCLASSED = "未分类"


def by_class(sheet: ScoredSheet) -> dict[str, list[Scorecard]]:
    """The cards of `sheet` by the name of their class, each class by rank and then by code, those
    without a rank last. The classes of the province's list come first, in its order."""
    found: dict[str, list[Scorecard]] = {}
    for card in sheet.result.scorecards:
        found.setdefault(card.subject.class_name, []).append(card)
    return {name: sorted(found[name], key=_place) for name in sorted(found, key=_class_order)}


def ranked_cards(sheet: ScoredSheet) -> list[Scorecard]:
    """All cards of `sheet`, class by class as `by_class` has them."""
    return [card for cards in by_class(sheet).values() for card in cards]


def class_label(name: str) -> str:
    """What a class is called on paper."""
    return name or UNCLASSED


def _place(card: Scorecard) -> tuple[bool, int, str]:
    return card.rank is None, card.rank or 0, card.subject.code


def _class_order(name: str) -> tuple[int, str]:
    listed = _CLASSES.index(name) if name in _CLASSES else len(_CLASSES)
    return (listed if name else len(_CLASSES) + 1), name
