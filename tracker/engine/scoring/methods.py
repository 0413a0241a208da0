"""The nine methods: an exact award, and the figures that explain it.

Each function takes (method, env, points, scale, pool): the values of the names, the line's (or
part's) points P, the factor on all that is fixed in points, and the sorted values of the class for
the pooled methods. `award` chooses the functions of the meaning. It returns the award, clamped but
not rounded, and a trace for `explain`. Raises ImpossibleError, or ZeroDivisionError from an
expression, where the arithmetic has no result.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracker.engine.scoring.exact import Number, clamp, divide, floor, less
from tracker.engine.scoring.meaning import Meaning
from tracker.engine.scoring.rulebook import Method

Env = Mapping[str, Number]
Outcome = tuple[Number, tuple]


class ImpossibleError(ArithmeticError):
    """Arithmetic without a result; the message is the Chinese reason."""


def award(
    meaning: Meaning,
    method: Method,
    env: Env,
    points: Number,
    scale: Number,
    pool: Sequence[Number] = (),
) -> Outcome:
    """Compute a method's award (分) and its trace."""
    awards = _AWARDS if meaning.counts_from_zero else _AWARDS_1_0
    return awards[method.name](method, env, points, scale, pool)


def _ratio(
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


def _ratio_1_0(
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


def _of_ratio(params: Mapping[str, Any], points: Number, ratio: Number) -> Number:
    if ratio.numerator <= 0 or less(ratio, params["floor"]):
        return 0
    return points * (params["cap"] if less(params["cap"], ratio) else ratio)


def _gate(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    passed = method.params["when"].evaluate(env)
    return (points if passed else method.params["otherwise"] * scale), (passed,)


def _count(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    params = method.params
    value = params["value"].evaluate(env)
    number = divide(value, params["per"])
    if not params["proportional"]:
        number = floor(number)
    unit = params["unit"] * scale
    return clamp(number * unit, points), (value, number, unit)


def _steps(
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


_REACHED: dict[str, Callable[[Number, Number], bool]] = {
    "at_least": lambda value, threshold: not less(value, threshold),
    "above": lambda value, threshold: less(threshold, value),
    "at_most": lambda value, threshold: not less(threshold, value),
    "below": less,
}


def _interpolated(
    params: Mapping[str, Any], value: Number, points: Number, scale: Number
) -> Outcome:
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


def _growth(
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


def _efficacy(
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


def _rank(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    params = method.params
    value = params["value"].evaluate(env)
    count = len(pool)
    if params["lower_is_better"]:
        place = bisect_left(pool, value) + 1
    else:
        place = count - bisect_right(pool, value) + 1
    by_share = params["share_table"] is not None
    own = divide(place, count) if by_share else place
    for limit, points_there in params["share_table"] if by_share else params["table"]:
        if own <= limit:
            return clamp(points_there * scale, points), (value, place, count)
    return clamp(params["otherwise"] * scale, points), (value, place, count)


def _checklist(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    items = method.params["items"]
    met = tuple(item["value"].evaluate(env) > 0 for item in items)
    result = sum(item["award"] for item, there in zip(items, met, strict=True) if there)
    return clamp(result * scale, points), met


def _deduct(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    for item in method.params["items"]:
        if item["value"].evaluate(env) < 0:
            raise ImpossibleError(f"「{item['name']}」的数值为负数")
    return _deduct_1_0(method, env, points, scale, pool)


def _deduct_1_0(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    taken = []
    for item in method.params["items"]:
        value = item["value"].evaluate(env)
        amount = value * item["unit"] * scale
        if item["max"] is not None and amount > item["max"] * scale:
            amount = item["max"] * scale
        taken.append((value, amount))
    total = max(0, sum(amount for _, amount in taken))
    trace = (total, tuple(taken))
    if method.deduction:
        return -min(points, total), trace
    return clamp(points - total, points), trace


_AWARDS: dict[str, Callable[..., Outcome]] = {
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

_AWARDS_1_0 = _AWARDS | {"ratio": _ratio_1_0, "deduct": _deduct_1_0}
