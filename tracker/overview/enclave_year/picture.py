"""The geometry of the picture of coverage: a strip a kind, a square a county. Pure arithmetic, in
units of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.overview.enclave_year.coverage import Covered, Row

SIDE, STEP = 20, 26  # a square, and from one to the next
MOST = 13  # squares beside each other: words keep a size that can be read on a phone


@dataclass(frozen=True)
class Square:
    """A county's square: `look` is "has", "hole" or "unknown", `words` say it."""

    x: int
    y: int
    look: str
    number: int
    words: str


@dataclass(frozen=True)
class Strip:
    """A kind with its squares, and how many of the counties have one."""

    key: str
    name: str
    said: str
    squares: Sequence[Square]
    width: int
    height: int


def strips(coverage: Sequence[Covered], rows: Sequence[Row]) -> list[Strip]:
    """The counties in the order of `rows` in each strip, in as many lines as are needed."""
    lines = -(-len(rows) // MOST) or 1
    found = []
    for of in coverage:
        squares = []
        for place, row in enumerate(rows):
            line, column = divmod(place, MOST)
            hole, count = row.hole(of.kind), row.numbers.get(of.kind, 0)
            look = {False: "has", True: "hole", None: "unknown"}[hole]
            words = {
                "has": f"{count} 个",
                "hole": "没有登记",
                "unknown": "不能判断，有类型未报的飞地",
            }[look]
            squares.append(
                Square(
                    column * STEP + 2,
                    line * STEP + 2,
                    look,
                    count,
                    f"{row.place.name}{of.kind.label}：{words}",
                )
            )
        said = f"{len(of.having)} / {of.number} 个县有"
        if of.unknown:
            said += f"，{len(of.unknown)} 个不能判断"
        size = MOST * STEP - 2, lines * STEP - 2
        found.append(Strip(of.kind.value, of.kind.label, said, squares, *size))
    return found
