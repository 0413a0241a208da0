"""A sheet as a matrix: subjects by lines, points or what was lost of them, and the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from tracker.engine.scoring import UNCLASSED, Indicator, Line, Scorecard, above, lost, plain
from tracker.papers.scorecard.card import LinePoints
from tracker.papers.scorecard.columns import line_points
from tracker.year.assessments.models import ScorecardRow
from tracker.year.assessments.scored import ScoredSheet


@dataclass(frozen=True)
class Cell:
    """A subject at a line: points, what was lost, what is above the line's points (分); `spread`
    are the points in force where those of other lines were spread over it, "" elsewhere."""

    points: LinePoints
    lost: Decimal
    above: Decimal
    spread: str
    spread_away: bool


@dataclass(frozen=True)
class MatrixRow:
    """A subject with a cell for each line, and its scorecard for the sums."""

    row: ScorecardRow
    cells: tuple[Cell, ...]
    card: Scorecard


@dataclass(frozen=True)
class Matrix:
    """The lines of a sheet and its subjects by class, as the rulebook orders classes."""

    lines: tuple[Indicator, ...]
    classes: tuple[tuple[str, tuple[MatrixRow, ...]], ...]

    @property
    def count(self) -> int:
        """How many subjects there are in view."""
        return sum(len(rows) for _, rows in self.classes)


def matrix_of(rows: Sequence[ScorecardRow], sheet: ScoredSheet) -> Matrix:
    """The matrix of the cards `rows`, which are all of `sheet`."""
    order = sheet.rulebook.class_order
    ordered = sorted(rows, key=lambda row: order(row.county_class))
    classes = tuple(
        (name or UNCLASSED, tuple(_row(row, sheet) for row in of))
        for name, of in groupby(ordered, key=lambda row: row.county_class)
    )
    return Matrix(sheet.rulebook.indicators, classes)


def _row(row: ScorecardRow, sheet: ScoredSheet) -> MatrixRow:
    card = sheet.card(row.subject_code)
    return MatrixRow(row, tuple(map(_cell, card.lines)), card)


def _cell(line: Line) -> Cell:
    spread = "" if line.effective == line.points else plain(line.effective)
    return Cell(line_points(line), lost(line), above(line), spread, line.spread_away)
