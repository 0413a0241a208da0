"""Rulebooks and facts for the tests, written as an office would write them: as text."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

from tracker.engine.scoring import Line, Result, RulebookError, load_rulebook, parse_facts, score

HEAD = {
    "format": 1,
    "code": "test",
    "year": 2024,
    "title": "试用细则",
    "subject": "county.recipient",
    "status": "designed",
    "full_marks": 100,
}
SOURCE = {"title": "来源"}
GRADES = [
    {"name": "优秀", "at_least": 90},
    {"name": "良好", "at_least": 80},
    {"name": "合格", "at_least": 60},
    {"name": "不合格", "at_least": 0},
]


def toml(value: Any) -> str:
    """Write a value as inline TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal | datetime.date):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(map(toml, value)) + "]"


def table(name: str, fields: dict[str, Any]) -> str:
    """Write one table of an array of tables; a `part` list becomes tables below it."""
    lines = [f"[[{name}]]"]
    lines += [f"{key} = {toml(value)}" for key, value in fields.items() if key != "part"]
    lines += [table(f"{name}.part", part) for part in fields.get("part", ())]
    return "\n".join(lines)


def line(code: str = "1", points: Any = 100, **fields: Any) -> dict[str, Any]:
    """An indicator's table; give its method and parameters, a field of None leaves it out."""
    whole = {
        "code": code,
        "group": "一级",
        "name": f"指标{code}",
        "clause": "第一条",
        "words": "公式",
        "points": points,
    }
    if "method" not in fields and "combine" not in fields:
        fields = {"method": "ratio", "value": f"v{code}", "target": 1, **fields}
    return {key: value for key, value in (whole | fields).items() if value is not None}


def text(*lines: dict[str, Any], **head: Any) -> str:
    """A rulebook's text; keyword arguments change its head, None leaves a key out."""
    head = {"source": [SOURCE], "grade": GRADES, "indicator": list(lines), **HEAD, **head}
    plain = {k: v for k, v in head.items() if v is not None}
    arrays = {
        k: plain.pop(k) for k in ("source", "grade", "indicator", "cap", "veto") if k in plain
    }
    blocks = [f"{key} = {toml(value)}" for key, value in plain.items()]
    blocks += [table(name, fields) for name, rows in arrays.items() for fields in rows]
    return "\n".join(blocks) + "\n"


def faults(*lines: dict[str, Any], **head: Any) -> list[str]:
    """The faults of a rulebook, none if it is sound."""
    try:
        load_rulebook(text(*lines, **head))
    except RulebookError as error:
        return error.faults
    return []


def facts(*subjects: dict[str, Any], year: int = 2024) -> str:
    """A facts file. A subject is a mapping of measures, with `class` for its class."""
    rows = []
    for number, measures in enumerate(subjects, 1):
        measures = dict(measures)
        row = {"code": f"S{number}", "name": f"对象{number}", "class": measures.pop("class", "")}
        rows.append(row | {"measures": measures})
    return json.dumps({"year": year, "subjects": rows}, ensure_ascii=False)


def run(book: str, *subjects: dict[str, Any]) -> Result:
    """Score subjects with a rulebook's text."""
    return score(load_rulebook(book), parse_facts(facts(*subjects)))


def one(measures: dict[str, Any], points: Any = 100, **fields: Any) -> Line:
    """Score one subject by one line and return that line; a filler brings the sum to 100."""
    lines = [line("1", points, **fields)]
    kind = fields.get("kind", "score")
    rest = 100 if kind != "score" else 100 - Decimal(str(points))
    if rest:
        lines.append(line("F", rest, method="gate", when="1 > 0"))
    return run(text(*lines, bonus_cap=100), measures).scorecards[0].lines[0]
