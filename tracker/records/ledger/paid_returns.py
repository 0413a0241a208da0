"""What an enclave's contract owes and what was paid, by year, for its page."""

from __future__ import annotations

from tracker.core.quantities.clock import today
from tracker.records.enclaves.models import Enclave
from tracker.records.enclaves.returns import Receipt
from tracker.records.ledger import queries
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.returns import SHARED_IN, ReturnYear, contract_of
from tracker.records.ledger.returns import return_years as years_of


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
