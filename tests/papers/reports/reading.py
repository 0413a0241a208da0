"""What a report's file says, read back."""

from __future__ import annotations

import io
import re

import pypdf

from tests.papers.texts import page_texts

_FURNITURE = re.compile(r"^.*?—\d+—")


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return page_texts(pdf)


def squeezed(text: str) -> str:
    """Text without any space."""
    return re.sub(r"\s", "", text)


def body(pdf: bytes) -> str:
    """All text without spaces and without what stands on every page."""
    return "".join(_FURNITURE.sub("", squeezed(page)) for page in pages(pdf))


def outline(pdf: bytes) -> list[str]:
    """The titles of the bookmarks, all levels."""

    def titles(items) -> list[str]:
        found = []
        for item in items:
            found += titles(item) if isinstance(item, list) else [item.title]
        return found

    return titles(pypdf.PdfReader(io.BytesIO(pdf)).outline)
