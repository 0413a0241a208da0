"""Figures, equations and conditions of an explanation: rounded figures carry ≈, and a condition is
told in words with what stands on its two sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.scoring.compiling import compile_tree
from tracker.scoring.exact import Number, percent, shown, shows_exactly
from tracker.scoring.expressions import CONDITION, Expression
from tracker.scoring.meaning import Meaning
from tracker.scoring.rendering import LEVELS, Labels, Writer, Written, label

Env = Mapping[str, Number]

_FACTS = {
    "<": ("小于", "不小于"),
    "<=": ("不大于", "大于"),
    ">": ("大于", "不大于"),
    ">=": ("不小于", "小于"),
    "==": ("等于", "不等于"),
    "!=": ("不等于", "等于"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a sentence; `exact` unless a figure in it was rounded."""

    text: str
    exact: bool = True

    @property
    def alone(self) -> str:
        """The text where no sign before it says that it is rounded."""
        return self.text if self.exact else f"≈{self.text}"


def joined(*pieces: Text | str) -> Text:
    """Put pieces together: an equation's side."""
    texts = [Text(piece) if isinstance(piece, str) else piece for piece in pieces]
    return Text("".join(t.text for t in texts), all(t.exact for t in texts))


def equation(left: Text, right: Text) -> str:
    """Write "left = right", or ≈ where a figure on either side is rounded."""
    return f"{left.text} {'=' if left.exact and right.exact else '≈'} {right.text}"


class Teller:
    """Writes the figures of one line, as the engine that scored it did."""

    def __init__(self, meaning: Meaning, env: Env, labels: Labels) -> None:
        self.marks = meaning.tells_rounding
        self.env = env
        self.labels = labels

    def figure(self, value: Number) -> Text:
        """A figure that an equation or a limit has said before, or will say: no ≈ of its own."""
        return self._text(shown(value), value)

    def share(self, value: Number) -> Text:
        """A ratio in percent."""
        return self._text(percent(value), value)

    def signed(self, value: Number) -> Text:
        """A figure as an operand: a negative one in parentheses."""
        found = self.figure(value)
        return Text(f"({found.text})", found.exact) if value < 0 else found

    def award(self, text: str, exact: bool) -> Text:
        """An award with its unit; `exact` if rounding took nothing from it."""
        return Text(text, exact or not self.marks)

    def read(self, value: Number) -> Text:
        """A figure that was read and is said for the first time, as an operand."""
        found = self.figure(value)
        return Text(f"({found.alone})" if value < 0 else found.alone, found.exact)

    def operand(self, expression: Expression, value: Number) -> Text:
        """An expression as an operand of × and ÷, in parentheses where they are needed.

        `value` is what it comes to; a plain figure is written as that.
        """
        if expression.tree[0] in ("name", "number"):
            return self.read(value)
        writer = _Figures(self)
        text, level = writer.write(expression.tree)
        return Text(f"({text})" if level <= LEVELS["product"] else text, writer.exact)

    def worked(self, expression: Expression, value: Number) -> str:
        """An expression and what it comes to: "12", or "12 + 3 = 15"."""
        if expression.tree[0] in ("name", "number"):
            return self.figure(value).alone
        writer = _Figures(self)
        text, _ = writer.write(expression.tree)
        return equation(Text(text, writer.exact), self.figure(value))

    def verdict(self, expression: Expression, holds: bool) -> str:
        """Say whether a condition holds, with its figures."""
        assert expression.kind == CONDITION
        word = "条件成立" if holds else "条件不成立"
        if self.marks:
            return f"{word}:{_Words(self).condition(expression.tree)[0]}"
        return f"{word}({_Figures(self).write(expression.tree)[0]})"

    def not_met(self, expression: Expression) -> str:
        """Say how the two sides of a condition that fails stand: "0 不大于 0"."""
        if self.marks:
            return _Words(self).condition(expression.tree)[0]
        return self.verdict(expression, False)

    def nothing(self, expression: Expression) -> str:
        """Say that what a condition asks for is not there: "没有合作项目"; "" where the condition
        asks for more than that something be there."""
        names = _absent(expression.tree, self.env)
        if names is None or not all(name in self.labels for name in names):
            return ""
        words = dict.fromkeys(_thing(self.labels[name]) for name in names)
        return f"没有{'，也没有'.join(words)}"

    def _text(self, text: str, value: Number) -> Text:
        return Text(text, not self.marks or shows_exactly(text, value))


