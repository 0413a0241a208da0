"""A record's audit trail in sentences, with what happened to the records entered under it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import Boolean, Column, Date, String, and_, or_, select

from tracker.db import Base, Coded, Money, Scaled, UtcDateTime, db
from tracker.db.audit import AuditAction, AuditEntry
from tracker.web.figures import day, figure, moment, money
from tracker.web.kit.kinds import Kind, children_of, kinds_of, name_of
from tracker.web.kit.looks import UNITLESS
from tracker.web.kit.words import PART, column_of, table_label, words_of

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
        key = getattr(child.model, child.parent.column)
        ids = select(child.model.id).where(key == record.id)
        gone = f'"{child.parent.column}": [{record.id}, null]'
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
    names = _names(entries)
    actors = _actors(entries)
    models = {kind.model.__tablename__: kind.model}
    models |= {child.model.__tablename__: child.model for child in children_of(kind)}
    return [_event(entry, kind, models[entry.table_name], names, actors) for entry in entries]


def _event(entry: AuditEntry, kind: Kind, model: type, names: dict, actors: dict) -> Event:
    action = AuditAction(entry.action)
    changes = json.loads(entry.changes)
    own = model is kind.model
    subject = "本记录" if own else f"{table_label(entry.table_name)}（编号 {entry.record_id}）"
    head = "" if own and action is AuditAction.CHANGED else f"{_VERBS[action]}{subject}"
    acts = []
    hidden = {k.parent.column for k in children_of(kind) if k.model is model}
    for name, (old, new) in _ordered(model, changes):
        if name in _QUIET and not (own and action is AuditAction.CHANGED):
            continue
        column = column_of(model, name)
        if column is None or name in hidden:
            continue
        label = words_of(column).label
        before, after = (_look(column, value, names) for value in (old, new))
        acts.append(_sentence(action, label, before, after))
    return Event(
        entry.id,
        entry.at,
        actors.get(entry.actor_id, "系统"),
        head,
        [act for act in acts if act],
        entry.reason or "",
    )


def _sentence(action: AuditAction, label: str, old: Markup | None, new: Markup | None) -> Markup:
    if action is AuditAction.CREATED:
        return Markup("{}：{}").format(label, new) if new is not None else Markup("")
    if action is AuditAction.DELETED:
        return Markup("{}：{}").format(label, old) if old is not None else Markup("")
    if old is None:
        return Markup("填写{}：{}").format(label, new)
    if new is None:
        return Markup("清空{}（原为{}）").format(label, old)
    return Markup("将{}由 {} 改为 {}").format(label, old, new)


def _ordered(model: type, changes: dict[str, list]) -> Iterable[tuple[str, list]]:
    """The changes in the order of the table's columns."""
    order = {column.name: i for i, column in enumerate(model.__table__.columns)}

    def place(name: str) -> int:
        column = column_of(model, name)
        return order.get(column.name, 999) if column is not None else 999

    return sorted(changes.items(), key=lambda change: place(change[0]))


def _look(column: Column, value: Any, names: dict) -> Markup | None:
    """A value as the trail keeps it (text, number or flag) as it reads on a page; None if empty."""
    if value is None or value == "":
        return None
    try:
        return _by_type(column, value, names)
    except (ValueError, ArithmeticError):
        # The trail outlives the types of its columns.
        return escape(str(value))


def _by_type(column: Column, value: Any, names: dict) -> Markup:
    kind = column.type
    if column.foreign_keys:
        (key,) = column.foreign_keys
        known = names.get((key.column.table.name, value))
        return escape(known or f"编号 {value}")
    if isinstance(kind, Money):
        return money(Decimal(value))
    if isinstance(kind, Scaled):
        unit = words_of(column).unit or ""
        if unit == PART:
            return figure(Decimal(value) * 100, "%")
        return figure(Decimal(value), "" if unit in UNITLESS else unit)
    if isinstance(kind, Date):
        return escape(day(date.fromisoformat(value)))
    if isinstance(kind, UtcDateTime):
        return escape(moment(datetime.fromisoformat(value)))
    if isinstance(kind, Coded):
        # Only an exact figure has no sign of its own.
        return escape(getattr(kind.members(value), "label", value) or "确数")
    if isinstance(kind, Boolean):
        return escape("是" if value else "否")
    if isinstance(kind, String):
        return Markup("“{}”").format(value)
    return escape(str(value))


def _names(entries: Sequence[AuditEntry]) -> dict[tuple[str, int], str]:
    """The names of all records that the entries refer to, one statement a table."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        table = Base.metadata.tables.get(entry.table_name)
        if table is None:
            continue
        changes = json.loads(entry.changes)
        for column in table.columns:
            for key in column.foreign_keys:
                values = changes.get(column.name, ())
                wanted[key.column.table.name] |= {v for v in values if isinstance(v, int)}
    found: dict[tuple[str, int], str] = {}
    for table_name, ids in wanted.items():
        model = _model_of(table_name)
        if model is None or not ids:
            continue
        kinds = kinds_of(model)
        statement = select(model).where(model.id.in_(ids))
        if kinds:
            statement = statement.options(*kinds[0].load)
        for record in db.session.scalars(statement).unique():
            found[table_name, record.id] = name_of(record)
    return found


def _actors(entries: Sequence[AuditEntry]) -> dict[int | None, str]:
    users = Base.metadata.tables["users"].c
    ids = {entry.actor_id for entry in entries if entry.actor_id is not None}
    rows = db.session.execute(select(users.id, users.display_name).where(users.id.in_(ids)))
    return {row.id: row.display_name for row in rows}


def _model_of(table: str) -> type | None:
    for mapper in db.Model.registry.mappers:
        if mapper.local_table.name == table:
            return mapper.class_
    return None
