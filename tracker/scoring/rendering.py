"""Expressions in words: the tree written out with the figures put in, for the explanation."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.scoring.compiling import compile_tree
from tracker.scoring.exact import Number, shown
from tracker.scoring.expressions import CONDITION, Expression

Labels = Mapping[str, str]

_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}
_COMPARISONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
_FUNCTIONS = {"min": "取小", "max": "取大", "abs": "绝对值", "count": "成立项数"}
_POOLED = {"mean": "同类平均", "best": "同类最高", "sum": "同类合计"}
_LEVELS = {"or": 1, "and": 2, "not": 3, "compare": 4, "sum": 5, "product": 6, "negative": 7}
_ATOM = 8


def label(name: str, labels: Labels) -> str:
    """Name a measure for a reader: 「应付返利」 if it has a label, else the name itself."""
    word, _, rest = name.partition(".")
    if name in labels:
        return f"「{labels[name]}」"
    if word in _POOLED and rest in labels:
        return f"「{labels[rest]}」的{_POOLED[word]}"
    return name


def figures(expression: Expression, env: Mapping[str, Number]) -> str:
    """Write an expression with its figures: "990 ÷ 1000.8", "121 > 0"."""
    return _write(expression.tree, env)[0]


def operand(expression: Expression, env: Mapping[str, Number], value: Number) -> str:
    """Write an expression as an operand of × and ÷, in parentheses where they are needed.

    `value` is what it comes to; a plain figure is written as that.
    """
    if expression.tree[0] in ("name", "number"):
        return signed(value)
    text, level = _write(expression.tree, env)
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


def _write(tree: tuple, env: Mapping[str, Number]) -> tuple[str, int]:
    """Return the text of a tree and the precedence of its outermost operator."""
    head = tree[0]
    if head == "name":
        return signed(env[tree[1]]), _ATOM
    if head == "number":
        return shown(tree[1]), _ATOM
    if head == "if":
        # The side that was not chosen had no part in the award.
        condition, then, otherwise = tree[1]
        return _write(then if compile_tree(condition)(env) else otherwise, env)
    if head in _FUNCTIONS:
        return f"{_FUNCTIONS[head]}({', '.join(_write(item, env)[0] for item in tree[1])})", _ATOM
    level = _LEVELS[head]
    if head == "negative":
        return f"−{_inside(tree[1], env, level)}", level
    if head == "not":
        return f"非 {_inside(tree[1], env, level)}", level
    if head == "compare":
        left, right = (_inside(side, env, level) for side in tree[2:])
        return f"{left} {_COMPARISONS[tree[1]]} {right}", level
    if head in ("and", "or"):
        word = " 且 " if head == "and" else " 或 "
        return word.join(_inside(item, env, level) for item in tree[1]), level
    text = ""
    for sign, item in tree[1]:
        text += (_SIGNS[sign] if text else "") + _inside(item, env, level)
    return text, level


def _inside(tree: tuple, env: Mapping[str, Number], outer: int) -> str:
    text, level = _write(tree, env)
    return f"({text})" if level <= outer else text
