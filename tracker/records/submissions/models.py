"""Filings (报送): what a county or an enclave had to hand in, by when, and when it did."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, UtcDateTime
from tracker.core.db.checks import exactly_one
from tracker.core.db.codes import LabelledEnum
from tracker.core.quantities.clock import day_of, today
from tracker.records.enclaves.models import Enclave
from tracker.records.places.models import Region


class FilingKind(LabelledEnum):
    """What is filed for a year."""

    PLAN = "plan", "年度计划"
    Q1 = "q1", "第一季度季报"
    Q2 = "q2", "第二季度季报"
    Q3 = "q3", "第三季度季报"
    Q4 = "q4", "第四季度季报"
    ANNUAL = "annual", "年报"


def days_late(due_on: date, filed_at: datetime | None) -> int:
    """How many days after its last day something was filed, or is still missing today; 0 or less
    where it is not late."""
    return ((day_of(filed_at) if filed_at else today()) - due_on).days


class Filing(RecordMixin, Base):
    """One thing to file; `filed_at` is the platform's own time stamp, empty until it is filed."""

    __tablename__ = "filings"
    __table_args__ = (
        CheckConstraint(exactly_one("region_id", "enclave_id"), name="one_subject"),
        CheckConstraint(f"kind IN ({FilingKind.sql_values()})", name="kind"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        Index("uq_filings_region", "region_id", "year", "kind", unique=True),
        Index("uq_filings_enclave", "enclave_id", "year", "kind", unique=True),
    )

    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"))
    year: Mapped[int]
    kind: Mapped[FilingKind] = mapped_column(Coded(FilingKind))
    due_on: Mapped[date] = mapped_column(Date)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    region: Mapped[Region | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship()

    @property
    def days_late(self) -> int:
        """See `days_late`."""
        return days_late(self.due_on, self.filed_at)
