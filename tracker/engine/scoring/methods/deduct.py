"""扣分法: so many points off for each of something, or all of them on a deduction line."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.engine.scoring.exact import Number, clamp, divide, times
from tracker.engine.scoring.expressions import Expression
from tracker.engine.scoring.method import (
    Env,
    ImpossibleError,
    Method,
    MethodRows,
    Outcome,
    Params,
    Rule,
    Wanted,
)
from tracker.engine.scoring.sentence import Sentence
from tracker.engine.scoring.tables import Table
from tracker.engine.scoring.telling import equation, joined


def _read(table: Table, points: Number | None) -> Params:
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


def _award(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    for item in method.params["items"]:
        if item["value"].evaluate(env) < 0:
            raise ImpossibleError(f"「{item['name']}」的数值为负数")
    return _award_1_0(method, env, points, scale, pool)


def _award_1_0(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    taken = []
    for item in method.params["items"]:
        value = item["value"].evaluate(env)
        amount = times(times(value, item["unit"]), scale)
        if item["max"] is not None:
            amount = min(amount, item["max"] * scale)
        taken.append((value, amount))
    total = max(0, sum(amount for _, amount in taken))
    trace = (total, tuple(taken))
    if method.deduction:
        return -min(points, total), trace
    return clamp(points - total, points), trace


def _explain(sentence: Sentence, params: Params) -> str:
    total, taken = sentence.part.trace
    tell, points = sentence.tell, sentence.part.points
    texts = []
    for item, (value, amount) in zip(params["items"], taken, strict=True):
        unit = times(item["unit"], sentence.scale)
        if not value or not unit:
            continue
        left = joined(tell.operand(item["value"], value), " × ", tell.signed(unit), sentence.fen)
        result = tell.figure(value * unit, "", () if item["max"] is None else (amount,))
        text = f"{tell.kept(item['name'])} {equation(left, joined(result, ' 分'))}"
        most = f"(最多 {tell.figure(amount).alone} 分)" if amount != value * unit else ""
        texts.append(text + most)
    if not texts:
        return f"没有扣分事项,{sentence.got()}"
    text = f"{';'.join(texts)};共扣 {tell.figure(total).alone} 分"
    if tell.full and sum(amount for _, amount in taken) < 0:
        text = f"{';'.join(texts)};合计少于 0 分,不倒加,共扣 0 分"
    if sentence.part.award < 0 or total == 0:
        limited = f",最多扣 {tell.figure(points).alone} 分" if total > points else ""
        return f"{text}{limited},{sentence.got()}"
    fen = sentence.fen
    left = joined(tell.figure(points), fen, " − ", tell.figure(total), fen)
    return f"{text},{sentence.limited(left, points - total)}"


def _needed(wanted: Wanted) -> Number | None:
    assert wanted.item is not None, "what moves is one of the items"
    items = wanted.method.params["items"]
    taken = 0
    for number, row in enumerate(items):
        if number != wanted.item:
            amount = row["value"].evaluate(wanted.env) * row["unit"] * wanted.scale
            taken += amount if row["max"] is None else min(amount, row["max"] * wanted.scale)
    left = (-wanted.award if wanted.method.deduction else wanted.points - wanted.award) - taken
    return divide(left, items[wanted.item]["unit"] * wanted.scale)


def _from_zero(params: Params) -> list[Expression]:
    return [item["value"] for item in params["items"]]


RULE = Rule(
    "deduct",
    "扣分法",
    _read,
    _award,
    _explain,
    _needed,
    parameters={
        "items": "条目",
        "name": "名称",
        "value": "数值",
        "unit": "每单位得分",
        "max": "最多",
    },
    columns=(),
    rows=MethodRows(
        "items", ("name", "value", "unit", "max"), "名称 | 算式 | 每个扣分 | 限额（可不写）"
    ),
    award_1_0=_award_1_0,
    deducts=True,
    counts=True,
    from_zero=_from_zero,
)
