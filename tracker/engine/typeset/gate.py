"""The one gate for texts that can reach paper, whatever way they come in.

Forms, file names, commands and loaders ask here; what is refused is named, never repaired.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from tracker.engine.typeset.faces import missing_glyphs, name_characters


def refusal(what: str, text: str) -> str:
    """Why `text`, called `what`, cannot be taken: a sentence that names each character which no
    face can draw, what is not seen by code point and name. "" where nothing stands against it."""
    missing = missing_glyphs(text)
    if not missing:
        return ""
    return f"{what}中的{name_characters(missing)}无法打印，请改用通用规范汉字。"


def refused_lines(text: str) -> list[str]:
    """The refusals of a file's text, each with its line from 1."""
    lines = text.replace("\r\n", "\n").split("\n")
    return [fault for n, line in enumerate(lines, 1) if (fault := refusal(f"第 {n} 行", line))]


def refused_toml(text: str) -> list[str]:
    """The refusals of a TOML file: by line, comments too; else of what it writes as escapes. None
    of a text that is no TOML, as is said by what reads it."""
    try:
        return refused_lines(text) or list(refused_strings(tomllib.loads(text)))
    except tomllib.TOMLDecodeError:
        return []


def refused_strings(found: Any, where: str = "") -> Iterator[str]:
    """The refusals of all texts in what was read from TOML or JSON, also of those that the file
    writes as escapes; `where` names what holds them."""
    if isinstance(found, str):
        if fault := refusal(where or "文字", found):
            yield fault
    elif isinstance(found, dict):
        for key, value in found.items():
            yield from refused_strings(key, f"{where or '文件'}中的名称")
            yield from refused_strings(value, f"{where} 的 {key}" if where else str(key))
    elif isinstance(found, list):
        for number, each in enumerate(found, 1):
            yield from refused_strings(each, f"{where} 第 {number} 项")
