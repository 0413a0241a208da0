"""Targets: what a year asks of a subject, in the unit of the measure that it names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import RecordMixin, Scaled, db
from tracker.db.checks import exactly_one
from tracker.enclaves.models import Enclave
from tracker.pairings.models import Pairing
from tracker.provenance.models import Source
from tracker.regions.models import Region


class Target(RecordMixin, db.Model):
    """The year's target of one measure for one region, enclave or pairing."""

    __tablename__ = "targets"
    __table_args__ = (
        CheckConstraint(exactly_one("region_id", "enclave_id", "pairing_id"), name="one_subject"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint("value >= 0", name="value"),
        Index("uq_targets_region", "year", "measure", "region_id", unique=True),
        Index("uq_targets_enclave", "year", "measure", "enclave_id", unique=True),
        Index("uq_targets_pairing", "year", "measure", "pairing_id", unique=True),
    )

    year: Mapped[int]
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    measure: Mapped[str] = mapped_column(String(80))
    value: Mapped[Decimal] = mapped_column(Scaled(6))
    due_on: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(200), default="")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))

    region: Mapped[Region | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship()
    pairing: Mapped[Pairing | None] = relationship()
    source: Mapped[Source | None] = relationship()
