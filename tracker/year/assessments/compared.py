"""What differs between two snapshots, as much of it as a page takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tracker.year.assessments.changes import SheetDifference, differences
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored_of

LINES_SHOWN = 300


@dataclass(frozen=True)
class Compared:
    """Two snapshots and the sheets that differ; `cards` says how many scorecards changed,
    `left_out` how many lines of theirs a page does not take."""

    before: Snapshot
    after: Snapshot
    sheets: list[SheetDifference]
    cards: int
    left_out: int


def compare(before: Snapshot, after: Snapshot) -> Compared:
    """What differs, in words: every card that changed, and at most `LINES_SHOWN` of their lines."""
    found, room, left_out = [], LINES_SHOWN, 0
    sides = (scored_of(each) for each in (before, after))
    for sheet in differences(*sides):
        subjects = []
        for subject in sheet.subjects:
            if len(subject.lines) <= room:
                room -= len(subject.lines)
                subjects.append(subject)
            else:
                left_out += len(subject.lines)
                subjects.append(replace(subject, lines=()))
        found.append(replace(sheet, subjects=tuple(subjects)))
    cards = sum(len(sheet.subjects) for sheet in found)
    return Compared(before, after, found, cards, left_out)
