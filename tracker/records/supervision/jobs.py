"""Overdue orders rise by themselves as long as a worker runs."""

from __future__ import annotations

from tracker.core import jobs
from tracker.core.db import units
from tracker.records.supervision import service


@jobs.every_minutes(30, "supervision.rise")
def rise() -> None:
    """Let what nobody answered in time rise to the city, then to the province."""
    with units.writing():
        service.rise_all()
