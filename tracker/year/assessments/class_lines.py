"""Which lines of a card tell what others of its class have: asked for by whatever is shown to those
who do not see ranks yet (docs/procedure-sight.md)."""

from __future__ import annotations

from tracker.engine.scoring import Line, Scorecard
from tracker.year.assessments.scored import ScoredSheet

# In a class of two the range is the other's total: it is told of no fewer than so many.
LEAST_IN_RANGE = 3
UNTOLD = "按同类各对象的数值计分；同类不足 3 个，公布名次以后才说明算法，以免透露其他对象的数值"


def rests_on_class(line: Line) -> bool:
    """Whether the points of a line depend on what others of its class have."""
    return bool(line.pooled) or any(part.method.pooled for part in line.indicator.parts)


def class_of(card: Scorecard, sheet: ScoredSheet) -> list[Scorecard]:
    """The cards of the class of `card`, itself among them."""
    name = card.subject.class_name
    return [other for other in sheet.result.scorecards if other.subject.class_name == name]


def is_few(class_name: str, sheet: ScoredSheet) -> bool:
    """Whether a value of the class would tell its members what another one has."""
    names = [card.subject.class_name for card in sheet.result.scorecards]
    return names.count(class_name) < LEAST_IN_RANGE


def tells_others(line: Line, card: Scorecard, sheet: ScoredSheet) -> bool:
    """Whether the arithmetic of a line tells what another one has: in a class of two, its lowest,
    highest or mean value is the other's."""
    return rests_on_class(line) and is_few(card.subject.class_name, sheet)


def step_tells_others(line: Line, card: Scorecard, sheet: ScoredSheet) -> bool:
    """Whether what has to be reached for points at a line is what another one has: to gain by rank
    (名次法) is to reach the holder of a place."""
    by_place = any(part.method.name == "rank" for part in line.indicator.parts)
    return by_place or tells_others(line, card, sheet)
