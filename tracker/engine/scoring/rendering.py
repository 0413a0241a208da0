"""Expressions in words, with the names of what is read: for a rulebook's reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tracker.engine.scoring.exact import Number, shown
from tracker.engine.scoring.expressions import Expression

Labels = Mapping[str, str]

SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}
COMPARISONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
FUNCTIONS = {"min": "取小", "max": "取大", "abs": "绝对值", "count": "成立项数"}
LEVELS = {"or": 1, "and": 2, "not": 3, "compare": 4, "sum": 5, "product": 6, "negative": 7}
ATOM = 8

_POOLED = {"mean": "同类平均", "best": "同类最高", "sum": "同类合计"}
_TOTALS = {"base": "基本分", "total": "总分"}
_OF_LINE = {"line": "得分", "share": "得分率"}


def label(name: str, labels: Labels) -> str:
    """Name a measure for a reader: 「应付返利」 if it has a label, else the name itself."""
    word, _, rest = name.partition(".")
    if name in labels:
        return f"「{labels[name]}」"
    if word in _POOLED and rest in labels:
        return f"「{labels[rest]}」的{_POOLED[word]}"
    return name


def formula(expression: Expression, labels: Labels) -> str:
    """Write an expression with the names of what it reads: "「已付返利」 ÷ 「应付返利」"."""
    return _Formula(labels).write(expression.tree)[0]


Spelled = tuple[str, int]
"""The text of a tree and the precedence of its outermost operator."""


class Writer:
    """Writes a tree by the precedence of its operators; how leaves look is for the subclass."""

    def name(self, name: str) -> str:
        """Write a name."""
        raise NotImplementedError

    def number(self, value: Number) -> str:
        """Write a literal."""
        return shown(value)

    def choice(self, condition: tuple, then: tuple, otherwise: tuple) -> Spelled:
        """Write an `if`."""
        raise NotImplementedError

    def condition(self, tree: tuple) -> str:
        """Write a condition that is counted."""
        return self.write(tree)[0]

    def write(self, tree: tuple) -> Spelled:
        """Write a tree."""
        head = tree[0]
        if head == "name":
            return self.name(tree[1]), ATOM
        if head == "number":
            return self.number(tree[1]), ATOM
        if head == "if":
            return self.choice(*tree[1])
        if head in FUNCTIONS:
            write: Callable = (
                self.condition if head == "count" else lambda item: self.write(item)[0]
            )
            return f"{FUNCTIONS[head]}({', '.join(map(write, tree[1]))})", ATOM
        level = LEVELS[head]
        if head == "negative":
            return f"−{self.inside(tree[1], level)}", level
        if head == "not":
            return f"非 {self.inside(tree[1], level)}", level
        if head == "compare":
            left, right = (self.inside(side, level) for side in tree[2:])
            return f"{left} {COMPARISONS[tree[1]]} {right}", level
        if head in ("and", "or"):
            word = " 且 " if head == "and" else " 或 "
            return word.join(self.inside(item, level) for item in tree[1]), level
        text = ""
        for sign, item in tree[1]:
            text += (SIGNS[sign] if text else "") + self.inside(item, level)
        return text, level

    def inside(self, tree: tuple, outer: int) -> str:
        """Write an operand, in parentheses where its own operator binds no tighter."""
        text, level = self.write(tree)
        return f"({text})" if level <= outer else text


class _Formula(Writer):
    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def name(self, name: str) -> str:
        """Name a measure, or what vetoes and tie-breaks read of the sheet itself."""
        word, _, code = name.partition(".")
        of_line = f"指标 {code} {_OF_LINE[word]}" if word in _OF_LINE else ""
        return of_line or _TOTALS.get(name, "") or label(name, self.labels)

    def choice(self, condition: tuple, then: tuple, otherwise: tuple) -> Spelled:
        """Write both sides."""
        texts = [self.write(item)[0] for item in (condition, then, otherwise)]
        return f"如果 {texts[0]} 则取 {texts[1]}，否则取 {texts[2]}", 0
