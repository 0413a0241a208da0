"""达标法: all the points where a condition holds, else what is given for the rest."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.engine.scoring.exact import Number
from tracker.engine.scoring.expressions import CONDITION, Expression
from tracker.engine.scoring.method import (
    OTHERWISE,
    Env,
    Method,
    MethodColumn,
    Outcome,
    Params,
    Rule,
    Wanted,
)
from tracker.engine.scoring.sentence import Sentence
from tracker.engine.scoring.tables import Table
from tracker.engine.scoring.trees import difference


def _read(table: Table, points: Number | None) -> Params:
    return {
        "when": table.expression("when", CONDITION),
        "otherwise": table.points("otherwise", points),
    }


def _award(
    method: Method, env: Env, points: Number, scale: Number, pool: Sequence[Number]
) -> Outcome:
    passed = method.params["when"].evaluate(env)
    return (points if passed else method.params["otherwise"] * scale), (passed,)


def _explain(sentence: Sentence, params: Params) -> str:
    return f"{sentence.tell.verdict(params['when'], sentence.part.trace[0])},{sentence.got()}"


def _needed(wanted: Wanted) -> Number | None:
    return 0


def _moves(expression: Expression) -> tuple | None:
    """The difference of the two sides, which a comparison holds against 0."""
    tree = expression.tree
    if tree[0] != "compare" or tree[1] in ("==", "!="):
        return None
    return difference(tree[2], tree[3])


RULE = Rule(
    "gate",
    "达标法",
    _read,
    _award,
    _explain,
    _needed,
    parameters={"when": "条件", "otherwise": "其余得分"},
    columns=(MethodColumn("达标条件", "when", "expression"), OTHERWISE),
    moves=_moves,
)
