"""Merge several sources' rows about one thing: the best source decides, the others stay visible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tracker.core.db import Precision
from tracker.core.quantities.units import WAN, YI
from tracker.exchange.publicdata.reading import Citation, Row, citation, number, partial_date
from tracker.exchange.publicdata.store import Statement


@dataclass(frozen=True)
class Field:
    """A column of a public file: the record's field (None: kept as a statement alone), how its
    text becomes a value, and the unit shown behind it."""

    column: str
    attribute: str | None
    parse: Callable[[str], Any] = str
    unit: str = ""


@dataclass(frozen=True)
class Merged:
    """The believed values by the record's fields, all statements, and what differed."""

    values: dict[str, Any]
    statements: list[Statement]
    differing: list[str]


def day(text: str) -> Any:
    """A partial date's first day."""
    return partial_date(text)[0]


def yuan_of_wan(text: str) -> Any:
    """万元 as 元."""
    amount = number(text)
    return None if amount is None else amount * WAN


def yuan_of_yi(text: str) -> Any:
    """亿元 as 元."""
    amount = number(text)
    return None if amount is None else amount * YI


def grouped(rows: Iterable[Row], *columns: str) -> dict[tuple[str, ...], list[Row]]:
    """Rows about the same thing together, the most believable source first."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    for group in groups.values():
        group.sort(key=lambda row: citation(row).order)
    return groups


def merge(rows: list[Row], fields: Iterable[Field], labels: dict[str, str]) -> Merged:
    """Merge `rows`, sorted by `grouped`; `labels` name the fields that differ."""
    values: dict[str, Any] = {}
    statements: list[Statement] = []
    differing: list[str] = []
    for field in fields:
        said = [(row[field.column], row) for row in rows if row[field.column]]
        if field.attribute:
            values[field.attribute] = None
        adopted_text = None
        for text, row in said:
            value = field.parse(text) if field.attribute else None
            adopts = adopted_text is None and value is not None
            if adopts and field.attribute is not None:
                values[field.attribute] = value
                adopted_text = text
            statements.append(_statement(field, text, citation(row), adopts))
        texts = list(dict.fromkeys(text for text, _ in said))
        if len(texts) > 1 and field.column != "note":
            label = labels.get(field.attribute or field.column, field.column)
            differing.append(f"{label}：{' / '.join(text + field.unit for text in texts)}")
    return Merged(values, statements, differing)


def _statement(field: Field, text: str, source: Citation, adopts: bool) -> Statement:
    partial = field.parse is day and partial_date(text)[1] is Precision.ABOUT
    return Statement(
        field=field.attribute or field.column,
        text=f"{text} {field.unit}".strip(),
        citation=source,
        adopted=adopts,
        precision=Precision.ABOUT if partial else Precision.EXACT,
    )
