"""Samples (抽查) of a snapshot's reported figures: what was drawn by which seed, and what a look at
each figure's evidence gave. All three are added to, never changed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Scaled, UtcDateTime
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.determinations.models import RulingLevel
from tracker.records.places.models import Region
from tracker.year.assessments.models import Snapshot


class Sampling(Base):
    """One draw of `size` of the `population` figures that were reported by the places of `region`
    in a snapshot. `seed` is published: with it anybody draws the same (see `sampling.drawn`)."""

    __tablename__ = "samplings"
    __table_args__ = (
        CheckConstraint("level IN ('city', 'province')", name="level"),
        CheckConstraint("seed <> ''", name="seed"),
        CheckConstraint("size BETWEEN 1 AND population", name="size"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        Index(None, "year", "region_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    level: Mapped[RulingLevel] = mapped_column(Coded(RulingLevel))
    seed: Mapped[str] = mapped_column(String(64))
    population: Mapped[int]
    size: Mapped[int]
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    snapshot: Mapped[Snapshot] = relationship()
    region: Mapped[Region] = relationship()
    drawn_by: Mapped[User | None] = relationship()
    facts: Mapped[list[SampledFact]] = relationship(
        back_populates="sampling", order_by="SampledFact.place"
    )


class SampledFact(Base):
    """A figure that was drawn: the `place`-th of its sampling. `region_id`: the county whose people
    may see its card."""

    __tablename__ = "sampled_facts"
    __table_args__ = (
        CheckConstraint("place >= 1", name="place"),
        Index("uq_sampled_facts_place", "sampling_id", "place", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sampling_id: Mapped[int] = mapped_column(ForeignKey("samplings.id"))
    place: Mapped[int]
    sheet: Mapped[str] = mapped_column(String(60))
    subject_code: Mapped[str] = mapped_column(String(60))
    subject_name: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str] = mapped_column(String(80))
    reported: Mapped[Decimal] = mapped_column(Scaled(8))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)

    sampling: Mapped[Sampling] = relationship(back_populates="facts")
    region: Mapped[Region | None] = relationship()
    checks: Mapped[list[SampleCheck]] = relationship(
        back_populates="fact", order_by="SampleCheck.id"
    )

    @property
    def latest(self) -> SampleCheck | None:
        """The check that stands."""
        return self.checks[-1] if self.checks else None


class SampleCheck(Base):
    """What somebody found of a figure that was drawn; the latest stands. `note` says why it did
    not pass."""

    __tablename__ = "sample_checks"
    __table_args__ = (CheckConstraint("passed OR note <> ''", name="note"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sampled_fact_id: Mapped[int] = mapped_column(ForeignKey("sampled_facts.id"), index=True)
    passed: Mapped[bool]
    note: Mapped[str] = mapped_column(String(400), default="")
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    fact: Mapped[SampledFact] = relationship(back_populates="checks")
    checked_by: Mapped[User | None] = relationship()
