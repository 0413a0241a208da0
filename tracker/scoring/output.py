"""The JSON that scoring gives to other programs (section 6 of the format)."""

from __future__ import annotations

from typing import Any

from tracker.scoring.exact import fixed, plain
from tracker.scoring.explain import explain
from tracker.scoring.rendering import Labels
from tracker.scoring.result import Line, Result, Scorecard


def result_json(result: Result, labels: Labels | None = None) -> dict[str, Any]:
    """Return the result as a tree of text, int, bool, None, lists and dicts, ready for `json`.

    Points are decimal strings. Measures in `inputs` are null where not reported. `labels` are
    Chinese labels of measures for the explanations.
    """
    book = result.rulebook
    return {
        "engine": result.engine,
        "rulebook": {"code": book.code, "year": book.year, "sha256": book.sha256},
        "facts_sha256": result.facts_sha256,
        "subjects": [_card(card, labels) for card in result.scorecards],
    }


def _card(card: Scorecard, labels: Labels | None) -> dict[str, Any]:
    return {
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
        "lines": [_line(line, labels) for line in card.lines],
    }


def _line(line: Line, labels: Labels | None) -> dict[str, Any]:
    found = {
        "code": line.code,
        "name": line.indicator.name,
        "points": plain(line.points),
    }
    if line.effective != line.points:
        found["spread_points"] = plain(line.effective)
    found |= {
        "award": fixed(line.units, line.decimals),
        "state": line.state,
        "explain": explain(line, labels),
        "inputs": {
            name: None if value is None else plain(value) for name, value in line.inputs.items()
        },
    }
    return found
