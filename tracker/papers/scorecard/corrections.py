"""What a level changed of the facts of a line, said where the points are lost, and who decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from tracker.core.quantities.figure import YES_NO
from tracker.core.quantities.printed import amount_words
from tracker.engine.scoring import Line
from tracker.papers.scorecard.facts import in_unit, is_score
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.year.assessments.freeze import GIVEN
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.measures.columns import UNPROVEN

TAKEN_OVER, PARTLY_TAKEN_OVER = "沿用初审", "部分沿用初审"
FROM_COUNTY, PARTLY = "沿用自评", "部分沿用自评"
WITHOUT_PROOF = "缺佐证"
UNDECIDED = "△未核定"
CHANGED = "核定后记录有变"
_BY = {RulingLevel.CITY: "市核定", RulingLevel.PROVINCE: "省核定"}
# In a city's own assessment (市考县) the last word is the city's, before it stands its 初审.
_BY_OF_CITY = {RulingLevel.CITY: "初审核定", RulingLevel.PROVINCE: "市核定"}
_LEVELS = tuple(RulingLevel)


def corrections_of(
    line: Line, snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str
) -> Iterator[str]:
    """For each fact that does not count as reported: 上报 280，省核定 0：理由. Where the province
    decided otherwise than the city, both: 上报 204，市核定 200：理由；省核定 204."""
    if sheet.column is RulingLevel.COUNTY:
        return
    reported = sheet.card(code, RulingLevel.COUNTY).subject.measures
    deciders = _BY if snapshot.owner is None else _BY_OF_CITY
    for name in line.inputs:
        about = snapshot.document["measures"].get(name)
        if about is None:
            continue
        ruling = _standing(snapshot, sheet, code, name)
        if ruling is not None:
            first = "未上报"
            if ruling["reported"] is not None:
                first = f"上报 {_figure(ruling['reported'], about['unit'])}"
            second = _figure(ruling["value"], about["unit"])
            by = deciders[RulingLevel(ruling["level"])]
            words = f"「{about['label']}」{first}，{by} {second}：{ruling['reason']}"
            if ruling["ruling"] == Ruling.REFUSED.value:
                words = f"「{about['label']}」{first}，{by}不予认定：{ruling['reason']}"
            overruled = is_overruled(ruling, sheet, code)
            if overruled:
                counted = _figure(sheet.card(code).subject.measures.get(name), about["unit"])
                words = f"{words.rstrip('。')}；{deciders[sheet.column]} {counted}"
            if ruling.get("changed") and (not overruled or name in sheet.changed(code)):
                words += f"（{CHANGED}，现为 {_figure(ruling['now'], about['unit'])}，待重新核定）"
            yield words.rstrip("。")
        elif name in reported and sheet.reason(code, name).startswith(UNPROVEN):
            first, none = (_figure(value, about["unit"]) for value in (reported[name], 0))
            yield f"「{about['label']}」上报 {first}，计 {none}：{sheet.reason(code, name)}"


def decided_note(line: Line, sheet: ScoredSheet, code: str) -> str:
    """What stands in 复核 beside the points where the province did not decide everything itself, or
    where records have changed since; "" where it did, or the snapshot does not say."""
    if "taken_over" not in sheet.frozen:
        return ""
    names = set(line.inputs)
    if names & set(sheet.frozen.get("changed", {}).get(code, ())):
        return CHANGED
    if names & set(sheet.frozen["undetermined"].get(code, ())):
        return UNDECIDED
    taken = names & set(sheet.frozen["taken_over"].get(code, ()))
    if not taken:
        return ""
    known = sheet.card(code, RulingLevel.PROVINCE).subject.measures
    return TAKEN_OVER if _own(line) & set(known) <= taken else PARTLY_TAKEN_OVER


def city_note(line: Line, sheet: ScoredSheet, code: str) -> str:
    """What stands in 初审 beside the points where the city decided nothing, or not everything,
    itself; "" where it did, or the snapshot does not say. What counts as nothing there for want of
    proof is no self-assessment that was taken over."""
    own = _own(line)
    taken = own & set(sheet.frozen.get("from_county", {}).get(code, ()))
    if not taken:
        return ""
    if any(_unproven(sheet, code, name) for name in taken):
        return WITHOUT_PROOF
    return FROM_COUNTY if taken == own else PARTLY


def _own(line: Line) -> set[str]:
    """The facts of a line that somebody decides on."""
    return {n for n in line.inputs if n.partition(".")[0] not in GIVEN and not is_score(n)}


def _unproven(sheet: ScoredSheet, code: str, name: str) -> bool:
    """Whether 初审 counts another figure than was reported because nothing proves it."""
    why = sheet.frozen["reasons"][RulingLevel.CITY.value].get(code, {}).get(name, "")
    reported, counted = (
        sheet.card(code, level).subject.measures.get(name)
        for level in (RulingLevel.COUNTY, RulingLevel.CITY)
    )
    return why.startswith(UNPROVEN) and counted != reported


def is_overruled(ruling: Mapping[str, Any], sheet: ScoredSheet, code: str) -> bool:
    """Whether the level that the card goes by counts another figure than a lower level put in
    place: it accepted what had been reported, or corrected that itself."""
    level = RulingLevel(ruling["level"])
    if _LEVELS.index(level) >= _LEVELS.index(sheet.column):
        return False
    value = None if ruling["value"] is None else Fraction(ruling["value"])
    return value != sheet.card(code).subject.measures.get(ruling["measure"])


def _standing(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str, name: str
) -> Mapping[str, Any] | None:
    """The correction or refusal of the highest level that the card goes by."""
    by_subject = snapshot.document.get("annex", {}).get("rulings", {})
    found = [
        ruling
        for ruling in by_subject.get(sheet.rulebook.subject, {}).get(code, ())
        if ruling["measure"] == name
        and ruling["stands"]
        and _LEVELS.index(RulingLevel(ruling["level"])) <= _LEVELS.index(sheet.column)
    ]
    return max(found, key=lambda each: _LEVELS.index(RulingLevel(each["level"])), default=None)


def _figure(value: Any, unit: str) -> str:
    """In the unit of the arithmetic that it stands behind: no 亿元 that rounds the 万元 away."""
    if value is None:
        return "未报"
    words = amount_words(in_unit(Fraction(value), unit))[-1].strip("()")
    return words if unit != YES_NO else f"“{words}”"
