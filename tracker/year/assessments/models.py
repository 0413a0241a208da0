"""Snapshots of a year's facts and the index of scorecards that rest on them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from tracker.core.db import Base, Scaled, UtcDateTime
from tracker.core.quantities.printed import grade_words
from tracker.records.enclaves.models import Enclave
from tracker.records.places.models import Region


class Snapshot(Base):
    """A year's frozen facts with their rulebooks: canonical JSON, named by its sha256.

    Never changed after it is written (a trigger refuses it); everything that is printed is
    computed from `content` alone. `owner_region_id`: the city that assesses its counties (市考县),
    None for the province's.
    """

    __tablename__ = "snapshots"
    __table_args__ = (Index(None, "year", "frozen_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    owner_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    facts_sha256: Mapped[str] = mapped_column(String(64))
    engine: Mapped[str] = mapped_column(String(20))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))

    owner_region: Mapped[Region | None] = relationship()
    cards: Mapped[list[ScorecardRow]] = relationship(back_populates="snapshot")


class ScorecardRow(Base):
    """What lists and rankings show of one scorecard; derived from its snapshot.

    `total`, grade and rank are of the column that the snapshot goes by; the three totals are those
    of 自评, 初审 and 复核. `undetermined` counts the facts on which nobody ruled, or that
    changed since somebody did.
    """

    __tablename__ = "scorecards"
    __table_args__ = (
        CheckConstraint("enclave_id IS NULL OR region_id IS NOT NULL", name="region"),
        Index("uq_scorecards_subject", "snapshot_id", "sheet", "subject_code", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id"))
    sheet: Mapped[str] = mapped_column(String(60))
    subject_code: Mapped[str] = mapped_column(String(60))
    subject_name: Mapped[str] = mapped_column(String(200))
    county_class: Mapped[str] = mapped_column(String(40), default="")
    # The county whose people may see the card.
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    # Of a pair's card, the county that supports: its people may see the card too.
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"))
    total: Mapped[Decimal] = mapped_column(Scaled(6))
    self_total: Mapped[Decimal] = mapped_column(Scaled(6))
    city_total: Mapped[Decimal] = mapped_column(Scaled(6))
    province_total: Mapped[Decimal] = mapped_column(Scaled(6))
    # None: nothing applied to the subject, so that it was not assessed (不予评定).
    grade: Mapped[str | None] = mapped_column(String(20))
    rank: Mapped[int | None]
    complete: Mapped[bool]
    unscorable: Mapped[int] = mapped_column(default=0)
    # Of the lines that cannot be scored, those that were accepted as gaps.
    gaps: Mapped[int] = mapped_column(default=0, server_default="0")
    undetermined: Mapped[int] = mapped_column(default=0)

    snapshot: Mapped[Snapshot] = relationship(back_populates="cards")
    region: Mapped[Region | None] = relationship(foreign_keys=[region_id])
    enclave: Mapped[Enclave | None] = relationship()

    @property
    def assessed(self) -> bool:
        """Whether anything applied to the subject, so that it has a grade."""
        return self.grade is not None

    @property
    def grade_words(self) -> str:
        """The grade as lists show it."""
        return grade_words(self.grade, self.complete, by_gaps=self.by_gaps)

    @property
    def by_gaps(self) -> bool:
        """Whether it lacks nothing but what was accepted as gaps: it gets neither grade nor rank,
        and waits for none."""
        return not self.complete and 0 < self.gaps == self.unscorable
