"""Boxes with measured heights, and how they flow over pages.

A box knows its height at a width, can draw itself once with its top at a height, and may be able
to split into what fits into a given room and the rest. `flow` does the pages. Strings are always
text: there is no markup in this layer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tracker.engine.typeset.faces import Face, Role, face
from tracker.engine.typeset.linebreak import Line, break_text
from tracker.engine.typeset.sheet import BLACK, Color, Sheet
from tracker.engine.typeset.structure import Element

Align = Literal["left", "center", "right", "justify"]

_MAX_STRETCH = 0.25  # of the size, between two Chinese characters; more looks torn apart
_MAX_LATIN_STRETCH = 0.05  # the same in a line that is mostly Latin, where words must hold
_ASCENT = 0.88  # of the size, from the em box's top to the base line
_EPSILON = 0.01


class LayoutError(Exception):
    """A box that cannot be split is taller than a page."""


class Box:
    """What stands in the flow. Heights and widths in points."""

    space_before: float = 0
    keep_with_next: bool = False

    def height(self, width: float) -> float:
        raise NotImplementedError

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        raise NotImplementedError

    def split(self, width: float, room: float, force: bool = False) -> tuple[Box, Box] | None:
        """What fits into `room` and the rest, or None if nothing sensible fits.

        `force` is set where the room is a whole page, so that waiting for more is useless.
        """
        return None

    def starts(self, width: float, room: float) -> bool:
        """Whether the box, or a sensible first part of it, fits into `room`."""
        return self.height(width) <= room + _EPSILON or self.split(width, room) is not None


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a paragraph is set: sizes in points, `indent` in ems for its first line. Text set to the
    right leaves the width of `tail` free behind it, so that points of a column stand under each
    other where figures have unequal places."""

    role: Role = Role.FANGSONG
    size: float = 16
    leading: float = 28
    align: Align = "justify"
    indent: float = 0
    color: Color = BLACK
    tag: str = "P"
    space_before: float = 0
    keep_with_next: bool = False
    outline: int | None = None  # level in the outline, if it is a heading
    tail: str = ""


