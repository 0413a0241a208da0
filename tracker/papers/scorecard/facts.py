"""The facts of a card: every measure that its lines read, with the records behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from tracker.core.quantities.figure import PART, PERCENT, Figure
from tracker.core.quantities.precision import joint_precision
from tracker.engine.scoring import Line, Number, Scorecard, plain, score_label, shown
from tracker.papers.scorecard.card import FactRow, FactState, LineState
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

RECORDS_SHOWN = 6
UNCOUNTED_SHOWN = 3


def facts_of(card: Scorecard, snapshot: ScoredSnapshot, sheet: ScoredSheet) -> Iterator[FactRow]:
    """Every measure that the lines read, once, in reading order."""
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
        lower = is_score(name) and lines[0].inputs[name] is not None
        reason = "" if lower else reason_of(sheet, code, name)
        row = _fact_row(name, lines, records, snapshot, reason, ruled=ruled)
        # A goal of 0 that was issued is a goal.
        issued = any(ref.startswith("targets:") for ref in sheet.records(code, name))
        yield replace(
            row,
            uncounted=_uncounted(snapshot, sheet.uncounted(code, name)),
            nought="" if issued else row.nought,
            undone=sheet.undone(code, name, lines[0].inputs[name]),
        )


def _uncounted(snapshot: ScoredSnapshot, why: Mapping[str, str]) -> tuple[str, ...]:
    """The first of the records that were not counted, each with why, and how many more."""
    kept = len(why) if len(why) <= UNCOUNTED_SHOWN + 1 else UNCOUNTED_SHOWN
    words = [
        f"未计入：{_record_words(snapshot.document['records'][reference])}（{reason}）"
        for reference, reason in list(why.items())[:kept]
    ]
    return (*words, f"另有 {len(why) - kept} 条未计入") if kept < len(why) else tuple(words)


def is_score(name: str) -> bool:
    """Whether a measure is the mean of lower sheets."""
    return name.startswith("score.")


def reason_of(sheet: ScoredSheet, code: str, name: str) -> str:
    """Why a fact is missing, or counts another value than the reported one."""
    if is_score(name):
        return "下级评分表尚有不可计分的指标，或尚无评分表"
    return sheet.reason(code, name)


def in_unit(value: Number, unit: str, precision: str = "") -> Figure:
    """The figure for people: shares in percent."""
    if unit == PART:
        return Figure(Decimal(plain(value * 100)), PERCENT, precision)
    text = shown(value) if unit == "分" else plain(value)
    return Figure(Decimal(text), unit, precision)


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
    about = snapshot.document["measures"].get(name, {"label": score_label(name), "unit": "分"})
    state = FactState.REPORTED if ruled else FactState.UNDETERMINED
    if value is None:
        idle = all(line.state == LineState.NOT_APPLICABLE.value for line in lines)
        state = FactState.NOT_APPLICABLE if idle else FactState.MISSING
    precision = joint_precision(record["precision"] for record in records)
    return FactRow(
        label=about["label"],
        value=None if value is None else in_unit(value, about["unit"], precision),
        state=state,
        records=_some(tuple(_record_words(record) for record in records)),
        reason=reason,
        nought=about.get("nought", ""),
    )


def _some(records: tuple[str, ...]) -> tuple[str, ...]:
    """So many of the records as a reader takes in; the snapshot holds them all."""
    if len(records) <= RECORDS_SHOWN + 1:
        return records
    return (*records[:RECORDS_SHOWN], f"等，共 {len(records)} 条记录")


def _record_words(record: Mapping[str, str]) -> str:
    return f"{record['text']}（{record['source']}）" if record["source"] else record["text"]
