"""What of a card can be compared with last year's where the totals cannot, summed."""

from __future__ import annotations

from decimal import Decimal

from tracker.engine.scoring import Scorecard
from tracker.papers.reports.model import Alike
from tracker.year.assessments.comparing import Between


def alike(between: Between, subject: str, now: Scorecard, then: Scorecard) -> Alike | None:
    """What two cards of a subject have on the lines that can be compared; None for none."""
    pairs = between.awards(subject, now, then)
    if not pairs:
        return None
    sums = [sum(side, Decimal(0)) for side in zip(*pairs, strict=True)]
    return Alike(len(pairs), *map(str, sums))
