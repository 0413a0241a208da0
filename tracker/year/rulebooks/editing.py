"""Changing a rulebook's or a set's file as text: comments, order and spelling of the rest stay."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from tracker.year.rulebooks.toml_text import inline_item

Row = Mapping[str, Any]


def values_of(text: str) -> dict[str, Any]:
    """The values of a file, numbers exact."""
    return tomllib.loads(text, parse_float=Decimal)


def rows_of(text: str) -> list[dict[str, Any]]:
    """The indicators of a rulebook as the file has them, also of one that has faults."""
    rows = values_of(text).get("indicator")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def with_line(text: str, code: str | None, row: Row) -> str:
    """`text` with the indicator `code` saying `row`, or with `row` as a new one, which comes after
    the last of its kind and group. Raises KeyError if there is no such indicator."""
    document = tomlkit.parse(text)
    lines = document.get("indicator")
    if not isinstance(lines, AoT):
        document.append("indicator", tomlkit.aot())
        lines = document["indicator"]
    rows = rows_of(text)
    if code is None:
        lines.insert(_place_of(rows, row), _table(row))
    else:
        number = _number(rows, code)
        _say(lines[number], rows[number], row)
    return tomlkit.dumps(document)


def without_line(text: str, code: str) -> str:
    """`text` without an indicator. Raises KeyError if there is none."""
    document = tomlkit.parse(text)
    del document["indicator"][_number(rows_of(text), code)]
    return tomlkit.dumps(document)


def of_year(text: str, year: int) -> str:
    """A rulebook's or a set's file for another year."""
    document = tomlkit.parse(text)
    document["year"] = year
    return tomlkit.dumps(document)


def with_books(text: str, paths: list[str]) -> str:
    """A set's file naming the rulebooks `paths`."""
    document = tomlkit.parse(text)
    names = tomlkit.array()
    names.extend(paths)
    document["rulebooks"] = names.multiline(len(paths) > 1)
    return tomlkit.dumps(document)


def _number(rows: list[dict[str, Any]], code: str) -> int:
    for number, row in enumerate(rows):
        if row.get("code") == code:
            return number
    raise KeyError(code)


def _place_of(rows: list[dict[str, Any]], new: Row) -> int:
    kind = new.get("kind", "score")
    alike = [n for n, row in enumerate(rows) if row.get("kind", "score") == kind]
    grouped = [n for n in alike if rows[n].get("group") == new.get("group")]
    found = grouped or alike
    return found[-1] + 1 if found else len(rows)


def _say(table: Table, before: Row, row: Row) -> None:
    """Let a table say `row`: what it says already stays as it is written."""
    for key in before:
        # What is said to be off is off as well where it is not said.
        if key not in row and before[key] is not False:
            table.remove(key)
    for key, value in row.items():
        if key in before and before[key] == value:
            continue
        if key == "part":
            _say_parts(table, before.get(key, []), value)
        elif key in table or "part" not in table:
            table[key] = inline_item(value)
        else:  # single values come before the tables within
            parts = table.pop("part")
            table[key] = inline_item(value)
            table["part"] = parts


def _say_parts(table: Table, before: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    if len(before) == len(rows):
        for part, old, row in zip(table["part"], before, rows, strict=True):
            _say(part, old, row)
    else:
        table["part"] = _parts(rows)


def _table(row: Row) -> Table:
    table = tomlkit.table()
    for key, value in row.items():
        table[key] = _parts(value) if key == "part" else inline_item(value)
    if "part" not in row:
        table.add(tomlkit.nl())
    return table


def _parts(rows: list[dict[str, Any]]) -> AoT:
    parts = tomlkit.aot()
    for row in rows:
        parts.append(_table(row))
    return parts
