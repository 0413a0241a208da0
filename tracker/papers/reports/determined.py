"""The facts that a card counts, for papers that show the same facts beside their records.

A fact has one value on all papers of a snapshot: the one that its card goes by. Where a ruling, a
missing proof or another record than the one at hand made it another than the record says, both
stand on the paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tracker.core.quantities.figure import WAN_YUAN, YES_NO, Figure, wan_yuan
from tracker.core.quantities.printed import grouped
from tracker.engine.scoring import score_label
from tracker.papers.reports.words import money, percent
from tracker.records.determinations.models import RulingLevel
from tracker.records.operations.items import Item
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

# What the yearly sheet of an enclave shows → the measure that says it.
ENCLAVE_FACTS = {
    "villages": "villages.listed",
    "total_capital": "capital.agreed",
    "has_share_list": "contract.share_list",
    "has_return_clause": "contract.return_clause",
    "has_fund_ledger": "villages.fund_ledger",
    "has_village_disclosure": "villages.disclosure",
    "due": "returns.due",
    "paid": "returns.paid",
}
# The quarters' figures that are a measure as they stand, each times so many for the measure's unit.
FIGURE_FACTS = {
    Item.OUTPUT: ("output.value", Decimal(1)),
    Item.OCCUPANCY_RATE: ("occupancy.rate", Decimal("0.01")),
    Item.FLOOR_USABLE: ("floor.usable", Decimal(1)),
    Item.INCUBATED_PROJECTS: ("incubated.projects", Decimal(1)),
    Item.SENIOR_TALENTS: ("talents.senior", Decimal(1)),
    Item.PROVINCIAL_TALENTS: ("talents.provincial", Decimal(1)),
}
# What the sheet of a pair adds up for either side → the measures of the side's card.
SUPPORTER_FACTS = (
    "support.aid_paid",
    "support.social_aid",
    "support.cadres",
    "support.specialists",
    "support.training",
    "support.partners",
    "support.consumption",
    "support.projects",
    "support.projects_large",
    "support.funds_in_place",
    "exchanges.visits",
)
RECIPIENT_FACTS = (
    "aid.received",
    "aid.spent",
    "cadres.posted",
    "training.placed",
    "partners.schools_hospitals",
    "consumption.sales",
    "projects.counted",
    "projects.large",
    "projects.funds_in_place",
    "exchanges.visits",
)


@dataclass(frozen=True)
class Counted:
    """A fact of a card: `value` as a decimal string in the measure's unit, None where it is not
    reported; `reason` says why it is missing or counts another value than the reported one; `by`
    whose column it is."""

    value: str | None
    reason: str
    by: str


def counted_facts(sheet: ScoredSheet | None, code: str) -> dict[str, Counted]:
    """The facts of the subject `code` in the column that its card goes by, by measure: those that
    the rulebook reads, since the others are on no card."""
    if sheet is None:
        return {}
    measures = _measures(sheet, sheet.column, code)
    return {
        name: Counted(measures.get(name), sheet.reason(code, name), sheet.column.label)
        for name in sheet.rulebook.measures
    }


@dataclass(frozen=True, slots=True)
class Differing:
    """A fact that its card counts with another value than was reported, both in words; `by` is
    whose column the card goes by, `reason` why."""

    label: str
    reported: str
    counted: str
    by: str
    reason: str


def differing(
    snapshot: ScoredSnapshot, sheet: ScoredSheet | None, code: str, names: Iterable[str] = ()
) -> Iterator[Differing]:
    """The facts on the card of `code`, all or those `names`, that count another value than the
    reported one: papers that show what was reported say so with them."""
    if sheet is None or code not in sheet.frozen["subjects"]:
        return
    reported = _measures(sheet, RulingLevel.COUNTY, code)
    known = snapshot.document["measures"]
    for name, fact in sorted(counted_facts(sheet, code).items()):
        if (names and name not in names) or same(fact.value, reported.get(name)):
            continue
        about = known.get(name) or {"label": score_label(name), "unit": "分"}
        yield Differing(
            label=about["label"],
            reported=figure_words(reported.get(name), about["unit"], "未报"),
            counted=figure_words(fact.value, about["unit"], "不予认定"),
            by=fact.by,
            reason=fact.reason,
        )


def figure_words(value: str | None, unit: str, none: str) -> str:
    """A fact with its unit, as running text says it."""
    if value is None:
        return none
    if unit == YES_NO:
        return "是" if Decimal(value) else "否"
    if unit == WAN_YUAN:
        return money(wan(value))
    return percent(value) if unit == "比例" else f"{grouped(value)} {unit}".rstrip()


def _measures(sheet: ScoredSheet, column: RulingLevel, code: str) -> dict[str, str]:
    subjects = sheet.frozen["facts"][column.value]["subjects"]
    return next((of["measures"] for of in subjects if of["code"] == code), {})


def wan(amount: str | None, precision: str = "") -> Figure | None:
    """An amount of 万元 as snapshots and facts write it; None where there is none."""
    return None if amount is None else wan_yuan(amount, precision)


def same(one: str | None, other: str | None) -> bool:
    """Whether two decimal strings are the same figure."""
    if one is None or other is None:
        return one is other
    return Decimal(one) == Decimal(other)
