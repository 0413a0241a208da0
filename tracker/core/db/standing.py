"""Which state of the data a transaction reads: two that read the same state find the same.

Each unit that changes what pages show counts one row up as it commits. Units write one at a time
(`units`), so that the count tells states apart exactly, for all processes on all machines.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Connection, event, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import units
from tracker.core.db.base import Base, db

# What is written without being counted (`units.writing`), and so is on no page that is kept.
UNCOUNTED = frozenset(
    {"data_states", "events", "reminder_deliveries", "reminders", "user_sessions"}
)
_WRITES = "tracker_writes"
_COUNTS = "tracker_counts"


class DataState(Base):
    """The one row that counts the units which changed what pages show."""

    __tablename__ = "data_states"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("number >= 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


_NUMBER = select(DataState.number)


def watch(engine: Engine) -> None:
    """Have the transactions of `engine` counted."""
    event.listen(engine, "begin", _begun)
    event.listen(engine, "commit", _committed)


def state() -> int | None:
    """The state of the data that the present transaction reads; None where that cannot be told to
    others, since this transaction writes itself."""
    if db.session.connection().info.get(_WRITES, True):
        return None
    return db.session.scalar(_NUMBER)


def _begun(connection: Connection) -> None:
    connection.info[_WRITES] = units.is_writing()
    connection.info[_COUNTS] = units.changes_pages()


def _committed(connection: Connection) -> None:
    if connection.info.pop(_COUNTS, False):
        connection.execute(text("UPDATE data_states SET number = number + 1"))
