"""What reads differently in two papers, page by page, and the figures that a paper shows."""

from __future__ import annotations

import difflib
import io
import re

from pypdf import PdfReader
from pypdf.errors import PyPdfError

SHOWN = 12
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Page numbers and the names of the versions change with the layout; the points do not.
_FURNITURE = re.compile(r"— ?\d+ ?—|版式\s*[\w.]+|计分引擎\s*[\w.]+")


def differences(expected: bytes, found: bytes) -> tuple[str, ...]:
    """What the file `found` says otherwise than `expected`, at most `SHOWN` places of it."""
    words: list[str] = []
    ours, theirs = _texts(expected), _texts(found)
    for number, (own, other) in enumerate(zip(ours, theirs, strict=False), 1):
        for line in difflib.ndiff(own, other):
            side = {"- ": "原件", "+ ": "文件"}.get(line[:2])
            if side:
                words.append(f"第 {number} 页　{side}：{line[2:]}")
    if len(ours) != len(theirs):
        words.append(f"原件应有 {len(ours)} 页，文件有 {len(theirs)} 页。")
    if not words and found.startswith(expected):
        words.append(
            f"文件是原件，其后附加了 {len(found) - len(expected):,} 字节（例如签章或批注）。"
        )
    if not words:
        words.append("文字相同，文件的其他内容（版式、属性或附加数据）已被改动。")
    hidden = len(words) - SHOWN
    return (*words[:SHOWN], *([f"另有 {hidden} 处不同。"] if hidden > 0 else []))


def figures_of(pdf: bytes) -> frozenset[str]:
    """The different figures that a paper shows, without page numbers and versions."""
    text = "\n".join(line for page in _texts(pdf) for line in page)
    return frozenset(_FIGURE.findall(_FURNITURE.sub("", text)))


def _texts(pdf: bytes) -> list[list[str]]:
    try:
        return [page.extract_text().splitlines() for page in PdfReader(io.BytesIO(pdf)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError):
        return []
