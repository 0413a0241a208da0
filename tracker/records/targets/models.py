"""Targets: what a year asks of a subject, in the unit of the measure that it names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, RecordMixin, Scaled
from tracker.core.db.checks import exactly_one
from tracker.core.provenance.models import Source
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region

SUBJECT_COLUMNS = ("region_id", "enclave_id", "park_id", "pairing_id")


class Target(RecordMixin, Base):
    """The year's target of one measure for one region, enclave, park or pairing.

    `parent` is the target of the level above (province → city → county) that this one is a part
    of; see `queries.decomposition`.
    """

    __tablename__ = "targets"
    __table_args__ = (
        CheckConstraint(exactly_one(*SUBJECT_COLUMNS), name="one_subject"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint("value >= 0", name="value"),
        Index("uq_targets_region", "year", "measure", "region_id", unique=True),
        Index("uq_targets_enclave", "year", "measure", "enclave_id", unique=True),
        Index("uq_targets_park", "year", "measure", "park_id", unique=True),
        CheckConstraint("parent_id <> id", name="parent"),
        Index("uq_targets_pairing", "year", "measure", "pairing_id", unique=True),
    )

    year: Mapped[int]
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    measure: Mapped[str] = mapped_column(String(80))
    value: Mapped[Decimal] = mapped_column(Scaled(6))
    due_on: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(200), default="")
    responsible_unit: Mapped[str] = mapped_column(String(120), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("targets.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))

    parent: Mapped[Target | None] = relationship(remote_side="Target.id", back_populates="parts")
    parts: Mapped[list[Target]] = relationship(back_populates="parent", order_by="Target.id")
    region: Mapped[Region | None] = relationship()
    park: Mapped[Park | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship()
    pairing: Mapped[Pairing | None] = relationship()
    source: Mapped[Source | None] = relationship()
