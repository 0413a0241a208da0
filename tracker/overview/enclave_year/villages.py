"""An enclave's villages in a year: capital, what is due to each, what each was given, how late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.days import days_of
from tracker.core.quantities.figure import Figure, added, yuan
from tracker.core.quantities.precision import shortened
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.ledger.service import SharesError
from tracker.records.ledger.splitting import parts_of
from tracker.records.ledger.standing import counted
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.villages.models import Village, VillageStake


@dataclass(frozen=True)
class Row:
    """A village with a stake on a day of the year, or with a share of what was paid in it (`stake`
    None). `due`: its part of what the contract owes; `late`: by how many days the latest payment
    came after its day. None: not told."""

    village: Village
    stake: VillageStake | None
    due: Figure | None
    given: Figure | None
    last_on: date | None
    late: int | None

    @property
    def owing(self) -> Figure | None:
        """What it was not given of what is due; None where no due is known."""
        if self.due is None:
            return None
        return (self.due if self.given is None else self.due - self.given).above_nought()

    @property
    def over(self) -> Figure | None:
        """What it was given beyond what is due; settles nobody else's."""
        if self.due is None or self.given is None:
            return None
        return (self.given - self.due).above_nought()


@dataclass(frozen=True)
class Shares:
    """All of an enclave's villages, those with the most owed first; `why` no due can be told."""

    rows: Sequence[Row]
    why: str

    def sum(self, name: str) -> Figure | None:
        """The sum of a column over those of which it is told."""
        return added(getattr(row, name) for row in self.rows)

    @property
    def capital(self) -> Figure | None:
        """The capital that is paid, of those that tell it."""
        paid = (row.stake.capital_paid for row in self.rows if row.stake)
        return added(None if amount is None else yuan(amount) for amount in paid)

    @property
    def given_to(self) -> int:
        """How many were given something."""
        return sum(row.given is not None for row in self.rows)


def shares_of(one: ReturnOfYear, year: int) -> Shares:
    """The villages of an enclave in `year`: two statements."""
    stakes = _stakes(one.enclave, year)
    payments = _payments(one.enclave, year)
    parts, why = _parts(one, list(stakes.values()))
    villages = {stake.village_id: stake.village for stake in stakes.values()}
    villages |= {number: of[0][0].village for number, of in payments.items()}
    rows = [
        _row(village, stakes.get(number), parts.get(number), payments.get(number, []))
        for number, village in villages.items()
    ]
    return Shares(sorted(rows, key=_order), why)


def _order(row: Row) -> tuple[Decimal, str]:
    return Decimal(0) if row.owing is None else -row.owing.value, row.village.code


def _stakes(enclave: Enclave, year: int) -> dict[int, VillageStake]:
    first, last = days_of(year)
    statement = (
        select(VillageStake)
        .where(
            VillageStake.enclave_id == enclave.id,
            or_(VillageStake.joined_on.is_(None), VillageStake.joined_on <= last),
            or_(VillageStake.left_on.is_(None), VillageStake.left_on > first),
        )
        .options(joinedload(VillageStake.village))
    )
    return {stake.village_id: stake for stake in db.session.scalars(statement)}


Payment = tuple[VillagePayment, date, date | None]


def _payments(enclave: Enclave, year: int) -> Mapping[int, list[Payment]]:
    statement = (
        select(VillagePayment, LedgerEntry.occurred_on, LedgerEntry.due_on)
        .join(LedgerEntry, LedgerEntry.id == VillagePayment.entry_id)
        .where(
            LedgerEntry.enclave_id == enclave.id,
            LedgerEntry.kind == EntryKind.REBATE,
            LedgerEntry.occurred_on.between(*days_of(year)),
            *counted(),
        )
        .options(joinedload(VillagePayment.village))
    )
    found: dict[int, list[Payment]] = defaultdict(list)
    for payment, on, due in db.session.execute(statement):
        found[payment.village_id].append((payment, on, due))
    return found


def _parts(one: ReturnOfYear, stakes: list[VillageStake]) -> tuple[dict[int, Figure], str]:
    """Village (id) → what is due to it, and why that cannot be told."""
    if one.due is None:
        return {}, "应返不可计算" if one.agreed else "没有经确认的返利约定"
    try:
        parts = parts_of(stakes)
    except SharesError:
        return {}, "各村的份额、出资没有登记全" if stakes else "没有登记参股的村"
    return {village: _part(one.due, part) for village, part in parts.items()}, ""


def _part(due: Decimal, part: Fraction) -> Figure:
    exact = due * part.numerator / part.denominator
    return yuan(shortened(exact, 2))


def _row(
    village: Village,
    stake: VillageStake | None,
    due: Figure | None,
    payments: Sequence[Payment],
) -> Row:
    dated = [(on - due_on).days for _, on, due_on in payments if due_on is not None]
    return Row(
        village,
        stake,
        due,
        added(yuan(payment.amount) for payment, _, _ in payments),
        max((on for _, on, _ in payments), default=None),
        max(0, *dated) if dated else None,
    )
