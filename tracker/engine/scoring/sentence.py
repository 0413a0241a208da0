"""The sentence of a line or part, as all methods write it: what was read, arithmetic, award."""

from __future__ import annotations

from typing import Any

from tracker.engine.scoring.exact import Number, less
from tracker.engine.scoring.method import Method
from tracker.engine.scoring.result import PartAward
from tracker.engine.scoring.telling import Teller, Text, equation, joined


class Sentence:
    """The sentence of one method: `part` is what was computed, `final` the award in words."""

    def __init__(self, tell: Teller, part: PartAward, scale: Number, final: Text) -> None:
        self.tell = tell
        self.part = part
        self.scale = scale
        self.final = final
        self.fen = " 分" if tell.full else ""

    def of(self, method: Method) -> str:
        """Write the sentence of a method."""
        return method.rule.explain(self, method.params)

    def got(self) -> str:
        """得 3 分."""
        return f"得 {self.final.alone}"

    def times(self, share: Text) -> str:
        """The points of the part times `share`, and the award."""
        left = joined(self.tell.figure(self.part.points), self.fen, " × ", share)
        return equation(left, self.final)

    def lead(self, expression: Any, value: Number) -> str:
        """Write a compound expression and its value before the value is used; "" for a figure."""
        if expression.tree[0] in ("name", "number"):
            return ""
        return f"{self.tell.worked(expression, value)},"

    def limited(self, left: Text, raw: Number, top: Number | None = None) -> str:
        """End a sentence: the award, and the limit where the raw figure is beyond it."""
        top = self.part.points if top is None else top
        if raw.numerator >= 0 and not less(top, raw):
            return equation(left, self.final)
        text = equation(left, joined(self.tell.figure(raw, "", (top,)), " 分"))
        limit = f"最高 {self.tell.figure(top).alone} 分" if raw > top else "最低 0 分"
        return f"{text},{limit},{self.got()}"
