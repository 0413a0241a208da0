"""What differs between two snapshots, as much of it as a page takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tracker.assessments.changes import SheetDifference, differences
from tracker.assessments.models import Snapshot
from tracker.assessments.scored import scored

SENTENCES_SHOWN = 300


@dataclass(frozen=True)
class Compared:
    """Two snapshots and the sheets that differ; `cards` says how many scorecards changed,
    `left_out` how many sentences a page does not take."""

    before: Snapshot
    after: Snapshot
    sheets: list[SheetDifference]
    cards: int
    left_out: int


def compare(before: Snapshot, after: Snapshot) -> Compared:
    """What differs, in words; at most `SENTENCES_SHOWN` sentences."""
    found, room, left_out, cards = [], SENTENCES_SHOWN, 0, 0
    sides = (scored(each.sha256, each.content) for each in (before, after))
    for sheet in differences(*sides):
        cards += len(sheet.subjects)
        kept = []
        for subject in sheet.subjects:
            size = 1 + len(subject.lines)
            if size <= room:
                kept.append(subject)
                room -= size
            else:
                left_out += size
        found.append(replace(sheet, subjects=tuple(kept)))
    return Compared(before, after, found, cards, left_out)
