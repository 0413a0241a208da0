"""A card straight from a snapshot, as tests want one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored
from tracker.year.procedure.sight import SeenCard
from tracker.year.procedure.sights import Sight


def build_card(snapshot: Snapshot, sheet: str, subject_code: str) -> Card:
    """The scorecard of a subject on the sheet with that rulebook code."""
    return card_of(scored(snapshot.sha256, snapshot.content), sheet, subject_code)


def seen_card(**fields: Any) -> SeenCard:
    """A row of the index of scorecards, as those see it who see all."""
    usual: dict[str, Any] = {
        "snapshot": None,
        "own": True,
        "sight": ~Sight.NOTHING,
        "told": False,
        "sheet": "s",
        "subject_code": "331122",
        "subject_name": "缙云县",
        "county_class": "甲类",
        **dict.fromkeys(("total", "self_total", "city_total", "province_total"), Decimal(1)),
        "grade": "优秀",
        "assessed": True,
        "rank": None,
        "complete": True,
        "unscorable": 0,
        "undetermined": 0,
        "gaps": 0,
    }
    found = {**usual, **fields}
    return SeenCard(ranks=found["rank"] is not None, **found)
