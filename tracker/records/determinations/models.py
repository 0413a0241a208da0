"""Rulings on facts: append-only, one row a ruling; the latest of a level stands."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Origin, Scaled, UtcDateTime
from tracker.core.db.checks import exactly_one
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.villages.models import DemonstrationVillage


class RulingLevel(LabelledEnum):
    """Who rules; declared from below upwards."""

    COUNTY = "county", "自评"
    CITY = "city", "初审"
    PROVINCE = "province", "复核"


class Ruling(LabelledEnum):
    """The reported value stands, another one takes its place, or it does not count."""

    ACCEPTED = "accepted", "认可"
    CORRECTED = "corrected", "更正"
    REFUSED = "refused", "不予认定"


class Determination(Base):
    """A ruling on one measure of one subject and year, in the measure's unit.

    `reported` is the value that was ruled on: when records change afterwards, the ruling stands,
    marked (裁定后记录有变), until somebody rules anew. `owner_region_id`: None for a ruling in the
    province's assessment. A city that assesses its own counties rules there at the last level, and
    takes over the 初审 that it gave for the province.
    """

    __tablename__ = "determinations"
    __table_args__ = (
        CheckConstraint(
            exactly_one(
                "region_id", "enclave_id", "park_id", "pairing_id", "demonstration_village_id"
            ),
            name="one_subject",
        ),
        CheckConstraint(f"level IN ({RulingLevel.sql_values()})", name="level"),
        CheckConstraint(f"ruling IN ({Ruling.sql_values()})", name="ruling"),
        CheckConstraint("(ruling = 'corrected') = (value IS NOT NULL)", name="value"),
        CheckConstraint("ruling = 'accepted' OR reason <> ''", name="reason"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint(f"origin IN ({Origin.sql_values()})", name="origin"),
        CheckConstraint("owner_region_id IS NULL OR level = 'province'", name="owner"),
        Index(None, "year", "measure"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    measure: Mapped[str] = mapped_column(String(80))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    demonstration_village_id: Mapped[int | None] = mapped_column(
        ForeignKey("demonstration_villages.id"), index=True
    )
    owner_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    level: Mapped[RulingLevel] = mapped_column(Coded(RulingLevel))
    ruling: Mapped[Ruling] = mapped_column(Coded(Ruling))
    reported: Mapped[Decimal | None] = mapped_column(Scaled(8))
    value: Mapped[Decimal | None] = mapped_column(Scaled(8))
    reason: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[Origin] = mapped_column(Coded(Origin), default=Origin.ENTERED)
    ruled_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    ruled_by: Mapped[User | None] = relationship()
    region: Mapped[Region | None] = relationship(foreign_keys=region_id)
    owner_region: Mapped[Region | None] = relationship(foreign_keys=owner_region_id)
    enclave: Mapped[Enclave | None] = relationship()
    park: Mapped[Park | None] = relationship()
    pairing: Mapped[Pairing | None] = relationship()
    demonstration_village: Mapped[DemonstrationVillage | None] = relationship()
    answers: Mapped[list[RulingAnswer]] = relationship(
        back_populates="determination", order_by="RulingAnswer.id"
    )


class RulingAnswer(Base):
    """What the place whose figure was ruled on says of the ruling: that it agrees, or what speaks
    against it. Append-only; it changes no figure, the ruling stands until somebody rules anew."""

    __tablename__ = "ruling_answers"
    __table_args__ = (CheckConstraint("agrees OR words <> ''", name="words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    determination_id: Mapped[int] = mapped_column(ForeignKey("determinations.id"), index=True)
    agrees: Mapped[bool]
    words: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    determination: Mapped[Determination] = relationship(back_populates="answers")
    answered_by: Mapped[User | None] = relationship()
