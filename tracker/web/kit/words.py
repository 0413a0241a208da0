"""What tables and columns are called on screens: the words of the data dictionary."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Column
from sqlalchemy.orm import InstrumentedAttribute, class_mapper

from tracker.core.db.words import ColumnEntry, Entries, load

PART = "比例"  # the unit of a part of the whole: 0.1 is shown and typed as 10 %


@cache
def _entries() -> Entries:
    return load()


def table_label(name: str) -> str:
    """What the rows of the table `name` are called; the name itself where nothing is written."""
    entry = _entries().tables.get(name)
    return entry.label if entry else name


def words_of(column: Column) -> ColumnEntry:
    """The words on a column; its own name where nothing is written."""
    entries = _entries()
    table = entries.tables.get(column.table.name)
    found = (table and table.columns.get(column.name)) or entries.common.get(column.name)
    return found or ColumnEntry(label=column.name, meaning="")


def rule_words(table: str, constraint: str) -> str | None:
    """What the CHECK `constraint` (its full name) asks, where the dictionary says it."""
    entry = _entries().tables.get(table)
    return entry.rules.get(constraint.removeprefix(f"ck_{table}_")) if entry else None


def column_of(model: type[Any], name: str) -> Column | None:
    """The column behind the attribute `name` of `model`; None for what is not one column."""
    attribute = class_mapper(model).column_attrs.get(name)
    if attribute is None or not isinstance(attribute.columns[0], Column):
        return None
    return attribute.columns[0]


def its_column(model: type[Any], name: str) -> Column:
    """The column behind an attribute that is known to be one column."""
    column = column_of(model, name)
    assert column is not None, f"{model.__name__}.{name}"
    return column


def dotted(column: Column) -> str:
    """`table.column`, as `tracker/web/usual.py` names figures and days."""
    return f"{column.table.name}.{column.name}"


def link_of(model: type[Any], name: str) -> Any | None:
    """The many-to-one relationship `name` of `model`, or the one over its column `name`."""
    for link in class_mapper(model).relationships:
        if link.uselist or link.direction.name != "MANYTOONE":
            continue
        if name == link.key or any(name == _key(model, c) for c in link.local_columns):
            return link
    return None


def _key(model: type[Any], column: Any) -> str:
    return class_mapper(model).get_property_by_column(column).key


def label_of(model: type[Any], name: str) -> str:
    """What the attribute `name` is called: its column's word, or that of its link's column."""
    column = column_of(model, name)
    if column is None and (link := link_of(model, name)) is not None:
        (column,) = link.local_columns
    return words_of(column).label if column is not None else name


def attribute(model: type[Any], name: str) -> InstrumentedAttribute:
    """The mapped attribute `name` of `model`."""
    return getattr(model, name)
