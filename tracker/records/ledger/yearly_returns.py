"""What the contracts of enclaves owe for a year and what was paid: the same few statements for
one enclave and for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, select

from tracker.core.db import aside, db
from tracker.core.quantities.days import days_of
from tracker.core.quantities.figure import Figure
from tracker.records.enclaves.models import Enclave, ReturnTerm
from tracker.records.enclaves.returns import Receipt
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.returns import SHARED_IN, contract_of, due_of, owes, owing
from tracker.records.ledger.standing import counted
from tracker.records.ledger.sums import totals


@dataclass(frozen=True)
class ReturnOfYear:
    """An enclave's year. `due` is 元: None where it cannot be known, and where no term was agreed
    (`agreed` is false); `paid` None where the ledger has no rebate."""

    enclave: Enclave
    agreed: bool
    due: Decimal | None
    paid: Sum | None

    @property
    def owing(self) -> Figure:
        """What is due and was not paid (see `returns.owing`); 0 where it cannot be told."""
        return owing(self.due, self.paid.figure if self.paid else None)

    @property
    def owes(self) -> bool:
        """Whether less was paid than was due, for certain."""
        return owes(self.owing)


def returns_of_year(
    enclaves: Sequence[Enclave], year: int, *which: ColumnElement[bool]
) -> list[ReturnOfYear]:
    """The year of each of `enclaves`, in their order.

    `which` are the conditions on Enclave that `enclaves` were selected with.
    """
    ids = select(Enclave.id).where(*which)
    days = LedgerEntry.occurred_on.between(*days_of(year))
    terms: dict[int, list[ReturnTerm]] = defaultdict(list)
    binding = select(ReturnTerm).where(
        ReturnTerm.enclave_id.in_(ids), ReturnTerm.confirmed_at.is_not(None)
    )
    for term in db.session.scalars(binding):
        terms[term.enclave_id].append(term)
    receipts: dict[int, list[Receipt]] = defaultdict(list)
    received = select(
        LedgerEntry.enclave_id, LedgerEntry.kind, LedgerEntry.occurred_on, LedgerEntry.amount
    ).where(
        LedgerEntry.enclave_id.in_(ids), aside(LedgerEntry.kind).in_(SHARED_IN), days, *counted()
    )
    for enclave_id, kind, on, amount in db.session.execute(received):
        assert enclave_id is not None
        receipts[enclave_id].append(Receipt(SHARED_IN[kind], on, amount))
    rebates = aside(LedgerEntry.kind) == EntryKind.REBATE
    paid = totals(LedgerEntry.enclave_id.in_(ids), rebates, days, by=(LedgerEntry.enclave_id,))
    return [
        ReturnOfYear(
            enclave,
            bool(terms[enclave.id]),
            _due(enclave, terms[enclave.id], year, receipts[enclave.id]),
            paid.get((enclave.id,)),
        )
        for enclave in enclaves
    ]


def _due(
    enclave: Enclave, terms: Sequence[ReturnTerm], year: int, receipts: Sequence[Receipt]
) -> Decimal | None:
    return due_of(contract_of(enclave, terms), year, receipts) if terms else None
