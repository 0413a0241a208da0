"""A record's audit trail in sentences, with what happened to the records entered under it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import and_, or_, select

from tracker.core.db import Base, db
from tracker.core.db.audit import AuditAction, AuditEntry
from tracker.web.kit.kinds import Kind, children_of
from tracker.web.kit.told import names_of, sentence, told
from tracker.web.kit.words import column_of, table_label, words_of

AT_ONCE = 50
_VERBS = {AuditAction.CREATED: "登记", AuditAction.CHANGED: "修改", AuditAction.DELETED: "删除"}
_QUIET = frozenset({"origin"})


@dataclass(frozen=True)
class Event:
    """One act: who did what when. `acts` are parts of a sentence, one for each figure."""

    number: int
    at: datetime
    actor: str
    head: str
    acts: list[Markup]
    reason: str


@dataclass(frozen=True)
class History:
    """The latest events first; `older` is the number to go on from, None at the end."""

    events: list[Event]
    older: int | None


def history_of(kind: Kind, record: Any, before: int | None = None) -> History:
    """What happened to `record` and to what was entered under it, before the entry `before`."""
    statement = select(AuditEntry).where(_about(kind, record))
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    found = list(db.session.scalars(statement.order_by(AuditEntry.id.desc()).limit(AT_ONCE + 1)))
    entries = found[:AT_ONCE]
    events = _told(kind, entries)
    return History(events, entries[-1].id if len(found) > AT_ONCE else None)


def _about(kind: Kind, record: Any) -> Any:
    own = and_(AuditEntry.table_name == kind.model.__tablename__, AuditEntry.record_id == record.id)
    conditions = [own]
    for child in children_of(kind):
        key = getattr(child.model, child.under.column)
        ids = select(child.model.id).where(key == record.id)
        gone = f'"{child.under.column}": [{record.id}, null]'
        conditions.append(
            and_(
                AuditEntry.table_name == child.model.__tablename__,
                or_(
                    AuditEntry.record_id.in_(ids),
                    and_(
                        AuditEntry.action == AuditAction.DELETED.value,
                        AuditEntry.changes.contains(gone, autoescape=True),
                    ),
                ),
            )
        )
    return or_(*conditions)


def _told(kind: Kind, entries: Sequence[AuditEntry]) -> list[Event]:
    names = names_of(entries)
    actors = _actors(entries)
    models = {kind.model.__tablename__: kind.model}
    models |= {child.model.__tablename__: child.model for child in children_of(kind)}
    return [_event(entry, kind, models[entry.table_name], names, actors) for entry in entries]


def _event(entry: AuditEntry, kind: Kind, model: type[Any], names: dict, actors: dict) -> Event:
    action = AuditAction(entry.action)
    changes = json.loads(entry.changes)
    own = model is kind.model
    subject = "本记录" if own else f"{table_label(entry.table_name)}（编号 {entry.record_id}）"
    head = "" if own and action is AuditAction.CHANGED else f"{_VERBS[action]}{subject}"
    acts = []
    hidden = {k.under.column for k in children_of(kind) if k.model is model}
    for name, (old, new) in _ordered(model, changes):
        if name in _QUIET and not (own and action is AuditAction.CHANGED):
            continue
        column = column_of(model, name)
        if column is None or name in hidden:
            continue
        label = words_of(column).label
        before, after = (told(column, value, names) for value in (old, new))
        acts.append(sentence(action, label, before, after))
    return Event(
        entry.id,
        entry.at,
        actors.get(entry.actor_id, "系统"),
        head,
        [act for act in acts if act],
        entry.reason or "",
    )


def _ordered(model: type[Any], changes: dict[str, list]) -> Iterable[tuple[str, list]]:
    """The changes in the order of the table's columns."""
    order = {column.name: i for i, column in enumerate(model.__table__.columns)}

    def place(name: str) -> int:
        column = column_of(model, name)
        return order.get(column.name, 999) if column is not None else 999

    return sorted(changes.items(), key=lambda change: place(change[0]))


def _actors(entries: Sequence[AuditEntry]) -> dict[int | None, str]:
    users = Base.metadata.tables["users"].c
    ids = {entry.actor_id for entry in entries if entry.actor_id is not None}
    rows = db.session.execute(select(users.id, users.display_name).where(users.id.in_(ids)))
    return {row.id: row.display_name for row in rows}
