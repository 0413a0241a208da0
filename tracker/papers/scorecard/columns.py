"""The three columns of a card: 自评, 初审 and 复核, as far as they are worked out."""

from __future__ import annotations

from dataclasses import replace

from tracker.engine.scoring import Line, Scorecard, counts_zero
from tracker.papers.scorecard.card import Column, LinePoints, LineState
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.scored import ScoredSheet

LEVELS = tuple(RulingLevel)
_PENDING = LinePoints(None, LineState.PENDING)


def cards_by_column(sheet: ScoredSheet, code: str) -> tuple[Scorecard | None, ...]:
    """The subject's card in each column; None above the highest one that anybody has ruled in."""
    highest = LEVELS.index(sheet.column)
    return tuple(
        sheet.card(code, level) if at <= highest else None for at, level in enumerate(LEVELS)
    )


def columns_of(sheet: ScoredSheet, code: str) -> tuple[Column, ...]:
    """The columns with their totals, from below upwards."""
    cards = cards_by_column(sheet, code)
    return tuple(
        _column(level, card, counts=level is sheet.column)
        for level, card in zip(LEVELS, cards, strict=True)
    )


def _column(level: RulingLevel, card: Scorecard | None, *, counts: bool) -> Column:
    if card is None:
        return Column(level.label, counts=False, ruled=False, complete=False)
    return Column(
        level.label,
        counts=counts,
        complete=card.complete,
        base=str(card.base),
        bonus=str(card.bonus),
        deduction=str(card.deduction),
        total=str(card.total),
    )


def line_columns(
    line: Line, cards: tuple[Scorecard | None, ...], notes: tuple[str, ...] = ()
) -> tuple[LinePoints, ...]:
    """The line in each column; `notes` stand beside the points of the last ones, where these are
    worked out."""
    found = [line_points(card.line(line.code)) if card else _PENDING for card in cards]
    for at, note in enumerate(notes, len(cards) - len(notes)):
        if cards[at] is not None:
            found[at] = replace(found[at], note=note)
    return tuple(found)


def line_points(line: Line) -> LinePoints:
    """What the engine gave a line, as a card shows it."""
    state = LineState(line.state)
    award = None if state is LineState.UNSCORABLE else str(line.award)
    zero = counts_zero(line)
    return LinePoints(award, state, unreported=line.zeroed, zero_by_rule=zero)
