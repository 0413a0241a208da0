"""Findings against a county, enclave or park, and adoptions of its practice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, Scaled
from tracker.core.db.checks import exactly_one
from tracker.core.db.codes import LabelledEnum
from tracker.records.enclaves.models import Enclave
from tracker.records.parks.models import Park
from tracker.records.places.models import Region


class Level(LabelledEnum):
    """Who found it, or took it up."""

    CENTRAL = "central", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"


class FindingKind(LabelledEnum):
    """What was found."""

    FALSE_DATA = "false_data", "弄虚作假"
    INSPECTION = "inspection", "督察问题"
    BAD_CASE = "bad_case", "反面典型案例"
    ACCIDENT = "accident", "较大以上事故"
    SAMPLING = "sampling", "抽查合格率"


class Finding(RecordMixin, Base):
    """One finding. A sampling carries the measure sampled and its `pass_rate` (0 to 1)."""

    __tablename__ = "findings"
    __table_args__ = (
        CheckConstraint(exactly_one("region_id", "enclave_id", "park_id"), name="one_subject"),
        CheckConstraint(f"kind IN ({FindingKind.sql_values()})", name="kind"),
        CheckConstraint(f"level IN ({Level.sql_values()})", name="level"),
        CheckConstraint("(kind = 'sampling') = (pass_rate IS NOT NULL)", name="sampling"),
        CheckConstraint("pass_rate BETWEEN 0 AND 100000000", name="pass_rate"),
        CheckConstraint("found_on <= withdrawn_on", name="found_before_withdrawn"),
    )

    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    kind: Mapped[FindingKind] = mapped_column(Coded(FindingKind))
    level: Mapped[Level] = mapped_column(Coded(Level))
    found_on: Mapped[date] = mapped_column(Date)
    measure: Mapped[str] = mapped_column(String(80), default="")
    pass_rate: Mapped[Decimal | None] = mapped_column(Scaled(8))
    document: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)

    region: Mapped[Region | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship()
    park: Mapped[Park | None] = relationship()


class Adoption(RecordMixin, Base):
    """A practice of a county that a higher level took up (经验推广), with the document."""

    __tablename__ = "adoptions"
    __table_args__ = (CheckConstraint(f"level IN ({Level.sql_values()})", name="level"),)

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    level: Mapped[Level] = mapped_column(Coded(Level))
    adopted_on: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(String(200))

    region: Mapped[Region] = relationship()
