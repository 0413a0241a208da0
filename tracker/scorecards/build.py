"""From a frozen snapshot to the card that the page and the paper show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from tracker.assessments.models import Snapshot
from tracker.assessments.next_steps import next_steps, step_words
from tracker.assessments.scored import ScoredSheet, ScoredSnapshot, scored
from tracker.determinations.models import RulingLevel
from tracker.papers.head import DRAFT, RulebookStatus, Stamp
from tracker.scorecards.card import (
    Card,
    CardLine,
    FactRow,
    FactState,
    LineKind,
    LineState,
    SourceRow,
)
from tracker.scorecards.groups import group_scores
from tracker.scorecards.remarks import remarks
from tracker.scoring import (
    SUBJECTS,
    Line,
    Scorecard,
    explain,
    explain_caps,
    explain_spread,
    plain,
    shown,
)
from tracker.web.clock import local

RECORDS_SHOWN = 6
_HALF_WIDTH = str.maketrans({",": "，", ";": "；", ":": "："})


def build_card(snapshot: Snapshot, sheet: str, subject_code: str, stamp: Stamp = DRAFT) -> Card:
    """The scorecard of a subject on the sheet with that rulebook code.

    Raises KeyError if the snapshot has no such sheet or subject.
    """
    return card_of(scored(snapshot.sha256, snapshot.content), sheet, subject_code, stamp)


def card_of(
    snapshot: ScoredSnapshot, sheet_code: str, subject_code: str, stamp: Stamp = DRAFT
) -> Card:
    """As `build_card`, from a snapshot that is scored already."""
    sheet = snapshot.sheets[sheet_code]
    card = sheet.card(subject_code)
    about = sheet.frozen["subjects"][subject_code]
    book = sheet.rulebook
    lines = tuple(_line(line, snapshot, sheet, subject_code) for line in card.lines)
    groups = group_scores(card, sheet)
    ranked = [
        other
        for other in sheet.result.scorecards
        if other.rank is not None and other.subject.class_name == card.subject.class_name
    ]
    facts = tuple(_facts(card, snapshot, sheet))
    names = {line.code: line.indicator.name for line in card.lines}
    steps = [
        f"{names[step.line]}：{step_words(snapshot, step)}。"
        for step in next_steps(snapshot, sheet, subject_code)
    ]
    return Card(
        title=f"{snapshot.document['year']}年度{book.title.replace('评分细则', '评分表')}",
        subject_code=card.subject.code,
        subject_name=card.subject.name,
        subject_kind=about["kind"],
        place=about["place"],
        year=book.year,
        class_name=card.subject.class_name,
        status=stamp.status,
        number=stamp.number,
        supersedes=stamp.supersedes,
        complete=card.complete,
        rulebook_code=book.code,
        rulebook_title=book.title,
        rulebook_status=RulebookStatus.OFFICIAL
        if book.status == "official"
        else RulebookStatus.DESIGNED,
        issuer=book.issuer,
        document=book.document,
        full_marks=plain(book.full_marks),
        base=str(card.base),
        bonus=str(card.bonus),
        deduction=str(card.deduction),
        total=str(card.total),
        grade=card.grade,
        rank=card.rank,
        ranked_count=len(ranked),
        unranked_reason="、".join(card.vetoes) if card.unranked else "",
        groups=groups,
        sentences=remarks(groups, lines, steps),
        next_steps=tuple(steps),
        lines=lines,
        vetoes=card.vetoes,
        undecided=card.undecided,
        notes=tuple(_notes(card, snapshot)),
        facts=facts,
        sources=tuple(
            SourceRow(s.title, s.url or "", str(s.date) if s.date else "") for s in book.sources
        ),
        snapshot_sha256=snapshot.sha256,
        rulebook_sha256=book.sha256,
        facts_sha256=sheet.result.facts_sha256,
        engine=sheet.result.engine,
        frozen_at=frozen_at_words(snapshot.document),
        sample=about["sample"] or _rests_on_samples(snapshot, sheet, subject_code),
        verify_text=stamp.verify_text
        or f"山海协作评分表 {book.year} {book.code} {card.subject.code} {snapshot.sha256}",
    )


def frozen_at_words(document: Mapping[str, Any]) -> str:
    """The moment of freezing as it read in China: 2025-01-20 09:30."""
    return local(datetime.fromisoformat(document["frozen_at"])).strftime("%Y-%m-%d %H:%M")


def _line(line: Line, snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str) -> CardLine:
    indicator = line.indicator
    state = LineState(line.state)
    lost = Decimal(0)
    if state is LineState.SCORED and indicator.kind == "score":
        lost = Decimal(plain(line.effective)) - line.award
    reported = sheet.card(code, RulingLevel.COUNTY).line(line.code)
    return CardLine(
        code=line.code,
        group=indicator.group,
        name=indicator.name,
        clause=indicator.clause,
        words=indicator.words,
        points=plain(line.points),
        award=None if state is LineState.UNSCORABLE else str(line.award),
        state=state,
        explain=_explained(line, snapshot, sheet, code),
        data_source=indicator.data_source,
        spread_points=plain(line.effective) if line.effective != line.points else None,
        lost=str(lost) if lost > 0 else None,
        self_award=None if reported.state == LineState.UNSCORABLE else str(reported.award),
        self_state=LineState(reported.state),
        kind=LineKind(indicator.kind),
    )


def _explained(line: Line, snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str) -> str:
    """The engine's sentence with Chinese labels, in full-width punctuation as paper wants it, and
    why each missing fact is missing."""
    labels = {name: entry["label"] for name, entry in snapshot.document["measures"].items()}
    labels |= {name: _score_label(name) for name in sheet.rulebook.measures if _is_score(name)}
    text = explain(line, labels).translate(_HALF_WIDTH)
    reasons = dict.fromkeys(_reason(sheet, code, name) for name in line.lacking)
    return "。".join([text, *filter(None, ["；".join(filter(None, reasons))])])


def _is_score(name: str) -> bool:
    return name.startswith("score.")


def _score_label(name: str) -> str:
    kind = name.removeprefix("score.")
    return f"{SUBJECTS.get(kind, '产业园')}得分均值"


def _reason(sheet: ScoredSheet, code: str, name: str) -> str:
    if _is_score(name):
        return "下级评分表尚有不可计分的指标，或尚无评分表"
    return sheet.reason(code, name)


def _facts(card: Scorecard, snapshot: ScoredSnapshot, sheet: ScoredSheet):
    """Every measure that the lines read, once, in reading order, with the records behind it."""
    seen: dict[str, list[Line]] = {}
    for line in card.lines:
        for name in line.inputs:
            seen.setdefault(name, []).append(line)
    code = card.subject.code
    awaited = sheet.frozen["undetermined"].get(code, ())
    for name, lines in seen.items():
        records = [
            snapshot.document["records"][ref]
            for ref in sheet.frozen["records"].get(code, {}).get(name, ())
        ]
        ruled = sheet.column is RulingLevel.COUNTY or name not in awaited
        lower = _is_score(name) and lines[0].inputs[name] is not None
        reason = "" if lower else _reason(sheet, code, name)
        yield _fact_row(name, lines, records, snapshot, reason, ruled=ruled)


def _fact_row(
    name: str,
    lines: list[Line],
    records: list[Mapping[str, str]],
    snapshot: ScoredSnapshot,
    reason: str,
    *,
    ruled: bool,
) -> FactRow:
    value = lines[0].inputs[name]
    about = snapshot.document["measures"].get(name, {"label": _score_label(name), "unit": "分"})
    shown, unit = (None, about["unit"]) if value is None else _in_unit(value, about["unit"])
    state = FactState.REPORTED if ruled else FactState.UNDETERMINED
    if value is None:
        idle = all(line.state == LineState.NOT_APPLICABLE.value for line in lines)
        state = FactState.NOT_APPLICABLE if idle else FactState.MISSING
    return FactRow(
        label=about["label"],
        value=shown,
        unit=unit,
        state=state,
        precision=_precision([record["precision"] for record in records]),
        records=_some(tuple(_record_words(record) for record in records)),
        reason=reason,
    )


def _in_unit(value, unit: str) -> tuple[str, str]:
    """The figure and its unit for people: shares in percent."""
    if unit == "比例":
        return plain(value * 100), "%"
    return (shown(value) if unit == "分" else plain(value)), unit


def _precision(marks: list[str]) -> str:
    """The sign before a figure made of several: one kind of bound stays, a mixture is about."""
    signs = {mark for mark in marks if mark}
    if not signs:
        return ""
    return signs.pop() if len(signs) == 1 else "≈"


def _some(records: tuple[str, ...]) -> tuple[str, ...]:
    """So many of the records as a reader takes in; the snapshot holds them all."""
    if len(records) <= RECORDS_SHOWN + 1:
        return records
    return (*records[:RECORDS_SHOWN], f"等，共 {len(records)} 条记录")


def _record_words(record: Mapping[str, str]) -> str:
    return f"{record['text']}（{record['source']}）" if record["source"] else record["text"]


def _notes(card: Scorecard, snapshot: ScoredSnapshot):
    notes = [explain_spread(card), *explain_caps(card)]
    labels = {name: entry["label"] for name, entry in snapshot.document["measures"].items()}
    for note in filter(None, notes):
        for name in sorted(labels, key=len, reverse=True):
            note = re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w.])", f"「{labels[name]}」", note)
        yield note.translate(_HALF_WIDTH)


def _rests_on_samples(snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str) -> bool:
    refs = {ref for refs in sheet.frozen["records"].get(code, {}).values() for ref in refs}
    return any(snapshot.document["records"][ref]["origin"] == "sample" for ref in refs)
