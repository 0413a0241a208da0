"""A card by group (一级指标): points, award, and the mean of its class."""

from __future__ import annotations

from fractions import Fraction

from tracker.core.quantities.precision import shortened
from tracker.core.quantities.printed import as_decimal, marks
from tracker.engine.scoring import Line, Scorecard, effective_limit
from tracker.engine.scoring.exact import exact
from tracker.papers.scorecard.card import GroupScore, LineKind
from tracker.papers.scorecard.columns import cards_by_column
from tracker.year.assessments.groups import group_award, group_points, lines_by_group
from tracker.year.assessments.scored import ScoredSheet


def group_scores(card: Scorecard, sheet: ScoredSheet) -> tuple[GroupScore, ...]:
    """The groups of `card` in the rulebook's order.

    The mean is over those cards of the class whose group could be scored at least in part; there is
    none of a group whose points were all spread away.
    """
    columns = [
        lines_by_group(column) if column else {}
        for column in cards_by_column(sheet, card.subject.code)
    ]
    groups, places = [], max(2, *(line.decimals for line in card.lines))
    for (kind, name), lines in lines_by_group(card).items():
        points = group_points(lines)
        mean = sheet.mean_shares.get((card.subject.class_name, (kind, name)))
        groups.append(
            GroupScore(
                name=name,
                points=marks(points),
                award=_award(lines),
                class_mean=_rounded(mean * points, places) if mean is not None and points else None,
                awards=tuple(_award(column.get((kind, name), [])) for column in columns),
                kind=LineKind(kind),
                limit=None if kind == "score" else plain_limit(lines, sheet),
            )
        )
    return tuple(groups)


def plain_limit(lines: list[Line], sheet: ScoredSheet) -> str:
    """The most that bonus or deduction lines can count together (分), as it is written."""
    return marks(exact(effective_limit(lines, sheet.rulebook)))


def _award(lines: list[Line]) -> str | None:
    award = group_award(lines)
    return None if award is None else str(award)


def _rounded(points: Fraction, places: int) -> str:
    return str(shortened(as_decimal(points), places))
