"""Acts on the ledger: drafts, entries and reversals. The acting user is given; nothing commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from tracker.core.db import Origin, db
from tracker.core.db.audit import because
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import QUARTER_NAMES, quarter_of
from tracker.core.quantities.shown import wan
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.evidence import service as evidence
from tracker.records.ledger import doubts
from tracker.records.ledger.due import due_day
from tracker.records.ledger.models import SUBJECT_COLUMNS, EntryKind, LedgerEntry, VillagePayment
from tracker.records.ledger.subjects import TYPES, Subject, type_of
from tracker.records.submissions import locks
from tracker.records.submissions import service as submissions
from tracker.records.submissions.models import Filing, FilingAct, FilingKind
from tracker.records.submissions.workdays import days_covered


class AlreadyReversedError(ToldError):
    """The entry was reversed before, or is itself a reversal."""

    status = 409


class SubmittedError(ToldError):
    """A submitted entry is never edited: reverse it and enter the right one."""

    status = 409


class DraftError(ToldError):
    """A draft is edited or deleted, not reversed."""

    status = 409


class LockedError(ToldError):
    """The period of the money is locked: what is wrong in it is corrected from an open one."""

    status = 409


class SharesError(ToldError, ValueError):
    """The villages' shares of a payment exceed it; the message is for the user."""


def owner_id(subject: Subject) -> int:
    """The region whose people enter money for `subject`: a pairing's is the recipient."""
    return getattr(subject, type_of(subject).owner.key)


def may_enter(user: User, subject: Subject) -> bool:
    """Whether `subject` belongs to the user's own county."""
    return owner_id(subject) == user.region_id


def draft(actor: User, subject: Subject, values: Mapping[str, Any]) -> LedgerEntry:
    """A new draft: it counts nowhere, and is edited and deleted freely until it is submitted.
    Sample subjects have sample money. Raises LockedError."""
    _need_open(subject, values["occurred_on"])
    return _add(actor, subject, {**values, "submitted_at": None})


def edit(entry: LedgerEntry, values: Mapping[str, Any]) -> None:
    """Change a draft. Raises SubmittedError, LockedError, or SharesError if the villages' shares,
    which only a rebate has, no longer fit."""
    _need_draft(entry)
    _need_open(entry.subject, values.get("occurred_on", entry.occurred_on))
    given = shared(entry)
    for name, value in values.items():
        setattr(entry, name, value)
    _set_due_day(entry)
    _check_shares(entry, given)
    if given and entry.kind is not EntryKind.REBATE:
        raise SharesError("这笔返利已分到各村，不能改为其他资金。请先删除分村记录。")
    db.session.flush()


def discard(entry: LedgerEntry) -> None:
    """Delete a draft with its villages' shares. Raises SubmittedError."""
    _need_draft(entry)
    shares = select(VillagePayment).where(VillagePayment.entry_id == entry.id)
    for share in db.session.scalars(shares):
        db.session.delete(share)
    db.session.flush()
    db.session.delete(entry)
    db.session.flush()


def submit(actor: User, entry: LedgerEntry, reason: str = "") -> None:
    """Submit a draft: from now on it is never changed. `reason`: why it is right although
    something of it is unusual. Raises SubmittedError, SharesError, LockedError, DoubtedError."""
    _need_draft(entry)
    _need_open(entry.subject, entry.occurred_on)
    _check_shares(entry, shared(entry))
    doubts.answer(actor, entry, doubts.doubts_of_entry(entry), reason)
    _set_due_day(entry)
    entry.submitted_at = now()
    db.session.flush()


def why_not_retold(user: User, entry: LedgerEntry) -> str:
    """Why the words of a submitted entry cannot be changed; "" where they can: its period is locked
    and the province has opened it for some days."""
    if entry.is_draft:
        return "这笔资金还是草稿，可以直接修改。"
    if not may_enter(user, entry.subject):
        return "只有登记这笔资金的县可以修改文字说明。"
    enclave_id = entry.enclave_id
    place = owner_id(entry.subject)
    if said := locks.words_locked_on(entry.occurred_on, place, enclave_id):
        return said
    if not locks.opened_on(entry.occurred_on, place, enclave_id):
        return "已提交的资金不能修改；有误的，请更正或冲销。限期开锁的一期，才可以修改文字说明。"
    return ""


