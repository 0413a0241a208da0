"""The points that a paper shows in whatever layout it was printed.

Papers of an older layout show other sums, roundings and numbers of rows beside them, so that their
figures as a whole tell nothing; the points of those whom a paper is about stand on it in any.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracker.engine.scoring import Scorecard
from tracker.papers.catalogue import PaperRef
from tracker.papers.common.head import PaperKind
from tracker.year.assessments.scored import ScoredSnapshot


def points_on(points: ScoredSnapshot, ref: PaperRef) -> list[str]:
    """The totals of whom the paper is about, and on a scorecard the awards of the lines, as papers
    write them, without sign; those that cannot be told yet and nought are left out, for they are
    words or shown in several ways."""
    return sorted(
        {f"{abs(of):,}" for card in _cards(points, ref) for of in _points(card, ref) if of}
    )


def _cards(points: ScoredSnapshot, ref: PaperRef) -> Iterator[Scorecard]:
    for code, sheet in points.sheets.items():
        if ref.kind is PaperKind.SCORECARD and code != ref.sheet:
            continue
        for card in sheet.result.scorecards:
            about = ref.kind is PaperKind.PROVINCE or card.subject.code == ref.subject_code
            if about and card.complete and card.assessed:
                yield card


def _points(card: Scorecard, ref: PaperRef) -> Iterator[Decimal]:
    yield card.total
    if ref.kind is PaperKind.SCORECARD:
        yield from (line.award for line in card.lines if line.state == "scored")
