"""The blueprint of the ledger's pages, and what several of them show."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from flask import Blueprint, url_for
from flask_login import current_user
from sqlalchemy import inspect

from tracker.records.ledger import service, splitting
from tracker.records.ledger.kinds import LEDGER
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.subjects import Subject, type_of
from tracker.web.kit.kinds import kind_of
from tracker.web.plausibility import Doubt, keys_of

bp = Blueprint("ledger", __name__, url_prefix="/ledger")


def page_of_subject(subject: Subject) -> str:
    """The address of what money belongs to."""
    kind = kind_of(subject)
    if kind is not None:
        return kind.address(subject)
    return url_for(".index", of=type_of(subject).key)


def mark_of(entry: LedgerEntry, found: Sequence[Doubt]) -> str:
    """What the person was shown of a draft before it is submitted; another text asks again."""
    columns = sorted(column.key for column in inspect(LedgerEntry).column_attrs)
    said = [f"{name}={getattr(entry, name)}" for name in columns]
    return sha256("\n".join([*said, keys_of(found)]).encode()).hexdigest()[:32]


def shares_of(entry: LedgerEntry) -> dict[str, Any]:
    """How much of a rebate has been shared out, and whether more can be; `shared` is None for
    other money."""
    if entry.kind is not EntryKind.REBATE:
        return {"shared": None}
    own = LEDGER.foreign(current_user, entry) is None
    return {"shared": service.shared(entry), "divisible": own and not splitting.why_not(entry)}
