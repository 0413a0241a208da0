"""Level bars without a frame, close under each other: each labelled at its end, from nought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.engine.typeset.boxes import Box
from tracker.engine.typeset.faces import Role, face
from tracker.engine.typeset.figures import SEA
from tracker.engine.typeset.linebreak import break_text
from tracker.engine.typeset.sheet import Sheet, grey

_GREY = grey(0.62)


@dataclass(frozen=True, slots=True)
class Level:
    """One bar: its share of the longest thing in the picture (0 to 1; None where there is no
    figure), the share of the mark to compare with (None: there is none, and the bar is grey where
    the picture has `marks`), and the words at its end."""

    label: str
    share: float | None
    words: str
    mark: float | None = None


class Levels(Box):
    """Bars as long as their shares; `marks`: whether they are compared with marks. `step` points a
    bar. A label that is too long is broken, never cut. Of a picture in columns each has the measure
    of all its bars (`among`), so that they are drawn to one scale."""

    def __init__(
        self,
        levels: Sequence[Level],
        alt: str,
        *,
        marks: bool = False,
        step: float = 12.0,
        among: Sequence[Level] = (),
    ) -> None:
        self.levels, self.alt, self.marks, self.step = levels, alt, marks, step
        self.size = min(8.0, step - 3)
        self.among = among or levels

    def height(self, width: float) -> float:
        room = self._room(width)
        return sum(self._own(level, room) for level in self.levels) + 2

    def _room(self, width: float) -> float:
        """The width of the labels."""
        measure = face(Role.SANS).measure
        return min(max(measure(each.label, self.size) for each in self.among), width * 0.34)

    def _lines(self, level: Level, room: float) -> list[str]:
        found = break_text(level.label, room + 0.1, face(Role.SANS).widths, self.size)
        return [line.text for line in found]

    def _own(self, level: Level, room: float) -> float:
        return max(self.step, len(self._lines(level, room)) * (self.size + 2) + 2)

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        used = sheet.face(Role.SANS)
        room = self._room(width)
        left = x + room + 5
        longest = max(used.measure(each.words, self.size) for each in self.among)
        full = x + width - longest - 6 - left
        with sheet.element("Figure", alt=self.alt), sheet.content():
            y = top
            for level in self.levels:
                own = self._own(level, room)
                middle = y - own / 2
                lines = self._lines(level, room)
                base = middle + (len(lines) - 1) * (self.size + 2) / 2 - self.size * 0.36
                for line in lines:
                    at = x + room - used.measure(line, self.size)
                    sheet.text(at, base, line, Role.SANS, self.size)
                    base -= self.size + 2
                self._bar(sheet, level, left, middle, full)
                y -= own
            sheet.rule(left, top, left, y, 0.6)

    def _bar(self, sheet: Sheet, level: Level, left: float, middle: float, full: float) -> None:
        thick = self.step * 0.55
        low, end = middle - thick / 2, left
        if level.share:
            grey_one = self.marks and level.mark is None
            end = left + full * level.share
            sheet.fill(left, low, end - left, thick, _GREY if grey_one else SEA)
        words = end + 3
        own = sheet.face(Role.SANS).measure(level.words, self.size)
        if level.mark is not None:
            at = left + full * level.mark
            sheet.rule(at, low - 1.5, at, low + thick + 1.5, 1.3)
            if end - 1 <= at <= words + own + 2:
                words = at + 3
        sheet.text(words, middle - self.size * 0.36, level.words, Role.SANS, self.size)
