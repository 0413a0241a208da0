"""What was unusual of a record when somebody saved or submitted it, and why it is right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db.base import Base
from tracker.core.db.records import now
from tracker.core.db.types import UtcDateTime


class AnsweredDoubt(Base):
    """One answer about one record. Append-only, as the trail is, and like it names the row by its
    table: it outlives the record.

    `name`: what the record was called; `region_id`: the place whose record it is; `year`: the year
    that its figures are of, else that of the answer. `rules`: those of `plausibility` by key,
    joined by commas; `words`: their sentences, one a line; `reason`: what the person said.
    """

    __tablename__ = "answered_doubts"
    __table_args__ = (
        CheckConstraint("rules <> ''", name="rules"),
        CheckConstraint("reason <> ''", name="reason"),
        Index(None, "table_name", "record_id"),
        Index(None, "region_id", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    year: Mapped[int]
    rules: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    # By name: the database knows neither people nor places.
    answered_by: Mapped[Any] = relationship("User", viewonly=True)
    region: Mapped[Any] = relationship("Region", viewonly=True)
