"""Another process that writes for a long time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.web.conftest import Site
from tracker.core.db import db, units


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Hold the lock of all writing units of the site's database."""
    with site.app.app_context():
        engine = db.engine
    with units.mode(writes=True):
        connection = engine.connect()
        connection.begin()
        connection.exec_driver_sql("SELECT 1")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()
