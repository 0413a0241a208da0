"""A table that a migration makes anew on SQLite keeps its triggers, and is read by itself.

SQLite cannot drop a column that a key or a check mentions, so alembic makes such a table anew: a
copy under another name, the rows, the old one dropped, the copy renamed. With the old one go its
triggers, by which the ledger and the trail are never changed; nothing says so, and an upgrade or a
downgrade made in the obvious way would leave the table unguarded. Here they are remembered when the
table is dropped and made again when the copy has its name. A trigger that a migration drops by its
name stays away.

Before it makes the copy, alembic reads the table back, and with it every table that this one links
to, and those that they link to, again for each change: more than half of the time of a migration.
Of a linked table it needs no more than its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.operations.batch import BatchOperationsImpl
from sqlalchemy import Connection, event

_DROPPED = re.compile(r'\s*DROP TABLE "?(\w+)"?\s*$', re.IGNORECASE)
_RENAMED = re.compile(r'\s*ALTER TABLE "?_alembic_tmp_(\w+)"? RENAME TO', re.IGNORECASE)
_OF_TABLE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"


@contextmanager
def triggers_kept(connection: Connection) -> Iterator[None]:
    """While the block migrates over `connection`, tables that are made anew keep their triggers.

    Without effect on PostgreSQL, which changes tables in place. Statements of the block that name
    a column which is gone fail as they would on PostgreSQL: drop or change the trigger first.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    remembered: dict[str, list[str]] = {}

    def before(conn: Any, _cursor: object, statement: str, *_rest: object) -> None:
        if found := _DROPPED.match(statement):
            rows = conn.connection.driver_connection.execute(_OF_TABLE, (found[1],)).fetchall()
            remembered[found[1]] = [sql for _, sql in rows]

    def after(conn: Any, _cursor: object, statement: str, *_rest: object) -> None:
        if found := _RENAMED.match(statement):
            for sql in remembered.pop(found[1], ()):
                conn.connection.driver_connection.execute(sql)

    # Otherwise a rename looks through the triggers of all tables, and fails on each that mentions
    # the one that is just being made anew.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA legacy_alter_table = ON")
    event.listen(connection, "before_cursor_execute", before)
    event.listen(connection, "after_cursor_execute", after)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", before)
        event.remove(connection, "after_cursor_execute", after)
        driver.execute("PRAGMA legacy_alter_table = OFF")


@contextmanager
def tables_read_alone() -> Iterator[None]:
    """While the block migrates, a table that is made anew is read without those it links to."""
    begin = BatchOperationsImpl.__init__

    def alone(self: BatchOperationsImpl, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        self.reflect_kwargs.setdefault("resolve_fks", False)

    BatchOperationsImpl.__init__ = alone  # type: ignore[method-assign]
    try:
        yield
    finally:
        BatchOperationsImpl.__init__ = begin  # type: ignore[method-assign]
