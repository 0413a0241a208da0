"""Figures drawn as vectors: key figures, bars, QR code, watermark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.engine.typeset.boxes import Box, Paragraph, TextStyle
from tracker.engine.typeset.faces import Role, face
from tracker.engine.typeset.linebreak import Line, break_text
from tracker.engine.typeset.qrcode import qr_modules
from tracker.engine.typeset.sheet import BLACK, Color, Sheet, grey

SEA: Color = (0.11, 0.29, 0.48)
_SOFT = grey(0.35)
_PALE = grey(0.94)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A label over a figure or word, with a small remark under it."""

    label: str
    value: str
    remark: str = ""


class KeyFigures(Box):
    """Figures between two rules, each column as wide as its words ask for. A value too wide for
    its column is set smaller, then broken; nothing is cut."""

    _LABEL = TextStyle(Role.SANS, 9.5, 14, "center", color=_SOFT)
    _VALUES = tuple(TextStyle(Role.HEITI, size, 28, "center") for size in (19, 16))
    _LONG_VALUE = TextStyle(Role.HEITI, 11, 15, "center")
    _REMARK = TextStyle(Role.SANS, 8.5, 12, "center", color=_SOFT)
    _PAD, _WIDEST = 7, 0.34

    def __init__(self, figures: Sequence[KeyFigure], space_before: float = 0) -> None:
        self.figures, self.space_before = figures, space_before

    def _columns(self, width: float) -> list[tuple[float, list[Paragraph]]]:
        """Each figure's column width and paragraphs."""
        largest = self._VALUES[0]
        measure = face(largest.role).measure
        asked = [
            min(max(measure(figure.value, largest.size), 44), width * self._WIDEST)
            for figure in self.figures
        ]
        free = width - sum(asked)
        columns = []
        for figure, need in zip(self.figures, asked, strict=True):
            own = need + free / len(asked) if free > 0 else width * need / sum(asked)
            columns.append((own, self._paragraphs(figure, own - 2 * self._PAD)))
        return columns

    def _paragraphs(self, figure: KeyFigure, inner: float) -> list[Paragraph]:
        style = self._LONG_VALUE
        for candidate in reversed(self._VALUES):
            if face(candidate.role).measure(figure.value, candidate.size) <= inner:
                style = candidate
        parts = [Paragraph(figure.label, self._LABEL), Paragraph(figure.value, style)]
        return [*parts, Paragraph(figure.remark, self._REMARK)] if figure.remark else parts

    def height(self, width: float) -> float:
        tallest = 0.0
        for own, parts in self._columns(width):
            tallest = max(tallest, sum(part.height(own - 2 * self._PAD) for part in parts))
        return tallest + 12

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        height, left = self.height(width), x
        for index, (own, parts) in enumerate(self._columns(width)):
            with sheet.artifact():
                if index:
                    sheet.rule(left, top - 9, left, top - height + 9, 0.4, grey(0.6))
            with sheet.element("P"), sheet.content():
                y, inner = top - 6, own - 2 * self._PAD
                for part in parts:
                    part.paint(sheet, left + self._PAD, y, inner)
                    y -= part.height(inner)
            left += own
        with sheet.artifact():
            sheet.rule(x, top, x + width, top, 0.9)
            sheet.rule(x, top - height, x + width, top - height, 0.9)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its share of the full length (0 to 1, None if there is no figure), the share of
    the mark to compare with, and the words and the remark to its right."""

    label: str
    share: float | None
    mark: float | None
    words: str
    remark: str = ""


class BarChart(Box):
    """Level bars, labelled directly, legible in grey; the comparison is a short black stroke."""

    _STEP, _THICK, _SIZE, _LEADING = 20.0, 9.0, 9.5, 12.0

    def __init__(self, bars: Sequence[Bar], alt: str, key: str, space_before: float = 0) -> None:
        self.bars, self.alt, self.key = bars, alt, key
        self.space_before = space_before

    def _columns(self, width: float) -> tuple[float, float, float]:
        """Widths of label, words and remark; what is left is the bars'."""
        measure = face(Role.SANS).measure
        label = max(measure(bar.label, self._SIZE) for bar in self.bars)
        words = max(measure(bar.words, self._SIZE) for bar in self.bars)
        remark = max(measure(bar.remark, self._SIZE) for bar in self.bars)
        return min(label, width * 0.3), words, remark + 8 if remark else 0.0

    def _label_lines(self, bar: Bar, room: float) -> tuple[Line, ...]:
        return break_text(bar.label, room + 0.1, face(Role.SANS).widths, self._SIZE)

    def _step(self, bar: Bar, room: float) -> float:
        return max(self._STEP, len(self._label_lines(bar, room)) * self._LEADING + 6)

    def height(self, width: float) -> float:
        room = self._columns(width)[0]
        return sum(self._step(bar, room) for bar in self.bars) + (16 if self.key else 0)

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        room, words, remark = self._columns(width)
        left, right = x + room + 8, x + width - remark
        length = right - words - 10 - left
        with sheet.element("Figure", alt=self.alt), sheet.content():
            y = top
            for bar in self.bars:
                middle = y - self._step(bar, room) / 2
                self._label(sheet, bar, x, middle, room)
                self._bar(sheet, bar, middle, left, length)
                base, size = middle - 3.4, self._SIZE
                own = sheet.face(Role.SANS).measure(bar.words, size)
                sheet.text(right - own, base, bar.words, Role.SANS, size)
                own = sheet.face(Role.SANS).measure(bar.remark, size)
                sheet.text(x + width - own, base, bar.remark, Role.SANS, size, _SOFT)
                y -= self._step(bar, room)
            sheet.rule(left, top, left, y, 0.6)
            if self.key:
                self._key(sheet, left, y)

    def _label(self, sheet: Sheet, bar: Bar, x: float, middle: float, room: float) -> None:
        lines = self._label_lines(bar, room)
        y = middle + (len(lines) - 1) * self._LEADING / 2 - 3.4
        for line in lines:
            sheet.text(x + room - line.width, y, line.text, Role.SANS, self._SIZE)
            y -= self._LEADING

    def _bar(self, sheet: Sheet, bar: Bar, middle: float, left: float, full: float) -> None:
        low = middle - self._THICK / 2
        sheet.frame_box(left, low, full, self._THICK, 0.4, grey(0.7))
        if bar.share:
            sheet.fill(left, low, full * bar.share, self._THICK, SEA)
        if bar.mark is not None:
            at = left + full * bar.mark
            sheet.rule(at, low - 3, at, low + self._THICK + 3, 1.6)

    def _key(self, sheet: Sheet, left: float, y: float) -> None:
        if any(bar.mark is not None for bar in self.bars):
            sheet.rule(left + 2, y - 12, left + 2, y - 3, 1.6)
            left += 8
        sheet.text(left, y - 11, self.key, Role.SANS, 8.5, _SOFT)


