"""Forms that were sent, so that none is taken twice."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db.base import Base, db
from tracker.core.db.records import now
from tracker.core.db.types import UtcDateTime

KEPT = timedelta(days=30)


class SentForm(Base):
    """A form that a user sent with success. `token`: the sha256 of the user's number and of what
    its page held; `address`: the page of what was made. Rows older than `KEPT` are deleted."""

    __tablename__ = "sent_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    address: Mapped[str] = mapped_column(String(400))


def address_of(user_id: int, given: str) -> str | None:
    """Where the form with the token `given` led when the user sent it before; None if never."""
    wanted = select(SentForm.address).where(SentForm.token == _digest(user_id, given))
    return db.session.scalar(wanted)


def note_sent(user_id: int, given: str, address: str) -> None:
    """Remember that the user has sent the form; within the unit that took it."""
    db.session.execute(delete(SentForm).where(SentForm.at < now() - KEPT))
    digest = _digest(user_id, given)
    db.session.add(SentForm(token=digest, user_id=user_id, address=address[:400]))
    db.session.flush()


def _digest(user_id: int, given: str) -> str:
    return hashlib.sha256(f"{user_id}:{given}".encode("utf-8", "surrogatepass")).hexdigest()
