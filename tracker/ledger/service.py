"""Acts on the ledger: entries and reversals. The acting user is given; nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.accounts.models import User
from tracker.db import Origin, db
from tracker.enclaves.models import Enclave
from tracker.ledger.models import LedgerEntry
from tracker.pairings.models import Pairing
from tracker.projects.models import Project


class AlreadyReversedError(Exception):
    """The entry was reversed before, or is itself a reversal."""


def owner_id(subject: Project | Enclave | Pairing) -> int:
    """The region whose people enter money for `subject`: a pairing's is the recipient."""
    if isinstance(subject, Project):
        return subject.region_id
    return subject.origin_id if isinstance(subject, Enclave) else subject.recipient_id


def may_enter(user: User, subject: Project | Enclave | Pairing) -> bool:
    """Whether `subject` belongs to the user's own county."""
    return owner_id(subject) == user.region_id


def enter(actor: User, subject: Project | Enclave, values: Mapping[str, object]) -> LedgerEntry:
    """A new entry of `subject`. Sample subjects have sample money."""
    link = {"project": subject} if isinstance(subject, Project) else {"enclave": subject}
    origin = Origin.SAMPLE if subject.origin is Origin.SAMPLE else Origin.ENTERED
    entry = LedgerEntry(**link, **values, origin=origin, entered_by=actor)
    db.session.add(entry)
    db.session.flush()
    return entry


def reverse(actor: User, entry: LedgerEntry, reason: str) -> LedgerEntry:
    """The entry that takes `entry` back, on the same day so that the year's sum is right.

    Raises AlreadyReversedError.
    """
    if entry.reversal is not None or entry.reversal_of_id is not None:
        raise AlreadyReversedError
    reversal = LedgerEntry(
        project_id=entry.project_id,
        enclave_id=entry.enclave_id,
        pairing_id=entry.pairing_id,
        kind=entry.kind,
        amount=-entry.amount,
        precision=entry.precision,
        occurred_on=entry.occurred_on,
        period_from=entry.period_from,
        cumulative=entry.cumulative,
        note=reason,
        reversal_of_id=entry.id,
        origin=Origin.SAMPLE if entry.origin is Origin.SAMPLE else Origin.ENTERED,
        entered_by=actor,
    )
    db.session.add(reversal)
    db.session.flush()
    return reversal
