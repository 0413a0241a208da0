"""Every paper that a snapshot gives, and how each is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.papers.head import DRAFT, PaperKind, Stamp
from tracker.reports.ranking import ranked_cards
from tracker.scorecards.build import card_of
from tracker.scorecards.pdf import scorecard_pdf

# The sheets in the order of a bound volume; any others follow.
_VOLUME = ("county.recipient", "county.supporter", "enclave.", "park.", "village.", "city", "pair")


@dataclass(frozen=True, slots=True)
class PaperRef:
    """One paper of a snapshot.

    (kind, sheet, subject_code) names it among the papers of its snapshot, as `PaperIdentity` does
    on the file; `sheet` is the rulebook's code, "" where there are several. `region_ids` are the
    regions that the paper is about: it is for those who see one of them, and a paper without any
    is about the whole province, for the province's people alone.
    """

    kind: PaperKind
    sheet: str
    subject_code: str
    subject_name: str
    region_ids: tuple[int, ...] = ()


def papers_of(snapshot: ScoredSnapshot) -> Iterator[PaperRef]:
    """All papers of `snapshot`, in the order of a bound volume: within a sheet by class and
    rank."""
    for code, sheet in _in_order(snapshot):
        for scorecard in ranked_cards(sheet):
            subject = scorecard.subject
            about = sheet.frozen["subjects"][subject.code]
            regions = (int(about["region_id"]),)
            yield PaperRef(PaperKind.SCORECARD, code, subject.code, subject.name, regions)


def paper_pdf(snapshot: ScoredSnapshot, ref: PaperRef, stamp: Stamp = DRAFT) -> bytes:
    """The file of one paper; equal arguments give equal bytes. Raises KeyError for a paper that
    the snapshot does not give."""
    return scorecard_pdf(card_of(snapshot, ref.sheet, ref.subject_code, stamp))


def _in_order(snapshot: ScoredSnapshot) -> list[tuple[str, ScoredSheet]]:
    return sorted(snapshot.sheets.items(), key=lambda item: _place(item[1].rulebook.subject))


def _place(subject: str) -> int:
    found = (at for at, start in enumerate(_VOLUME) if subject.startswith(start))
    return next(found, len(_VOLUME))
