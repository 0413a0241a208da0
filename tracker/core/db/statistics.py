"""What the database's planner knows of the data.

Statements are written so that their plans are right without it; statistics make a good plan
better, and are taken where the amount of data has just changed.
"""

from __future__ import annotations

import logging

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tracker.core.db import units
from tracker.core.db.base import db

_PATIENCE = 2  # seconds
_ROWS_READ = 1_000  # of each index on SQLite: enough to tell narrow from wide, read in a moment

_log = logging.getLogger(__name__)


def refresh() -> None:
    """Take statistics of all tables, in a writing unit of its own or as a part of the present one.

    Nothing depends on them: where the unit has to wait for others too long it is left out.
    """
    try:
        with units.writing(patience=_PATIENCE):
            if db.engine.dialect.name == "sqlite":
                db.session.execute(text(f"PRAGMA analysis_limit = {_ROWS_READ}"))
            db.session.execute(text("ANALYZE"))
    except OperationalError:
        if units.is_writing():
            raise
        _log.warning("no statistics were taken: the database is busy", exc_info=True)
