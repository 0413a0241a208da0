"""Figures, equations and conditions of an explanation: rounded figures carry ≈, and a condition is
told in words with what stands on its two sides.

Since engine 1.3 thousands are grouped, units named where they are known, and a figure has as many
decimals as tell it apart from what it is held against; since 1.4 two where that is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from tracker.engine.scoring.compiling import compile_tree
from tracker.engine.scoring.exact import (
    Number,
    Written,
    brief_written,
    divide,
    fixed,
    grouped,
    less,
    magnitude,
    minus,
    percent,
    percent_written,
    round_units,
    same,
    says_exactly,
    short_written,
    shown,
    shows_exactly,
)
from tracker.engine.scoring.expressions import CONDITION, Expression
from tracker.engine.scoring.meaning import Meaning
from tracker.engine.scoring.rendering import LEVELS, Labels, Spelled, Writer, label
from tracker.engine.scoring.units import SHARE, YES_NO, unit_of

Env = Mapping[str, Number]

_FACTS = {
    "<": ("小于", "不小于"),
    "<=": ("不大于", "大于"),
    ">": ("大于", "不大于"),
    ">=": ("不小于", "小于"),
    "==": ("等于", "不等于"),
    "!=": ("不等于", "等于"),
}
# What figures and names bring along is kept from becoming full-width with the sentence's own marks.
_KEEP = str.maketrans({",": "\ue000", ";": "\ue001", ":": "\ue002"})
_KEPT_COMMA = "\ue000"
# One mark after the other: a table takes several times as long for text that is not ASCII.
_FINISH = (
    (", ", ","), (",", "，"), (";", "；"), (":", "："),
    ("\ue000", ","), ("\ue001", ";"), ("\ue002", ":"),
)  # fmt: skip
_PLACES = range(2, 31)


class Text(NamedTuple):
    """A piece of a sentence; `exact` unless a figure in it was rounded."""

    text: str
    exact: bool = True

    @property
    def alone(self) -> str:
        """The text where no sign before it says that it is rounded."""
        return self.text if self.exact else f"≈{self.text}"


def joined(*pieces: Text | str) -> Text:
    """Put pieces together: an equation's side."""
    texts, exact = [], True
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
        else:
            texts.append(piece.text)
            exact = exact and piece.exact
    return Text("".join(texts), exact)


def equation(left: Text, right: Text) -> str:
    """Write "left = right", or ≈ where a figure on either side is rounded."""
    return f"{left.text} {'=' if left.exact and right.exact else '≈'} {right.text}"