def retell(actor: User, entry: LedgerEntry, voucher: str, note: str, reason: str) -> None:
    """Change the words of a submitted entry of a period that is opened again, and nothing else; the
    trail keeps what they were, and why they changed. Raises LockedError."""
    if said := why_not_retold(actor, entry):
        raise LockedError(said)
    with because(db.session, reason):
        entry.voucher, entry.note = voucher, note
        db.session.flush()


def correct(
    actor: User,
    entry: LedgerEntry,
    values: Mapping[str, Any],
    reason: str,
    why: str = "",
    proofs: Collection[int] = (),
) -> LedgerEntry:
    """Put a new entry with `values` in the place of `entry`, which is reversed; `why`: as the
    reason of `submit`. The villages' shares go with it as long as they fit; `proofs`: those of the
    entry's links to files (ids) that prove the new one as well. Where the period of either is
    locked, both are booked today: they count in the year of the payment and show when they were
    made.

    Raises AlreadyReversedError, DraftError, LockedError, DoubtedError.
    """
    need_standing(entry)
    booked_on = _booked_on(entry.subject, values["occurred_on"])
    found = doubts.doubts_of(
        entry.subject,
        values["kind"],
        values["amount"],
        values["occurred_on"],
        cumulative=bool(values.get("cumulative")),
        without=(entry.id,),
    )
    naming = {"submitted_at": None, "corrects_id": entry.id, "booked_on": booked_on}
    new = _add(actor, entry.subject, {**values, **naming})
    parts = select(VillagePayment).where(VillagePayment.entry_id == entry.id)
    if new.kind is EntryKind.REBATE and shared(entry) <= new.amount:
        for part in db.session.scalars(parts).all():
            db.session.add(
                VillagePayment(entry_id=new.id, village_id=part.village_id, amount=part.amount)
            )
        db.session.flush()
    doubts.answer(actor, new, found, why)
    _set_due_day(new, entry)
    db.session.flush()
    # A correction counts once what it names is taken back.
    reverse(actor, entry, f"更正为 {new.id} 号：{reason}")
    new.submitted_at = now()
    db.session.flush()
    for link in evidence.proofs_of(entry):
        if link.id in proofs:
            evidence.prove(new, link.file, link.name, link.kind, actor)
    return new


def share(entry: LedgerEntry, village_id: int, amount: Decimal) -> VillagePayment:
    """A village's share (元) of a payment that is still a draft.

    Raises SubmittedError, or SharesError if the shares exceed the payment.
    """
    _need_draft(entry)
    _check_shares(entry, shared(entry) + amount)
    payment = VillagePayment(entry_id=entry.id, village_id=village_id, amount=amount)
    db.session.add(payment)
    db.session.flush()
    return payment


def reshare(payment: VillagePayment, village_id: int, amount: Decimal) -> None:
    """Change a village's share (元). Raises SubmittedError, SharesError."""
    _need_draft(payment.entry)
    _check_shares(payment.entry, shared(payment.entry) - payment.amount + amount)
    payment.village_id = village_id
    payment.amount = amount
    db.session.flush()


def reverse(actor: User, entry: LedgerEntry, reason: str) -> LedgerEntry:
    """The entry that takes `entry` back, on the same day so that the year's sum is right; booked
    today where its period is locked.

    Raises AlreadyReversedError, DraftError, LockedError.
    """
    need_standing(entry)
    reversal = LedgerEntry(
        **{column: getattr(entry, column) for column in SUBJECT_COLUMNS},
        kind=entry.kind,
        amount=-entry.amount,
        precision=entry.precision,
        occurred_on=entry.occurred_on,
        period_from=entry.period_from,
        cumulative=entry.cumulative,
        purpose=entry.purpose,
        note=reason,
        reversal_of_id=entry.id,
        booked_on=_booked_on(entry.subject, entry.occurred_on),
        origin=Origin.SAMPLE if entry.origin is Origin.SAMPLE else Origin.ENTERED,
        entered_by=actor,
        submitted_at=now(),
    )
    db.session.add(reversal)
    db.session.flush()
    return reversal


def _add(actor: User, subject: Subject, values: Mapping[str, Any]) -> LedgerEntry:
    origin = Origin.SAMPLE if subject.origin is Origin.SAMPLE else Origin.ENTERED
    link = {type_of(subject).key: subject}
    entry = LedgerEntry(**link, **values, origin=origin, entered_by=actor)
    db.session.add(entry)
    db.session.flush()
    _set_due_day(entry)
    db.session.flush()
    return entry


