"""How late the returns of a year were paid, and how long what is owed has been due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.core.db import aside, db
from tracker.core.quantities.days import days_of, last_day_yet
from tracker.records.enclaves.models import ReturnTerm, day_of
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.standing import counted
from tracker.records.ledger.yearly_returns import ReturnOfYear


@dataclass(frozen=True)
class Late:
    """An enclave's year. `paid`: by how many days its latest payment came after its day, 0 for in
    time, None where no payment names a day; `undated` payments name none. `due_by`: the day by
    which the year was to be paid, None where nothing that binds names one. `owed`: for how many
    days what is owed has been due; None where nothing is, or no day was agreed."""

    paid: int | None
    undated: int
    due_by: date | None
    owed: int | None


def lateness(returns: Sequence[ReturnOfYear], year: int) -> Mapping[int, Late]:
    """Enclave (id) → how late it is, as of the last day of the year, or today: two statements."""
    ids = [one.enclave.id for one in returns]
    payments = _payments(ids, year)
    terms: dict[int, list[ReturnTerm]] = defaultdict(list)
    binding = select(ReturnTerm).where(
        ReturnTerm.enclave_id.in_(ids),
        ReturnTerm.confirmed_at.is_not(None),
        ReturnTerm.pay_by.is_not(None),
    )
    for term in db.session.scalars(binding):
        terms[term.enclave_id].append(term)
    return {
        one.enclave.id: _late(one, payments[one.enclave.id], terms[one.enclave.id], year)
        for one in returns
    }


def _payments(ids: Iterable[int], year: int) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    statement = select(LedgerEntry.enclave_id, LedgerEntry.occurred_on, LedgerEntry.due_on).where(
        LedgerEntry.enclave_id.in_(list(ids)),
        aside(LedgerEntry.kind) == EntryKind.REBATE,
        LedgerEntry.occurred_on.between(*days_of(year)),
        *counted(),
    )
    for enclave_id, on, due in db.session.execute(statement):
        assert enclave_id is not None, "it is one of ids"
        found[enclave_id].append((on, due))
    return found


def _late(
    one: ReturnOfYear,
    payments: Sequence[tuple[date, date | None]],
    terms: Iterable[ReturnTerm],
    year: int,
) -> Late:
    dated = [(on - due).days for on, due in payments if due is not None]
    running = (
        term.pay_by
        for term in terms
        if term.pay_by is not None
        and (term.starts_on or date.min).year <= year <= (term.ends_on or date.max).year
    )
    by = max((day_of(pay_by, year) for pay_by in running), default=None)
    owed = (last_day_yet(year) - by).days if by is not None and one.owes else None
    return Late(
        max(0, *dated) if dated else None,
        len(payments) - len(dated),
        by,
        max(owed, 0) if owed is not None else None,
    )