class Teller:
    """Writes the figures of one line, as the engine that scored it did.

    `units` are those of the measures; a measure that it lacks has none.
    """

    def __init__(
        self, meaning: Meaning, env: Env, labels: Labels, units: Mapping[str, str] | None = None
    ) -> None:
        self.marks = meaning.tells_rounding
        self.full = meaning.tells_units
        self.short = meaning.tells_short
        self.env = env
        self.labels = _Kept(labels) if self.full else labels
        self.units = (units or {}) if self.full else {}

    def kept(self, text: str) -> str:
        """A name as it was typed, whatever marks it has."""
        return text.translate(_KEEP) if self.full else text

    def finished(self, text: str) -> str:
        """The sentence with the marks of Chinese text, figures and names as they are."""
        if self.full:
            for mark, wide in _FINISH:
                text = text.replace(mark, wide)
        return text

    def unit(self, expression: Expression) -> str:
        """The unit of what an expression comes to; "" where none is known."""
        return unit_of(expression.tree, self.units, self.env) if self.units else ""

    def figure(self, value: Number, unit: str = "", beside: Iterable[Number] = ()) -> Text:
        """A figure that an equation or a limit has said before, or will say: no ≈ of its own.

        It has as many decimals as tell it apart from the figures `beside` it.
        """
        if unit == SHARE:
            return self.share(value, beside)
        if not self.full:
            return self._text(shown(value), value)
        write = short_written if self.short else brief_written
        text, level = _apart(write, value, beside) if beside else write(value, 2)
        spelled = self._spelled(text)
        return Text(f"{spelled} {unit}".rstrip() if unit else spelled, says_exactly(level, value))

    def share(self, value: Number, beside: Iterable[Number] = ()) -> Text:
        """A ratio in percent."""
        if not self.full:
            return self._text(percent(value), value)
        write = percent_written
        text, level = _apart(write, value, beside) if beside else write(value, 2)
        return Text(self._spelled(text), says_exactly(level, value))

    def points(self, units: int, decimals: int) -> Text:
        """Rounded points (分), a count of units of their last place, as sheets show them."""
        if not self.short:
            return Text(fixed(units, decimals))
        if decimals <= 2:
            return Text(self._spelled(fixed(units, decimals)))
        value = divide(units, 10**decimals)
        text = fixed(round_units(value, 2), 2)
        return Text(self._spelled(text), shows_exactly(text, value))

    def signed(self, value: Number, unit: str = "") -> Text:
        """A figure as an operand: a negative one in parentheses."""
        found = self.figure(value, unit)
        return Text(f"({found.text})", found.exact) if value < 0 else found

    def award(self, text: str, exact: bool) -> Text:
        """An award with its unit; `exact` if rounding took nothing from it."""
        return Text(text, exact or not self.marks)

    def read(self, value: Number, unit: str = "") -> Text:
        """A figure that was read and is said for the first time, as an operand."""
        found = self.figure(value, unit)
        return Text(f"({found.alone})" if value < 0 else found.alone, found.exact)

    def operand(self, expression: Expression, value: Number, unit: str = "") -> Text:
        """An expression as an operand of × and ÷, in parentheses where they are needed.

        `value` is what it comes to; a plain figure is written as that, a number of the rulebook in
        the `unit` of what it is held against.
        """
        if _leaf(expression.tree, self.env if self.full else None) in ("name", "number"):
            return self.read(value, self.unit(expression) or unit)
        writer = _Figures(self)
        text, level = writer.write(expression.tree)
        return Text(f"({text})" if level <= LEVELS["product"] else text, writer.exact)

    def worked(self, expression: Expression, value: Number, beside: Iterable[Number] = ()) -> str:
        """An expression and what it comes to: "12", or "12 + 3 = 15"."""
        figure = self.figure(value, self.unit(expression), beside)
        if expression.tree[0] in ("name", "number"):
            return figure.alone
        writer = _Figures(self)
        text, _ = writer.write(expression.tree)
        return equation(Text(text, writer.exact), figure)

    def verdict(self, expression: Expression, holds: bool) -> str:
        """Say whether a condition holds, with its figures."""
        assert expression.kind == CONDITION
        word = "条件成立" if holds else "条件不成立"
        if not self.marks:
            return f"{word}({_Figures(self).write(expression.tree)[0]})"
        nothing = self.nothing(expression) if self.full and not holds else ""
        return f"{word}:{nothing or _Words(self).condition(expression.tree)[0]}"

    def not_met(self, expression: Expression) -> str:
        """Say how the two sides of a condition that fails stand: "0 不大于 0"; since engine 1.3
        what is not there, where that is all that is asked for."""
        if self.full and (nothing := self.nothing(expression)):
            return nothing
        if self.marks:
            return _Words(self).condition(expression.tree)[0]
        return self.verdict(expression, False)

    def nothing(self, expression: Expression) -> str:
        """Say that what a condition asks for is not there: "没有合作项目"; "" where the condition
        asks for more than that something be there."""
        names = _absent(expression.tree, self.env)
        if not names or not all(name in self.labels for name in names):
            return ""
        first, *others = dict.fromkeys(_without(self.labels[name]) for name in names)
        also = (f"，{'也' if words.startswith('没有') else ''}{words}" for words in others)
        return first + "".join(also)

    def _spelled(self, text: str) -> str:
        found = grouped(text, _KEPT_COMMA)
        return minus(found) if self.short else found

    def _text(self, text: str, value: Number) -> Text:
        return Text(text, not self.marks or shows_exactly(text, value))


def _leaf(tree: tuple, env: Env | None) -> str:
    """The head of a tree, of the side that counts where it chooses between two."""
    while tree[0] == "if" and env is not None:
        condition, then, otherwise = tree[1]
        tree = then if compile_tree(condition)(env) else otherwise
    return tree[0]


def _apart(
    write: Callable[[Number, int], Written], value: Number, beside: Iterable[Number]
) -> Written:
    """A figure with as many decimals as leave it on the side of others on which it is."""
    others = [each for each in beside if not same(each, value)]
    for places in _PLACES if others else ():
        found = write(value, places)
        for each in others:
            other = write(each, places)[1]
            if found[1] == other or (found[1] < other) != less(value, each):
                break
        else:
            return found
    return write(value, _PLACES[0])


