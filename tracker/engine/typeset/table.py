"""Tables: fixed columns, a header repeated on each page, group rows, rows that may split.

No row stands alone at the top of the last page, and a group's row never at a page's foot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.engine.typeset.boxes import Box, Paragraph
from tracker.engine.typeset.sheet import Color, Sheet, grey
from tracker.engine.typeset.structure import Element

_PAD_X, _PAD_Y = 3.5, 3.0
_HAIR, _BORDER = 0.35, 0.9
_HAIR_COLOR = grey(0.45)
_TALL = 150  # points: a row taller than this may be split between its lines
_LEAST_PART = 48  # points: less of a row is not worth leaving behind


@dataclass(slots=True)
class Cell:
    """Paragraphs in one or several columns. `heads` is "Column" or "Row" for a heading cell; `link`
    the named place that the cell leads to and what that is called."""

    paragraphs: Sequence[Paragraph]
    colspan: int = 1
    heads: str = ""
    link: tuple[str, str] | None = None

    def height(self, width: float) -> float:
        return sum(part.height(width) for part in self.paragraphs)

    def split(self, width: float, room: float) -> tuple[list[Paragraph], list[Paragraph]]:
        """The paragraphs, or lines of one, that go into `room`, and the rest."""
        first: list[Paragraph] = []
        for index, part in enumerate(self.paragraphs):
            if part.height(width) <= room + 0.01:
                first.append(part)
                room -= part.height(width)
                continue
            count = part.fitting(room)
            rest = list(self.paragraphs[index:])
            if count:
                head, rest[0] = part.split_lines(width, count)
                first.append(head)
            return first, rest
        return first, []


class Row:
    """One row; `keep` holds it with the next, `fill` shades it."""

    def __init__(self, cells: Sequence[Cell], keep: bool = False, fill: Color | None = None):
        self.cells, self.keep, self.fill = cells, keep, fill
        self.part = False  # whether it is a part of a split row, then set from the top
        self._elements: list[list[Element]] = []
        self._measured: tuple[list[float], float] | None = None

    def height(self, widths: list[float]) -> float:
        if self._measured is None or self._measured[0] != widths:
            inner = zip(self.cells, _inner_widths(self.cells, widths), strict=True)
            tallest = max(cell.height(width) for cell, width in inner)
            self._measured = (widths, tallest + 2 * _PAD_Y)
        return self._measured[1]

    @property
    def words(self) -> str:
        """The row in one line, for a note that has to name it."""
        parts = (part.whole for cell in self.cells for part in cell.paragraphs)
        return "，".join(" ".join(part.split()) for part in parts if part.strip())

    def split(self, widths: list[float], room: float) -> tuple[Row, Row] | None:
        """The row's lines that go into `room` and the rest, or None if too few do."""
        if room < _LEAST_PART:
            return None
        firsts, rests = [], []
        for cell, width in zip(self.cells, _inner_widths(self.cells, widths), strict=True):
            first, rest = cell.split(width, room - 2 * _PAD_Y)
            firsts.append(Cell(first, cell.colspan, cell.heads))
            rests.append(Cell(rest, cell.colspan, cell.heads))
        if not any(cell.paragraphs for cell in rests):
            return None
        parts = Row(firsts, fill=self.fill), Row(rests, self.keep, self.fill)
        for part in parts:
            part.part = True
            part._elements = self._elements
        return parts

    def elements(self, sheet: Sheet) -> list[Element]:
        """The row's cell elements, made when it is first drawn."""
        if not self._elements:
            with sheet.element("TR"):
                self._elements.append([_cell_element(sheet, cell) for cell in self.cells])
        return self._elements[0]


def _cell_element(sheet: Sheet, cell: Cell) -> Element:
    span = {"colspan": cell.colspan} if cell.colspan > 1 else {}
    if cell.heads:
        return sheet.add("TH", scope=cell.heads, **span)
    return sheet.add("TD", **span)


def _inner_widths(cells: Sequence[Cell], widths: list[float]) -> list[float]:
    inner, column = [], 0
    for cell in cells:
        inner.append(sum(widths[column : column + cell.colspan]) - 2 * _PAD_X)
        column += cell.colspan
    return inner