class _Figures(Writer):
    """Writes a tree with its figures; `exact` unless one of them was rounded."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.exact = True

    def name(self, name: str) -> str:
        return self._figure(self.teller.read(self.teller.env[name]))

    def number(self, value: Number) -> str:
        return self._figure(self.teller.read(value))

    def choice(self, condition: tuple, then: tuple, otherwise: tuple) -> Written:
        """The side that was not chosen had no part in the award."""
        return self.write(then if compile_tree(condition)(self.teller.env) else otherwise)

    def condition(self, tree: tuple) -> str:
        if not self.teller.marks:
            return super().condition(tree)
        text, holds = _Words(self.teller).condition(tree)
        return f"{text}({_met(holds)})"

    def _figure(self, found: Text) -> str:
        self.exact = self.exact and found.exact
        return found.text


class _Words:
    """Tells conditions: each comparison as it stands, and whether it meets what is asked."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller

    def condition(self, tree: tuple, asked: bool = True) -> tuple[str, bool]:
        """Return the words, and whether the condition comes to `asked`."""
        head = tree[0]
        if head == "not":
            return self.condition(tree[1], not asked)
        if head == "compare":
            holds = bool(compile_tree(tree)(self.teller.env))
            return self._fact(tree, holds), holds is asked
        # Not (a and b) asks that not all hold: one that fails is enough.
        needs_all = (head == "and") is asked
        told = [self.condition(item, asked) for item in tree[1]]
        met = [holds for _, holds in told]
        items = "、".join(
            f"{f'({text})' if _is_compound(item) else text}({_met(holds)})"
            for item, (text, holds) in zip(tree[1], told, strict=True)
        )
        word = "须都符合" if needs_all else "符合一项即可"
        return f"{word},{items}", all(met) if needs_all else any(met)

    def _fact(self, tree: tuple, holds: bool) -> str:
        sign, left, right = tree[1:]
        values = [compile_tree(side)(self.teller.env) for side in (left, right)]
        sides = [self._side(side, value) for side, value in zip((left, right), values, strict=True)]
        word = _FACTS[sign][0 if holds else 1]
        if values[0] != values[1] and shown(values[0]) == shown(values[1]):
            # Rounded alike, the two would seem to be equal.
            return f"{sides[0]} 与 {sides[1]} 相差 {self._gap(*values)},{word}"
        return f"{sides[0]} {word} {sides[1]}"

    def _side(self, tree: tuple, value: Number) -> str:
        teller = self.teller
        if tree[0] == "name" and label(tree[1], teller.labels) != tree[1]:
            return f"{label(tree[1], teller.labels)}{teller.figure(value).alone}"
        if tree[0] in ("name", "number"):
            return teller.figure(value).alone
        writer = _Figures(teller)
        text, _ = writer.write(tree)
        return equation(Text(text, writer.exact), teller.figure(value))

    def _gap(self, first: Number, second: Number) -> str:
        return self.teller.figure(abs(first - second)).alone


def _absent(tree: tuple, env: Env) -> list[str] | None:
    """The measures that are 0 where a condition asks that each, or any, be above 0; None for a
    condition that asks for something else."""
    head = tree[0]
    if head in ("and", "or"):
        found = [_absent(item, env) for item in tree[1]]
        if None in found:
            return None
        if head == "and":
            found = [names for names in found if names]
        return [name for names in found for name in names]
    if head != "compare" or tree[2][0] != "name" or tree[3][0] != "number":
        return None
    sign, name, bound = tree[1], tree[2][1], tree[3][1]
    if (sign, bound) not in ((">", 0), (">=", 1), ("!=", 0), ("==", 1)):
        return None
    value = env[name]
    if value == 0:
        return [name]
    return [] if compile_tree(tree)(env) else None


def _thing(label: str) -> str:
    """What a measure counts: 是否有合作项目 and 合作项目个数 are both about 合作项目."""
    if label.startswith("是否"):
        return label.removeprefix("是否").removeprefix("有")
    for ending in ("总个数", "个数", "人数", "次数", "总数", "数量", "总额", "数", "额"):
        if label.endswith(ending) and len(label) > len(ending):
            return label.removesuffix(ending)
    return label


def _is_compound(tree: tuple) -> bool:
    while tree[0] == "not":
        tree = tree[1]
    return tree[0] in ("and", "or")


def _met(holds: bool) -> str:
    return "符合" if holds else "不符合"