class QrCode(Box):
    """A QR code (level M) of a text, `side` points square with its quiet zone."""

    _QUIET = 4

    def __init__(self, text: str, alt: str, side: float = 84) -> None:
        self.text, self.alt, self.side = text, alt, side

    def height(self, width: float) -> float:
        return self.side

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        code = qr_modules(self.text)
        step = self.side / (len(code) + 2 * self._QUIET)
        left, high = x + width - self.side + self._QUIET * step, top - self._QUIET * step
        boxes = []
        for row, modules in enumerate(code):
            start = None
            for column, dark in enumerate([*modules, False]):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    run = (column - start) * step
                    boxes.append((left + start * step, high - (row + 1) * step, run, step))
                    start = None
        with sheet.element("Figure", alt=self.alt), sheet.content():
            sheet.fill_all(boxes, BLACK)


def watermark(sheet: Sheet, text: str, color: Color = _PALE) -> None:
    """Large pale words on the slant, thrice along the longer side; an artifact of the page."""
    size, angle = 58, math.radians(38)
    cosine, sine = math.cos(angle), math.sin(angle)
    half = sheet.face(Role.HEITI).measure(text, size) / 2
    width, height = sheet.frame.page_width, sheet.frame.page_height
    for share in (0.22, 0.52, 0.82):
        middle = (width * share, height / 2) if width > height else (width / 2, height * share)
        x, y = middle[0] - half * cosine, middle[1] - half * sine
        sheet.text(x, y, text, Role.HEITI, size, color, turned=(cosine, sine))
