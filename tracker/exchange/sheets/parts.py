"""The parts of a workbook beside its cells: which sheets there are, shared texts, number formats.

Read by expat, as the cells are (see `reading`): a document type ends it before any entity is made.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from tracker.exchange.sheets import formats
from tracker.exchange.sheets.archive import RefusedWorkbookError, read_part

STEP = 1 << 16  # bytes of a part that are read at a time
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_DOCTYPE = "文件内部含有文档类型声明，不予打开；请从模板重新填写。"
_EXTERNAL = "工作簿链接到其他文件，不予打开；请断开链接后另存。"


def parser_of(start: Callable[..., None], end: Callable[..., None] | None = None) -> Any:
    """An expat parser that refuses a document type; names are "namespace name"."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    return parser


def _no_doctype(*_told: object) -> None:
    raise RefusedWorkbookError(_DOCTYPE)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def main_part(archive: zipfile.ZipFile, part: Callable[[str], str]) -> str:
    found = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes["Target"])

    parser_of(start).Parse(read_part(archive, part("_rels/.rels")), True)
    if not found:
        raise RefusedWorkbookError("文件不是 .xlsx 工作簿：请用 WPS 或 Excel 另存为 .xlsx 再传。")
    return found[0]


class Book:
    """What the main part says: the sheets in their order, and from when days are counted."""

    def __init__(self, archive: zipfile.ZipFile, main: str) -> None:
        self.sheets: list[tuple[str, bool, str]] = []
        self.from_1904 = False
        parser_of(self._start).Parse(read_part(archive, main), True)
        names = [name for name, _, _ in self.sheets]
        if not names or len(set(names)) < len(names):
            raise ValueError("no sheets, or two of one name")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "workbookPr":
                self.from_1904 = attributes.get("date1904") in ("1", "true", "on")
            case "sheet":
                link = next(
                    (attributes[f"{of} id"] for of in _LINKS if f"{of} id" in attributes), ""
                )
                hidden = attributes.get("state", "visible") != "visible"
                self.sheets.append((attributes["name"], hidden, link))


def links_of(
    archive: zipfile.ZipFile, names: dict[str, str], main: str
) -> dict[str, tuple[str, str]]:
    """Number of a link → (type, part) of the main part."""
    folder, file = posixpath.split(main)
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) != "Relationship":
            return
        kind = attributes["Type"].rpartition("/")[2]
        if attributes.get("TargetMode") == "External" and kind != "hyperlink":
            raise RefusedWorkbookError(_EXTERNAL)
        target = attributes["Target"]
        path = target if target.startswith("/") else posixpath.join(folder, target)
        found[attributes["Id"]] = kind, posixpath.normpath(path).lstrip("/")

    of = names[f"{folder}/_rels/{file}.rels".lower().lstrip("/")]
    parser_of(start).Parse(read_part(archive, of), True)
    return found


def _part_of(kind: str, names: dict[str, str], links: dict[str, tuple[str, str]]) -> str | None:
    target = next((path for of, path in links.values() if of == kind), None)
    return names.get(target.lower()) if target is not None else None


def strings_of(
    archive: zipfile.ZipFile, names: dict[str, str], links: dict[str, tuple[str, str]]
) -> list[str]:
    """The texts that cells name by their place."""
    found: list[str] = []
    of = _part_of("sharedStrings", names, links)
    if of is None:
        return found
    parts: list[str] = []
    state = {"text": False, "sound": 0}

    def start(name: str, _attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "si":
            parts.clear()
        elif local == "rPh":  # how a text is read aloud is no part of it
            state["sound"] += 1
        elif local == "t":
            state["text"] = not state["sound"]

    def end(name: str) -> None:
        local = _local(name)
        if local == "si":
            found.append(text_of("".join(parts)))
        elif local == "rPh":
            state["sound"] -= 1
        elif local == "t":
            state["text"] = False

    parser = parser_of(start, end)
    parser.CharacterDataHandler = lambda text: parts.append(text) if state["text"] else None
    with archive.open(of) as source:
        while piece := source.read(STEP):
            parser.Parse(piece, False)
    parser.Parse(b"", True)
    return found


def styles_of(
    archive: zipfile.ZipFile, names: dict[str, str], links: dict[str, tuple[str, str]]
) -> list[str]:
    """What the numbers of each style of cells are."""
    of = _part_of("styles", names, links)
    if of is None:
        return []
    codes: dict[int, str] = {}
    numbers: list[int] = []
    within: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif local == "xf" and within and within[-1] == "cellXfs":
            numbers.append(int(attributes.get("numFmtId", 0)))
        within.append(local)

    def end(_name: str) -> None:
        within.pop()

    parser_of(start, end).Parse(read_part(archive, of), True)
    return [formats.of_format(number, codes.get(number)) for number in numbers]


def text_of(text: str) -> str:
    """`text` with what Excel writes as `_x000D_` as it is meant, and lines that end as here."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
