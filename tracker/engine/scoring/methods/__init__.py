"""The scoring methods, a file each. An eleventh is one new file and one line here."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.engine.scoring.exact import Number
from tracker.engine.scoring.meaning import Meaning
from tracker.engine.scoring.method import Env, Method, Outcome, Wanted
from tracker.engine.scoring.methods import (
    checklist,
    count,
    deduct,
    efficacy,
    gate,
    growth,
    rank,
    ratio,
    steps,
)
from tracker.engine.scoring.tables import Table

_FILES = (ratio, gate, count, steps, growth, efficacy, rank, checklist, deduct)
RULES = {file.RULE.name: file.RULE for file in _FILES}
DEDUCTS = "、".join(rule.title for rule in RULES.values() if rule.deducts)


def read_method(
    table: Table, points: Number | None, kind: str | None, *, in_part: bool
) -> Method | None:
    """Read `method` and its parameters from an indicator's or a part's table.

    `points` are the default points (分) that awards are held against, None if they are faulty.
    Returns None, with the faults noted in the table, if anything is wrong.
    """
    before = len(table.faults)
    table.values["method"] = {each.name: each.title for each in RULES.values()}
    name = table.choice("method", tuple(RULES))
    if name is None:
        # Which keys belong to an unknown method cannot be told.
        table.skip()
        return None
    rule = RULES[name]
    table.names |= rule.names
    table.values |= {c.key: {v: k for k, v in c.choices.items()} for c in rule.columns if c.choices}
    params = rule.read(table, points)
    if in_part:
        for key in ("cap", "ceiling"):
            if params.get(key) is not None and params[key] > 1:
                table.fault(f"组合指标的部分中{table.named(key)}不能大于 1，请改为 1 以内")
    if kind == "bonus" and rule.deducts:
        table.fault(f"加分指标不能用{table.valued('method', name)}，请改用其他方法或改为扣分指标")
    if kind == "deduction" and not rule.deducts:
        fit = "、".join(
            table.valued("method", each.name) for each in RULES.values() if each.deducts
        )
        table.fault(f"扣分指标只能用{fit}，请改正{table.named('method')}")
    if len(table.faults) > before:
        return None
    return Method(rule, params, deduction=kind == "deduction")


def award(
    meaning: Meaning,
    method: Method,
    env: Env,
    points: Number,
    scale: Number,
    pool: Sequence[Number] = (),
) -> Outcome:
    """Compute a method's award (分) and its trace, as the engine of `meaning` did."""
    rule = method.rule
    compute = rule.award if meaning.counts_from_zero else rule.award_1_0 or rule.award
    return compute(method, env, points, scale, pool)


def needed(wanted: Wanted) -> Number | None:
    """Return the value of the method's moving quantity that gives the award; None if none does.

    The quantity is `value`; for a gate the difference of its two sides, for items the item's value.
    What is returned is where a search starts; that it gives the award is found out by scoring.
    """
    try:
        return wanted.method.rule.needed(wanted)
    except ZeroDivisionError:
        return None
