"""What reads differently in two papers, page by page, and whether they show the same figures."""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TypedDict

import pikepdf
from pypdf import PageObject, PdfReader

from tracker.core.strangers.bounds import Reason, UnreadableError

SHOWN = 12
MOST_TEXT = 1_000_000  # characters of a file
_MORE_PAGES = 20
_LONGEST = 160  # characters of a line that is told
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Page numbers and the names of the versions change with the layout; the points do not.
_FURNITURE = re.compile(r"— ?\d+ ?—|版式\s*[\w.]+|计分引擎\s*[\w.]+")


class Compared(TypedDict):
    """How a file compares with what it should be: whether it shows the same figures, and where it
    says something else, at most `SHOWN` places of it."""

    same_figures: bool
    differences: list[str]


def compare(expected: bytes, found: bytes) -> Compared:
    """How the file `found` compares with `expected`. For `strangers.read_apart`: a hostile file may
    make it raise anything. Raises UnreadableError for one that holds more than any paper."""
    own, other = _pages(expected), _pages(found)
    counted = f"原件应有 {len(own)} 页，文件有 {len(other)} 页。"
    if len(other) > 2 * len(own) + _MORE_PAGES:  # no other layout of it either: left unread
        return {"same_figures": False, "differences": [counted]}
    ours, theirs = _texts(own), _texts(other)
    return {
        "same_figures": _figures(ours) == _figures(theirs),
        "differences": _differences(ours, theirs, counted),
    }


def lacking(found: bytes, *, figures: list[str]) -> list[str]:
    """Those of `figures` that the file `found` does not show. For `strangers.read_apart`, as
    `compare`."""
    shown = _figures(_texts(_pages(found)))
    return [figure for figure in figures if figure not in shown]


def appended(expected: bytes, found: bytes) -> bool:
    """Whether the file `found` is `expected` with more behind it."""
    return len(found) > len(expected) and found.startswith(expected)


def _differences(ours: list[list[str]], theirs: list[list[str]], counted: str) -> list[str]:
    words = []
    for number, (own, other) in enumerate(zip(ours, theirs, strict=False), 1):
        for side, line in _changed(own, other):
            words.append(f"第 {number} 页　{side}：{_shown(line)}")
    if len(ours) != len(theirs):
        words.append(counted)
    if not words:
        words.append("文字相同，文件的其他内容（版式、属性或附加数据）已被改动。")
    hidden = len(words) - SHOWN
    return [*words[:SHOWN], *([f"另有 {hidden} 处不同。"] if hidden > 0 else [])]


def _changed(own: list[str], other: list[str]) -> Iterator[tuple[str, str]]:
    matcher = difflib.SequenceMatcher(None, own, other, autojunk=False)
    for tag, i, j, k, n in matcher.get_opcodes():
        if tag == "equal":
            continue
        for before, after in zip_longest(own[i:j], other[k:n]):
            if before is not None:
                yield "原件", before
            if after is not None:
                yield "文件", after


def _shown(line: str) -> str:
    """A line of a stranger's file as a terminal and a page may show it."""
    text = "".join(char if char.isprintable() else " " for char in line[: _LONGEST + 1])
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _figures(pages: list[list[str]]) -> frozenset[str]:
    """The different figures that a paper shows, without page numbers and versions."""
    text = "\n".join(line for page in pages for line in page)
    return frozenset(_FIGURE.findall(_FURNITURE.sub("", text)))


def _pages(pdf: bytes) -> Sequence[PageObject]:
    return PdfReader(io.BytesIO(_open(pdf))).pages


def _texts(pages: Sequence[PageObject]) -> list[list[str]]:
    found, length = [], 0
    for page in pages:
        text = page.extract_text()
        length += len(text)
        if length > MOST_TEXT:
            raise UnreadableError(Reason.TOO_MUCH)
        found.append(text.splitlines())
    return found


def _open(pdf: bytes) -> bytes:
    """The file without its encryption, if that asks for no password."""
    if b"/Encrypt" not in pdf:
        return pdf
    try:
        file = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PasswordError:
        raise UnreadableError(Reason.ENCRYPTED) from None
    with file:
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()
