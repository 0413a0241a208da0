"""The day by which a payment was due: it follows from what the contract promises, and is never
typed by whoever pays. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from tracker.core.db import db
from tracker.core.quantities.days import days_of
from tracker.core.quantities.figure import Figure, yuan
from tracker.core.quantities.precision import ABOUT, AT_LEAST, AT_MOST, EXACT
from tracker.core.quantities.shown import wan
from tracker.records.enclaves.agreements import EnclaveAgreement, TaxSplit
from tracker.records.enclaves.binding import once_bound
from tracker.records.enclaves.models import Enclave, ReturnTerm, day_of
from tracker.records.enclaves.returns import Receipt
from tracker.records.ledger.models import EntryKind, LedgerEntry, figure_of
from tracker.records.ledger.returns import SHARED_IN, contract_of, due_of, owing
from tracker.records.ledger.standing import counted
from tracker.records.ledger.subjects import Subject


@dataclass(frozen=True)
class _Promise:
    """What is owed for a year: `by` gives the last day for it, None where none was agreed; `owed`
    the sum in 元, None where it cannot be known."""

    by: Callable[[int], date | None]
    owed: Callable[[int], Decimal | None]


def due_day(
    subject: Subject, kind: EntryKind, on: date, without: Collection[int] = ()
) -> date | None:
    """By which day a sum of `kind` that was paid `on` a day had to be paid; None where nothing that
    binds names a day.

    A payment settles the year before as long as the ledger shows less than was owed for it, then
    its own. `without`: entries (ids) that do not count beside it.
    """
    promise = _promise(subject, kind)
    if promise is None:
        return None
    days = []
    for year in (on.year - 1, on.year):
        by = promise.by(year)
        if by is None:
            continue
        days.append(by)
        owed = promise.owed(year)
        if owed is not None and owed > _settled(subject, kind, year, by, without).value:
            return by
    return next((day for day in days if day >= on), days[-1] if days else None)


@dataclass(frozen=True)
class Awaited:
    """What a contract still owes for `year` by the day `by` (see `returns.owing`); None where it
    cannot be known, since what it is reckoned on was not entered."""

    kind: EntryKind
    year: int
    by: date
    owing: Figure | None

    @property
    def words(self) -> str:
        """What is owed in a sentence, no more than what was paid allows to say."""
        if self.owing is None:
            return "金额尚不能算出"
        if not self.owing.value:
            return "是否付足尚不能确定"
        return f"{_OWING[self.owing.precision]} {wan(replace(self.owing, precision=EXACT))} 万元"


_OWING = {EXACT: "尚欠", AT_LEAST: "至少尚欠", AT_MOST: "尚欠不超过", ABOUT: "约尚欠"}


def awaited(enclave: Enclave, on: date) -> list[Awaited]:
    """What was promised for the year of `on` and for the one before, has a day, and is not paid
    as far as the ledger shows."""
    found = []
    for kind in (EntryKind.REBATE, EntryKind.TAX_SHARE):
        promise = _promise(enclave, kind)
        assert promise is not None, "enclaves promise both"
        for year in (on.year - 1, on.year):
            by = promise.by(year)
            if by is None:
                continue
            owed = promise.owed(year)
            left = None if owed is None else owing(owed, _settled(enclave, kind, year, by, ()))
            if left is None or left.value > 0 or left.precision == AT_LEAST:
                found.append(Awaited(kind, year, by, left))
    return found


@once_bound
def fill_due_days(enclave: Enclave) -> int:
    """Let payments that were submitted before anything named a day be due by what binds now, in
    the order in which they were paid; how many got a day. A day that an entry has stays."""
    statement = select(LedgerEntry).where(LedgerEntry.enclave_id == enclave.id, *_undated())
    entries = list(db.session.scalars(statement.order_by(LedgerEntry.occurred_on, LedgerEntry.id)))
    for at, entry in enumerate(entries):
        later = [each.id for each in entries[at:]]
        entry.due_on = due_day(enclave, entry.kind, entry.occurred_on, later)
        db.session.flush()
    return sum(entry.due_on is not None for entry in entries)


def fill_all() -> int:
    """`fill_due_days` of all enclaves: of what was confirmed before confirming filled them in."""
    wanted = select(LedgerEntry.enclave_id).where(LedgerEntry.enclave_id.is_not(None), *_undated())
    enclaves = select(Enclave).where(Enclave.id.in_(wanted)).order_by(Enclave.id)
    return sum(fill_due_days(enclave) for enclave in db.session.scalars(enclaves).all())


def _undated() -> tuple[ColumnElement[bool], ...]:
    kinds = LedgerEntry.kind.in_((EntryKind.REBATE, EntryKind.TAX_SHARE))
    return kinds, LedgerEntry.due_on.is_(None), *counted()


def _promise(subject: Subject, kind: EntryKind) -> _Promise | None:
    if not isinstance(subject, Enclave):
        return None
    if kind is EntryKind.REBATE:
        return _of_terms(subject)
    return _of_splits(subject) if kind is EntryKind.TAX_SHARE else None


def _of_terms(enclave: Enclave) -> _Promise:
    statement = select(ReturnTerm).where(ReturnTerm.enclave_id == enclave.id)
    terms = [term for term in db.session.scalars(statement) if term.binds]
    contract = contract_of(enclave, terms)

    def by(year: int) -> date | None:
        running = (
            term.pay_by
            for term in terms
            if term.pay_by is not None
            and (term.starts_on or date.min).year <= year <= (term.ends_on or date.max).year
        )
        return max((day_of(pay_by, year) for pay_by in running), default=None)

    def owed(year: int) -> Decimal | None:
        return due_of(contract, year, _receipts(enclave, year))

    return _Promise(by, owed)


def _of_splits(enclave: Enclave) -> _Promise:
    statement = (
        select(TaxSplit)
        .join(EnclaveAgreement, EnclaveAgreement.id == TaxSplit.agreement_id)
        .where(EnclaveAgreement.enclave_id == enclave.id, TaxSplit.confirmed_at.is_not(None))
        .order_by(TaxSplit.from_year)
    )
    splits = list(db.session.scalars(statement))

    def running(year: int) -> TaxSplit | None:
        valid = [s for s in splits if s.from_year <= year and (s.to_year or year) >= year]
        return valid[-1] if valid else None

    def by(year: int) -> date | None:
        split = running(year)
        return day_of(split.pay_by, year) if split and split.pay_by is not None else None

    def owed(year: int) -> Decimal | None:
        retained = [r.amount for r in _receipts(enclave, year) if r.kind in _RETAINED]
        split = running(year)
        assert split is not None, "asked only of a year that has a day"
        return sum(retained, Decimal(0)) * split.origin_share if retained else None

    return _Promise(by, owed)


_RETAINED = (SHARED_IN[EntryKind.RETAINED_TAX],)


def _receipts(enclave: Enclave, year: int) -> list[Receipt]:
    statement = select(LedgerEntry.kind, LedgerEntry.occurred_on, LedgerEntry.amount).where(
        LedgerEntry.enclave_id == enclave.id, LedgerEntry.kind.in_(SHARED_IN), _in(year), *counted()
    )
    return [Receipt(SHARED_IN[row.kind], row[1], row[2]) for row in db.session.execute(statement)]


def _settled(
    enclave: Any, kind: EntryKind, year: int, by: date, without: Collection[int]
) -> Figure:
    """What the ledger shows as paid for `year`: what was due on its day, and what was paid in it
    before anything named a day."""
    statement = select(LedgerEntry.amount, LedgerEntry.precision).where(
        LedgerEntry.enclave_id == enclave.id,
        LedgerEntry.kind == kind,
        or_(LedgerEntry.due_on == by, LedgerEntry.due_on.is_(None) & _in(year)),
        LedgerEntry.id.not_in(without),
        *counted(),
    )
    return sum((figure_of(row) for row in db.session.execute(statement)), yuan(Decimal(0)))


def _in(year: int) -> ColumnElement[bool]:
    return LedgerEntry.occurred_on.between(*days_of(year))
