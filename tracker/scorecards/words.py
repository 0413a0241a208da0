"""A card's words and figures for the page, the same as on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tracker.scorecards.card import Card, CardLine, GroupScore, LineKind


@dataclass(frozen=True)
class GroupOfLines:
    """The lines of one group with its points; `kind` tells 加分 and 扣分 apart."""

    name: str
    kind: LineKind
    score: GroupScore | None
    lines: list[CardLine]


def groups_of(card: Card) -> Iterator[GroupOfLines]:
    """The lines of `card` group by group, in the rulebook's order."""
    scores = {(group.kind, group.name): group for group in card.groups}
    for (kind, name), lines in groupby(card.lines, lambda line: (line.kind, line.group)):
        yield GroupOfLines(name, kind, scores.get((kind, name)), list(lines))
