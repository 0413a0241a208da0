"""计数法: so many points for each of something."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.engine.scoring.exact import Number, clamp, divide, floor, times
from tracker.engine.scoring.method import (
    PROPORTIONAL,
    VALUE,
    Env,
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
from tracker.engine.scoring.telling import Text, equation, joined


def _read(table: Table, points: Number | None) -> Params:
    return {
        "value": table.expression("value"),
        "unit": table.number("unit", required=True),
        "per": positive(table, "per", 1),
        "proportional": table.flag("proportional"),
    }


def _award(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    params = method.params
    value = params["value"].evaluate(env)
    number = divide(value, params["per"])
    if not params["proportional"]:
        number = floor(number)
    unit = times(params["unit"], scale)
    return clamp(times(number, unit), points), (value, number, unit)


def _explain(sentence: Sentence, params: Params) -> str:
    value, number, unit = sentence.part.trace
    tell, per = sentence.tell, params["per"]
    of_value = tell.unit(params["value"])
    first = tell.read(number, of_value)
    if per == 1 and number == value:
        text = sentence.lead(params["value"], value)
        if text:
            first = tell.signed(number, of_value)
    else:
        each = divide(value, per)
        figure = tell.figure(each, "", (number, number + 1))
        left = joined(tell.operand(params["value"], value), " ÷ ", tell.figure(per, of_value))
        text = equation(left, figure)
        if number != each:
            text += f",取整为 {tell.figure(number).text}"
        text, first = text + ",", tell.signed(number)
        if number == each:
            first = Text(f"({figure.text})" if number < 0 else figure.text, figure.exact)
    end = sentence.limited(joined(first, " × ", tell.signed(unit), " 分"), number * unit)
    return text + end


def _needed(wanted: Wanted) -> Number | None:
    params = wanted.method.params
    number = divide(wanted.award, params["unit"] * wanted.scale)
    return params["per"] * (number if params["proportional"] else -floor(-number))


RULE = Rule(
    "count",
    "计数法",
    _read,
    _award,
    _explain,
    _needed,
    parameters={
        "value": "数值",
        "unit": "每单位得分",
        "per": "计数单位",
        "proportional": "按比例",
    },
    columns=(
        VALUE,
        MethodColumn("每满", "per", "number"),
        MethodColumn("得分", "unit", "number"),
        PROPORTIONAL,
    ),
)
