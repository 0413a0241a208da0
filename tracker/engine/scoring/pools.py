"""The subjects of one class together: class values of measures, who a line applies to, pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.engine.scoring.exact import Number, divide
from tracker.engine.scoring.expressions import Expression
from tracker.engine.scoring.facts import Subject
from tracker.engine.scoring.names import POOLED
from tracker.engine.scoring.rulebook import Indicator, Rulebook

Env = dict[str, Number]

APPLIES = "applies"
DOES_NOT_APPLY = "does not apply"
LACKS_FACT = "lacks a fact"
IS_IMPOSSIBLE = "is impossible"

_UNIT = 10**12


class ClassPool:
    """What a class's subjects share. `envs` hold each subject's values and the class values.

    `applicability[line][subject]` is one of the four words above; `values[line, part]` are the
    sorted values of the pool of a pooled method.
    """

    def __init__(self, rulebook: Rulebook, subjects: Sequence[Subject]) -> None:
        shared = class_values(pooled_names(rulebook), subjects)
        self.envs: list[Env] = [{**subject.measures, **shared} for subject in subjects]
        self.applicability = [
            [applicability(line, env) for env in self.envs] if line.applies is not None else None
            for line in rulebook.indicators
        ]
        self.values: dict[tuple[int, int], list[Number]] = {}
        for number, line in enumerate(rulebook.indicators):
            for part_number, part in enumerate(line.parts):
                if part.method.pooled:
                    expression = part.method.params["value"]
                    self.values[number, part_number] = self._values(number, expression)

    def _values(self, number: int, expression: Expression) -> list[Number]:
        applies = self.applicability[number]
        values = []
        for index, env in enumerate(self.envs):
            if applies is not None and applies[index] != APPLIES:
                continue
            if not all(name in env for name in expression.names):
                continue
            try:
                values.append(expression.evaluate(env))
            except ZeroDivisionError:
                continue
        return ordered(values)


def ordered(values: list[Number]) -> list[Number]:
    """Sort numbers; those with short decimals by whole numbers, which compare much faster."""
    if all(_UNIT % value.denominator == 0 for value in values):
        return sorted(values, key=lambda value: value.numerator * (_UNIT // value.denominator))
    return sorted(values)


def applicability(line: Indicator, env: Mapping[str, Number]) -> str:
    """Tell whether a line with `applies` applies to a subject."""
    assert line.applies is not None
    if not all(name in env for name in line.applies.names):
        return LACKS_FACT
    try:
        return APPLIES if line.applies.evaluate(env) else DOES_NOT_APPLY
    except ZeroDivisionError:
        return IS_IMPOSSIBLE


def pooled_names(rulebook: Rulebook) -> set[str]:
    """Collect the names mean.X, best.X and sum.X that a rulebook reads."""
    names: set[str] = set()
    for line in rulebook.indicators:
        names |= line.names
        if line.applies is not None:
            names.update(line.applies.names)
    for veto in rulebook.vetoes:
        names.update(veto.when.names)
    for expression in rulebook.tie_break:
        names.update(expression.names)
    return {name for name in names if name.partition(".")[0] in POOLED}


def class_values(names: set[str], subjects: Sequence[Subject]) -> Env:
    """Compute mean.X, best.X and sum.X over the subjects that report X; none where nobody does."""
    found: Env = {}
    for name in names:
        word, _, measure = name.partition(".")
        values = [s.measures[measure] for s in subjects if measure in s.measures]
        if not values:
            continue
        if word == "best":
            found[name] = max(values)
        else:
            total = sum(values)
            found[name] = total if word == "sum" else divide(total, len(values))
    return found
