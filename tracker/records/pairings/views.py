"""Lists and forms of pairings, rounds and aid groups; the page of a pair lies in `pages`."""

from __future__ import annotations

from tracker.records.pairings import kinds
from tracker.web.kit import record_blueprint


def _tabs() -> dict[str, object]:
    return {"listed_kinds": kinds.LISTED}


blueprints = tuple(
    record_blueprint(kind)
    for kind in (*kinds.LISTED, kinds.PAIRING_CITATIONS, kinds.AID_GROUP_MEMBERS)
)
for _each in blueprints:
    _each.context_processor(_tabs)
