"""Reads of villages and demonstration villages within a user's regions."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_, select

from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.villages.models import DemonstrationVillage


def touching_demonstrations(regions: Select[int]) -> ColumnElement[bool]:
    """Whether the demonstration village lies in one of `regions` (ids), or is built by a pairing
    that one of them is a side of."""
    built = select(Pairing.id).where(pairings.touching(regions))
    return or_(
        DemonstrationVillage.county_id.in_(regions), DemonstrationVillage.pairing_id.in_(built)
    )
