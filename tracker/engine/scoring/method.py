"""What a scoring method is: everything that a line, its words and its search ask of one.

A method of its own is a `Rule` in a file of `methods/`; a line holds a `Method`, which is a rule
with the parameters that the rulebook gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.engine.scoring.exact import Number
from tracker.engine.scoring.expressions import Expression

Params = Mapping[str, Any]
Env = Mapping[str, Number]
Outcome = tuple[Number, tuple]


class ImpossibleError(ArithmeticError):
    """Arithmetic without a result; the message is the Chinese reason."""


@dataclass(frozen=True)
class MethodColumn:
    """A heading of the workbook that takes the parameter `key`.

    `holds`: number, expression or yes; `choices`: the words that a cell may hold, with their codes.
    """

    heading: str
    key: str
    holds: str = "text"
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MethodRows:
    """A method's own table in one cell of the workbook: the parameter that takes it, what the parts
    of a row are called in the rulebook, and how a row is written."""

    key: str
    parts: tuple[str, ...]
    words: str


@dataclass(frozen=True, eq=False)
class Rule:
    """A scoring method.

    `read(table, points)` reads its parameters and notes their faults in the table; `points` (分)
    are those that awards are held against, None if they are faulty.
    `award(method, env, points, scale, pool)` takes the values of the names, the line's (or part's)
    points, the factor on all that is fixed in points, and the sorted values of the class for a
    pooled method; it returns the award, clamped but not rounded, and a trace for `explain`. It
    raises ImpossibleError, or ZeroDivisionError from an expression, where the arithmetic has no
    result. `award_1_0` is that of engine 1.0, where it differs.
    `explain(sentence, params)` writes the sentence; see `sentence.Sentence`.
    `needed(wanted)` is the method turned round, see `Wanted`: where a search starts.
    `parameters`: what each parameter is called where a change is told; `columns` and `rows`: how a
    workbook gives them.
    `pooled(params)`: whether the award depends on the other subjects of the class.
    `moves(expression)`: the tree of the quantity that moves, for one that is no figure; None where
    nothing can be moved evenly.
    `monotone(params)`: whether the award never turns back as the value goes one way.
    `from_zero(params)`: the expressions that give no award, or the whole of it, below 0.
    `counts`: whether its items count things, which may not fall below 0.
    """

    name: str
    title: str
    read: Callable[[Any, Number | None], Params]
    award: Callable[[Method, Env, Number, Number, Sequence[Number]], Outcome]
    explain: Callable[[Any, Params], str]
    needed: Callable[[Wanted], Number | None]
    parameters: Mapping[str, str]
    columns: tuple[MethodColumn, ...]
    rows: MethodRows | None = None
    award_1_0: Callable[[Method, Env, Number, Number, Sequence[Number]], Outcome] | None = None
    deducts: bool = False
    counts: bool = False
    pooled: Callable[[Params], bool] = lambda params: False
    moves: Callable[[Expression], tuple | None] = lambda expression: expression.tree
    monotone: Callable[[Params], bool] = lambda params: True
    from_zero: Callable[[Params], list[Expression]] = lambda params: []

    @property
    def names(self) -> dict[str, str]:
        """What its parameters are called: as the headings of a workbook, where one takes them."""
        return {**self.parameters, **{each.key: each.heading for each in self.columns}}


@dataclass(frozen=True)
class Method:
    """A scoring method with its parameters, defaults filled in.

    Expressions are `Expression`, figures int or Fraction, tables tuples of pairs, items tuples of
    mappings. `deduction` is true on a deduction line.
    """

    rule: Rule
    params: Params
    deduction: bool

    @property
    def name(self) -> str:
        """What rulebooks call the method."""
        return self.rule.name

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All expressions of the method, in reading order."""
        found = [value for value in self.params.values() if isinstance(value, Expression)]
        found += [item["value"] for item in self.params.get("items", ())]
        return tuple(found)

    @property
    def pooled(self) -> bool:
        """Whether the award depends on the values of the other subjects of the class."""
        return self.rule.pooled(self.params)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An award (分, not rounded) wanted of a method, with what the method is given for an award.

    `others` are the sorted values of the other subjects of the pool; `item` is the number of the
    item that moves (checklist, deduct), None if none or several do.
    """

    method: Method
    env: Env
    points: Number
    scale: Number
    others: Sequence[Number]
    item: int | None
    award: Number


VALUE = MethodColumn("实际值", "value", "expression")
LOWER_IS_BETTER = MethodColumn("越低越好", "lower_is_better", "yes")
PROPORTIONAL = MethodColumn("按比例折算", "proportional", "yes")
OTHERWISE = MethodColumn("未达标得分", "otherwise", "number")
