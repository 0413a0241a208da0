"""An indicator as a form: what each field says as text, the row of the file that this is, and what
is wrong with it, field by field.

Which fields there are follows from the columns of the workbook, those of a method from its own
declaration (`Rule.columns`, `Rule.rows`): a further method has a form without a word here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import count, takewhile
from typing import Any

from tracker.engine.scoring.methods import RULES
from tracker.engine.scoring.tables import Table
from tracker.engine.scoring.wording import NAMES, VALUES
from tracker.engine.typeset.gate import refusal
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.labels import PREFIX_LABELS
from tracker.year.rulebooks.columns import INDICATORS, METHODS, Column, read_rows, shown
from tracker.year.rulebooks.headings import (
    FIELDS,
    ROW_KEYS,
    ROWS,
    headings_in,
)

COMBINE = {"": "只用一种方法", **VALUES["combine"]}
MOST = 2_000  # characters of a field
MOST_ROWS, MOST_PARTS = 40, 12  # to which a form grows; a file may have more
OF_LINE = tuple(c for c in INDICATORS if not c.methods and c.key != "method")
_NAMES = {**NAMES["items"], "threshold": "界值", "place": "名次"}
_USUAL = {"kind": "score", "absent": "zero", "missing": "block"}  # as the format has them
_LACKING = re.compile(r"缺少“([a-z_]+)”，")
_OF_PARTS = {NAMES["part"][key]: key for key in ("points", "method")}
_LABEL = re.compile(r"「([^「」]+)」")
Given = Mapping[str, str]


def columns_of(method: str) -> tuple[Column, ...]:
    """The fields of a method beside its own table."""
    return tuple(c for c in INDICATORS if method in c.methods and c.key != "rows")


@cache
def required_of(method: str) -> frozenset[str]:
    """The parameters that a method cannot do without: those that it misses where there are none."""
    faults: list[str] = []
    if method in RULES:
        RULES[method].read(Table({}, "", faults, words=FIELDS), None)
    return frozenset(found[1] for fault in faults if (found := _LACKING.search(fault)))


def empty_words(column: Column) -> str:
    """What a choice says where nothing is chosen."""
    usual = _USUAL.get(column.key)
    return f"{column.write(usual)}（不填即是）" if usual else "不填"


def parts_of_rows(method: str) -> tuple[tuple[str, str], ...]:
    """The parts of a row of the method's own table, each with what it is called; none where it has
    no table."""
    rows = RULES[method].rows if method in RULES else None
    return tuple((key, _NAMES.get(key, key)) for key in rows.parts) if rows else ()


@dataclass
class PartForm:
    """A method with its parameters as text; `points` only of one of several parts."""

    method: str = ""
    points: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class LineForm:
    """An indicator as text. `errors`: by the name of the field, or "" for the whole."""

    texts: dict[str, str] = field(default_factory=dict)
    combine: str = ""
    parts: list[PartForm] = field(default_factory=lambda: [PartForm()])
    errors: dict[str, list[str]] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """The row of the file; what cannot be read is left out and stands in `errors`."""
        found = dict(self._values("", OF_LINE, self.texts))
        if self.combine not in COMBINE:
            self.wrong("combine", "请从列表中选择。")
        if self.combine in ("sum", "max", "min"):
            found["combine"] = self.combine
            found["part"] = [self._part(n, part) for n, part in enumerate(self.parts)]
        else:
            method = self._part(0, self.parts[0])
            method.pop("points", None)
            found |= method
        return found

    def wrong(self, name: str, words: str) -> None:
        """Note what is wrong with the field `name`."""
        if words not in self.errors.setdefault(name, []):
            self.errors[name].append(words)

    def told(self, faults: Sequence[str]) -> None:
        """Put what the engine says of the row beside the fields that it names."""
        for fault in faults:
            words = fault.partition("：")[2] or fault
            self.wrong(self._field_of(words), words)

    def _field_of(self, words: str) -> str:
        number = re.match(r"第 (\d+) 部分", words)
        place = int(number[1]) - 1 if number else 0
        single = self.combine == ""
        for heading in headings_in(words):
            if heading == ROWS:
                return f"part-{place}-rows"
            of_line = next((c.key for c in OF_LINE if c.heading == heading), None)
            if of_line and (single or number is None):
                return of_line
            columns = columns_of(self.parts[place].method) if place < len(self.parts) else ()
            if of_part := next((c.key for c in columns if c.heading == heading), None):
                return f"part-{place}-{of_part}"
            if heading in _OF_PARTS:
                return f"part-{place}-{_OF_PARTS[heading]}"
            if heading == NAMES["indicator"]["combine"]:
                return "combine"
        return f"part-{place}-rows" if "要件" in words or "扣分项" in words else ""

    def _part(self, number: int, part: PartForm) -> dict[str, Any]:
        prefix = f"part-{number}-"
        found: dict[str, Any] = {}
        if self.combine:
            points = next(c for c in OF_LINE if c.key == "points")
            found |= self._values(prefix, (points,), {"points": part.points})
        if part.method not in RULES:
            self.wrong(f"{prefix}method", "请选择计分方法。")
            return found
        found["method"] = part.method
        found |= self._values(prefix, columns_of(part.method), part.texts)
        by_share = found.pop("by_share", False)
        wanted = parts_of_rows(part.method)
        given = [_trimmed(row, wanted) for row in part.rows if any(each.strip() for each in row)]
        if wanted and given:
            key = "share_table" if by_share else RULES[part.method].rows.key
            for cell in (cell for row in given for cell in row):
                if len(cell) > MOST:
                    self.wrong(f"{prefix}rows", f"一格最多 {MOST} 字，现有 {len(cell)} 字。")
                elif fault := refusal("表中内容", cell):
                    self.wrong(f"{prefix}rows", fault)
            keys = [name for name, _ in wanted]
            given = [
                [with_names(c) if keys[n : n + 1] == ["value"] else c for n, c in enumerate(row)]
                for row in given
            ]
            try:
                found[key] = read_rows(given, part.method)
            except ValueError as error:
                self.wrong(f"{prefix}rows", str(error).replace("小行", "行"))
        elif wanted:
            self.wrong(f"{prefix}rows", "请至少填写一行。")
        return found

    def _values(
        self, prefix: str, columns: Sequence[Column], texts: Given
    ) -> Iterator[tuple[str, Any]]:
        for column in columns:
            text = texts.get(column.key, "").replace("\r\n", "\n").strip()
            name = f"{prefix}{column.key}"
            if len(text) > MOST:
                self.wrong(name, f"{column.heading}最多 {MOST} 字，现有 {len(text)} 字。")
            elif fault := refusal(column.heading, text):
                self.wrong(name, fault)
            elif text:
                try:
                    yield column.key, read_text(column, text)
                except ValueError as error:
                    self.wrong(name, f"{column.heading}{error}。")
            elif column.required:
                self.wrong(name, f"请填写{column.heading}。")


def read_text(column: Column, text: str) -> Any:
    """What a field says; raises ValueError with what to do."""
    if column.holds == "list":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if column.holds == "text" and not column.choices:
        return " ".join(text.split("\n"))
    return column.read(with_names(text) if column.holds == "expression" else text)


def with_names(text: str) -> str:
    """A formula with the names of the measures whose labels it has: 「返利到账额」 / 2, or a label
    alone. Labels that no measure has stay, for the engine to tell."""
    if name := _name_of(text.partition("（单位")[0]):
        return name
    return _LABEL.sub(lambda found: _name_of(found[1]) or found[0], text)


def _name_of(label: str) -> str | None:
    for prefix, word in PREFIX_LABELS.items():
        if (name := _named().get(label.removesuffix(f"（{word}）"))) and label.endswith(
            f"（{word}）"
        ):
            return f"{prefix}.{name}"
    return _named().get(label)


@lru_cache(maxsize=1)
def _named() -> Mapping[str, str]:
    return {measure.label: name for name, measure in CATALOGUE.measures.items()}


def text_of(column: Column, value: Any) -> str:
    """What a field shows of a value of the file."""
    if column.holds == "list":
        return "\n".join(map(str, value))
    return shown(column.write(value))


def of_row(row: Mapping[str, Any]) -> LineForm:
    """The form that shows an indicator of a file."""
    texts = {c.key: _shown(c, row[c.key]) for c in OF_LINE if c.key in row}
    parts = row.get("part")
    if row.get("combine") and isinstance(parts, list):
        return LineForm(texts, str(row["combine"]), [_part_of(part) for part in parts])
    return LineForm(texts, "", [_part_of(row)])


def of_sent(sent: Given) -> LineForm:
    """The form as it was sent: names as the template has them."""
    parts = []
    for number in takewhile(lambda n: f"part-{n}-method" in sent, count()):
        prefix = f"part-{number}-"
        method = METHODS.get(sent[f"{prefix}method"], sent[f"{prefix}method"])
        texts = {c.key: sent.get(f"{prefix}{c.key}", "") for c in columns_of(method)}
        wanted = parts_of_rows(method)
        rows = []
        for place in count():
            names = [f"{prefix}rows-{place}-{key}" for key, _ in wanted]
            if not any(name in sent for name in names):
                break
            rows.append([sent.get(name, "") for name in names])
        parts.append(PartForm(method, sent.get(f"{prefix}points", ""), texts, rows))
    texts = {c.key: sent.get(c.key, "") for c in OF_LINE}
    return LineForm(texts, sent.get("combine", ""), parts or [PartForm()])


def _part_of(row: Mapping[str, Any]) -> PartForm:
    method = str(row.get("method", ""))
    texts = {c.key: _shown(c, row[c.key]) for c in columns_of(method) if c.key in row}
    rows: list[list[str]] = []
    wanted = parts_of_rows(method)
    for key in ROW_KEYS:
        given = row.get(key)
        if not wanted or not isinstance(given, list):
            continue
        if key == "share_table":
            texts["by_share"] = "是"
        for each in given:
            cells = [each.get(part, "") for part, _ in wanted] if isinstance(each, dict) else each
            rows.append([shown(cell) for cell in cells])
    points = next(c for c in OF_LINE if c.key == "points")
    return PartForm(method, _shown(points, row["points"]) if "points" in row else "", texts, rows)


def _shown(column: Column, value: Any) -> str:
    try:
        return text_of(column, value)
    except (AttributeError, StopIteration, TypeError, ValueError):
        return str(value)  # a file with faults: the form says what is wrong with it


def _trimmed(row: Sequence[str], wanted: Sequence[tuple[str, str]]) -> list[str]:
    """A row without an empty last part that need not be said."""
    found = [cell.strip() for cell in row]
    return found[:-1] if wanted[-1][0] == "max" and not found[-1] else found
