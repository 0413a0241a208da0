"""A card by group (一级指标): points, award, and the mean of its class."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tracker.assessments.scored import ScoredSheet
from tracker.scorecards.card import GroupScore, LineKind
from tracker.scorecards.columns import cards_by_column
from tracker.scoring import Line, Scorecard, plain

CENT = Decimal("0.01")


def group_scores(card: Scorecard, sheet: ScoredSheet) -> tuple[GroupScore, ...]:
    """The groups of `card` in the rulebook's order.

    The mean is over those cards of the class whose group could be scored at least in part.
    """
    names = list(dict.fromkeys((line.indicator.kind, line.indicator.group) for line in card.lines))
    peers = [
        other
        for other in sheet.result.scorecards
        if other.subject.class_name == card.subject.class_name
    ]
    columns = cards_by_column(sheet, card.subject.code)
    groups = []
    for kind, name in names:
        lines = _of(card, kind, name)
        award = _award(lines)
        awards = [found for other in peers if (found := _award(_of(other, kind, name))) is not None]
        mean = sum(awards, Decimal(0)) / len(awards) if len(peers) > 1 and awards else None
        groups.append(
            GroupScore(
                name=name,
                points=_points(lines),
                award=None if award is None else str(award),
                class_mean=None if mean is None else str(mean.quantize(CENT, ROUND_HALF_UP)),
                awards=tuple(_subtotal(column, kind, name) for column in columns),
                kind=LineKind(kind),
            )
        )
    return tuple(groups)


def _subtotal(card: Scorecard | None, kind: str, name: str) -> str | None:
    award = None if card is None else _award(_of(card, kind, name))
    return None if award is None else str(award)


def _of(card: Scorecard, kind: str, name: str) -> list[Line]:
    return [
        line for line in card.lines if line.indicator.kind == kind and line.indicator.group == name
    ]


def _points(lines: list[Line]) -> str:
    return plain(
        sum((Fraction(line.effective) for line in lines if not line.spread_away), Fraction(0))
    )


def _award(lines: list[Line]) -> Decimal | None:
    """The sum of what could be scored; None where nothing could."""
    awards = [line.award for line in lines if line.state == "scored"]
    return sum(awards, Decimal(0)) if awards else None
