"""The dictionary: what the models say of themselves, joined with what people wrote of them.

Types, lengths, coded lists, keys, constraints and whether a column may be empty are read off the
models; names, units and meanings come from `entries`. What does not fit is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CheckConstraint, Column, MetaData, String, UniqueConstraint
from sqlalchemy import Table as SqlTable

from tracker.core.db import Base
from tracker.core.db.words import ColumnEntry, DictionaryError, Entries, TableEntry, load
from tracker.exchange.dictionary import conditions
from tracker.exchange.dictionary.kinds import Kind, kind_of
from tracker.tables import AUDITED


@dataclass(frozen=True)
class ColumnWords:
    """One column: `name` in the database, `label` and `meaning` for people.

    `unit`: 元, 亩, m² …, "" where there is none. `empty`: what an empty one means, None where the
    column must be filled in. `references`: the table that it points to. `is_common`: described
    once for all tables.
    """

    name: str
    label: str
    kind: Kind
    unit: str
    meaning: str
    empty: str | None
    references: str | None
    is_common: bool


@dataclass(frozen=True)
class Rule:
    """A constraint: its name in the database, what it asks, the columns that it is about."""

    name: str
    text: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class TableWords:
    """One table. `is_audited`: each change of a row leaves an entry in the audit trail."""

    name: str
    label: str
    area: str
    records: str
    is_audited: bool
    columns: tuple[ColumnWords, ...]
    rules: tuple[Rule, ...]


@cache
def dictionary() -> tuple[TableWords, ...]:
    """All tables in the order of the areas. Raises DictionaryError with all faults."""
    return describe(Base.metadata, load())


def labels() -> dict[tuple[str, str], str]:
    """(table, column) → Chinese label, for every column of every table.

    Where a model calls a column by another name than the database does, the label stands under
    both: the audit trail writes the model's. Raises DictionaryError.
    """
    found = {
        (table.name, column.name): column.label
        for table in dictionary()
        for column in table.columns
    }
    for mapper in Base.registry.mappers:
        table = mapper.class_.__table__.name
        for attribute in mapper.column_attrs:
            found[table, attribute.key] = found[table, attribute.columns[0].name]
    return found


def describe(metadata: MetaData, entries: Entries) -> tuple[TableWords, ...]:
    """The tables of `metadata` in the words of `entries`.

    Raises DictionaryError for a table, column or constraint without words, and for words about
    one that is not there.
    """
    faults = [f"表 {name} 没有说明" for name in sorted(metadata.tables.keys() - entries.tables)]
    used = {column.name for table in metadata.tables.values() for column in table.columns}
    faults += [f"共有栏 {name}：没有表有这一栏" for name in entries.common if name not in used]
    found = []
    for name, entry in entries.tables.items():
        table = metadata.tables.get(name)
        if table is None:
            faults.append(f"有说明而没有这张表：{name}")
        else:
            found.append(_table(table, entry, entries.common, faults))
    if faults:
        raise DictionaryError(faults)
    return tuple(found)


def _table(
    table: SqlTable, entry: TableEntry, common: Mapping[str, ColumnEntry], faults: list[str]
) -> TableWords:
    faults += [
        f"{table.name}.{name}：有说明而没有这一栏"
        for name in entry.columns
        if name not in table.columns
    ]
    columns = []
    for column in table.columns:
        own = entry.columns.get(column.name)
        words = own or common.get(column.name)
        if words is None:
            faults.append(f"{table.name}.{column.name} 没有说明")
        else:
            columns.append(_column(column, words, own is None, faults))
    return TableWords(
        name=table.name,
        label=entry.label,
        area=entry.area,
        records=entry.records,
        is_audited=table.name in AUDITED,
        columns=tuple(columns),
        rules=tuple(_rules(table, entry, {c.name: c.label for c in columns}, faults)),
    )


def _column(column: Column, words: ColumnEntry, is_common: bool, faults: list[str]) -> ColumnWords:
    where = f"{column.table.name}.{column.name}"
    kind = kind_of(column)
    if kind.is_number and words.unit is None:
        faults.append(f"{where} 是数，须写明单位（没有单位的写空文字）")
    if not kind.is_number and words.unit is not None:
        faults.append(f"{where} 不须写单位")
    if _may_be_empty(column) and words.empty is None:
        faults.append(f"{where} 可以为空，须写明空着表示什么")
    if not _may_be_empty(column) and words.empty is not None:
        faults.append(f"{where} 不能为空，不须写空着表示什么")
    keys = [key.column.table.name for key in column.foreign_keys]
    return ColumnWords(
        name=column.name,
        label=words.label,
        kind=kind,
        unit=kind.unit or words.unit or "",
        meaning=words.meaning,
        empty=words.empty,
        references=keys[0] if keys else None,
        is_common=is_common,
    )


def _may_be_empty(column: Column) -> bool:
    # A text that nobody has to fill in is kept as "", never as NULL.
    default: Any = column.default
    blank = default is not None and default.is_scalar and default.arg == ""
    return bool(column.nullable) or (isinstance(column.type, String) and blank)


def _rules(
    table: SqlTable, entry: TableEntry, labels: Mapping[str, str], faults: list[str]
) -> Iterator[Rule]:
    if len(labels) < len(table.columns):
        return  # a column has no words yet, which is a fault already
    checks = {
        str(check.name): condition
        for check in _of_kind(table, CheckConstraint)
        if not conditions.is_coded_list(condition := str(check.sqltext), table)
    }
    for name, condition in sorted(checks.items()):
        said = entry.rules.get(_short(name, table))
        text = said or conditions.in_words(condition, table, labels)
        if text is None:
            faults.append(f"表 {table.name} 的约束 {_short(name, table)} 没有说明：{condition}")
        else:
            yield Rule(name, text, conditions.named_in(condition, table))
    short = {_short(name, table) for name in checks}
    faults += [
        f"表 {table.name}：有说明而没有这条约束：{name}"
        for name in entry.rules
        if name not in short
    ]
    keys = [*_of_kind(table, UniqueConstraint), *(i for i in table.indexes if i.unique)]
    for name, names in sorted((str(k.name), tuple(c.name for c in k.columns)) for k in keys):
        yield Rule(name, conditions.not_repeated(names, labels), names)


def _of_kind(table: SqlTable, kind: type) -> Iterable:
    return (found for found in table.constraints if isinstance(found, kind))


def _short(name: str, table: SqlTable) -> str:
    return name.removeprefix(f"ck_{table.name}_")