class Table(Box):
    """Rows under a header. `shares` divide the width among the columns."""

    def __init__(
        self, shares: Sequence[float], header: Row | None, rows: Sequence[Row], before: float = 0
    ) -> None:
        self.shares, self.header, self.rows = shares, header, rows
        self.space_before = before
        self._continued = False
        self._element: list[Element] = []

    def _widths(self, width: float) -> list[float]:
        return [width * share / sum(self.shares) for share in self.shares]

    def height(self, width: float) -> float:
        widths = self._widths(width)
        return self._header_height(widths) + sum(row.height(widths) for row in self.rows)

    def _header_height(self, widths: list[float]) -> float:
        return self.header.height(widths) if self.header else 0.0

    def split(self, width: float, room: float, force: bool = False) -> tuple[Box, Box] | None:
        widths = self._widths(width)
        room -= self._header_height(widths)
        heights = [row.height(widths) for row in self.rows]
        count, used = 0, 0.0
        while count < len(heights) and used + heights[count] <= room + 0.01:
            used += heights[count]
            count += 1
        if count == len(heights):
            return None
        if heights[count] > _TALL or (force and not count):
            parts = self.rows[count].split(widths, room - used)
            if parts:
                head, rest = [*self.rows[:count], parts[0]], [parts[1], *self.rows[count + 1 :]]
                return self._part(head, self._continued), self._part(rest, True)
        wanted = count
        if wanted == len(heights) - 1 and wanted > 1:
            wanted -= 1  # never a row alone on the last page
        while wanted and self.rows[wanted - 1].keep:
            wanted -= 1
        if not wanted and not (force and count):
            return None
        count = wanted or count
        head, rest = list(self.rows[:count]), list(self.rows[count:])
        return self._part(head, self._continued), self._part(rest, True)

    def _part(self, rows: list[Row], continued: bool) -> Table:
        part = Table(self.shares, self.header, rows)
        part._continued = continued
        part._element = self._element
        return part

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        widths = self._widths(width)
        rows = [*([self.header] if self.header else []), *self.rows]
        heights = [row.height(widths) for row in rows]
        with sheet.artifact():
            self._fills(sheet, rows, heights, x, top, width)
        if not self._element:
            self._element.append(sheet.add("Table"))
        with sheet.within(self._element[0]):
            y = top
            for row, height in zip(rows, heights, strict=True):
                sheet.row = "" if row is self.header else row.words
                if row is self.header and self._continued:
                    with sheet.artifact():
                        for cell, left, inner in _placed(row, x, widths):
                            _paint(sheet, row, cell, left, y, inner, height)
                else:
                    placed = zip(row.elements(sheet), _placed(row, x, widths), strict=True)
                    for element, (cell, left, inner) in placed:
                        if any(part.lines(inner) for part in cell.paragraphs):
                            with sheet.within(element):
                                _fill(sheet, row, cell, left, y, inner, height)
                y -= height
        sheet.row = ""
        with sheet.artifact():
            self._rules(sheet, rows, heights, x, top, widths)

    @staticmethod
    def _fills(
        sheet: Sheet, rows: list[Row], heights: list[float], x: float, top: float, width: float
    ) -> None:
        for row, height in zip(rows, heights, strict=True):
            top -= height
            if row.fill:
                sheet.fill(x, top, width, height, row.fill)

    @staticmethod
    def _rules(
        sheet: Sheet,
        rows: list[Row],
        heights: list[float],
        x: float,
        top: float,
        widths: list[float],
    ) -> None:
        y, right = top, x + sum(widths)
        for row, height in zip(rows, heights, strict=True):
            column, left = 0, x
            for cell in row.cells[:-1]:
                left += sum(widths[column : column + cell.colspan])
                column += cell.colspan
                sheet.rule(left, y, left, y - height, _HAIR, _HAIR_COLOR)
            y -= height
            sheet.rule(x, y, right, y, _HAIR, _HAIR_COLOR)
        sheet.rule(x, top, right, top, _BORDER)
        sheet.rule(x, y, right, y, _BORDER)


def _placed(row: Row, x: float, widths: list[float]) -> list[tuple[Cell, float, float]]:
    placed, column = [], 0
    for cell, inner in zip(row.cells, _inner_widths(row.cells, widths), strict=True):
        placed.append((cell, x + sum(widths[:column]) + _PAD_X, inner))
        column += cell.colspan
    return placed


def _fill(
    sheet: Sheet, row: Row, cell: Cell, x: float, top: float, width: float, height: float
) -> None:
    """A cell's content within its element, all of it a link where it leads somewhere."""
    if cell.link is None:
        with sheet.content():
            _paint(sheet, row, cell, x, top, width, height)
        return
    with sheet.element("Link"):
        with sheet.content():
            _paint(sheet, row, cell, x, top, width, height)
        sheet.link((x - _PAD_X, top - height, x + width + _PAD_X, top), *cell.link)


def _paint(
    sheet: Sheet, row: Row, cell: Cell, x: float, top: float, width: float, height: float
) -> None:
    top -= _PAD_Y if row.part else (height - cell.height(width)) / 2
    for part in cell.paragraphs:
        part.paint(sheet, x, top, width)
        top -= part.height(width)
