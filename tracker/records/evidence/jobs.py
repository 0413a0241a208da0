"""Small pictures on the queue: made after an upload, and of all that lack one while a worker
runs."""

from __future__ import annotations

from tracker.core import jobs
from tracker.core.db import db
from tracker.records.evidence import thumbnails

DRAW = "evidence.thumbnails"
_AT_ONCE = 200  # pictures of one turn: some minutes at most


@jobs.every_minutes(10, DRAW)
def draw() -> None:
    """Make the small pictures that are lacking."""
    waiting = thumbnails.lacking(_AT_ONCE)
    db.session.rollback()  # nothing is held while strangers' files are read
    for sha256 in waiting:
        thumbnails.make(sha256)
