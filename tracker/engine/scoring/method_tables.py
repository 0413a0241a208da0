"""Reading and refusing the parameters of the nine methods."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tracker.engine.scoring.exact import Number, plain
from tracker.engine.scoring.expressions import CONDITION
from tracker.engine.scoring.rulebook import Method
from tracker.engine.scoring.tables import Table

Params = dict[str, Any]

_FLAT = Fraction(4, 5)
_STEP = Fraction(1, 20)
_BASE_SHARE = Fraction(3, 5)


def read_method(
    table: Table, points: Number | None, kind: str | None, *, in_part: bool
) -> Method | None:
    """Read `method` and its parameters from an indicator's or a part's table.

    `points` are the default points (分) that awards are held against, None if they are faulty.
    Returns None, with the faults noted in the table, if anything is wrong.
    """
    before = len(table.faults)
    name = table.choice("method", tuple(_READERS))
    if name is None:
        # Which keys belong to an unknown method cannot be told.
        table.skip()
        return None
    params = _READERS[name](table, points)
    if in_part:
        for key in ("cap", "ceiling"):
            if params.get(key) is not None and params[key] > 1:
                table.fault(f"组合指标的部分中 {key} 不能大于 1，请改为 1 以内")
    if kind == "bonus" and name == "deduct":
        table.fault("加分指标不能用扣分法 deduct，请改用其他方法或改为 deduction")
    if kind == "deduction" and name != "deduct":
        table.fault("扣分指标只能用扣分法 deduct，请改正 method")
    if len(table.faults) > before:
        return None
    return Method(name, params, deduction=kind == "deduction")


def _ratio(table: Table, points: Number | None) -> Params:
    params = {
        "value": table.expression("value"),
        "target": table.expression("target"),
        "cap": table.number("cap", 1),
        "floor": table.number("floor", 0),
        "lower_is_better": table.flag("lower_is_better"),
    }
    for key in ("cap", "floor"):
        if params[key] is not None and params[key] < 0:
            table.fault(f"{key} 为负数，请改为 0 或正数")
    return params


def _gate(table: Table, points: Number | None) -> Params:
    return {
        "when": table.expression("when", CONDITION),
        "otherwise": table.points("otherwise", points),
    }


def _count(table: Table, points: Number | None) -> Params:
    return {
        "value": table.expression("value"),
        "unit": table.number("unit", required=True),
        "per": _positive(table, "per", 1),
        "proportional": table.flag("proportional"),
    }


def _steps(table: Table, points: Number | None) -> Params:
    direction = table.choice("direction", ("at_least", "above", "at_most", "below"), "at_least")
    params = {
        "value": table.expression("value"),
        "direction": direction,
        "steps": _pairs(table, "steps", points, falling=direction in ("at_least", "above")),
        "interpolate": table.flag("interpolate"),
    }
    if params["interpolate"] and direction in ("above", "below"):
        table.fault("interpolate 只能与 at_least 或 at_most 同用，请改正其一")
    return params


def _growth(table: Table, points: Number | None) -> Params:
    params = {
        "value": table.expression("value"),
        "base": table.expression("base"),
        "flat": table.number("flat", _FLAT),
        "step": _positive(table, "step", _STEP),
        "gain": table.number("gain", 1),
        "loss": table.number("loss", 1),
        "ceiling": table.number("ceiling", 1),
        "proportional": table.flag("proportional"),
        "absolute": table.flag("absolute"),
    }
    flat, ceiling = params["flat"], params["ceiling"]
    if flat is not None and ceiling is not None and not 0 <= flat <= ceiling:
        table.fault(f"flat 应在 0 与 ceiling({plain(ceiling)})之间，请改正")
    return params


def _efficacy(table: Table, points: Number | None) -> Params:
    params = {
        "value": table.expression("value"),
        "base_share": table.number("base_share", _BASE_SHARE),
        "lower_is_better": table.flag("lower_is_better"),
        "low": table.expression("low", required=False),
        "high": table.expression("high", required=False),
    }
    if params["base_share"] is not None and not 0 <= params["base_share"] <= 1:
        table.fault("base_share 应在 0 与 1 之间，请改正")
    if table.has("low") != table.has("high"):
        table.fault("low 与 high 应同时给出或都不给，请补上或删去")
    if params["lower_is_better"] and (table.has("low") or table.has("high")):
        table.fault("lower_is_better 不能与 low、high 同用，请删去并把 low 写得大于 high")
    return params


def _rank(table: Table, points: Number | None) -> Params:
    params = {
        "value": table.expression("value"),
        "lower_is_better": table.flag("lower_is_better"),
        "table": _pairs(table, "table", points, falling=False, required=False),
        "share_table": _pairs(table, "share_table", points, falling=False, required=False),
        "otherwise": table.points("otherwise", points),
    }
    if table.has("table") and table.has("share_table"):
        table.fault("table 与 share_table 只能用一个，请删去另一个")
    elif not table.has("table") and not table.has("share_table"):
        table.fault("缺少 table 或 share_table，请补上其中一个")
    for place, _ in params["table"] or ():
        if type(place) is not int or place < 1:
            table.fault(f"table 的名次 {plain(place)} 应为正整数，请改正")
    for share, _ in params["share_table"] or ():
        if not 0 < share <= 1:
            table.fault(f"share_table 的比例 {plain(share)} 应大于 0、不超过 1，请改正")
    return params


def _checklist(table: Table, points: Number | None) -> Params:
    items = []
    for item in table.tables("items", "要件"):
        items.append(
            {
                "name": item.text("name"),
                "value": item.expression("value"),
                "award": item.points("award", points, default=None),
            }
        )
        item.finish()
    awards = [item["award"] for item in items]
    if points is not None and awards and None not in awards and sum(awards) != points:
        table.fault(f"各要件得分合计 {plain(sum(awards))}，应等于分值 {plain(points)}，请改正")
    return {"items": tuple(items)}


def _deduct(table: Table, points: Number | None) -> Params:
    items = []
    for item in table.tables("items", "扣分项"):
        items.append(
            {
                "name": item.text("name"),
                "value": item.expression("value"),
                "unit": item.number("unit", required=True),
                "max": item.points("max", None) if item.has("max") else None,
            }
        )
        item.finish()
    return {"items": tuple(items)}


def _positive(table: Table, key: str, default: Number) -> Number | None:
    value = table.number(key, default)
    if value is not None and value <= 0:
        table.fault(f"{key} 应大于 0，请改正")
    return value


def _pairs(
    table: Table, key: str, points: Number | None, *, falling: bool, required: bool = True
) -> tuple[tuple[Number, Number], ...] | None:
    """Read rows [threshold, award]: thresholds fall or rise strictly, awards fall strictly."""
    rows = table.rows(key, required)
    if rows is None:
        return None
    pairs = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != 2:
            table.fault(f"{key} 第 {number} 行应为两个数字，请写成 [界值, 得分]")
            return None
        first = table.as_number(row[0], f"{key} 第 {number} 行的界值")
        award = table.as_number(row[1], f"{key} 第 {number} 行的得分")
        if first is None or award is None:
            return None
        if award < 0:
            table.fault(f"{key} 第 {number} 行的得分为负数，请改为 0 或正数")
        if points is not None and award > points:
            table.fault(f"{key} 第 {number} 行的得分高于分值 {plain(points)}，请改小")
        pairs.append((first, award))
    for number, ((first, award), (after, less)) in enumerate(pairwise(pairs), 2):
        if first == after or (first > after) != falling:
            order = "从大到小" if falling else "从小到大"
            table.fault(f"{key} 第 {number} 行的界值应{order}排列且不重复，请调整")
        if award <= less:
            table.fault(f"{key} 第 {number} 行的得分应低于上一行，请调整")
    return tuple(pairs)


_READERS: dict[str, Callable[[Table, Number | None], Params]] = {
    "ratio": _ratio,
    "gate": _gate,
    "count": _count,
    "steps": _steps,
    "growth": _growth,
    "efficacy": _efficacy,
    "rank": _rank,
    "checklist": _checklist,
    "deduct": _deduct,
}