class _Kept(Mapping[str, str]):
    """Labels as `Teller.kept` writes them: of some hundred, a line names two or three."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def __getitem__(self, name: str) -> str:
        return self.labels[name].translate(_KEEP)

    def __contains__(self, name: object) -> bool:
        return name in self.labels

    def __iter__(self) -> Iterator[str]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)


class _Figures(Writer):
    """Writes a tree with its figures; `exact` unless one of them was rounded."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.exact = True

    def name(self, name: str) -> str:
        unit = unit_of(("name", name), self.teller.units, self.teller.env)
        return self._figure(self.teller.read(self.teller.env[name], unit))

    def number(self, value: Number) -> str:
        return self._figure(self.teller.read(value))

    def choice(self, condition: tuple, then: tuple, otherwise: tuple) -> Spelled:
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
        units = [unit_of(side, self.teller.units, self.teller.env) for side in (left, right)]
        if answer := self._answer(left, right, values[0]):
            return answer
        sides = [
            self._side(side, value, unit or other, beside)
            for side, value, unit, other, beside in zip(
                (left, right), values, units, units[::-1], values[::-1], strict=True
            )
        ]
        word = _FACTS[sign][0 if holds else 1]
        if values[0] != values[1] and self._alike(*values):
            # Rounded alike, the two would seem to be equal.
            return f"{sides[0]} 与 {sides[1]} 相差 {self._gap(*values)},{word}"
        return (
            _spaced(sides[0], sides[1], word)
            if self.teller.full
            else f"{sides[0]} {word} {sides[1]}"
        )

    def _answer(self, left: tuple, right: tuple, value: Number) -> str:
        """A question that is answered by 是 or 否, where one of them is asked for; else ""."""
        teller = self.teller
        if left[0] != "name" or teller.units.get(left[1]) != YES_NO or right[0] != "number":
            return ""
        return f"{label(left[1], teller.labels)}为“{'是' if value else '否'}”"

    def _alike(self, first: Number, second: Number) -> bool:
        if self.teller.full:
            return self.teller.figure(first, "", [second]) == self.teller.figure(
                second, "", [first]
            )
        return shown(first) == shown(second)

    def _side(self, tree: tuple, value: Number, unit: str, beside: Number) -> str:
        teller = self.teller
        figure = teller.figure(value, unit, [beside])
        if tree[0] == "name" and label(tree[1], teller.labels) != tree[1]:
            return f"{label(tree[1], teller.labels)}{figure.alone}"
        if tree[0] in ("name", "number"):
            return figure.alone
        writer = _Figures(teller)
        text, _ = writer.write(tree)
        return equation(Text(text, writer.exact), figure)

    def _gap(self, first: Number, second: Number) -> str:
        return self.teller.figure(magnitude(first - second)).alone


def _spaced(left: str, right: str, word: str) -> str:
    """3 个小于 5 个, but 3 小于 5: Chinese beside Chinese needs no blank."""
    before, after = " " if left[-1].isascii() else "", "" if right[0] == "「" else " "
    return f"{left}{before}{word}{after}{right}"


def _absent(tree: tuple, env: Env) -> list[str] | None:
    """The measures that are 0 where a condition asks that each, or any, be above 0; None for a
    condition that asks for something else."""
    head = tree[0]
    if head in ("and", "or"):
        found = []
        for item in tree[1]:
            names = _absent(item, env)
            if names is None:
                return None
            found.append(names)
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


def _without(label: str) -> str:
    """Say that what a measure counts, or asks for, is not there: 是否有合作项目 and 合作项目个数
    both give 没有合作项目, 示范点是否通过验收 gives 示范点没有通过验收."""
    before, _, after = label.partition("是否")
    if after:
        return f"{before}没有{after.removeprefix('有')}"
    for ending in ("总个数", "个数", "人数", "次数", "总数", "数量", "总额", "数", "额"):
        if label.endswith(ending) and len(label) > len(ending):
            return f"没有{label.removesuffix(ending)}"
    return f"没有{label}"


def _is_compound(tree: tuple) -> bool:
    while tree[0] == "not":
        tree = tree[1]
    return tree[0] in ("and", "or")


def _met(holds: bool) -> str:
    return "符合" if holds else "不符合"
