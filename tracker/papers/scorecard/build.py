"""From a frozen snapshot to the card that the page and the paper show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from tracker.core.quantities.clock import written
from tracker.core.quantities.printed import marks
from tracker.engine.scoring import (
    UNCLASSED,
    Line,
    Scorecard,
    above,
    explain,
    explain_caps,
    explain_grade,
    explain_spread,
    leaving,
    lost,
    plain,
    prize_words,
    score_label,
    vetoes_proper,
    way,
    way_words,
)
from tracker.papers.common.head import DRAFT, PaperStatus, RulebookStatus, Stamp
from tracker.papers.scorecard.behind import behind
from tracker.papers.scorecard.card import Card, CardLine, LineKind, SourceRow
from tracker.papers.scorecard.columns import (
    LEVELS,
    cards_by_column,
    columns_of,
    line_columns,
    line_points,
)
from tracker.papers.scorecard.corrections import city_note, corrections_of, decided_note
from tracker.papers.scorecard.facts import facts_of, is_score, reason_of
from tracker.papers.scorecard.groups import group_scores, plain_limit
from tracker.papers.scorecard.objected import objected_notes
from tracker.papers.scorecard.reasons import unranked_words
from tracker.papers.scorecard.remarks import remarks
from tracker.papers.scorecard.samples import rests_on_samples
from tracker.papers.scorecard.veil import steps_to_tell, veiled
from tracker.year.assessments.next_steps import Step, next_steps, step_words
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.procedure.sights import Sight

_HALF_WIDTH = str.maketrans({",": "，", ";": "；", ":": "："})


def card_of(
    snapshot: ScoredSnapshot,
    sheet_code: str,
    subject_code: str,
    stamp: Stamp = DRAFT,
    *,
    settled: bool = False,
    sight: Sight = ~Sight.NOTHING,
    public: str = "",
) -> Card:
    """The scorecard of a subject on the sheet with that rulebook code; `settled`: the subject's
    card was made final, and has no next points any more; `sight`: what its reader sees of others;
    `public`: which scoring of the year is told of instead, where this one is not, in words.

    Raises KeyError if the snapshot has no such sheet or subject.
    """
    sheet = snapshot.sheets[sheet_code]
    card = sheet.card(subject_code)
    about = sheet.frozen["subjects"][subject_code]
    book = sheet.rulebook
    cards = cards_by_column(sheet, subject_code)
    labels = labels_in(snapshot, sheet)
    lines = tuple(_line(line, cards, snapshot, sheet, subject_code, labels) for line in card.lines)
    groups = group_scores(card, sheet)
    ranked = [
        other
        for other in sheet.result.scorecards
        if other.rank is not None and other.subject.class_name == card.subject.class_name
    ]
    names = {line.code: line.indicator.name for line in card.lines}
    steps = [
        f"{names[step.line]}：{step_words(snapshot, step)}。"
        for step in (() if settled else _steps(snapshot, sheet, subject_code, stamp, sight))
    ]
    found = Card(
        title=f"{snapshot.document['year']}年度{book.title.replace('评分细则', '评分表')}",
        subject_code=card.subject.code,
        subject_name=card.subject.name,
        subject_kind=about["kind"],
        place=about["place"],
        year=book.year,
        class_name=_class_name(card, sheet),
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
        unranked_reason=unranked_words(card),
        groups=groups,
        sentences=remarks(groups, lines, steps),
        next_steps=tuple(steps),
        lines=lines,
        columns=columns_of(sheet, subject_code),
        **behind(snapshot, sheet, subject_code),
        vetoes=tuple(vetoes_proper(card)),
        left=tuple(leaving(card)),
        grade_notes=tuple(_grade_notes(card, snapshot, sheet)),
        way=tuple(f"{words} 分。" for words in way_words(way(card, book))),
        bonus_limit=_limit(card, sheet, "bonus"),
        deduction_limit=_limit(card, sheet, "deduction"),
        undecided=card.undecided,
        notes=tuple(_notes(card, labels)),
        facts=tuple(facts_of(card, snapshot, sheet)),
        sources=tuple(
            SourceRow(s.title, s.url or "", str(s.date) if s.date else "") for s in book.sources
        ),
        owner=snapshot.owner["name"] if snapshot.owner else "",
        snapshot_sha256=snapshot.sha256,
        rulebook_sha256=book.sha256,
        facts_sha256=sheet.result.facts_sha256,
        engine=sheet.result.engine,
        frozen_at=frozen_at_words(snapshot.document),
        sample=rests_on_samples(snapshot, sheet, subject_code),
        verify_text=stamp.verify_text
        or f"山海协作评分表 {book.year} {book.code} {card.subject.code} {snapshot.sha256}",
    )
    return veiled(found, sheet, sight, public)


def frozen_at_words(document: Mapping[str, Any]) -> str:
    """The moment of freezing as it read in China: 2025-01-20 09:30."""
    return written(datetime.fromisoformat(document["frozen_at"]))


def labels_in(snapshot: ScoredSnapshot, sheet: ScoredSheet) -> dict[str, str]:
    """What the measures of the sheet are called."""
    labels = {name: entry["label"] for name, entry in snapshot.document["measures"].items()}
    return labels | {name: score_label(name) for name in sheet.rulebook.measures if is_score(name)}


def _line(
    line: Line,
    cards: tuple[Scorecard | None, ...],
    snapshot: ScoredSnapshot,
    sheet: ScoredSheet,
    code: str,
    labels: Mapping[str, str],
) -> CardLine:
    indicator = line.indicator
    points = line_points(line)
    notes = city_note(line, sheet, code), decided_note(line, sheet, code)
    columns = line_columns(line, cards, notes)
    return CardLine(
        code=line.code,
        group=indicator.group,
        name=indicator.name,
        clause=indicator.clause,
        words=indicator.words,
        points=marks(line.points),
        award=points.award,
        state=points.state,
        explain=explained(line, snapshot, sheet, code, labels),
        data_source=indicator.data_source,
        spread_points=marks(line.effective) if line.effective != line.points else None,
        unreported=points.unreported,
        columns=columns,
        note=columns[LEVELS.index(sheet.column)].note,
        lost=_some(lost(line)),
        above=_some(above(line)),
        zero_by_rule=points.zero_by_rule,
        kind=LineKind(indicator.kind),
        gap=_gap(line, sheet, code),
        objections=tuple(objected_notes(sheet, code, line.code)),
    )


def _gap(line: Line, sheet: ScoredSheet, code: str) -> str:
    """Why the line was accepted without points; "" for one that has some after all."""
    return sheet.gaps(code).get(line.code, "") if line.state == "unscorable" else ""


def _some(points: Decimal) -> str | None:
    return str(points) if points else None


def _grade_notes(card: Scorecard, snapshot: ScoredSnapshot, sheet: ScoredSheet) -> Iterator[str]:
    """Why the grade is another than the points give, and the prize that the rank won."""
    if not card.complete:
        return
    for words in explain_grade(card):
        yield f"{words}。"
    for won in snapshot.prizes:
        if won.scorecard is card and won.prize.subject == sheet.rulebook.subject:
            yield f"{prize_words(won)}。"


def _steps(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str, stamp: Stamp, sight: Sight
) -> list[Step]:
    """The next steps; none on a final paper, where nothing can be done any more."""
    final = stamp.status is PaperStatus.FINAL and sheet.rulebook.meaning.tells_whole
    if final:
        return []
    return steps_to_tell(next_steps(snapshot, sheet, code), sheet.card(code), sheet, sight)


def _limit(card: Scorecard, sheet: ScoredSheet, kind: str) -> str:
    lines = [line for line in card.lines if line.indicator.kind == kind]
    return plain_limit(lines, sheet) if lines else ""


def explained(
    line: Line,
    snapshot: ScoredSnapshot,
    sheet: ScoredSheet,
    code: str,
    labels: Mapping[str, str],
) -> str:
    """The engine's sentence with Chinese labels, in full-width punctuation as paper wants it, why
    each missing fact is missing, and what city or province changed of the others."""
    units = {name: about["unit"] for name, about in snapshot.document["measures"].items()}
    units |= {name: "分" for name in sheet.rulebook.measures if is_score(name)}
    text = explain(line, labels, units)
    if not line.meaning.tells_units:
        text = text.translate(_HALF_WIDTH)
    reasons = dict.fromkeys(reason_of(sheet, code, name) for name in line.lacking)
    undone = (
        f"「{labels[name]}」{word}，按 100% 计"
        for name, value in line.inputs.items()
        if (word := sheet.undone(code, name, value))
    )
    parts = [
        text,
        "；".join(filter(None, (*reasons, *undone))),
        *corrections_of(line, snapshot, sheet, code),
        f"作为缺口认可：{gap}" if (gap := _gap(line, sheet, code)) else "",
    ]
    return "。".join(filter(None, parts))


def _notes(card: Scorecard, labels: Mapping[str, str]) -> Iterator[str]:
    notes = [explain_spread(card), *explain_caps(card)]
    for note in filter(None, notes):
        for name in sorted(labels, key=len, reverse=True):
            note = re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w.])", f"「{labels[name]}」", note)
        yield note.translate(_HALF_WIDTH).rstrip("。") + "。"


def _class_name(card: Scorecard, sheet: ScoredSheet) -> str:
    """The class; 未分类 for one without, where others have one."""
    classed = any(other.subject.class_name for other in sheet.result.scorecards)
    return card.subject.class_name or (UNCLASSED if classed else "")