def _set_due_day(entry: LedgerEntry, *others: LedgerEntry) -> None:
    """Let the day by which `entry` was due follow from the contract; `others` are taken back."""
    without = [each.id for each in (entry, *others)]
    entry.due_on = due_day(entry.subject, entry.kind, entry.occurred_on, without)


def why_locked(subject: Subject, day: date) -> str:
    """Why no money of `day` is entered for `subject`; "" where its period is open."""
    enclave_id = subject.id if isinstance(subject, Enclave) else None
    return locks.locked_on(day, owner_id(subject), enclave_id)


def _need_open(subject: Subject, day: date) -> None:
    if said := why_locked(subject, day):
        raise LockedError(said)


def _booked_on(subject: Subject, day: date) -> date | None:
    """On which day a reversal or correction of `day` is booked: none while its period is open."""
    if not why_locked(subject, day):
        return None
    present = today()
    if why_locked(subject, present):
        raise LockedError(
            f"今天（{present}）所在的一期也已锁定，没有可以登记更正或冲销的期间。"
            "请省级限期开锁，或者等下一期开始后再办。"
        )
    return present


def booking_told(
    subject: Subject, days: Sequence[date], act: str = "更正", *, counts: bool = True
) -> str:
    """When an `act` on money of `days` is booked and of which year it counts, for whoever is about
    to do it; why it cannot be booked, where it cannot; "" while the periods of all are open. What
    moves from one year into another counts in each by what the act does there, which is said by
    itself; what is told up to a day (`counts` is false) counts in none."""
    try:
        booked = {day: on for day in dict.fromkeys(days) if (on := _booked_on(subject, day))}
    except LockedError as error:
        return str(error)
    if not booked:
        return ""
    on = next(iter(booked.values()))
    period = f"{on.year} 年{QUARTER_NAMES[quarter_of(on)]}"
    said = (
        f"发生日期 {'、'.join(map(str, booked))} 所在的一期已锁定："
        f"{act}登记在今天（{on}），列入未锁定的{period}"
    )
    years = {day.year for day in days}
    if len(years) > 1 or not counts:
        return f"{said}。"
    return f"{said}，金额仍计入款项发生的 {years.pop()} 年度。"


@submissions.stands_against
def _of_drafts(filing: Filing, act: FilingAct) -> str:
    """A draft counts nowhere: what is filed has none left, of the county or of the enclave."""
    if act is not FilingAct.SUBMITTED or filing.kind is FilingKind.PLAN:
        return ""
    if filing.enclave_id is not None:
        own: ColumnElement[bool] = LedgerEntry.enclave_id == filing.enclave_id
    else:
        place = filing.region_id
        own = or_(*(of.column.in_(select(of.model.id).where(of.owner == place)) for of in TYPES))
    days = LedgerEntry.occurred_on.between(*days_covered(filing.year, filing.kind))
    left = select(func.count(LedgerEntry.id)).where(own, days, LedgerEntry.submitted_at.is_(None))
    number = db.session.scalar(left)
    return f"这一期的台账还有 {number} 笔草稿，草稿不计入，请先提交或删除。" if number else ""


def needs_reversing(entry: LedgerEntry) -> bool:
    """Whether `entry` stands as submitted, so that only a reversal takes it back."""
    return not (entry.is_draft or entry.reversal is not None or entry.reversal_of_id is not None)


def need_standing(entry: LedgerEntry) -> None:
    """Raises DraftError or AlreadyReversedError where `entry` cannot be taken back."""
    if entry.is_draft:
        raise DraftError("这笔资金还是草稿，可以直接修改或删除，不必冲销。")
    if entry.reversal is not None or entry.reversal_of_id is not None:
        raise AlreadyReversedError("这笔资金已经冲销，或本身就是冲销，不能再冲销。")


def _need_draft(entry: LedgerEntry) -> None:
    if not entry.is_draft:
        raise SubmittedError("这笔资金已经提交，不能再修改。有误的，请更正或冲销。")


def shared(entry: LedgerEntry) -> Decimal:
    """What the villages' shares of `entry` add up to, 元."""
    statement = select(func.sum(VillagePayment.amount)).where(VillagePayment.entry_id == entry.id)
    return db.session.scalar(statement) or Decimal(0)


def _check_shares(entry: LedgerEntry, shared: Decimal) -> None:
    if shared > entry.amount:
        raise SharesError(f"各村分得合计 {wan(shared)} 万元，多于返利 {wan(entry.amount)} 万元。")
