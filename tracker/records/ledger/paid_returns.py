"""What an enclave's contract owes and what was paid, by year, for its page."""

from __future__ import annotations

from tracker.enclaves.models import Enclave
from tracker.enclaves.returns import Receipt
from tracker.ledger import queries
from tracker.ledger.models import EntryKind
from tracker.ledger.returns import SHARED_IN, ReturnYear, contract_of
from tracker.ledger.returns import return_years as years_of
from tracker.web.clock import today


def return_years(enclave: Enclave) -> list[ReturnYear]:
    """The years from the contract's first to the present one, the latest first."""
    paid = {
        year: kinds[EntryKind.REBATE]
        for year, kinds in queries.by_year(enclave).items()
        if EntryKind.REBATE in kinds
    }
    receipts = [
        Receipt(SHARED_IN[entry.kind], entry.occurred_on, entry.amount)
        for entry in queries.standing_of(enclave, SHARED_IN)
    ]
    return years_of(contract_of(enclave, enclave.return_terms), paid, receipts, today().year)
