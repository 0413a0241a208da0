"""What is left undone or does not fit in the ledger of a filing's days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select

from tracker.core.db import db
from tracker.core.quantities.shown import wan
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import (
    SUBJECT_COLUMNS,
    EntryKind,
    LedgerEntry,
    VillagePayment,
)
from tracker.records.ledger.standing import counted, untouched
from tracker.records.ledger.yearly_returns import returns_of_year
from tracker.records.quarters.noughts import with_noughts
from tracker.records.submissions.checking import Asked, Fault
from tracker.site.checks.scope import in_days, own_enclaves, own_entries
from tracker.web.kit.kinds import name_of

# What an enclave at work yields.
_RETURNS = (EntryKind.REBATE, EntryKind.RENT, EntryKind.TAX_SHARE)
OFF = Decimal("0.2")  # of what the contract owes
REST = Decimal(1)  # 元: what is left over where a sum is divided among villages


def _of_entry(entry: LedgerEntry) -> str:
    return f"{name_of(entry.subject)}，{entry.kind.label} {wan(entry.amount)} 万元（{entry.id} 号）"


def _page(entry: LedgerEntry) -> dict[str, Any]:
    return {"endpoint": "ledger.detail", "values": {"ledger_entry_id": entry.id}}


def drafts_left(asked: Asked) -> Iterator[Fault]:
    """Drafts of the days, which count nowhere."""
    statement = select(LedgerEntry).where(
        own_entries(asked), in_days(asked), LedgerEntry.submitted_at.is_(None)
    )
    for entry in db.session.scalars(statement.order_by(LedgerEntry.occurred_on, LedgerEntry.id)):
        values = {"ledger_entry_id": entry.id}
        said = f"{entry.occurred_on} 的草稿，没有提交，不计入"
        yield Fault(_of_entry(entry), said, "ledger.edit", values)


def sums_falling(asked: Asked) -> Iterator[Fault]:
    """Sums that run since the beginning and are less than one of an earlier day."""
    statement = select(LedgerEntry).where(
        own_entries(asked),
        LedgerEntry.cumulative.is_(True),
        LedgerEntry.submitted_at.is_not(None),
        LedgerEntry.occurred_on <= asked.last,
        *untouched(),
    )
    most: dict[tuple, LedgerEntry] = {}
    for entry in db.session.scalars(statement.order_by(LedgerEntry.occurred_on, LedgerEntry.id)):
        whose = (entry.kind, *(getattr(entry, name) for name in SUBJECT_COLUMNS))
        before = most.get(whose)
        if before is None or entry.amount >= before.amount:
            most[whose] = entry
        elif entry.occurred_on >= asked.first:
            said = (
                f"截至 {entry.occurred_on} 的累计额，少于截至 {before.occurred_on} 的 "
                f"{wan(before.amount)} 万元（{before.id} 号）"
            )
            yield Fault(_of_entry(entry), said, **_page(entry))


def before_work(asked: Asked) -> Iterator[Fault]:
    """Returns, rents and shares of taxes from before their enclave was in use."""
    early = or_(Enclave.in_use_on.is_(None), LedgerEntry.occurred_on < Enclave.in_use_on)
    statement = (
        select(LedgerEntry)
        .join(Enclave, Enclave.id == LedgerEntry.enclave_id)
        .where(
            own_entries(asked),
            in_days(asked),
            LedgerEntry.kind.in_(_RETURNS),
            LedgerEntry.submitted_at.is_not(None),
            early,
            *untouched(),
        )
        .order_by(LedgerEntry.occurred_on, LedgerEntry.id)
    )
    for entry in db.session.scalars(statement):
        assert entry.enclave is not None, "joined by it"
        used = entry.enclave.in_use_on
        how = f"早于飞地投用日期 {used}" if used else "飞地没有投用日期"
        yield Fault(_of_entry(entry), f"{entry.occurred_on} 发生，{how}", **_page(entry))


def off_contract(asked: Asked) -> Iterator[Fault]:
    """Enclaves whose returns of the year are more than a fifth off what the contract owes; in a
    part of the year those alone that are above it: what falls due by then no contract says."""
    where = own_enclaves(asked)
    enclaves = db.session.scalars(select(Enclave).where(where).order_by(Enclave.code)).all()
    for one in with_noughts(returns_of_year(enclaves, asked.year, where), asked.year):
        if not one.due:
            continue
        values = {"enclave_id": one.enclave.id}
        page: dict[str, Any] = {"endpoint": "enclaves.detail", "values": values}
        owed = f"全年应返 {wan(one.due)} 万元"
        if one.paid is None:
            if asked.whole_year:
                said = f"{asked.year} 年{owed}，台账中没有返利"
                yield Fault(one.enclave.name, said, **page)
            continue
        paid = one.paid.figure.value
        off = (paid - one.due) / one.due
        if off > OFF or (asked.whole_year and off < -OFF):
            so_far = "已返" if off > 0 else "只返"
            said = (
                f"{asked.year} 年{owed}，{so_far} {wan(paid)} 万元，"
                f"{'多' if off > 0 else '少'} {abs(off):.0%}"
            )
            yield Fault(one.enclave.name, said, **page)


def shares_missing(asked: Asked) -> Iterator[Fault]:
    """Rebates of the days whose villages' shares do not add up to them, where villages have any
    share in the enclave."""
    statement = select(LedgerEntry).where(
        own_entries(asked),
        in_days(asked),
        LedgerEntry.kind == EntryKind.REBATE,
        LedgerEntry.enclave_id.in_(select(Enclave.id).where(Enclave.village_capital > 0)),
        *counted(),
    )
    entries = db.session.scalars(statement.order_by(LedgerEntry.occurred_on, LedgerEntry.id)).all()
    shared = _shared(entry.id for entry in entries)
    for entry in entries:
        part = shared.get(entry.id, Decimal(0))
        if entry.amount - part >= REST:
            told = f"已分 {wan(part)} 万元" if part else "没有分到村"
            values = {"entry_id": entry.id}
            said = f"{told}，还有 {wan(entry.amount - part)} 万元没有分到村"
            yield Fault(_of_entry(entry), said if part else told, "ledger.split", values)


def _shared(entries: Iterable[int]) -> dict[int, Decimal]:
    amount = VillagePayment.amount
    statement = select(VillagePayment.entry_id, func.sum(amount, type_=amount.type))
    wanted = statement.where(VillagePayment.entry_id.in_(list(entries)))
    found: dict[int, Decimal] = defaultdict(Decimal)
    for entry_id, part in db.session.execute(wanted.group_by(VillagePayment.entry_id)):
        found[entry_id] = part
    return found
