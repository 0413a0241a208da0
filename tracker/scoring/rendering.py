"""Expressions in words: the tree written out, with figures for an explanation, or with the names
of what is read for a rulebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tracker.scoring.compiling import compile_tree
from tracker.scoring.exact import Number, shown
from tracker.scoring.expressions import CONDITION, Expression

Labels = Mapping[str, str]

_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}
_COMPARISONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
_FUNCTIONS = {"min": "取小", "max": "取大", "abs": "绝对值", "count": "成立项数"}
_POOLED = {"mean": "同类平均", "best": "同类最高", "sum": "同类合计"}
_TOTALS = {"base": "基本分", "total": "总分"}
_OF_LINE = {"line": "得分", "share": "得分率"}
_LEVELS = {"or": 1, "and": 2, "not": 3, "compare": 4, "sum": 5, "product": 6, "negative": 7}
_ATOM = 8

Leaf = Callable[[str], str]


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
    return _write(expression.tree, lambda name: _total(name) or label(name, labels), None)[0]


def _total(name: str) -> str:
    """Name what vetoes and tie-breaks read of the sheet itself; "" for a measure."""
    word, _, code = name.partition(".")
    return f"指标 {code} {_OF_LINE[word]}" if word in _OF_LINE else _TOTALS.get(name, "")


def figures(expression: Expression, env: Mapping[str, Number]) -> str:
    """Write an expression with its figures: "990 ÷ 1000.8", "121 > 0"."""
    return _write(expression.tree, _figure_of(env), env)[0]


def operand(expression: Expression, env: Mapping[str, Number], value: Number) -> str:
    """Write an expression as an operand of × and ÷, in parentheses where they are needed.

    `value` is what it comes to; a plain figure is written as that.
    """
    if expression.tree[0] in ("name", "number"):
        return signed(value)
    text, level = _write(expression.tree, _figure_of(env), env)
    return f"({text})" if level <= _LEVELS["product"] else text


def worked(expression: Expression, env: Mapping[str, Number], value: Number) -> str:
    """Write an expression and what it comes to: "12", or "12 + 3 = 15"."""
    if expression.tree[0] in ("name", "number"):
        return shown(value)
    return f"{figures(expression, env)} = {shown(value)}"


def signed(value: Number) -> str:
    """Write a number as an operand: negative ones in parentheses."""
    return f"({shown(value)})" if value < 0 else shown(value)


def verdict(expression: Expression, env: Mapping[str, Number], holds: bool) -> str:
    """Say whether a condition holds, with its figures."""
    assert expression.kind == CONDITION
    return f"条件{'成立' if holds else '不成立'}({figures(expression, env)})"


def _figure_of(env: Mapping[str, Number]) -> Leaf:
    return lambda name: signed(env[name])


def _write(tree: tuple, leaf: Leaf, env: Mapping[str, Number] | None) -> tuple[str, int]:
    """Return the text of a tree and the precedence of its outermost operator.

    `leaf` writes a name; without an `env` both sides of an `if` are written.
    """
    head = tree[0]
    if head == "name":
        return leaf(tree[1]), _ATOM
    if head == "number":
        return shown(tree[1]), _ATOM
    if head == "if":
        condition, then, otherwise = tree[1]
        if env is None:
            texts = [_write(item, leaf, env)[0] for item in tree[1]]
            return f"如果 {texts[0]} 则取 {texts[1]}，否则取 {texts[2]}", 0
        # The side that was not chosen had no part in the award.
        return _write(then if compile_tree(condition)(env) else otherwise, leaf, env)
    if head in _FUNCTIONS:
        inner = ", ".join(_write(item, leaf, env)[0] for item in tree[1])
        return f"{_FUNCTIONS[head]}({inner})", _ATOM
    level = _LEVELS[head]
    if head == "negative":
        return f"−{_inside(tree[1], leaf, env, level)}", level
    if head == "not":
        return f"非 {_inside(tree[1], leaf, env, level)}", level
    if head == "compare":
        left, right = (_inside(side, leaf, env, level) for side in tree[2:])
        return f"{left} {_COMPARISONS[tree[1]]} {right}", level
    if head in ("and", "or"):
        word = " 且 " if head == "and" else " 或 "
        return word.join(_inside(item, leaf, env, level) for item in tree[1]), level
    text = ""
    for sign, item in tree[1]:
        text += (_SIGNS[sign] if text else "") + _inside(item, leaf, env, level)
    return text, level


def _inside(tree: tuple, leaf: Leaf, env: Mapping[str, Number] | None, outer: int) -> str:
    text, level = _write(tree, leaf, env)
    return f"({text})" if level <= outer else text
