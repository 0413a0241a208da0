"""Run migrations against the application's database: all that were asked for, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from tracker.core.db import db, units
from tracker.core.db.guarded import nothing_lost
from tracker.core.db.remaking import tables_read_alone, triggers_kept
from tracker.core.db.versions import SchemaError, SchemaState, schema_of


def plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as what the database sees, so that old migrations never change."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether the models say what a table is; those of the queue are huey's own."""
    return kind != "table" or not (name or "").startswith("tracker_queue_")


def numbered(_context: object, _revision: object, scripts: list[MigrationScript]) -> None:
    """Number what `tracker db migrate` writes: NNNN_words.py, one after the newest; and write none
    where the models and the database agree. Raises ClickException where the words make no name."""
    (script,) = scripts
    if not re.fullmatch(r"[A-Za-z][A-Za-z ,]*", script.message or ""):
        raise click.ClickException("请用 -m 以英文说明改了什么，只用字母、空格和逗号")
    if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        scripts.clear()
        return
    newest = ScriptDirectory.from_config(context.config).get_current_head()
    script.rev_id = f"{int(newest or 0) + 1:04}"


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
        units.mode(writes=True, shown=False),
        db.engine.connect() as connection,
        unlinked(connection),
        triggers_kept(connection),
        tables_read_alone(),
        connection.begin(),
    ):
        found = schema_of(connection, Path(__file__).parent)
        if found.state in (SchemaState.NEW, SchemaState.LOST):
            raise SchemaError(found)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=plain_type,
            process_revision_directives=numbered,
            include_name=ours,
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
