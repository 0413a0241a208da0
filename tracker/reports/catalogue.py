"""Every paper that a snapshot gives, and how each is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.assessments.scored import ScoredSnapshot
from tracker.papers.head import DRAFT, PaperKind, Stamp
from tracker.scorecards.build import card_of
from tracker.scorecards.pdf import scorecard_pdf


@dataclass(frozen=True, slots=True)
class PaperRef:
    """One paper of a snapshot; `sheet` is the rulebook's code, "" where there are several."""

    kind: PaperKind
    sheet: str
    subject_code: str
    subject_name: str


def papers_of(snapshot: ScoredSnapshot) -> Iterator[PaperRef]:
    """All papers of `snapshot`, in the order of a bound volume."""
    for code, sheet in snapshot.sheets.items():
        for scorecard in sheet.result.scorecards:
            subject = scorecard.subject
            yield PaperRef(PaperKind.SCORECARD, code, subject.code, subject.name)


def paper_pdf(snapshot: ScoredSnapshot, ref: PaperRef, stamp: Stamp = DRAFT) -> bytes:
    """The file of one paper; equal arguments give equal bytes. Raises KeyError for a paper that
    the snapshot does not give."""
    return scorecard_pdf(card_of(snapshot, ref.sheet, ref.subject_code, stamp))
