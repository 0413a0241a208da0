"""All that is wrong with a rulebook's text, measures that nobody supplies among it."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from tracker.engine.scoring import Rulebook, RulebookError, check_measures, load_rulebook
from tracker.engine.scoring.loading import parse_toml, rulebook_of

CODE = re.compile(r"指标 ([A-Za-z0-9.]+)")
# A book that lacks nothing but its indicators.
_SHELL: dict[str, Any] = {
    "format": 1,
    "code": "shell",
    "year": 2024,
    "title": "shell",
    "subject": "county.recipient",
    "status": "designed",
    "source": [{"title": "shell"}],
    "grade": [{"name": "shell", "at_least": 0}],
}


def checked_book(text: str, supplied: Collection[str]) -> tuple[Rulebook | None, list[str]]:
    """The rulebook of a text that is TOML, or None with all its faults, measures that nobody
    supplies among them."""
    try:
        book = load_rulebook(text)
    except RulebookError as error:
        return None, [*error.faults, *_unknown(parse_toml(text), error.faults, supplied)]
    faults = check_measures(book, supplied)
    return (None if faults else book), faults


def _unknown(values: dict[str, Any], faults: list[str], supplied: Collection[str]) -> list[str]:
    """The measures that the sound indicators of a faulty book name and nobody supplies."""
    broken = {code[1] for fault in faults if (code := CODE.search(fault))}
    lines = values.get("indicator")
    sound = [
        line
        for line in (lines if isinstance(lines, list) else [])
        if isinstance(line, dict)
        and str(line.get("code")) not in broken
        and isinstance(line.get("points"), int | Decimal)
    ]
    of_kind = {
        kind: sum(line["points"] for line in sound if line.get("kind", "score") == kind)
        for kind in ("score", "bonus")
    }
    marks = {"full_marks": of_kind["score"], "bonus_cap": of_kind["bonus"]}
    book = {**_SHELL, **marks, "indicator": sound}
    if "classes" in values:
        book["classes"] = values["classes"]
    try:
        return check_measures(rulebook_of(book), supplied)
    except RulebookError:  # what is wrong was said
        return []
