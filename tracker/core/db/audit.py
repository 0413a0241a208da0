"""The audit trail: every change of every record, written in one place.

A listener on the session sees what a flush inserts, updates or deletes and adds an entry with the
old and new values. Nobody has to remember to call it, and nobody can forget to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, event, insert, inspect
from sqlalchemy.orm import Mapped, UOWTransaction, mapped_column

from tracker.core.db.base import AnySession, Base, db
from tracker.core.db.records import now
from tracker.core.db.types import UtcDateTime

ACTOR = "actor_id"
REASON = "reason"
UNWRITTEN = frozenset(
    {
        "version", "updated_at", "created_at",
        "name_initials", "name_key", "name_pinyin", "name_twin", "username_key", "username_twin",
    }
)  # fmt: skip
SECRET = frozenset({"password_hash"})


class AuditAction(StrEnum):
    """What was done to a row."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


class AuditEntry(Base):
    """One change of one row: `changes` is JSON, {column: [old, new]}. Append-only.

    `reason`: why, in the words of the person who did it, where the act asked for it.

    Naming the row by its table is right here and nowhere else: the trail outlives every record.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("action IN ('created', 'changed', 'deleted')", name="action"),
        Index(None, "table_name", "record_id"),
        Index(None, "at"),
        Index(None, "actor_id", "at"),
        Index(None, "table_name", "at"),
        Index(None, "action", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    table_name: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[int]
    action: Mapped[str] = mapped_column(String(10))
    changes: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)


def act_as(session: AnySession, actor_id: int | None) -> None:
    """Name the user in whose name `session` writes from now on; None is the program itself."""
    session.info[ACTOR] = actor_id


@contextmanager
def because(session: AnySession, reason: str) -> Iterator[None]:
    """Write `reason` to all that is flushed within the block; it flushes at its end."""
    session.flush()
    session.info[REASON] = reason
    try:
        yield
        session.flush()
    finally:
        del session.info[REASON]


_audited: set[str] = set()


def watch(tables: frozenset[str]) -> None:
    """Write an entry for each change of a row of `tables`, from now on."""
    _audited.update(tables)
    if not event.contains(db.session, "after_flush", _write):
        event.listen(db.session, "after_flush", _write)


def _write(session: AnySession, _context: UOWTransaction) -> None:
    entries = [
        *_entries(session, session.new, AuditAction.CREATED),
        *_entries(session, session.dirty, AuditAction.CHANGED),
        *_entries(session, session.deleted, AuditAction.DELETED),
    ]
    if entries:
        session.execute(insert(AuditEntry), entries)


def _entries(
    session: AnySession, records: Iterable[Any], action: AuditAction
) -> Iterator[dict[str, Any]]:
    for record in records:
        state = inspect(record)
        table = state.mapper.local_table.name
        if table not in _audited:
            continue
        changes = _changes(state, action)
        if changes:
            yield {
                "at": now(),
                "actor_id": session.info.get(ACTOR),
                "table_name": table,
                "record_id": record.id,
                "action": action.value,
                "changes": json.dumps(changes, ensure_ascii=False, sort_keys=True),
                "reason": session.info.get(REASON),
            }


def _changes(state: Any, action: AuditAction) -> dict[str, list[Any]]:
    changes = {}
    for column in state.mapper.column_attrs:
        name = column.key
        if name in UNWRITTEN or name == "id":
            continue
        history = state.attrs[name].history
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if action is AuditAction.DELETED:
            old, new = state.dict.get(name), None
        elif not history.has_changes() or old == new:
            continue
        changes[name] = ["…", "…"] if name in SECRET else [_plain(old), _plain(new)]
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if value is None or isinstance(value, bool | int | str) else str(value)
