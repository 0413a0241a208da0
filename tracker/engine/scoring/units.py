"""The unit of what an expression comes to, from the units of the measures that it reads."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.engine.scoring.compiling import compile_tree
from tracker.engine.scoring.exact import Number
from tracker.engine.scoring.names import POOLED

YES_NO = "是否"
SHARE = "比例"


def unit_of(tree: tuple, units: Mapping[str, str], env: Mapping[str, Number]) -> str:
    """The unit of a tree's value: 万元 ÷ 万元 is a share, 万元 ÷ 亩 is 万元/亩; "" where the units
    make none, or are not known. Answers of 是 or 否 are counted without a unit."""
    if not units:
        return ""
    if tree[0] == "name" and tree[1] in units:
        return "" if units[tree[1]] == YES_NO else units[tree[1]]
    found = _unit(tree, units, env)
    return "" if found in (None, YES_NO) else found


def _unit(tree: tuple, units: Mapping[str, str], env: Mapping[str, Number]) -> str | None:
    """As `unit_of`; None for a number that the rulebook gives, which takes any unit."""
    head = tree[0]
    if head == "number":
        return None
    if head == "name":
        word, _, rest = tree[1].partition(".")
        found = units.get(rest if word in POOLED else tree[1], "")
        return "" if found == YES_NO else found
    if head in ("negative", "abs"):
        return _unit(tree[1] if head == "negative" else tree[1][0], units, env)
    if head == "if":
        condition, then, otherwise = tree[1]
        return _unit(then if compile_tree(condition)(env) else otherwise, units, env)
    if head == "product":
        return _of_product(tree[1], units, env)
    if head in ("sum", "min", "max"):
        items = [item for _, item in tree[1]] if head == "sum" else tree[1]
        several = {_unit(item, units, env) for item in items} - {None}
        return several.pop() if len(several) == 1 else ("" if several else None)
    return ""


def _of_product(items: tuple, units: Mapping[str, str], env: Mapping[str, Number]) -> str | None:
    above: list[str] = []
    below: list[str] = []
    for sign, item in items:
        found = _unit(item, units, env)
        # A number may change the unit: a share × 100 is no share, 万元 ÷ 10000 no 万元.
        if not found:
            return ""
        if found != SHARE:
            (above if sign == "*" else below).append(found)
    for each in list(below):
        if each in above:
            above.remove(each)
            below.remove(each)
    if not above and not below:
        return SHARE
    if len(above) != 1 or len(below) > 1:
        return ""
    return f"{above[0]}/{below[0]}" if below else above[0]
