"""What an enclave's contract owes and what was paid, by year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tracker.enclaves.models import Enclave, ReturnTerm, TermKind
from tracker.enclaves.returns import CapitalUnknownError, Receipt, Term, due_in_year
from tracker.ledger import queries
from tracker.ledger.models import EntryKind
from tracker.ledger.queries import Sum
from tracker.web.clock import today

_SHARED = {EntryKind.RENT: TermKind.RENT_SHARE, EntryKind.RETAINED_TAX: TermKind.TAX_SHARE}


@dataclass(frozen=True)
class ReturnYear:
    """One year: `due` is 元, None where the capital that a rate runs on is not reported; `paid`
    the rebates of the ledger, None where there are none."""

    year: int
    due: Decimal | None
    paid: Sum | None


def return_years(enclave: Enclave) -> list[ReturnYear]:
    """The years from the contract's first to the present one, the latest first."""
    terms = [_term(term) for term in enclave.return_terms]
    paid = {
        year: kinds[EntryKind.REBATE]
        for year, kinds in queries.by_year(enclave).items()
        if EntryKind.REBATE in kinds
    }
    receipts = [
        Receipt(_SHARED[entry.kind], entry.occurred_on, entry.amount)
        for entry in queries.standing_of(enclave, _SHARED)
    ]
    starts = [term.starts_on.year for term in terms if term.starts_on]
    begun = enclave.in_use_on or enclave.started_on or enclave.signed_on
    if terms and not starts and begun:
        starts = [begun.year]
    first = min([*starts, *paid], default=None)
    if first is None:
        return []
    years = range(max(today().year, *paid, first), first - 1, -1)
    return [ReturnYear(y, _due(enclave, y, terms, receipts), paid.get(y)) for y in years]


def _term(term: ReturnTerm) -> Term:
    return Term(term.kind, term.rate, term.capital_base, term.amount, term.starts_on, term.ends_on)


def _due(enclave: Enclave, year: int, terms: list[Term], receipts: list[Receipt]) -> Decimal | None:
    try:
        return due_in_year(year, terms, receipts, enclave.village_capital, enclave.total_capital)
    except CapitalUnknownError:
        return None
