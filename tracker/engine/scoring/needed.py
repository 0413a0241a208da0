"""The methods turned round: which value gives at least a wanted award.

What these functions return is where a search starts; that it gives the award is found out by
scoring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.engine.scoring.exact import Number, divide, floor
from tracker.engine.scoring.rulebook import Method


@dataclass(frozen=True, slots=True)
class Wanted:
    """An award (分, not rounded) wanted of a method, with what the method is given in `methods`.

    `others` are the sorted values of the other subjects of the pool; `item` is the number of the
    item that moves (checklist, deduct), None if none or several do.
    """

    method: Method
    env: Mapping[str, Number]
    points: Number
    scale: Number
    others: Sequence[Number]
    item: int | None
    award: Number


def needed(wanted: Wanted) -> Number | None:
    """Return the value of the method's moving quantity that gives the award; None if none does.

    The quantity is `value`; for a gate the difference of its two sides, for items the item's value.
    """
    try:
        return _NEEDED[wanted.method.name](wanted)
    except ZeroDivisionError:
        return None


def _ratio(wanted: Wanted) -> Number | None:
    params = wanted.method.params
    ratio = max(divide(wanted.award, wanted.points), params["floor"])
    target = params["target"].evaluate(wanted.env)
    return divide(target, ratio) if params["lower_is_better"] else target * ratio


def _zero(wanted: Wanted) -> Number | None:
    return 0


def _count(wanted: Wanted) -> Number | None:
    params = wanted.method.params
    number = divide(wanted.award, params["unit"] * wanted.scale)
    return params["per"] * (number if params["proportional"] else -floor(-number))


def _steps(wanted: Wanted) -> Number | None:
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


def _growth(wanted: Wanted) -> Number | None:
    params = wanted.method.params
    more = wanted.award - wanted.points * params["flat"]
    number = divide(more, (params["gain"] if more > 0 else params["loss"]) * wanted.scale)
    if not params["proportional"]:
        # A fall is counted in whole steps too, so the step that costs too much is not yet full.
        number = -floor(-number) if more > 0 else -(floor(-number) + 1)
    growth = number * params["step"]
    base = params["base"].evaluate(wanted.env)
    return base + growth if params["absolute"] else base * (1 + growth)


def _efficacy(wanted: Wanted) -> Number | None:
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


def _rank(wanted: Wanted) -> Number | None:
    params = wanted.method.params
    by_share = params["share_table"] is not None
    rows = params["share_table"] if by_share else params["table"]
    enough = [limit for limit, given in rows if given * wanted.scale >= wanted.award]
    if not enough:
        return None
    place = floor(enough[-1] * (len(wanted.others) + 1)) if by_share else enough[-1]
    if not 1 <= place <= len(wanted.others):
        return None
    # To share the place of the one who holds it is enough.
    return wanted.others[place - 1] if params["lower_is_better"] else wanted.others[-place]


def _deduct(wanted: Wanted) -> Number | None:
    if wanted.item is None:
        return None
    items = wanted.method.params["items"]
    taken = 0
    for number, row in enumerate(items):
        if number != wanted.item:
            amount = row["value"].evaluate(wanted.env) * row["unit"] * wanted.scale
            taken += amount if row["max"] is None else min(amount, row["max"] * wanted.scale)
    left = (-wanted.award if wanted.method.deduction else wanted.points - wanted.award) - taken
    return divide(left, items[wanted.item]["unit"] * wanted.scale)


_NEEDED: dict[str, Callable[[Wanted], Number | None]] = {
    "ratio": _ratio,
    "gate": _zero,
    "count": _count,
    "steps": _steps,
    "growth": _growth,
    "efficacy": _efficacy,
    "rank": _rank,
    "checklist": _zero,
    "deduct": _deduct,
}
