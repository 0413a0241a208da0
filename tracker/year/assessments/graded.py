"""Why a card in a list has another grade than its points give, from its snapshot."""

from __future__ import annotations

from tracker.engine.scoring import explain_grade
from tracker.year.assessments.models import ScorecardRow
from tracker.year.assessments.scored import scored


def why_grade(row: ScorecardRow) -> tuple[str, ...]:
    """The sentences of the card's paper: by the quota, by a veto; none where the grade is the one
    of the points, or waits for data."""
    if not row.complete or row.grade is None:
        return ()
    points = scored(row.snapshot.sha256, row.snapshot.content)
    return tuple(explain_grade(points.sheets[row.sheet].card(row.subject_code)))


def subjects_of(row: ScorecardRow) -> dict[str, str]:
    """What each sheet of the card's snapshot is about: county.recipient, enclave.income …"""
    points = scored(row.snapshot.sha256, row.snapshot.content)
    return {code: sheet.rulebook.subject for code, sheet in points.sheets.items()}
