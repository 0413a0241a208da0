"""Villages (行政村), what they put into enclaves, what they earn, and 乡村振兴示范点."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Money, RecordMixin, Scaled, Searchable
from tracker.core.db.checks import in_order
from tracker.core.db.codes import LabelledEnum
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region


class Village(Searchable, RecordMixin, Base):
    """An administrative village by its 12-digit statistical code (统计用区划代码)."""

    __tablename__ = "villages"
    name_within = ("county_id", "town_id")
    __table_args__ = (CheckConstraint("length(code) = 12", name="code"),)

    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    county_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    town_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    is_weak: Mapped[bool | None]

    county: Mapped[Region] = relationship(foreign_keys=[county_id])
    town: Mapped[Region | None] = relationship(foreign_keys=[town_id])


class VillageStake(RecordMixin, Base):
    """A village's part in an enclave: capital agreed and paid (元), and its share of each payment.

    `share` is a part of the whole (0.0125 is 1.25 %); empty: in proportion to capital.
    """

    __tablename__ = "village_stakes"
    __table_args__ = (
        CheckConstraint("capital_agreed >= 0", name="capital_agreed"),
        CheckConstraint("capital_paid >= 0", name="capital_paid"),
        CheckConstraint("share > 0 AND share <= 1000000000000", name="share"),
        CheckConstraint("joined_on < left_on", name="span"),
        Index("uq_village_stakes_enclave_id_village_id", "enclave_id", "village_id", unique=True),
    )

    enclave_id: Mapped[int] = mapped_column(ForeignKey("enclaves.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("villages.id"), index=True)
    capital_agreed: Mapped[Decimal | None] = mapped_column(Money)
    capital_paid: Mapped[Decimal | None] = mapped_column(Money)
    share: Mapped[Decimal | None] = mapped_column(Scaled(12))
    joined_on: Mapped[date | None] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)

    enclave: Mapped[Enclave] = relationship()
    village: Mapped[Village] = relationship()


class VillageIncome(RecordMixin, Base):
    """A village's collective income of a year, 元: in all, and from operating (经营性收入)."""

    __tablename__ = "village_incomes"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint("operating >= 0", name="operating"),
        CheckConstraint("total >= operating", name="total"),
        Index("uq_village_incomes_village_id_year", "village_id", "year", unique=True),
    )

    village_id: Mapped[int] = mapped_column(ForeignKey("villages.id"))
    year: Mapped[int] = mapped_column(index=True)
    operating: Mapped[Decimal] = mapped_column(Money)
    total: Mapped[Decimal | None] = mapped_column(Money)

    village: Mapped[Village] = relationship()


class DemonstrationStage(LabelledEnum):
    """How far a demonstration village has come, read from its dates."""

    APPLIED = "applied", "申报"
    APPROVED = "approved", "立项"
    ACCEPTED = "accepted", "验收"


class DemonstrationVillage(Searchable, RecordMixin, Base):
    """A 乡村振兴示范点 in a recipient county, built with a supporter."""

    __tablename__ = "demonstration_villages"
    name_within = ("county_id",)
    __table_args__ = (
        CheckConstraint("acceptance_year BETWEEN 2018 AND 2100", name="acceptance_year"),
        CheckConstraint("low_income_households >= 0", name="low_income_households"),
        *(
            CheckConstraint(condition, name=name)
            for name, condition in in_order("applied_on", "approved_on", "accepted_on")
        ),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    county_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    village_id: Mapped[int | None] = mapped_column(ForeignKey("villages.id"), index=True)
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    applied_on: Mapped[date | None] = mapped_column(Date)
    approved_on: Mapped[date | None] = mapped_column(Date)
    accepted_on: Mapped[date | None] = mapped_column(Date)
    acceptance_year: Mapped[int | None]
    low_income_households: Mapped[int | None]
    has_fund_ledger: Mapped[bool | None]
    has_village_disclosure: Mapped[bool | None]

    county: Mapped[Region] = relationship()
    village: Mapped[Village | None] = relationship()
    pairing: Mapped[Pairing | None] = relationship()

    @property
    def stage(self) -> DemonstrationStage | None:
        """The furthest stage that has a date; None before the application."""
        reached = [s for s in DemonstrationStage if getattr(self, f"{s.value}_on")]
        return reached[-1] if reached else None
