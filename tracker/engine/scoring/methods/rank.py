"""名次法: by the place among the class, or by the share of the class that the place is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from tracker.engine.scoring.exact import Number, clamp, divide, floor, plain
from tracker.engine.scoring.method import (
    LOWER_IS_BETTER,
    OTHERWISE,
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


def _read(table: Table, points: Number | None) -> Params:
    params: dict[str, Any] = {
        "value": table.expression("value"),
        "lower_is_better": table.flag("lower_is_better"),
        "table": pairs(table, "table", points, falling=False, required=False),
        "share_table": pairs(table, "share_table", points, falling=False, required=False),
        "otherwise": table.points("otherwise", points),
    }
    if table.has("table") and table.has("share_table"):
        table.fault(f"{table.named('table')}与{table.named('share_table')}只能用一个，请删去另一个")
    elif not table.has("table") and not table.has("share_table"):
        either = dict.fromkeys(map(table.named, ("table", "share_table")))
        table.fault(f"缺少{'或'.join(either)}，请补上")
    for place, _ in params["table"] or ():
        if type(place) is not int or place < 1:
            table.fault(f"{table.named('table')}的名次 {plain(place)} 应为正整数，请改正")
    for share, _ in params["share_table"] or ():
        if not 0 < share <= 1:
            table.fault(
                f"{table.named('share_table')}的比例 {plain(share)} 应大于 0、不超过 1，请改正"
            )
    return params


def _award(
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


def _explain(sentence: Sentence, params: Params) -> str:
    value, place, count = sentence.part.trace
    tell = sentence.tell
    text = f"{tell.worked(params['value'], value)},同类 {count} 个中列第 {place}"
    if params["share_table"] is not None:
        text += f",位次占比 {tell.share(divide(place, count)).alone}"
    return f"{text},{sentence.got()}"


def _needed(wanted: Wanted) -> Number | None:
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


RULE = Rule(
    "rank",
    "名次法",
    _read,
    _award,
    _explain,
    _needed,
    parameters={
        "value": "数值",
        "lower_is_better": "越低越好",
        "table": "名次表",
        "share_table": "位次占比表",
        "otherwise": "其余得分",
    },
    columns=(VALUE, OTHERWISE, LOWER_IS_BETTER, MethodColumn("名次按占比", "by_share", "yes")),
    rows=MethodRows("table", ("place", "award"), "名次 | 得分"),
    pooled=lambda params: True,
)
