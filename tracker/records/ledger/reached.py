"""Villages that the returns of enclaves reach: those with a stake in a year, and those that were
given a share of what was paid in it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_

from tracker.core.quantities.days import days_of
from tracker.records.enclaves.models import Enclave
from tracker.records.enclaves.stood import standing
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.ledger.standing import counted
from tracker.records.villages.models import Village, VillageStake

STAKED, PAID, UNPAID, APART = "staked", "paid", "unpaid", "apart"
CHOICES = (
    (STAKED, "当年参股飞地"),
    (PAID, "参股，当年分得返利"),
    (UNPAID, "参股，当年未见分得"),
    (APART, "未登记参股而分得返利"),
)


def reached(value: str, year: int) -> ColumnElement[bool]:
    """Whether a village is one of `value` in `year`: of Village."""
    staked, paid = _staked(year), _paid(year)
    return {
        STAKED: staked,
        PAID: staked & paid,
        UNPAID: staked & ~paid,
        APART: ~staked & paid,
    }[value]


def _staked(year: int) -> ColumnElement[bool]:
    """Whether it had a stake on a day of `year` in an enclave that stood then."""
    first, last = days_of(year)
    return (
        exists()
        .where(VillageStake.village_id == Village.id, VillageStake.enclave_id == Enclave.id)
        .where(
            or_(VillageStake.joined_on.is_(None), VillageStake.joined_on <= last),
            or_(VillageStake.left_on.is_(None), VillageStake.left_on > first),
            *standing(year),
        )
    )


def _paid(year: int) -> ColumnElement[bool]:
    """Whether it was given a share of a return that counts for `year`."""
    return (
        exists()
        .where(VillagePayment.village_id == Village.id, VillagePayment.entry_id == LedgerEntry.id)
        .where(
            LedgerEntry.kind == EntryKind.REBATE,
            LedgerEntry.occurred_on.between(*days_of(year)),
            *counted(),
        )
    )
