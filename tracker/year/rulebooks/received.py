"""Reading the files of an office: TOML or the Excel table, all faults at once, each with its place.

`read_books` is for `strangers.read_apart`: nothing here knows the web or the database.
"""

from __future__ import annotations

import re
from typing import Any

from tracker.core.strangers.bounds import Bounds
from tracker.core.strangers.named import what_it_is
from tracker.engine.scoring import RulebookError
from tracker.engine.scoring.loading import parse_toml
from tracker.engine.typeset.gate import refused_toml
from tracker.year.rulebooks.faults import CODE, checked_book
from tracker.year.rulebooks.sheet import SheetError, read_sheet

# The catalogue and the workbook's reader take longer to load than to read.
BOUNDS = Bounds(processor=12, clock=30, memory=768 * 1024 * 1024)
# How old or locked Office files and PDF begin: no text, whatever is wrong.
_NO_TEXT = (b"\xd0\xcf\x11\xe0", b"%PDF-")
_CELL = re.compile(r"^(「[^」]*」)第 (\d+) 行(?: ([A-Z]+) 列)?(?:（([^）]*)）)?：?")
_LINE = re.compile(r"^第 (\d+) 行(?:第 \d+ 列)?：?|\(第 (\d+) 行第 \d+ 列\)")


def read_books(
    *files: bytes, names: list[str], supplied: list[str]
) -> list[dict[str, str | list[list[str]]]]:
    """Of each file its text as TOML and its faults, each with where it is ("" for the whole).

    `names`: what the files are called; `supplied`: the measures of the catalogue.
    """
    known = frozenset(supplied)
    return [_read(name, content, known) for name, content in zip(names, files, strict=True)]


def _read(name: str, content: bytes, supplied: frozenset[str]) -> dict[str, Any]:
    if content[:2] == b"PK":
        try:
            return {"name": name, "text": read_sheet(content, supplied), "faults": []}
        except SheetError as error:
            return {"name": name, "text": "", "faults": [list(cell_of(f)) for f in error.faults]}
    if content.startswith(_NO_TEXT):
        return {"name": name, "text": "", "faults": [["", what_it_is(content)]]}
    try:
        values = parse_toml(content)
        text = content.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except RulebookError as error:
        return {"name": name, "text": "", "faults": [list(line_of(f, "")) for f in error.faults]}
    faults = refused_toml(text)
    if "rulebooks" not in values:  # a set's file is read with its set
        faults += checked_book(text, supplied)[1]
    return {"name": name, "text": text, "faults": [list(line_of(f, text)) for f in faults]}


def cell_of(fault: str) -> tuple[str, str]:
    """Where a fault of a workbook is (「指标」H3), and what is wrong there."""
    found = _CELL.match(fault)
    if found is None:
        return "", fault
    sheet, row, column, heading = found.groups()
    place = f"{sheet}{column}{row}" if column else f"{sheet}第 {row} 行"
    rest = fault[found.end() :]
    return place, f"{heading}：{rest}" if heading and rest else rest or fault


def line_of(fault: str, text: str) -> tuple[str, str]:
    """Where a fault of a TOML file is (第 12 行), by the line that it names or its indicator's."""
    if found := _LINE.search(fault):
        return f"第 {found[1] or found[2]} 行", fault
    if code := CODE.search(fault):
        mark = re.compile(rf"^\s*code\s*=\s*[\"']{re.escape(code[1])}[\"']", re.MULTILINE)
        if at := mark.search(text):
            return f"第 {text.count(chr(10), 0, at.end()) + 1} 行", fault
    return "", fault
