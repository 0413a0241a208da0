"""What the audit trail holds, as people read it: values by the dictionary's own words."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from sqlalchemy import Boolean, Column, select

from tracker.db import Base, Coded, Money, UtcDateTime, db
from tracker.db.audit import SECRET, AuditEntry
from tracker.tables import AUDITED
from tracker.web.figures import grouped, moment
from tracker.web.kit.words import table_label, words_of

NAMES = ("name", "display_name", "title")
EMPTY = "空"
UNSAID = "不显示"

Row = tuple[str, int]


@dataclass(frozen=True)
class Change:
    """One column of an entry: its label, what it said and what it says; None where there was no
    record before or is none after."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Said:
    """An entry with the words for it. `record` is the record's name, "" where it has none."""

    entry: AuditEntry
    table: str
    record: str
    changes: list[Change]


def say(entries: Iterable[AuditEntry]) -> list[Said]:
    """The entries in words. What they name is looked up once for each table."""
    entries = list(entries)
    parsed = [json.loads(entry.changes) for entry in entries]
    names = _names(entries, parsed)
    return [
        Said(
            entry=entry,
            table=table_label(entry.table_name),
            record=names.get((entry.table_name, entry.record_id), ""),
            changes=_changes(entry.table_name, changes, names),
        )
        for entry, changes in zip(entries, parsed, strict=True)
    ]


def table_labels() -> dict[str, str]:
    """The labels of the tables whose changes leave a trail, by table."""
    return {name: table_label(name) for name in AUDITED}


def _changes(table: str, changes: Mapping[str, list], names: Mapping[Row, str]) -> list[Change]:
    columns = _columns(table)
    found = []
    for column, (old, new) in changes.items():
        if old in (None, "") and new in (None, ""):
            continue
        found.append(
            Change(
                words_of(columns[column]).label if column in columns else column,
                _value(table, column, old, names),
                _value(table, column, new, names),
            )
        )
    return found


def _value(table: str, name: str, value: object, names: Mapping[Row, str]) -> str:
    if name in SECRET:
        return UNSAID
    if value is None or value == "":
        return EMPTY
    column = _columns(table).get(name)
    if column is None:
        return str(value)
    if target := _target(column):
        return names.get((target, value)) or f"{value} 号"
    match column.type:
        case Coded() as coded:
            known = {member.value: member.label for member in coded.members}
            return known.get(str(value)) or str(value)
        case Boolean():
            return "是" if value else "否"
        case UtcDateTime():
            return moment(datetime.fromisoformat(str(value)))
        case Money():
            return f"{grouped(Decimal(str(value)))} 元"
    return str(value)


def _names(entries: list[AuditEntry], parsed: list[dict[str, list]]) -> dict[Row, str]:
    """The names of the records that the entries are about or point to."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry, changes in zip(entries, parsed, strict=True):
        wanted[entry.table_name].add(entry.record_id)
        columns = _columns(entry.table_name)
        for name, values in changes.items():
            target = _target(columns[name]) if name in columns else None
            if target:
                wanted[target].update(value for value in values if isinstance(value, int))
    found = {}
    for table, ids in wanted.items():
        known = Base.metadata.tables.get(table)
        named = known is not None and next((c for c in NAMES if c in known.columns), None)
        if named and "id" in known.columns:
            rows = db.session.execute(select(known.c.id, known.c[named]).where(known.c.id.in_(ids)))
            found.update({(table, row[0]): row[1] for row in rows})
    return found


@cache
def _columns(table: str) -> dict[str, Column]:
    """The columns of `table` by the model's name for them, which is what the trail writes."""
    return {
        attribute.key: attribute.columns[0]
        for mapper in db.Model.registry.mappers
        if mapper.local_table.name == table
        for attribute in mapper.column_attrs
    }


def _target(column: Column) -> str | None:
    return next((key.column.table.name for key in column.foreign_keys), None)
