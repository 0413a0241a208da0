"""Run migrations against the application's database: all that were asked for, or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from tracker.db import db, units
from tracker.db.guarded import nothing_lost
from tracker.db.versions import SchemaError, SchemaState, schema_of


def plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as what the database sees, so that old migrations never change."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Upgrade or downgrade over the application's own engine.

    One transaction for the whole way on both databases (alembic would commit each step on SQLite):
    a step that fails or would lose what is kept leaves the version where it was, and the program
    that goes with it works on. Raises SchemaError, LossError.
    """
    if context.is_offline_mode():
        raise SystemExit("迁移须连接数据库运行")
    settings = current_app.extensions["migrate"].configure_args
    with (
        units.mode(writes=True),
        db.engine.connect() as connection,
        unlinked(connection),
        connection.begin(),
    ):
        found = schema_of(connection)
        if found.state in (SchemaState.NEW, SchemaState.LOST):
            raise SchemaError(found)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=plain_type,
            **settings,
        )
        with nothing_lost(connection):
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            check_links(connection)


@contextmanager
def unlinked(connection: Connection) -> Iterator[None]:
    """On SQLite, let tables be made anew under their names: while foreign keys are enforced, to
    drop a table is to delete its rows, and with them what hangs on those."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")  # without effect within a transaction
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def check_links(connection: Connection) -> None:
    """Look once at all links that were not looked at one by one."""
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError(f"a migration left a row of {broken[0]} without its {broken[2]}")


run()
