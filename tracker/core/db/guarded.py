"""No migration, up or down, loses what cannot be had again.

What is written once (the ledger, rulings, snapshots, issued papers, the trail) is counted before
and after a migration, in the transaction that makes it. Nothing has to be declared by a migration,
so nothing can be forgotten: it counts what is really there, and besides the tables named here it
guards each whose rows the database itself refuses to delete.

The rule has one exception and no switch. A database that holds nothing but sample data may lose it:
it has sample records, no record or account of the origin "entered", and nobody has done anything in
it (the trail names no account).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    case,
    column,
    func,
    inspect,
    literal,
    select,
    table,
    text,
)

from tracker.core.db.records import Origin
from tracker.core.db.words import DictionaryError, load
from tracker.core.told import ToldError

# In the order in which they are named. Those without a trigger are here as well, and those whose
# triggers a downgrade takes away first.
KEPT = (
    "issued_papers",
    "signed_papers",
    "issued_paper_regions",
    "paper_issues",
    "paper_tasks",
    "snapshots",
    "determinations",
    "ruling_answers",
    "sample_checks",
    "sampled_facts",
    "samplings",
    "ledger_entries",
    "village_payments",
    "evidence_files",
    "answered_doubts",
    "audit_entries",
    "events",
)
_ACCOUNTS = "users"
_TRAIL = "audit_entries"
# What a locked period refuses for its time (`…_shut_delete`) is no such table.
_REFUSING = {
    "sqlite": (
        "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' "
        "AND sql LIKE '%BEFORE DELETE%RAISE(ABORT%' AND name NOT LIKE '%_shut_delete'"
    ),
    # 2: before, 8: on delete
    "postgresql": (
        "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND tgtype::int & 10 = 10 "
        "AND tgname NOT LIKE '%_shut_delete' AND relnamespace = "
        "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
    ),
}

# table → its rows, and how many of them have something in each column
Holdings = dict[str, tuple[int, dict[str, int]]]


@dataclass(frozen=True)
class Loss:
    """`number` rows of a table; or values, where a column is named."""

    table: str
    column: str
    number: int


class LossError(ToldError, click.ClickException):
    """A migration would lose `losses`, and was undone."""

    status = 500

    def __init__(self, losses: tuple[Loss, ...]) -> None:
        self.losses = losses
        super().__init__(
            f"将丢失{'、'.join(_words(self.losses))}，已中止，数据库没有改动。"
            "要用旧版本的，请恢复升级之前的备份"
        )


@contextmanager
def nothing_lost(connection: Connection) -> Iterator[None]:
    """Compare what `connection` holds before and after the block, which migrates it; the caller's
    transaction has to be rolled back on LossError."""
    before = holdings(connection)
    if not any(rows for rows, _ in before.values()) or only_sample(connection):
        yield
        return
    yield
    if losses := tuple(_losses(before, holdings(connection))):
        raise LossError(losses)


def holdings(connection: Connection) -> Holdings:
    """What the guarded tables hold that are there."""
    inspector = inspect(connection)
    refusing = connection.scalars(text(_REFUSING[connection.dialect.name]))
    named = dict.fromkeys([*KEPT, *sorted(refusing)])
    there = set(inspector.get_table_names())
    found: Holdings = {}
    for name in named:
        if name not in there:
            continue
        columns = inspector.get_columns(name)
        counts = [_filled(each["name"], isinstance(each["type"], String)) for each in columns]
        rows, *filled = connection.execute(
            select(func.count(), *counts).select_from(table(name))
        ).one()
        found[name] = (
            rows,
            {each["name"]: n for each, n in zip(columns, filled, strict=True)},
        )
    return found


def only_sample(connection: Connection) -> bool:
    """Whether the database holds nothing but sample data; see above."""
    inspector = inspect(connection)
    sample = False
    for name in inspector.get_table_names():
        columns = {each["name"] for each in inspector.get_columns(name)}
        if "origin" in columns:
            if _any(connection, name, column("origin") == Origin.ENTERED.value):
                return False
            if name != _ACCOUNTS:
                sample = sample or _any(connection, name, column("origin") == Origin.SAMPLE.value)
        if name == _TRAIL and _any(connection, name, column("actor_id").is_not(None)):
            return False
    return sample


def _any(connection: Connection, name: str, condition: ColumnElement[bool]) -> bool:
    statement = select(literal(1)).select_from(table(name)).where(condition).limit(1)
    return connection.scalar(statement) is not None


def _filled(name: str, words: bool) -> ColumnElement[int]:
    value: ColumnElement[Any] = column(name)
    if not words:
        return func.count(value)
    return func.count(case((and_(value.is_not(None), value != ""), 1)))


def _losses(before: Holdings, after: Holdings) -> Iterator[Loss]:
    for name, (rows, filled) in before.items():
        rows_left, filled_left = after.get(name, (0, {}))
        if rows_left < rows:
            yield Loss(name, "", rows - rows_left)
            continue
        for each, number in filled.items():
            if (left := filled_left.get(each, 0)) < number:
                yield Loss(name, each, number - left)


def _words(losses: Iterable[Loss]) -> Iterator[str]:
    labels, columns = _labels()
    for loss in losses:
        label = labels.get(loss.table, loss.table)
        if loss.column:
            label += f"的“{columns.get((loss.table, loss.column), loss.column)}”"
        yield f"{label} {loss.number} 条"


def _labels() -> tuple[Mapping[str, str], Mapping[tuple[str, str], str]]:
    """The names that people give to tables and columns, as far as there are any."""
    try:
        tables = load().tables
    except DictionaryError:
        return {}, {}
    return (
        {name: entry.label for name, entry in tables.items()},
        {(n, c): words.label for n, entry in tables.items() for c, words in entry.columns.items()},
    )
