"""Reads of parks within a user's regions."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_

from tracker.records.parks.models import Park


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Whether one of `regions` (ids) is a side of the park."""
    return or_(Park.recipient_id.in_(regions), Park.supporter_id.in_(regions))
