"""What the measures `goal.…` ask for: those that say what was done of it.

A goal that an office issues is a measure of its own, because a rulebook reads it beside a default.
Nobody reaches a goal by being given it: it is compared with what it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tracker.papers.reports.means import written
from tracker.year.measures.collect import Fact

PREFIX = "goal."
_PLACES = 6  # as targets have them
_UNKNOWN = "没有登记与这一目标对应的实际指标"


@dataclass(frozen=True)
class Actual:
    """The measure that a goal speaks of, by the number `per` where it is an amount for each;
    `label` is what it is called where no measure is called so."""

    measure: str
    per: str = ""
    label: str = ""

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.measure, self.per) if self.per else (self.measure,)


GOALS: Mapping[str, Actual] = {
    "goal.per_village": Actual("returns.paid", per="villages.listed", label="村均增收"),
    "goal.tax_per_mu": Actual("tax_per_mu"),
    "goal.added_value_per_mu": Actual("added_value_per_mu"),
    "goal.floor_usable": Actual("floor.usable"),
    "goal.park_tax_per_mu": Actual("park.tax_per_mu"),
    "goal.park_added_value_per_mu": Actual("park.added_value_per_mu"),
    "goal.village_income_share": Actual("village_income.met_share"),
}


# A task for each pair, whose pairs the program counts: no office issues their number.
COUNTED = frozenset({"goal.chain_pairs"})


def reads_of(measure: str) -> tuple[str, ...]:
    """The measures that say how much of a target of `measure` is done; none of a goal of which
    nobody has said what it speaks of."""
    if not measure.startswith(PREFIX):
        return (measure,)
    actual = GOALS.get(measure)
    return actual.reads if actual else ()


def done_of(measure: str, facts: Mapping[str, Fact]) -> Fact | None:
    """How much of a target of `measure` is done, in the target's unit; None where the subject has
    no such measure."""
    names = reads_of(measure)
    if not names:
        return Fact(None, reason=_UNKNOWN)
    found = [facts[name] for name in names if name in facts]
    if len(found) < len(names):
        return None
    missing = next((fact for fact in found if fact.value is None), None)
    if missing is not None or len(found) == 1:
        return missing or found[0]
    whole, number = (Fraction(fact.value or 0) for fact in found)
    if not number:
        return Fact(None, reason="个数为 0，无从平均")
    each = written(whole / number, _PLACES)
    return Fact(f"{Decimal(each).normalize():f}", (*found[0].records, *found[1].records))
