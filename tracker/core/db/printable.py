"""The gate for texts that can reach paper, for whatever writes records: forms, commands, loads.

What a raw statement writes past it is printed as 〓 (`docs/paper.md`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Column, String, Table, event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from tracker.core.db.audit import SECRET, UNWRITTEN
from tracker.core.db.base import Base, db
from tracker.core.db.words import DictionaryError, load
from tracker.core.told import ToldError
from tracker.engine.typeset.gate import refusal


class UnprintableError(ToldError, ValueError):
    """A text of a record cannot be printed: `column` of `table`, and a sentence for the user."""

    def __init__(self, table: str, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.table, self.column = table, column


_gated: set[str] = set()


def guard(tables: frozenset[str]) -> None:
    """Refuse texts that cannot be printed in rows of `tables`, from now on."""
    _gated.update(tables)
    gated.cache_clear()
    if not event.contains(db.session, "before_flush", _look):
        event.listen(db.session, "before_flush", _look)


@cache  # asked for every row that is written
def gated(table: Table) -> tuple[Column, ...]:
    """The columns of `table` that hold what somebody wrote and papers may print."""
    if table.name not in _gated:
        return ()
    return tuple(
        column
        for column in table.columns
        if isinstance(column.type, String) and column.key not in UNWRITTEN | SECRET
    )


def check_row(table: Table, row: dict[str, Any]) -> None:
    """Raises UnprintableError for a row that a statement is about to write."""
    for column in gated(table):
        _check(table.name, column.key, row.get(column.key), row.get("name"))


def _look(session: Session, _context: UOWTransaction, _records: object) -> None:
    for record, texts in _written(session):
        for column, text in texts:
            _check(record.__table__.name, column, text, getattr(record, "name", None))


def _written(session: Session) -> Iterator[tuple[Any, list[tuple[str, Any]]]]:
    for record in (*session.new, *session.dirty):
        attributes = inspect(record).attrs
        names = (column.key for column in gated(record.__table__) if column.key in attributes)
        yield (
            record,
            [
                (name, added)
                for name in names
                for added in attributes[name].history.added or ()  # what was there before stays
            ],
        )


def _check(table: str, column: str, text: Any, name: str | None) -> None:
    if not isinstance(text, str) or (text.isascii() and text.isprintable()):
        return
    if not refusal("", text):
        return
    label, words = _labels(table, column)
    called = f"“{name}”的" if name and column != "name" else ""
    raise UnprintableError(table, column, refusal(f"{label}{called}{words}", text))


@cache
def _labels(table: str, column: str) -> tuple[str, str]:
    try:
        entries = load()
    except DictionaryError:
        return table, column
    words = entries.tables[table].columns.get(column) or entries.common.get(column)
    return entries.tables[table].label, words.label if words else column


def paper_tables() -> list[Table]:
    """All tables that are guarded."""
    return [table for table in Base.metadata.sorted_tables if table.name in _gated]
