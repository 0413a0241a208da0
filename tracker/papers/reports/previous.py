"""Last year's snapshot, as a snapshot names it."""

from __future__ import annotations

from tracker.year.assessments.queries import snapshot_by_digest
from tracker.year.assessments.scored import ScoredSnapshot, scored_of


def previous_of(snapshot: ScoredSnapshot) -> ScoredSnapshot | None:
    """The snapshot of the year before that `snapshot` was frozen beside; None if it names none.

    Raises KeyError if the one that it names is not stored: without it, no report that compares
    the years can be printed as it was.
    """
    named = snapshot.document.get("previous")
    if not named:
        return None
    found = snapshot_by_digest(named["sha256"])
    if found is None:
        raise KeyError(f"没有摘要为 {named['sha256']} 的快照（{named['year']}年）。")
    return scored_of(found)
