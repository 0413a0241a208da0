"""What is drawn onto the land: names where there is room, arcs between pairs, enclaves as points.
Pure arithmetic in the units of the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.overview.map.outlines import Point

SIZE, LARGE = 16, 34  # of the letters at a desk, and on a phone


@dataclass(frozen=True)
class Name:
    """A name, its middle at (`x`, `y`)."""

    text: str
    x: int
    y: int


@dataclass(frozen=True)
class Mark:
    """A point with the number of enclaves that lie in a place, and in words which."""

    x: int
    y: int
    radius: float
    number: int
    words: str


def names_with_room(wanted: Iterable[tuple[str, Point]], size: int) -> list[Name]:
    """Those names, the first before others, that cover none set before; `size` of the letters."""
    placed: list[tuple[float, float, float, float]] = []
    found = []
    for text, (x, y) in wanted:
        half = len(text) * size / 2 + 2
        box = (x - half, y - 0.65 * size, x + half, y + 0.65 * size)
        if any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in placed
        ):
            continue
        placed.append(box)
        found.append(Name(text, x, y))
    return found


def arc(start: Point, end: Point) -> str:
    """The path of a bow from `start` to `end`, bent to the left by a sixth of its length."""
    (x, y), (p, q) = start, end
    bend_x, bend_y = (x + p) / 2 + (q - y) / 6, (y + q) / 2 - (p - x) / 6
    return f"M{x} {y}Q{round(bend_x)} {round(bend_y)} {p} {q}"


def radius_of(number: int) -> float:
    """The radius of a point for so many: its area grows with them, and a number has room."""
    return round(8 + 3 * math.sqrt(number), 1)
