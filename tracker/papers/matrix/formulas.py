"""Expressions and methods of the engine, written as formulas of a spreadsheet.

A spreadsheet counts in binary fractions, the engine exactly: what is compared or cut to whole
numbers is rounded to `PLACES` first, so that 0.1 + 0.2 is 0.3. Nothing that a person typed enters a
formula: names become cells, and numbers are the rulebook's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tracker.engine.scoring import Indicator, plain
from tracker.engine.scoring.exact import Number, places
from tracker.engine.scoring.method import Method

PLACES = 9
_SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "<>"}
_REACHED = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}


@dataclass(frozen=True)
class Pool:
    """The values of a pooled method: the subject's own cell, the column of all, and the column that
    numbers the classes with the subject's own number (in a cell)."""

    own: str
    values: str
    classes: str
    own_class: str

    def best(self, which: str) -> str:
        """The least (`MIN`) or largest (`MAX`) of the class."""
        return f"_xlfn.{which}IFS({self.values},{self.classes},{self.own_class})"

    def counted(self, condition: str = "") -> str:
        """How many of the class have a value, and meet `condition`."""
        also = f"*({self.values}{condition})" if condition else ""
        mine = f"({self.classes}={self.own_class})*ISNUMBER({self.values})"
        return f"SUMPRODUCT({mine}{also})"


def number(value: Number) -> str:
    """A number of the rulebook: a decimal, or the division that makes it."""
    if places(value) is not None:
        text = plain(value)
    else:
        found = Fraction(value)
        text = f"{found.numerator}/{found.denominator}"
    return text if text.isdecimal() else f"({text})"


def written(tree: tuple, cells: Mapping[str, str]) -> str:
    """The formula of a tree; `cells` gives what stands for each name. Raises KeyError for a name
    that has no cell."""

    def of(each: tuple) -> str:
        return written(each, cells)

    head = tree[0]
    if head == "number":
        return number(tree[1])
    if head == "name":
        return cells[tree[1]]
    if head == "negative":
        return f"(-{of(tree[1])})"
    if head == "not":
        return f"NOT({of(tree[1])})"
    if head == "sum":
        return _joined(tree[1], cells, first="+")
    if head == "product":
        return _joined(tree[1], cells, first="*")
    if head == "compare":
        sign, left, right = tree[1:]
        return f"(ROUND({of(left)}-{of(right)},{PLACES}){_SIGNS[sign]}0)"
    items = [of(each) for each in tree[1]]
    if head in ("and", "or"):
        return f"{head.upper()}({','.join(items)})"
    if head in ("min", "max"):
        # A cell with a word is passed over by MIN and MAX; with + 0 it is the error that it is.
        return f"{head.upper()}({','.join(f'{item}+0' for item in items)})"
    if head == "abs":
        return f"ABS({items[0]})"
    if head == "count":
        return f"({'+'.join(f'IF({item},1,0)' for item in items)})"
    assert head == "if", head
    return f"IF({items[0]},{items[1]},{items[2]})"


def _joined(items: Sequence[tuple[str, tuple]], cells: Mapping[str, str], first: str) -> str:
    text = ""
    for sign, item in items:
        text += ("" if not text and sign == first else sign) + written(item, cells)
    return f"({text})"


def award(
    indicator: Indicator,
    cells: Mapping[str, str],
    points: str,
    pools: Mapping[int, Pool],
) -> str:
    """The exact award of a line that is scored. `points` is the cell of its points in force,
    `pools` the values of its pooled parts by their number. Raises KeyError for a method or a name
    that no formula writes."""
    scale = f"({points}/{number(indicator.points)})" if indicator.points else "1"
    if indicator.combine is None:
        return _method(indicator.parts[0].method, cells, points, scale, pools.get(0))
    parts = [
        _method(part.method, cells, f"({number(part.points)}*{scale})", scale, pools.get(at))
        for at, part in enumerate(indicator.parts)
    ]
    whole = {"sum": "SUM", "max": "MAX", "min": "MIN"}[indicator.combine]
    return _clamped(f"{whole}({','.join(f'{part}+0' for part in parts)})", points)


def _method(
    method: Method, cells: Mapping[str, str], points: str, scale: str, pool: Pool | None
) -> str:
    return _METHODS[method.name](_Given(method, cells, points, scale, pool))


@dataclass(frozen=True)
class _Given:
    """A method with what its formula is made of."""

    method: Method
    cells: Mapping[str, str]
    points: str
    scale: str
    pool: Pool | None

    def of(self, key: str) -> str:
        """The formula of a parameter that is an expression."""
        return self.tree(self.method.params[key])

    def tree(self, expression: Any) -> str:
        return written(expression.tree, self.cells)

    def fixed(self, value: Number) -> str:
        """Points that the rulebook gives, within those of the part."""
        return _clamped(f"{number(value)}*{self.scale}", self.points)


def _clamped(text: str, top: str) -> str:
    return f"MAX(0,MIN({top},{text}))"


