"""A card straight from a snapshot, as tests want one."""

from __future__ import annotations

from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored


def build_card(snapshot: Snapshot, sheet: str, subject_code: str) -> Card:
    """The scorecard of a subject on the sheet with that rulebook code."""
    return card_of(scored(snapshot.sha256, snapshot.content), sheet, subject_code)
