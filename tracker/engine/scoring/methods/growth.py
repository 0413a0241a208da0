"""增幅法: a share of the points for standing still, more or less for each step up or down."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tracker.engine.scoring.exact import Number, clamp, divide, floor, plain
from tracker.engine.scoring.method import (
    PROPORTIONAL,
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
from tracker.engine.scoring.methods.reading import positive
from tracker.engine.scoring.sentence import Sentence
from tracker.engine.scoring.tables import Table
from tracker.engine.scoring.telling import equation, joined

_FLAT = Fraction(4, 5)
_STEP = Fraction(1, 20)


def _read(table: Table, points: Number | None) -> Params:
    params: dict[str, Any] = {
        "value": table.expression("value"),
        "base": table.expression("base"),
        "flat": table.number("flat", _FLAT),
        "step": positive(table, "step", _STEP),
        "gain": table.number("gain", 1),
        "loss": table.number("loss", 1),
        "ceiling": table.number("ceiling", 1),
        "proportional": table.flag("proportional"),
        "absolute": table.flag("absolute"),
    }
    flat, ceiling = params["flat"], params["ceiling"]
    if flat is not None and ceiling is not None and not 0 <= flat <= ceiling:
        table.fault(
            f"{table.named('flat')}应在 0 与{table.named('ceiling')}{plain(ceiling)} 之间，请改正"
        )
    return params


def _award(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    params = method.params
    value = params["value"].evaluate(env)
    base = params["base"].evaluate(env)
    growth = value - base
    if not params["absolute"]:
        if base <= 0:
            raise ImpossibleError("基数不大于 0")
        growth = divide(growth, base)
    number = divide(abs(growth), params["step"])
    if not params["proportional"]:
        number = floor(number)
    unit = (params["gain"] if growth >= 0 else -params["loss"]) * scale
    result = points * params["flat"] + number * unit
    return clamp(result, points * params["ceiling"]), (value, base, growth, number, unit)


def _explain(sentence: Sentence, params: Params) -> str:
    value, base, growth, number, unit = sentence.part.trace
    tell, points, step = sentence.tell, sentence.part.points, params["step"]
    flat = points * params["flat"]
    own, other = tell.unit(params["value"]), tell.unit(params["base"])
    based = tell.operand(params["base"], base, own)
    difference = joined(tell.operand(params["value"], value, other), " − ", based)
    whole = [(sign * n * step) for sign in (1, -1) for n in (floor(number), number + 1)]
    if params["absolute"]:
        of_both = own if own == other else ""
        text = equation(difference, tell.figure(growth, of_both, whole))
        every = tell.figure(step, of_both).alone
    else:
        left = joined("(", difference, ") ÷ ", based)
        text = equation(left, tell.share(growth, whole))
        every = tell.share(step).alone
    fen = sentence.fen
    start = joined("基础分 ", tell.figure(points), fen, " × ", tell.share(params["flat"]))
    if number == 0:
        text += f",不足一个 {every}" if growth else ",与基数持平"
        return f"{text},{equation(start, sentence.final)}"
    moved = "每增" if growth >= 0 else "每降"
    text += f",{moved} {every} 计 1 次,共 {tell.figure(number).alone} 次"
    text += f",{equation(start, joined(tell.figure(flat), ' 分'))}"
    sign = " + " if unit >= 0 else " − "
    times = " 次" if fen else ""
    sums = (tell.figure(flat), fen, sign, tell.figure(number), times, " × ")
    left = joined(*sums, tell.figure(abs(unit)), fen)
    top = points * params["ceiling"]
    return f"{text},{sentence.limited(left, flat + number * unit, top)}"


def _needed(wanted: Wanted) -> Number | None:
    params = wanted.method.params
    more = wanted.award - wanted.points * params["flat"]
    number = divide(more, (params["gain"] if more > 0 else params["loss"]) * wanted.scale)
    if not params["proportional"]:
        # A fall is counted in whole steps too, so the step that costs too much is not yet full.
        number = -floor(-number) if more > 0 else -(floor(-number) + 1)
    growth = number * params["step"]
    base = params["base"].evaluate(wanted.env)
    return base + growth if params["absolute"] else base * (1 + growth)


RULE = Rule(
    "growth",
    "增幅法",
    _read,
    _award,
    _explain,
    _needed,
    parameters={
        "value": "数值",
        "base": "基数",
        "flat": "持平得分比例",
        "step": "每档增幅",
        "gain": "每档加分",
        "loss": "每档减分",
        "ceiling": "封顶比例",
        "proportional": "按比例",
        "absolute": "按差值",
    },
    columns=(
        VALUE,
        MethodColumn("上年值", "base", "expression"),
        MethodColumn("持平得分率", "flat", "number"),
        MethodColumn("每档幅度", "step", "number"),
        MethodColumn("每档加分", "gain", "number"),
        MethodColumn("每档减分", "loss", "number"),
        MethodColumn("得分封顶倍数", "ceiling", "number"),
        MethodColumn("按百分点", "absolute", "yes"),
        PROPORTIONAL,
    ),
    monotone=lambda params: params["gain"] >= 0 and params["loss"] >= 0,
)
