"""The styles of an official paper, near GB/T 9704, and the cells of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker.engine.typeset.boxes import Align, Paragraph, TextStyle
from tracker.engine.typeset.faces import Role
from tracker.engine.typeset.sheet import grey
from tracker.engine.typeset.table import Cell, Row, Table

TITLE = TextStyle(Role.XIAOBIAOSONG, 22, 32, "center", tag="H1", outline=0)
SUBJECT = TextStyle(Role.HEITI, 16, 24, "center", space_before=6)
UNDER_TITLE = TextStyle(Role.KAITI, 12, 18, "center", space_before=2)
HEADING = TextStyle(
    Role.HEITI, 14, 22, "left", tag="H2", outline=1, space_before=16, keep_with_next=True
)
SUBHEADING = TextStyle(
    Role.HEITI, 11, 17, "left", tag="H3", outline=2, space_before=10, keep_with_next=True
)
SENTENCE = TextStyle(Role.FANGSONG, 16, 26, indent=2)
NOTICE = TextStyle(Role.HEITI, 11, 17, "center", space_before=8)
NOTE = TextStyle(Role.FANGSONG, 12, 19, "justify", indent=2)
SOURCE = TextStyle(Role.SANS, 9, 14, "left", space_before=2)

CELL = TextStyle(Role.SANS, 9, 13, "left")
SMALL = TextStyle(Role.SANS, 8, 11.5, "left", color=grey(0.35))
FIGURE = replace(CELL, align="right")
BOLD = replace(CELL, role=Role.HEITI)
BOLD_FIGURE = replace(FIGURE, role=Role.HEITI)
HEAD = replace(BOLD, align="center")
STATE = replace(CELL, size=8.5, align="center")
LEGEND = replace(SMALL, space_before=2, keep_with_next=True)

SHADE = grey(0.93)
GAP = 4.0  # points between a heading and what stands under it


def cell(text: str, style: TextStyle = CELL, colspan: int = 1, heads: str = "") -> Cell:
    """A cell of one text; `heads` is "Column" or "Row" for a heading cell."""
    return Cell([Paragraph(text, style)], colspan, heads)


def aligned(figures: Sequence[str], style: TextStyle = FIGURE) -> list[Cell]:
    """The cells of a column whose figures have unequal places, points under each other; what is no
    figure stands at the right."""
    places = [_places(figure) for figure in figures]
    longest = max((of for of in places if of is not None), default=0)
    return [
        cell(figure, replace(style, tail=_tail(longest, own)))
        for figure, own in zip(figures, places, strict=True)
    ]


def _places(figure: str) -> int | None:
    """How many places a figure has; None of what is none."""
    if not figure[-1:].isdecimal():
        return None
    return len(figure.partition(".")[2])


def _tail(longest: int, own: int | None) -> str:
    if own is None or own == longest:
        return ""
    return "0" * (longest - own) if own else f".{'0' * longest}"


def header(*titles: str) -> Row:
    """The heading row of a table."""
    return Row([cell(title, HEAD, heads="Column") for title in titles], keep=True, fill=SHADE)


def plain_table(
    titles: Sequence[str],
    shares: Sequence[float],
    rows: Sequence[Sequence[str]],
    aligns: Sequence[Align] = (),
) -> Table:
    """A table of texts: the first column heads its row, the others are set as `aligns` says
    (all left if it is empty)."""
    styles = [replace(CELL, align=align) for align in aligns or ["left"] * len(titles)]
    return Table(
        list(shares),
        header(*titles),
        [
            Row(
                [
                    cell(text, style, heads="" if at else "Row")
                    for at, (text, style) in enumerate(zip(row, styles, strict=True))
                ]
            )
            for row in rows
        ],
        before=GAP,
    )


def numbered_table(
    titles: Sequence[str],
    shares: Sequence[float],
    rows: Sequence[Sequence[str]],
    aligns: Sequence[Align] = (),
    total: Sequence[str] = (),
) -> Table:
    """As `plain_table`, behind a column of numbers; `total` is a shaded row of sums below, whose
    first text stands under the numbers too."""
    styles = [replace(CELL, align=align) for align in aligns or ["left"] * len(titles)]
    lines = [
        Row(
            [
                cell(str(number), replace(SMALL, align="center")),
                *(
                    cell(text, style, heads="" if at else "Row")
                    for at, (text, style) in enumerate(zip(row, styles, strict=True))
                ),
            ]
        )
        for number, row in enumerate(rows, 1)
    ]
    if total:
        lines[-1].keep = True
        bold = [replace(style, role=BOLD.role) for style in styles]
        sums = [cell(total[0], BOLD, 2, "Row")]
        sums += [cell(text, style) for text, style in zip(total[1:], bold[1:], strict=True)]
        lines.append(Row(sums, fill=SHADE))
    return Table([30, *shares], header("序号", *titles), lines, before=GAP)