class Paragraph(Box):
    """Text in one style, broken by Chinese rules."""

    def __init__(self, text: str, style: TextStyle) -> None:
        self.text = self.whole = text.replace("\t", " ")
        self.style = style
        self.space_before = style.space_before
        self.keep_with_next = style.keep_with_next
        self._broken: tuple[float, tuple[Line, ...]] | None = None
        self._begun = False
        self._element: list[Element] = []

    def lines(self, width: float) -> tuple[Line, ...]:
        if self._broken is None or self._broken[0] != width:
            style = self.style
            lines = _lines(
                face(style.role),
                self.text,
                width - self._tail,
                style.size,
                style.indent * style.size,
            )
            self._broken = (width, lines)
        return self._broken[1]

    @property
    def _tail(self) -> float:
        style = self.style
        return face(style.role).measure(style.tail, style.size) if style.tail else 0.0

    def height(self, width: float) -> float:
        return len(self.lines(width)) * self.style.leading

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        style = self.style
        if style.outline is not None and not self._begun:
            sheet.heading = self.text
            sheet.bookmark(self.text, style.outline, top)
        if not self._element:
            self._element.append(sheet.add(style.tag))
        with sheet.within(self._element[0]), sheet.content():
            self.paint(sheet, x, top, width)

    def paint(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        """Draw the lines alone, as part of content that is already open."""
        style = self.style
        base = top - (style.leading - style.size) / 2 - _ASCENT * style.size
        sheet.whole = self.whole
        for number, line in enumerate(self.lines(width)):
            first = number == 0 and not self._begun
            indent = style.indent * style.size if first else 0
            slack, spacing, left = width - indent - line.width, 0.0, x + indent
            if style.align == "right":
                left += slack - self._tail
            elif style.align == "center":
                left += slack / 2
            elif style.align == "justify" and not line.last and len(line.text) > 1:
                spacing = slack / (len(line.text) - 1)
                if spacing > _most_stretch(line.text) * style.size:
                    spacing = 0.0
            sheet.text(left, base, line.text, style.role, style.size, style.color, spacing)
            base -= style.leading
        sheet.whole = ""

    def split(self, width: float, room: float, force: bool = False) -> tuple[Box, Box] | None:
        if self.style.tag != "P" and not force:
            return None
        count = len(self.lines(width))
        fitting = min(self.fitting(room), count - 2)  # two lines at least on either side
        return self.split_lines(width, fitting) if fitting >= 2 else None

    def fitting(self, room: float) -> int:
        """How many lines go into `room`."""
        return int((room + _EPSILON) // self.style.leading)

    def split_lines(self, width: float, count: int) -> tuple[Paragraph, Paragraph]:
        """The first `count` lines and the rest, as parts of one element."""
        parts = []
        for lines in (self.lines(width)[:count], self.lines(width)[count:]):
            part = Paragraph("", self.style)
            part.whole = self.whole
            part._broken = (width, lines)
            part._element = self._element
            parts.append(part)
        parts[0]._begun, parts[1]._begun = self._begun, True
        parts[0].keep_with_next = False
        parts[1].space_before = 0
        return parts[0], parts[1]


@lru_cache(4096)
def _lines(used: Face, text: str, width: float, size: float, indent: float) -> tuple[Line, ...]:
    """The papers of a batch share most of their texts: names of lines, rules, headings."""
    return break_text(text, width, used.widths, size, indent)


def _most_stretch(text: str) -> float:
    chinese = sum(char >= "\u2e80" for char in text)
    return _MAX_STRETCH if 2 * chinese > len(text) else _MAX_LATIN_STRETCH


class Space(Box):
    """Empty height, dropped at the top of a page; it goes with what follows it."""

    keep_with_next = True

    def __init__(self, points: float) -> None:
        self.points = points

    def height(self, width: float) -> float:
        return self.points

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        return None


class NewPage(Box):
    """Begins a page, unless one has just begun."""

    def height(self, width: float) -> float:
        return 0

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        if not sheet.at_top:
            sheet.next_page()


class Columns(Box):
    """Boxes side by side, tops aligned; `shares` of the width, `gap` points between them."""

    def __init__(self, boxes: list[Box], shares: list[float], gap: float = 12) -> None:
        self.boxes, self.shares, self.gap = boxes, shares, gap

    def _widths(self, width: float) -> list[float]:
        free = width - self.gap * (len(self.boxes) - 1)
        return [free * share / sum(self.shares) for share in self.shares]

    def height(self, width: float) -> float:
        widths = self._widths(width)
        return max(box.height(w) for box, w in zip(self.boxes, widths, strict=True))

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        for box, own in zip(self.boxes, self._widths(width), strict=True):
            box.draw(sheet, x, top, own)
            x += own + self.gap


class Stack(Box):
    """Boxes one below the other that stay together."""

    def __init__(self, boxes: list[Box], space_before: float = 0) -> None:
        self.boxes, self.space_before = boxes, space_before

    def height(self, width: float) -> float:
        gaps = sum(box.space_before for box in self.boxes[1:])
        return sum(box.height(width) for box in self.boxes) + gaps

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        for number, box in enumerate(self.boxes):
            top -= box.space_before if number else 0
            box.draw(sheet, x, top, width)
            top -= box.height(width)


def flow(sheet: Sheet, boxes: Iterable[Box]) -> None:
    """Set the boxes one below the other over as many pages as they need.

    A box that keeps with the next never stands at a page's foot without a part of it.
    Raises LayoutError for an unsplittable box taller than a page.
    """
    queue = deque(boxes)
    width, x = sheet.frame.width, sheet.frame.left
    while queue:
        box = queue.popleft()
        if isinstance(box, Space) and sheet.at_top:
            continue
        if not sheet.at_top and not _chain_starts(box, queue, width, sheet.room):
            sheet.next_page()
            queue.appendleft(box)
            continue
        if not sheet.at_top:
            sheet.top -= box.space_before
        split = box.height(width) > sheet.room + _EPSILON
        if split:
            parts = box.split(width, sheet.room, force=sheet.at_top)
            if parts is None:
                raise LayoutError(f"{type(box).__name__} is taller than a page")
            queue.appendleft(parts[1])
            box = parts[0]
        box.draw(sheet, x, sheet.top, width)
        sheet.top -= box.height(width)
        if split:
            sheet.next_page()  # what was held back must not begin here after all


def _chain_starts(box: Box, rest: deque[Box], width: float, room: float) -> bool:
    room -= box.space_before
    for follower in rest:
        if not box.keep_with_next:
            break
        room -= box.height(width) + follower.space_before
        box = follower
    return box.starts(width, room)
