"""The facts that a card counts, for papers that show the same facts beside their records.

A fact has one value on all papers of a snapshot: the one that its card goes by. Where a ruling, a
missing proof or another record than the one at hand made it another than the record says, both
stand on the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tracker.assessments.scored import ScoredSheet

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


@dataclass(frozen=True)
class Counted:
    """A fact of a card: `value` as a decimal string, None where it is not reported; `reason` says
    why it is missing or counts another value than the reported one; `by` whose column it is."""

    value: str | None
    reason: str
    by: str


def counted_facts(sheet: ScoredSheet | None, code: str) -> dict[str, Counted]:
    """The facts of the subject `code` in the column that its card goes by, by measure: those that
    the rulebook reads, since the others are on no card."""
    if sheet is None:
        return {}
    subjects = sheet.frozen["facts"][sheet.column.value]["subjects"]
    measures = next((of["measures"] for of in subjects if of["code"] == code), {})
    return {
        name: Counted(measures.get(name), sheet.reason(code, name), sheet.column.label)
        for name in sheet.rulebook.measures
    }


def same(one: str | None, other: str | None) -> bool:
    """Whether two decimal strings are the same figure."""
    if one is None or other is None:
        return one is other
    return Decimal(one) == Decimal(other)
