"""The JSON that scoring gives to other programs (section 6 of the format)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.engine.scoring.exact import fixed, plain
from tracker.engine.scoring.explain import explain
from tracker.engine.scoring.rendering import Labels
from tracker.engine.scoring.result import Line, Result, Scorecard
from tracker.engine.scoring.rulebook import Rulebook
from tracker.engine.scoring.standing import grade_causes
from tracker.engine.scoring.way import lost, way


def result_json(
    result: Result, labels: Labels | None = None, units: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the result as a tree of text, int, bool, None, lists and dicts, ready for `json`.

    Points are decimal strings. Measures in `inputs` are null where not reported. `labels` are
    Chinese labels of measures for the explanations, `units` their units.
    """
    book = result.rulebook
    return {
        "engine": result.engine,
        "rulebook": {"code": book.code, "year": book.year, "sha256": book.sha256},
        "facts_sha256": result.facts_sha256,
        "subjects": [_card(card, book, labels, units) for card in result.scorecards],
    }


def _card(
    card: Scorecard, book: Rulebook, labels: Labels | None, units: Mapping[str, str] | None
) -> dict[str, Any]:
    found = {
        "code": card.subject.code,
        "name": card.subject.name,
        "class": card.subject.class_name,
        "complete": card.complete,
        "base": str(card.base),
        "bonus": str(card.bonus),
        "deduction": str(card.deduction),
        "total": str(card.total),
        "grade": card.grade,
        "rank": card.rank,
        "vetoes": list(card.vetoes),
        "undecided": list(card.undecided),
    }
    if book.meaning.tells_whole:
        path = way(card, book)
        found |= {
            "grade_by_points": card.grade_before,
            "grade_causes": list(grade_causes(card)),
            "quotas": [
                {"grade": used.grade, "limit": used.limit, "ranked": used.ranked}
                for used in card.quotas
            ],
            "to_base": [[what, str(points)] for what, points in path.to_base],
            "to_total": [[what, str(points)] for what, points in path.to_total],
        }
    return found | {"lines": [_line(line, labels, units) for line in card.lines]}


def _line(line: Line, labels: Labels | None, units: Mapping[str, str] | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "code": line.code,
        "name": line.indicator.name,
        "points": plain(line.points),
    }
    if line.effective != line.points:
        found["spread_points"] = plain(line.effective)
    found |= {
        "award": fixed(line.units, line.decimals),
        "state": line.state,
        **({"lost": str(lost(line))} if line.meaning.tells_whole else {}),
        "explain": explain(line, labels, units),
        "inputs": {
            name: None if value is None else plain(value) for name, value in line.inputs.items()
        },
    }
    return found
