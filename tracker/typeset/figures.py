"""Figures drawn as vectors: key figures, bars, QR code, watermark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode import qrencoder

from tracker.typeset.boxes import Box
from tracker.typeset.faces import Role, face
from tracker.typeset.linebreak import break_text
from tracker.typeset.sheet import BLACK, PAGE_HEIGHT, PAGE_WIDTH, Color, Sheet, grey

SEA: Color = (0.11, 0.29, 0.48)
_SOFT = grey(0.35)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A label over a figure or word, with a small remark under it."""

    label: str
    value: str
    remark: str = ""


class KeyFigures(Box):
    """Figures in equal columns between two rules. Each text must fit into its column."""

    _LABEL, _REMARK = 9.5, 8.5

    def __init__(self, figures: Sequence[KeyFigure], space_before: float = 0) -> None:
        self.figures, self.space_before = figures, space_before

    def height(self, width: float) -> float:
        return 64 if any(figure.remark for figure in self.figures) else 52

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        own, height = width / len(self.figures), self.height(width)
        with sheet.artifact():
            sheet.rule(x, top, x + width, top, 0.9)
            sheet.rule(x, top - height, x + width, top - height, 0.9)
            for index in range(1, len(self.figures)):
                left = x + index * own
                sheet.rule(left, top - 9, left, top - height + 9, 0.4, grey(0.6))
        for index, figure in enumerate(self.figures):
            middle, room = x + (index + 0.5) * own, own - 8
            with sheet.element("P"), sheet.content():
                _centred(sheet, figure.label, middle, top - 16, Role.SANS, self._LABEL, room, _SOFT)
                _centred(sheet, figure.value, middle, top - 40, Role.HEITI, 20, room)
                _centred(sheet, figure.remark, middle, top - 56, Role.SANS, self._REMARK, room)


def _centred(
    sheet: Sheet,
    text: str,
    middle: float,
    y: float,
    role: Role,
    size: float,
    room: float,
    color: Color = BLACK,
) -> None:
    """One centred line, set smaller where it would be wider than its room."""
    width = sheet.face(role).measure(text, size)
    if width > room:
        size, width = size * room / width, room
    sheet.text(middle - width / 2, y, text, role, size, color)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its share of the full length (0 to 1, None if there is no figure), the share of
    the mark to compare with, and the words to its right."""

    label: str
    share: float | None
    mark: float | None
    words: str


class BarChart(Box):
    """Level bars, labelled directly, legible in grey; the comparison is a short black stroke."""

    _STEP, _THICK, _SIZE, _LEADING = 20.0, 9.0, 9.5, 12.0

    def __init__(self, bars: Sequence[Bar], alt: str, key: str, space_before: float = 0) -> None:
        self.bars, self.alt, self.key = bars, alt, key
        self.space_before = space_before

    def _columns(self, width: float) -> tuple[float, float]:
        sans = face(Role.SANS)
        label = max(sans.measure(bar.label, self._SIZE) for bar in self.bars)
        words = max(sans.measure(bar.words, self._SIZE) for bar in self.bars)
        return min(label, width * 0.3), min(words, width * 0.36)

    def _step(self, bar: Bar, label: float) -> float:
        lines = break_text(bar.label, label + 0.1, face(Role.SANS).widths, self._SIZE)
        return max(self._STEP, len(lines) * self._LEADING + 6)

    def height(self, width: float) -> float:
        label, _ = self._columns(width)
        return sum(self._step(bar, label) for bar in self.bars) + (16 if self.key else 0)

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        label, words = self._columns(width)
        left, length = x + label + 8, width - label - words - 18
        with sheet.element("Figure", alt=self.alt), sheet.content():
            y = top
            for bar in self.bars:
                step = self._step(bar, label)
                self._bar(sheet, bar, x, y - step / 2, label, left, length)
                y -= step
            sheet.rule(left, top, left, y, 0.6)
            if self.key:
                sheet.rule(left + 2, y - 12, left + 2, y - 3, 1.6)
                sheet.text(left + 8, y - 11, self.key, Role.SANS, 8.5, _SOFT)

    def _bar(
        self,
        sheet: Sheet,
        bar: Bar,
        x: float,
        middle: float,
        label: float,
        left: float,
        full: float,
    ) -> None:
        lines = break_text(bar.label, label + 0.1, face(Role.SANS).widths, self._SIZE)
        y = middle + (len(lines) - 1) * self._LEADING / 2 - 3.4
        for line in lines:
            sheet.text(x + label - line.width, y, line.text, Role.SANS, self._SIZE)
            y -= self._LEADING
        low = middle - self._THICK / 2
        sheet.frame_box(left, low, full, self._THICK, 0.4, grey(0.7))
        if bar.share:
            sheet.fill(left, low, full * bar.share, self._THICK, SEA)
        if bar.mark is not None:
            at = left + full * bar.mark
            sheet.rule(at, low - 3, at, low + self._THICK + 3, 1.6)
        sheet.text(left + full + 10, middle - 3.4, bar.words, Role.SANS, self._SIZE)


class QrCode(Box):
    """A QR code (level M) of a text, `side` points square with its quiet zone."""

    _QUIET = 4

    def __init__(self, text: str, alt: str, side: float = 84) -> None:
        code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
        code.addData(qrencoder.QR8bitByte(text))
        code.make()
        self.modules, self.alt, self.side = code.modules, alt, side

    def height(self, width: float) -> float:
        return self.side

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        step = self.side / (len(self.modules) + 2 * self._QUIET)
        left, high = x + width - self.side + self._QUIET * step, top - self._QUIET * step
        boxes = []
        for row, modules in enumerate(self.modules):
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


def watermark(sheet: Sheet, text: str, color: Color = grey(0.9)) -> None:  # noqa: B008
    """Large pale words along the page's diagonal, thrice; an artifact of the open page."""
    size, angle = 58, math.radians(38)
    cosine, sine = math.cos(angle), math.sin(angle)
    half = sheet.face(Role.HEITI).measure(text, size) / 2
    for share in (0.22, 0.52, 0.82):
        x = PAGE_WIDTH / 2 - half * cosine
        y = PAGE_HEIGHT * share - half * sine
        sheet.text(x, y, text, Role.HEITI, size, color, turned=(cosine, sine))
