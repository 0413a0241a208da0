"""Read a printed card back by its tags, as a screen reader would."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from tests.papers.texts import page_texts

_TEXT = re.compile(r'^ *"(.*)"$')
_ELEMENT = re.compile(r"^( *)(\w+)")


@dataclass
class Element:
    """A structure element with its own text and its children, in reading order."""

    role: str
    depth: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, role: str) -> Iterator[Element]:
        """Every element of `role` below this one."""
        for child in self.children:
            if child.role == role:
                yield child
            yield from child.all(role)

    @property
    def whole(self) -> str:
        """All text of the element, also of one that is split over pages."""
        return self.text + "".join(child.whole for child in self.children)

    @property
    def cells(self) -> list[str]:
        """The texts of a row's cells."""
        return [child.text for child in self.children]


@lru_cache(maxsize=16)
def structure(pdf: bytes) -> Element:
    """The document's structure tree with its texts; kept, because one paper is read by many tests,
    none of which changes the tree."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = ["pdfinfo", "-struct-text", file.name]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    root = Element("", -1)
    path = [root]
    for line in printed.splitlines():
        if text := _TEXT.match(line):
            path[-1].text += text[1]
        elif found := _ELEMENT.match(line):
            depth = len(found[1])
            while path[-1].depth >= depth:
                path.pop()
            element = Element(found[2], depth)
            path[-1].children.append(element)
            path.append(element)
    return root


def tables(document: Element) -> dict[str, list[list[str]]]:
    """The rows of every table by its heading cells: "指标 满分 …" → rows of cell texts."""
    found: dict[str, list[list[str]]] = {}
    for table in document.all("Table"):
        head, *rows = [row.cells for row in table.all("TR")]
        found[" ".join(head)] = rows
    return found


def squeezed(text: str) -> str:
    """Without white space, which a broken line may lose."""
    return re.sub(r"\s", "", text)


def number(text: str) -> Decimal:
    """A printed figure: thousands grouped, minus as "−"."""
    return Decimal(text.replace(",", "").replace("−", "-"))


def pages(pdf: bytes) -> list[str]:
    return page_texts(pdf)


def body(pdf: bytes) -> str:
    """The text without what stands on every page, so that split paragraphs are whole again."""
    return "".join(
        re.sub(r"^.*?—\d+—(指标满分.*?数据来源|事实数值依据的记录)?", "", squeezed(page))
        for page in pages(pdf)
    )
