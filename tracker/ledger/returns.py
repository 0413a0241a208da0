"""What a contract owes and what was paid, year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.enclaves.models import TermKind
from tracker.enclaves.returns import CapitalUnknownError, Receipt, Term, due_in_year
from tracker.ledger.models import EntryKind
from tracker.ledger.queries import Sum

SHARED_IN = {EntryKind.RENT: TermKind.RENT_SHARE, EntryKind.RETAINED_TAX: TermKind.TAX_SHARE}


@dataclass(frozen=True)
class Contract:
    """An enclave's promises with the capital that a rate runs on (元), and the year in which the
    enclave began, for terms that name no start."""

    terms: Sequence[Term]
    village_capital: Decimal | None
    total_capital: Decimal | None
    begun_in: int | None


@dataclass(frozen=True)
class ReturnYear:
    """One year: `due` is 元, None where the capital that a rate runs on is not reported; `paid`
    the rebates of the ledger, None where there are none."""

    year: int
    due: Decimal | None
    paid: Sum | None


def return_years(
    contract: Contract, paid: Mapping[int, Sum], receipts: Sequence[Receipt], last: int
) -> list[ReturnYear]:
    """The years from the contract's first to `last`, the latest first."""
    starts = [term.starts_on.year for term in contract.terms if term.starts_on]
    if contract.terms and not starts and contract.begun_in:
        starts = [contract.begun_in]
    first = min([*starts, *paid], default=None)
    if first is None:
        return []
    years = range(max(last, *paid, first), first - 1, -1)
    return [ReturnYear(year, due_of(contract, year, receipts), paid.get(year)) for year in years]


def due_of(contract: Contract, year: int, receipts: Sequence[Receipt]) -> Decimal | None:
    """What the contract owes for `year`, 元; None where the capital is not reported."""
    try:
        return due_in_year(
            year, contract.terms, receipts, contract.village_capital, contract.total_capital
        )
    except CapitalUnknownError:
        return None
