"""功效系数法: between a figure that may not be and one that satisfies, given or of the class."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tracker.engine.scoring.exact import Number, clamp, divide
from tracker.engine.scoring.method import (
    LOWER_IS_BETTER,
    VALUE,
    Env,
    ImpossibleError,
    Method,
    MethodColumn,
    Outcome,
    Params,
    Rule,
    Wanted,
)
from tracker.engine.scoring.sentence import Sentence
from tracker.engine.scoring.tables import Table
from tracker.engine.scoring.telling import equation, joined

_BASE_SHARE = Fraction(3, 5)


def _read(table: Table, points: Number | None) -> Params:
    params: dict[str, Any] = {
        "value": table.expression("value"),
        "base_share": table.number("base_share", _BASE_SHARE),
        "lower_is_better": table.flag("lower_is_better"),
        "low": table.expression("low", required=False),
        "high": table.expression("high", required=False),
    }
    if params["base_share"] is not None and not 0 <= params["base_share"] <= 1:
        table.fault(f"{table.named('base_share')}应在 0 与 1 之间，请改正")
    if table.has("low") != table.has("high"):
        table.fault(f"{table.named('low')}与{table.named('high')}应同时给出或都不给，请补上或删去")
    if params["lower_is_better"] and (table.has("low") or table.has("high")):
        low, high = table.named("low"), table.named("high")
        table.fault(
            f"{table.named('lower_is_better')}不能与{low}、{high.lstrip()}同用，"
            f"请删去并把{low}写得大于{high}"
        )
    return params


def _award(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    params = method.params
    value = params["value"].evaluate(env)
    if params["low"] is None:
        low, high = pool[0], pool[-1]
        if params["lower_is_better"]:
            low, high = high, low
        share = 1 if low == high else divide(value - low, high - low)
    else:
        low, high = params["low"].evaluate(env), params["high"].evaluate(env)
        if low == high:
            raise ImpossibleError("满意值与不允许值相等")
        share = clamp(divide(value - low, high - low), 1)
    base_share = params["base_share"]
    return points * (base_share + (1 - base_share) * share), (value, low, high, share)


def _explain(sentence: Sentence, params: Params) -> str:
    value, low, high, share = sentence.part.trace
    tell, base = sentence.tell, params["base_share"]
    unit = tell.unit(params["value"])
    scaled = _bounds(sentence, params, low, high, unit)
    if low == high:
        scaled += ",各方相同,系数为 100%"
    else:
        ratio = divide(value - low, high - low)
        first, least, most = (tell.signed(each, unit) for each in (value, low, high))
        left = joined("(", first, " − ", least, ") ÷ (", most, " − ", least, ")")
        scaled += f",{equation(left, tell.share(ratio, (0, 1)))}"
        scaled += f",按 {tell.share(share).alone} 计" if ratio != share else ""
    first, rest = tell.share(base), tell.share(1 - base)
    part = tell.share(share, (0, 1))
    points = joined(tell.figure(sentence.part.points), sentence.fen)
    left = joined(points, " × (", first, " + ", rest, " × ", part, ")")
    lead = sentence.lead(params["value"], value)
    return f"{lead}{scaled},{equation(left, sentence.final)}"


def _bounds(sentence: Sentence, params: Params, low: Number, high: Number, unit: str) -> str:
    figure = sentence.tell.figure
    if params["low"] is not None:
        return f"不允许值 {figure(low, unit).alone}、满意值 {figure(high, unit).alone}"
    lowest, highest = sorted((low, high))
    return f"同类最低 {figure(lowest, unit).alone}、最高 {figure(highest, unit).alone}"


def _needed(wanted: Wanted) -> Number | None:
    params = wanted.method.params
    base_share = params["base_share"]
    share = divide(divide(wanted.award, wanted.points) - base_share, 1 - base_share)
    if params["low"] is not None:
        low, high = params["low"].evaluate(wanted.env), params["high"].evaluate(wanted.env)
    elif not wanted.others:
        return None
    else:
        low, high = wanted.others[0], wanted.others[-1]
        if params["lower_is_better"]:
            low, high = high, low
    return low + share * (high - low)


RULE = Rule(
    "efficacy",
    "功效系数法",
    _read,
    _award,
    _explain,
    _needed,
    parameters={
        "value": "数值",
        "base_share": "基础比例",
        "lower_is_better": "越低越好",
        "low": "不允许值",
        "high": "满意值",
    },
    columns=(
        VALUE,
        LOWER_IS_BETTER,
        MethodColumn("基础分比例", "base_share", "number"),
        MethodColumn("不允许值", "low", "expression"),
        MethodColumn("满意值", "high", "expression"),
    ),
    pooled=lambda params: params["low"] is None,
)
