"""要件法: so many points for each item that is there."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.engine.scoring.exact import Number, clamp, plain
from tracker.engine.scoring.method import Env, Method, MethodRows, Outcome, Params, Rule, Wanted
from tracker.engine.scoring.sentence import Sentence
from tracker.engine.scoring.tables import Table


def _read(table: Table, points: Number | None) -> Params:
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
        table.fault(
            f"{table.named('items')}中各要件得分合计 {plain(sum(awards))}，"
            f"应等于分值 {plain(points)}，请改正"
        )
    return {"items": tuple(items)}


def _award(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    items = method.params["items"]
    met = tuple(item["value"].evaluate(env) > 0 for item in items)
    result = sum(item["award"] for item, there in zip(items, met, strict=True) if there)
    return clamp(result * scale, points), met


def _explain(sentence: Sentence, params: Params) -> str:
    tell = sentence.tell
    there, absent = [], []
    for item, met in zip(params["items"], sentence.part.trace, strict=True):
        if met:
            award = tell.figure(item["award"] * sentence.scale)
            there.append(f"{tell.kept(item['name'])} {award.alone} 分")
        else:
            absent.append(tell.kept(item["name"]))
    texts = ["具备:" + "、".join(there)] if there else []
    texts += ["不具备:" + "、".join(absent)] if absent else []
    return f"{';'.join(texts)};{sentence.got()}"


def _needed(wanted: Wanted) -> Number | None:
    return 0


RULE = Rule(
    "checklist",
    "要件法",
    _read,
    _award,
    _explain,
    _needed,
    parameters={"items": "条目", "name": "名称", "value": "数值", "award": "得分"},
    columns=(),
    rows=MethodRows("items", ("name", "value", "award"), "名称 | 算式 | 得分"),
)
