"""Connections to the database: how they are prepared and how their transactions begin."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event
from werkzeug.local import LocalProxy

from tracker.core.db import asked, standing
from tracker.core.db.base import MIGRATIONS, db
from tracker.core.db.units import PATIENCE, is_writing, patience

_LOCK = 20_020_422  # the number of the one lock of all writing units on PostgreSQL


def init_db(app: Flask) -> None:
    """Bind the session and the migrations to `app`."""
    db.init_app(app)
    # Replaced by what it leads to when somebody migrates: loading it takes as long as Flask itself.
    app.extensions["migrate"] = LocalProxy(lambda: _migrations(app))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
        else:
            event.listen(db.engine, "begin", _begin_postgresql)
        standing.watch(db.engine)
        asked.watch(db.engine)


def _migrations(app: Flask) -> Any:
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    return app.extensions["migrate"]


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling would begin too late; see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # Without it REPLACE deletes rows past the triggers that refuse deleting them.
    cursor.execute("PRAGMA recursive_triggers = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute(f"PRAGMA busy_timeout = {_milliseconds(PATIENCE)}")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Set each time: a connection that comes back from the pool is still in its last mode.
    writes = is_writing()
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    if not writes:
        connection.exec_driver_sql("BEGIN")
        return
    if hurried := patience() != PATIENCE:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(patience())}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        if hurried:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(PATIENCE)}")


def _begin_postgresql(connection: Connection) -> None:
    # As on SQLite: whoever reads sees one state of the data to the end; whoever writes waits for
    # the unit before and then sees what that one wrote.
    if is_writing():
        waits = f"SET LOCAL lock_timeout = {_milliseconds(patience())}"
        connection.exec_driver_sql(f"{waits}; SELECT pg_advisory_xact_lock({_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))  # to PostgreSQL, 0 is for ever
