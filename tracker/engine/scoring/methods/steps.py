"""分档法: the award of the first threshold that is reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.engine.scoring.exact import Number, clamp, divide, less
from tracker.engine.scoring.method import (
    VALUE,
    Env,
    Method,
    MethodColumn,
    MethodRows,
    Outcome,
    Params,
    Rule,
    Wanted,
)
from tracker.engine.scoring.methods.reading import pairs
from tracker.engine.scoring.sentence import Sentence
from tracker.engine.scoring.tables import Table

_REACHED: dict[str, Callable[[Number, Number], bool]] = {
    "at_least": lambda value, threshold: not less(value, threshold),
    "above": lambda value, threshold: less(threshold, value),
    "at_most": lambda value, threshold: not less(threshold, value),
    "below": less,
}
_WORDS = {
    "at_least": ("达到", "未达到"),
    "above": ("高于", "不高于"),
    "at_most": ("不超过", "超过"),
    "below": ("低于", "不低于"),
}


def _read(table: Table, points: Number | None) -> Params:
    direction = table.choice("direction", tuple(_REACHED), "at_least")
    params = {
        "value": table.expression("value"),
        "direction": direction,
        "steps": pairs(table, "steps", points, falling=direction in ("at_least", "above")),
        "interpolate": table.flag("interpolate"),
    }
    if params["interpolate"] and direction in ("above", "below"):
        fit = "或".join(table.valued("direction", each) for each in ("at_least", "at_most"))
        table.fault(f"{table.named('interpolate')}只能与{fit}同用，请改正其一")
    return params


def _award(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    params = method.params
    value = params["value"].evaluate(env)
    if params["interpolate"]:
        return _interpolated(params, value, points, scale)
    reached = _REACHED[params["direction"]]
    for row, (threshold, points_there) in enumerate(params["steps"]):
        if reached(value, threshold):
            return clamp(points_there * scale, points), (value, row, None)
    return 0, (value, None, None)


def _interpolated(params: Params, value: Number, points: Number, scale: Number) -> Outcome:
    steps = params["steps"]
    reached = _REACHED[params["direction"]]
    if reached(value, steps[0][0]):
        return clamp(steps[0][1] * scale, points), (value, 0, None)
    for row in range(1, len(steps)):
        threshold, low = steps[row]
        if reached(value, threshold):
            before, high = steps[row - 1]
            share = divide(value - threshold, before - threshold)
            return clamp((low + (high - low) * share) * scale, points), (value, row, share)
    return 0, (value, None, None)


def _explain(sentence: Sentence, params: Params) -> str:
    value, row, share = sentence.part.trace
    tell, steps = sentence.tell, params["steps"]
    unit = tell.unit(params["value"])
    reached, failed = _WORDS[params["direction"]]
    figure = tell.worked(params["value"], value, (threshold for threshold, _ in steps))
    if row is None:
        return f"{figure},{failed} {tell.figure(steps[-1][0], unit).alone},{sentence.got()}"
    threshold, low = steps[row]
    if share is None:
        step = tell.figure(threshold, unit).alone
        blank = " " if step[-1].isascii() else ""
        return f"{figure},{reached} {step}{blank}一档,{sentence.got()}"
    before, high = steps[row - 1]
    return (
        f"{figure},介于 {_row(sentence, threshold, low, unit)}与 "
        f"{_row(sentence, before, high, unit)}之间,按比例{sentence.got()}"
    )


def _row(sentence: Sentence, threshold: Number, award: Number, unit: str) -> str:
    tell = sentence.tell
    figure, points = tell.figure(threshold, unit), tell.figure(award * sentence.scale)
    return f"{figure.alone}({points.alone} 分)"


def _needed(wanted: Wanted) -> Number | None:
    steps = wanted.method.params["steps"]
    enough = [row for row, (_, given) in enumerate(steps) if given * wanted.scale >= wanted.award]
    if not enough:
        return None
    row = enough[-1]
    threshold, high = steps[row]
    if not wanted.method.params["interpolate"] or row + 1 == len(steps):
        return threshold
    below, low = steps[row + 1]
    return below + (threshold - below) * divide(
        divide(wanted.award, wanted.scale) - low, high - low
    )


RULE = Rule(
    "steps",
    "分档法",
    _read,
    _award,
    _explain,
    _needed,
    parameters={
        "value": "数值",
        "direction": "方向",
        "steps": "分档",
        "interpolate": "档间插值",
    },
    columns=(
        VALUE,
        MethodColumn(
            "分档方向",
            "direction",
            choices={
                "不低于": "at_least",
                "高于": "above",
                "不高于": "at_most",
                "低于": "below",
            },
        ),
        MethodColumn("档间插值", "interpolate", "yes"),
    ),
    rows=MethodRows("steps", ("threshold", "award"), "界值 | 得分"),
)
