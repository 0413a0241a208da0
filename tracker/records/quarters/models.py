"""Cells of the quarter's grid: what was typed, before it becomes a record, and a stated nought."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column, relationship

from tracker.core.db import Base, Scaled, UtcDateTime
from tracker.core.db.checks import exactly_one
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.ledger.models import SUBJECT_COLUMNS
from tracker.records.places.models import Region

LONGEST = 200  # characters of what is typed into a cell


def _subject(table: str) -> MappedColumn[int | None]:
    # A record that is deleted, which has no money then, takes its drafts and noughts along.
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"))


class QuarterCell(Base):
    """What was typed into one cell of the grid of `region` and a quarter: `subject` × `field`.

    `typed` is kept as it was typed, also where it cannot be read; `value` (元, or the unit of the
    item) or `day` is what it was read as. `cumulative`: the figure runs from the beginning of the
    year. `version` counts the changes: whoever saves names the one seen. Until `posted_at` is set
    the cell is a draft and counts nowhere; from then on the record that was made of it counts, and
    of a nought, which no record can say, the cell itself is what says it.
    """

    __tablename__ = "quarter_cells"
    __table_args__ = (
        CheckConstraint(exactly_one(*SUBJECT_COLUMNS), name="one_subject"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("value IS NULL OR day IS NULL", name="value_or_day"),
        CheckConstraint("version >= 1", name="version"),
        *(
            Index(f"uq_quarter_cells_{column}", column, "year", "quarter", "field", unique=True)
            for column in SUBJECT_COLUMNS
        ),
        Index(None, "region_id", "year", "quarter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    year: Mapped[int]
    quarter: Mapped[int]
    project_id: Mapped[int | None] = _subject("projects")
    enclave_id: Mapped[int | None] = _subject("enclaves")
    park_id: Mapped[int | None] = _subject("parks")
    pairing_id: Mapped[int | None] = _subject("pairings")
    demonstration_village_id: Mapped[int | None] = _subject("demonstration_villages")
    field: Mapped[str] = mapped_column(String(60))
    typed: Mapped[str] = mapped_column(String(LONGEST))
    cumulative: Mapped[bool] = mapped_column(default=False)
    value: Mapped[Decimal | None] = mapped_column(Scaled(6))
    day: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    region: Mapped[Region] = relationship()
    edited_by: Mapped[User] = relationship()

    @property
    def is_draft(self) -> bool:
        """Whether it holds something that is not posted yet."""
        return self.posted_at is None and self.typed != ""
