"""Where the sheets of a snapshot stand in their classes."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.engine.scoring import SUBJECTS, UNCLASSED, Scorecard
from tracker.papers.reports.model import Member
from tracker.papers.reports.ranking import Prizes, prizes_of, ranked_cards, standing
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot


def members(sheet: ScoredSheet, prizes: Prizes, between: Between | None = None) -> Iterator[Member]:
    """Every card of `sheet`, by class and rank; `belongs` is left empty."""
    for card in ranked_cards(sheet):
        yield _member(sheet, card, prizes, between)


def member_of(snapshot: ScoredSnapshot, subject: str, code: str) -> Member | None:
    """The card of `code` on the sheets whose subject begins with `subject`; None if there is
    none."""
    for sheet in snapshot.sheets.values():
        if sheet.rulebook.subject.startswith(subject) and code in sheet.frozen["subjects"]:
            return _member(sheet, sheet.card(code), prizes_of(snapshot), None)
    return None


def _member(sheet: ScoredSheet, card: Scorecard, prizes: Prizes, between: Between | None) -> Member:
    of_class, name = sheet.result.scorecards, card.subject.class_name
    peers = [other for other in of_class if other.subject.class_name == name]
    return Member(
        standing=standing(sheet, card, prizes, between),
        sheet=SUBJECTS[sheet.rulebook.subject],
        class_label=name or (UNCLASSED if len(peers) < len(of_class) else ""),
        ranked=sum(other.rank is not None for other in peers),
        compared=between is not None and between.sheet(sheet.rulebook.subject) is not None,
    )
