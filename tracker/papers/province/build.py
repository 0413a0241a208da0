"""From a snapshot, and last year's, to the report of who assesses (考核通报): of the province, or
of a city on its own counties."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.engine.scoring import SUBJECTS, Scorecard, explain_caps, vetoes_proper
from tracker.papers.common.head import DRAFT, PaperKind, Stamp
from tracker.papers.reports.heads import (
    head_of,
    office_of,
    place_of,
    rests_on_samples,
    rulebook_row,
)
from tracker.papers.reports.model import Gate, ProvinceReport
from tracker.papers.reports.objections import objections_of
from tracker.papers.reports.ranking import prizes_of, rank_sheet, ranked_cards
from tracker.papers.reports.volume import sheets_in_order
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot


def province_report(
    snapshot: ScoredSnapshot, previous: ScoredSnapshot | None, stamp: Stamp = DRAFT
) -> ProvinceReport:
    """`previous` is the snapshot that `snapshot` names as last year's, None if it names none."""
    sheets = sheets_in_order(snapshot)
    prizes = prizes_of(snapshot)
    between = Between(snapshot, previous) if previous else None
    return ProvinceReport(
        head=head_of(
            snapshot,
            PaperKind.PROVINCE,
            place_of(snapshot),
            stamp,
            title="山海协作市考县情况通报" if snapshot.owner else "山海协作考核情况通报",
            sample=rests_on_samples(snapshot),
        ),
        office=office_of(snapshot),
        column=RulingLevel(snapshot.document["column"]).label,
        sheets=tuple(rank_sheet(sheet, prizes, between) for sheet in sheets),
        gates=tuple(gate for sheet in sheets for gate in _gates(sheet)),
        rulebooks=tuple(rulebook_row(sheet.rulebook) for sheet in sheets),
        previous_year=int(previous.document["year"]) if previous else None,
        previous_sha256=previous.sha256 if previous else "",
        objections=objections_of(snapshot),
    )


def _gates(sheet: ScoredSheet) -> Iterator[Gate]:
    label = SUBJECTS[sheet.rulebook.subject]
    for card in ranked_cards(sheet):
        words = list(_gate_words(card))
        if words:
            yield Gate(label, card.subject.name, "；".join(words) + "。")


def _gate_words(card: Scorecard) -> Iterator[str]:
    for veto in vetoes_proper(card):
        yield f"触发“{veto.rstrip('。')}”"
    for veto in card.undecided:
        yield f"数据不足，未能判定“{veto.rstrip('。')}”"
    if card.total != card.total_before:
        yield f"总分由 {card.total_before} 分限为 {card.total} 分"
    if card.complete and card.moved_down:
        yield f"因名额限制，等次下调 {card.moved_down} 级"
    if card.complete and card.grade != card.grade_before:
        yield f"等次由{card.grade_before}改为{card.grade}"
    for words in explain_caps(card):
        yield words.replace(",", "，")
