"""What a snapshot keeps of the objections of its year, and what the precheck says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.core.quantities.clock import day_of
from tracker.year.assessments.freeze import annexed
from tracker.year.measures.numbers import decimal_string
from tracker.year.objections import queries
from tracker.year.objections.models import Objection, ObjectionState
from tracker.year.procedure.checks import ERROR, Asked, Fault, rule
from tracker.year.procedure.models import Act


@annexed("objections")
def objections(
    year: int, sheets: Mapping[str, Any], owner: int | None
) -> dict[str, dict[str, Any]]:
    """All objections of `year` by their number: {place, subject, code, name,
    line, line_name, on, words, claims: {measure: value}, state, over, reason, corrected: {measure:
    value}, origin}. `over` is the day on which it was answered or withdrawn, "" while it waits;
    `reason` that of the answer or the withdrawal; values are decimal strings in the measure's
    unit."""
    return {str(each.id): _frozen(each) for each in queries.of_year(year, owner)}


def _frozen(objection: Objection) -> dict[str, Any]:
    filed, over = objection.events[0], objection.over
    corrected = {
        made.determination.measure: decimal_string(made.value)
        for made in (over.rulings if over is not None else ())
        if made.value is not None
    }
    return {
        "place": objection.region.name,
        "subject": objection.subject,
        "code": objection.subject_code,
        "name": objection.subject_name,
        "line": objection.line,
        "line_name": objection.line_name,
        "on": day_of(filed.at).isoformat(),
        "words": objection.words,
        "claims": {each.measure: decimal_string(each.value) for each in objection.claims},
        "state": objection.state.value,
        "over": day_of(over.at).isoformat() if over is not None else "",
        "reason": over.reason if over is not None else "",
        "corrected": corrected,
        "origin": objection.origin.value,
    }


@rule(
    "没有办结的申诉",
    ERROR,
    "请逐件答复；支持的同时更正核定，再计一次分。",
    Act.FINALISED,
)
def _open(about: Asked) -> Iterator[Fault]:
    for each in queries.of_year(about.year, about.owner):
        if each.state is ObjectionState.OPEN:
            words = f"第 {each.id} 号，{each.line_words}：待答复"
            values = {"objection_id": each.id}
            yield Fault(each.subject_name, words, "objections.detail", values)
