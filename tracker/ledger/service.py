"""Acts on the ledger: drafts, entries and reversals. The acting user is given; nothing commits."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import func, select

from tracker.accounts.models import User
from tracker.db import Origin, db
from tracker.db.records import now
from tracker.enclaves.models import Enclave
from tracker.ledger.models import SUBJECT_COLUMNS, LedgerEntry, VillagePayment
from tracker.pairings.models import Pairing
from tracker.parks.models import Park
from tracker.projects.models import Project
from tracker.villages.models import DemonstrationVillage
from tracker.web.figures import wan

Subject = Project | Enclave | Park | Pairing | DemonstrationVillage

_COLUMNS: dict[type, str] = {
    Project: "project",
    Enclave: "enclave",
    Park: "park",
    Pairing: "pairing",
    DemonstrationVillage: "demonstration_village",
}
_OWNERS: dict[type, str] = {
    Project: "region_id",
    Enclave: "origin_id",
    Park: "recipient_id",
    Pairing: "recipient_id",
    DemonstrationVillage: "county_id",
}


class AlreadyReversedError(Exception):
    """The entry was reversed before, or is itself a reversal."""


class SubmittedError(Exception):
    """A submitted entry is never edited: reverse it and enter the right one."""


class DraftError(Exception):
    """A draft is edited or deleted, not reversed."""


class SharesError(ValueError):
    """The villages' shares of a payment exceed it; the message is for the user."""


def owner_id(subject: Subject) -> int:
    """The region whose people enter money for `subject`: a pairing's is the recipient."""
    return getattr(subject, _OWNERS[type(subject)])


def may_enter(user: User, subject: Subject) -> bool:
    """Whether `subject` belongs to the user's own county."""
    return owner_id(subject) == user.region_id


def enter(actor: User, subject: Subject, values: Mapping[str, object]) -> LedgerEntry:
    """A new entry of `subject`, submitted at once. Sample subjects have sample money."""
    return _add(actor, subject, {**values, "submitted_at": now()})


def draft(actor: User, subject: Subject, values: Mapping[str, object]) -> LedgerEntry:
    """A new draft: it counts nowhere, and is edited and deleted freely until it is submitted."""
    return _add(actor, subject, {**values, "submitted_at": None})


def edit(entry: LedgerEntry, values: Mapping[str, object]) -> None:
    """Change a draft. Raises SubmittedError."""
    _need_draft(entry)
    for name, value in values.items():
        setattr(entry, name, value)
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


def submit(entry: LedgerEntry) -> None:
    """Submit a draft: from now on it is never changed. Raises SubmittedError, SharesError."""
    _need_draft(entry)
    _check_shares(entry, _shared(entry))
    entry.submitted_at = now()
    db.session.flush()


def share(entry: LedgerEntry, village_id: int, amount: Decimal) -> VillagePayment:
    """A village's share (元) of a payment that is still a draft.

    Raises SubmittedError, or SharesError if the shares exceed the payment.
    """
    _need_draft(entry)
    _check_shares(entry, _shared(entry) + amount)
    payment = VillagePayment(entry_id=entry.id, village_id=village_id, amount=amount)
    db.session.add(payment)
    db.session.flush()
    return payment


def reverse(actor: User, entry: LedgerEntry, reason: str) -> LedgerEntry:
    """The entry that takes `entry` back, on the same day so that the year's sum is right.

    Raises AlreadyReversedError, DraftError.
    """
    if entry.is_draft:
        raise DraftError
    if entry.reversal is not None or entry.reversal_of_id is not None:
        raise AlreadyReversedError
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
        origin=Origin.SAMPLE if entry.origin is Origin.SAMPLE else Origin.ENTERED,
        entered_by=actor,
        submitted_at=now(),
    )
    db.session.add(reversal)
    db.session.flush()
    return reversal


def _add(actor: User, subject: Subject, values: Mapping[str, object]) -> LedgerEntry:
    origin = Origin.SAMPLE if subject.origin is Origin.SAMPLE else Origin.ENTERED
    link = {_COLUMNS[type(subject)]: subject}
    entry = LedgerEntry(**link, **values, origin=origin, entered_by=actor)
    db.session.add(entry)
    db.session.flush()
    return entry


def _need_draft(entry: LedgerEntry) -> None:
    if not entry.is_draft:
        raise SubmittedError


def _shared(entry: LedgerEntry) -> Decimal:
    statement = select(func.sum(VillagePayment.amount)).where(VillagePayment.entry_id == entry.id)
    return db.session.scalar(statement) or Decimal(0)


def _check_shares(entry: LedgerEntry, shared: Decimal) -> None:
    if shared > entry.amount:
        raise SharesError(f"各村分得合计 {wan(shared)} 万元，多于返利 {wan(entry.amount)} 万元。")