def _floored(text: str) -> str:
    return f"INT(ROUND({text},{PLACES}))"


def _against(text: str, sign: str, value: Number) -> str:
    return f"ROUND({text}-{number(value)},{PLACES}){sign}0"


def _ratio(given: _Given) -> str:
    params = given.method.params
    value, target, cap = given.of("value"), given.of("target"), number(params["cap"])
    if params["lower_is_better"]:
        share = f"IF({value}>0,{target}/{value},{cap})"
    else:
        share = f"{value}/{target}"
    enough = f"AND({share}>0,{_against(f'({share})', '>=', params['floor'])})"
    return f"IF({enough},{given.points}*MIN({cap},{share}),0)"


def _gate(given: _Given) -> str:
    otherwise = f"{number(given.method.params['otherwise'])}*{given.scale}"
    return f"IF({given.of('when')},{given.points},{otherwise})"


def _count(given: _Given) -> str:
    params = given.method.params
    each = f"{given.of('value')}/{number(params['per'])}"
    times = each if params["proportional"] else _floored(each)
    return _clamped(f"{times}*{number(params['unit'])}*{given.scale}", given.points)


def _steps(given: _Given) -> str:
    params = given.method.params
    value, sign = given.of("value"), _REACHED[params["direction"]]
    rows, text = params["steps"], "0"
    for at in range(len(rows) - 1, -1, -1):
        threshold, points = rows[at]
        there = given.fixed(points)
        if params["interpolate"] and at:
            before, high = rows[at - 1]
            share = f"({value}-{number(threshold)})/({number(before)}-{number(threshold)})"
            between = f"({number(points)}+{number(high - points)}*{share})*{given.scale}"
            there = _clamped(between, given.points)
        text = f"IF({_against(value, sign, threshold)},{there},{text})"
    return text


def _growth(given: _Given) -> str:
    params = given.method.params
    base = given.of("base")
    growth = f"({given.of('value')}-{base})"
    if not params["absolute"]:
        growth = f"({growth}/IF({base}>0,{base},NA()))"
    each = f"ABS({growth})/{number(params['step'])}"
    times = f"({each})" if params["proportional"] else _floored(each)
    unit = f"IF({growth}>=0,{number(params['gain'])},{number(-params['loss'])})*{given.scale}"
    top = f"{given.points}*{number(params['ceiling'])}"
    return _clamped(f"{given.points}*{number(params['flat'])}+{times}*{unit}", top)


def _checklist(given: _Given) -> str:
    items = given.method.params["items"]
    there = "+".join(
        f"IF(ROUND({given.tree(item['value'])},{PLACES})>0,{number(item['award'])},0)"
        for item in items
    )
    return _clamped(f"({there})*{given.scale}", given.points)


def _deduct(given: _Given) -> str:
    taken = []
    for item in given.method.params["items"]:
        amount = f"{given.tree(item['value'])}*{number(item['unit'])}*{given.scale}"
        if item["max"] is not None:
            amount = f"MIN({amount},{number(item['max'])}*{given.scale})"
        taken.append(amount)
    total = f"MAX(0,{'+'.join(taken)})"
    if given.method.deduction:
        return f"-MIN({given.points},{total})"
    return _clamped(f"{given.points}-{total}", given.points)


def _efficacy(given: _Given) -> str:
    params = given.method.params
    if params["low"] is None:
        assert given.pool is not None, "a method that reads its class has a pool"
        value = given.pool.own
        low, high = given.pool.best("MIN"), given.pool.best("MAX")
        if params["lower_is_better"]:
            low, high = high, low
        share = f"IF({low}={high},1,({value}-{low})/({high}-{low}))"
    else:
        value, low, high = given.of("value"), given.of("low"), given.of("high")
        share = f"MAX(0,MIN(1,({value}-{low})/({high}-{low})))"
    base = number(params["base_share"])
    return f"{given.points}*({base}+(1-{base})*{share})"


def _rank(given: _Given) -> str:
    params, pool = given.method.params, given.pool
    assert pool is not None, "a method that reads its class has a pool"
    sign = "<" if params["lower_is_better"] else ">"
    place = f"(1+{pool.counted(f'{sign}{pool.own}')})"
    rows, own = params["table"], place
    if rows is None:
        rows, own = params["share_table"], f"({place}/{pool.counted()})"
    text = given.fixed(params["otherwise"])
    for limit, points in reversed(rows):
        text = f"IF({_against(own, '<=', limit)},{given.fixed(points)},{text})"
    # Without a value there is no place.
    return f"IF(ISNUMBER({pool.own}),{text},NA())"


_METHODS: dict[str, Callable[[_Given], str]] = {
    "ratio": _ratio,
    "gate": _gate,
    "count": _count,
    "steps": _steps,
    "growth": _growth,
    "checklist": _checklist,
    "deduct": _deduct,
    "efficacy": _efficacy,
    "rank": _rank,
}
