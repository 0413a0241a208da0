"""完成率法: the points times what was reached of a target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.engine.scoring.exact import Number, divide, less, times
from tracker.engine.scoring.expressions import Expression
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


def _read(table: Table, points: Number | None) -> Params:
    params: dict[str, Any] = {
        "value": table.expression("value"),
        "target": table.expression("target"),
        "cap": table.number("cap", 1),
        "floor": table.number("floor", 0),
        "lower_is_better": table.flag("lower_is_better"),
    }
    for key in ("cap", "floor"):
        if params[key] is not None and params[key] < 0:
            table.fault(f"{table.named(key)}为负数，请改为 0 或正数")
    return params


def _award(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    params = method.params
    value = params["value"].evaluate(env)
    target = params["target"].evaluate(env)
    if target < 0:
        raise ImpossibleError("目标值为负数")
    if params["lower_is_better"]:
        ratio = divide(target, value) if value > 0 else params["cap"]
    else:
        ratio = _met(value, target)
    return _of_ratio(params, points, ratio), (value, target, ratio)


def _award_1_0(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    params = method.params
    value = params["value"].evaluate(env)
    target = params["target"].evaluate(env)
    if params["lower_is_better"]:
        ratio = divide(target, value) if value else params["cap"]
    else:
        ratio = _met(value, target)
    return _of_ratio(params, points, ratio), (value, target, ratio)


def _met(value: Number, target: Number) -> Number:
    if not target:
        raise ImpossibleError("目标值为 0")
    return divide(value, target)


def _of_ratio(params: Params, points: Number, ratio: Number) -> Number:
    if ratio.numerator <= 0 or less(ratio, params["floor"]):
        return 0
    return times(points, params["cap"] if less(params["cap"], ratio) else ratio)


def _explain(sentence: Sentence, params: Params) -> str:
    value, target, ratio = sentence.part.trace
    tell, cap = sentence.tell, params["cap"]
    top, bottom = params["value"], params["target"]
    if params["lower_is_better"]:
        if value.numerator <= 0 and (tell.marks or value == 0):
            whole = sentence.times(tell.share(cap))
            return f"{_no_more_than_0(sentence, params, value)},{whole}"
        top, bottom, value, target = bottom, top, target, value
    first = tell.operand(top, value, tell.unit(bottom))
    left = joined(first, " ÷ ", tell.operand(bottom, target, tell.unit(top)))
    share = tell.share(ratio, (0, params["floor"], cap))
    text = equation(left, share)
    if less(ratio, params["floor"]):
        return f"{text},低于 {tell.share(params['floor']).alone},{sentence.got()}"
    if ratio.numerator <= 0:
        return f"{text},{sentence.got()}"
    if less(cap, ratio):
        most = tell.share(cap)
        return f"{text},按 {most.alone} 计,{sentence.times(most)}"
    return f"{text},{sentence.times(share)}"


def _no_more_than_0(sentence: Sentence, params: Params, value: Number) -> str:
    cap = sentence.tell.share(params["cap"]).alone
    if value == 0:
        return f"数值为 0,按 {cap} 计"
    return f"数值 {sentence.tell.worked(params['value'], value)},不大于 0,按 {cap} 计"


def _needed(wanted: Wanted) -> Number | None:
    params = wanted.method.params
    ratio = max(divide(wanted.award, wanted.points), params["floor"])
    target = params["target"].evaluate(wanted.env)
    return divide(target, ratio) if params["lower_is_better"] else target * ratio


def _from_zero(params: Params) -> list[Expression]:
    return [params["target"], *([params["value"]] if params["lower_is_better"] else ())]


RULE = Rule(
    "ratio",
    "完成率法",
    _read,
    _award,
    _explain,
    _needed,
    parameters={
        "value": "数值",
        "target": "目标",
        "cap": "比率上限",
        "floor": "比率下限",
        "lower_is_better": "越低越好",
    },
    columns=(
        VALUE,
        MethodColumn("目标值", "target", "expression"),
        MethodColumn("完成率封顶", "cap", "number"),
        MethodColumn("最低完成率", "floor", "number"),
        LOWER_IS_BETTER,
    ),
    award_1_0=_award_1_0,
    monotone=lambda params: not params["lower_is_better"],
    from_zero=_from_zero,
)
