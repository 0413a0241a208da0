"""What the audit trail keeps, in words: values, the sentence for a change, names of records."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import Boolean, Column, Date, Select, String, Table, select

from tracker.core.db import Base, Coded, Money, Scaled, UtcDateTime, db
from tracker.core.db.audit import AuditAction, AuditEntry
from tracker.core.db.events import Event
from tracker.core.quantities.shown import day, figure, moment, money_exactly
from tracker.web.kit.kinds import kinds_of, name_of
from tracker.web.kit.looks import UNITLESS
from tracker.web.kit.words import PART, words_of

# What the trail keeps as a code of columns that hold words today.
FORMER_CODES = {
    ("county_listings", "county_class"): {"leapfrog": "跨越发展类", "ecological": "生态发展类"},
}


# What the names that a column holds are called: column (of any table, or "table.column") → words
# for a name.
_CALLED: dict[str, Callable[[str], str | None]] = {}


def tell_names(column: str, words: Callable[[str], str | None]) -> None:
    """Let the names that columns called `column`, or the one "table.column", hold be told by
    `words`."""
    _CALLED[column] = words


def sentence(action: AuditAction, label: str, old: Markup | None, new: Markup | None) -> Markup:
    """What an act did to one figure; "" where there is nothing to say."""
    if action is AuditAction.CREATED:
        return Markup("{}：{}").format(label, new) if new is not None else Markup("")
    if action is AuditAction.DELETED:
        return Markup("{}：{}").format(label, old) if old is not None else Markup("")
    if old is None:
        return Markup("填写{}：{}").format(label, new)
    if new is None:
        return Markup("清空{}（原为{}）").format(label, old)
    if old == new:  # they differ by what is not shown: a password, the seconds of a moment
        return Markup("更新{}：{}").format(label, new)
    return Markup("将{}由 {} 改为 {}").format(label, old, new)


def told(column: Column, value: Any, names: Mapping[tuple[str, int], str]) -> Markup | None:
    """A value as the trail keeps it (text, number or flag) as it reads on a page; None if empty."""
    if value is None or value == "":
        return None
    try:
        return _by_type(column, value, names)
    except (ValueError, ArithmeticError):
        # The trail outlives the types of its columns.
        return escape(str(value))


def _by_type(column: Column, value: Any, names: Mapping[tuple[str, int], str]) -> Markup:
    kind = column.type
    if column.foreign_keys:
        (key,) = column.foreign_keys
        known = names.get((key.column.table.name, value))
        return escape(known or f"编号 {value}")
    if isinstance(kind, Money):
        return money_exactly(Decimal(value))
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
        words = _CALLED.get(str(column)) or _CALLED.get(column.name)
        if words is not None and (called := words(value)):
            return Markup("“{}”").format(called)
        former = FORMER_CODES.get((column.table.name, column.name), {})
        return Markup("“{}”").format(former.get(value, value))
    return escape(str(value))


def names_of(
    entries: Iterable[AuditEntry | Event], *, themselves: bool = False
) -> dict[tuple[str, int], str]:
    """The names of all records that the entries refer to, and of those that they are about where
    `themselves` is asked for, by table and number; one statement a table."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if (
            entry.table_name is None
            or (table := Base.metadata.tables.get(entry.table_name)) is None
        ):
            continue
        if themselves and entry.record_id is not None:
            wanted[entry.table_name].add(entry.record_id)
        changes = json.loads(getattr(entry, "changes", "{}"))
        for column in table.columns:
            for key in column.foreign_keys:
                values = changes.get(column.name, ())
                wanted[key.column.table.name] |= {v for v in values if isinstance(v, int)}
    found: dict[tuple[str, int], str] = {}
    for table_name, ids in wanted.items():
        model = model_of(table_name)
        if model is None or not ids:
            continue
        kinds = kinds_of(model)
        statement: Select[Any] = select(model).where(model.id.in_(ids))
        if kinds:
            statement = statement.options(*kinds[0].load)
        for record in db.session.scalars(statement).unique():
            found[table_name, record.id] = _name(record)
    return found


def _name(record: Any) -> str:
    """What a record is called; accounts have no page of the kit that would say it."""
    return getattr(record, "display_name", None) or name_of(record)


def model_of(table: str) -> type[Any] | None:
    """The model of a table; None for one that is gone."""
    for mapper in Base.registry.mappers:
        if isinstance(mapper.local_table, Table) and mapper.local_table.name == table:
            return mapper.class_
    return None
