"""Writing a rulebook as the text of a TOML file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit.items import Array, InlineTable, Item

from tracker.engine.scoring.canonical import number_text


def toml_text(book: dict[str, Any]) -> str:
    """The TOML text of a rulebook's values: text, numbers, yes or no, dates, lists, small tables.

    Lists of tables under the book's own keys become `[[key]]` tables after the single values.
    """
    document = tomlkit.document()
    for key, value in sorted(book.items(), key=lambda each: _is_tables(each[1])):
        if _is_tables(value):
            rows = tomlkit.aot()
            for row in value:
                rows.append({name: inline_item(each) for name, each in row.items()})
            document.append(key, rows)
        else:
            document.append(key, inline_item(value))
    return tomlkit.dumps(document)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


def inline_item(value: Any) -> Item:
    """A value within a table: numbers exact, small tables and lists within the line."""
    if isinstance(value, Decimal):
        return tomlkit.value(number_text(value))
    if isinstance(value, dict):
        table: InlineTable = tomlkit.inline_table()
        table.update({name: inline_item(each) for name, each in value.items()})
        return table
    if isinstance(value, list):
        array: Array = tomlkit.array()
        array.extend(map(inline_item, value))
        return array.multiline(_is_tables(value))
    return tomlkit.item(value)
