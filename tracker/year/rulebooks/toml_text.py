"""Writing a rulebook as the text of a TOML file."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.engine.scoring.canonical import number_text


def toml_text(book: dict[str, Any]) -> str:
    """The TOML text of a rulebook's values: text, numbers, yes or no, dates, lists, small tables.

    Lists of tables under the book's own keys become `[[key]]` tables after the single values.
    """
    tables = {key: value for key, value in book.items() if _is_tables(value)}
    lines = _values({key: value for key, value in book.items() if key not in tables})
    for key, rows in tables.items():
        for row in rows:
            lines += ["", f"[[{key}]]", *_values(row)]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


def _values(values: dict[str, Any]) -> list[str]:
    lines = []
    for key, value in values.items():
        if _is_tables(value):
            lines += [f"{key} = [", *(f"  {_inline(row)}," for row in value), "]"]
        else:
            lines.append(f"{key} = {_inline(value)}")
    return lines


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(k)} = {_inline(v)}' for k, v in value.items())} }}"
    return _text(value)


def _key(key: str) -> str:
    return key if key.isascii() and key.isidentifier() else _text(key)


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but JSON leaves DEL as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
