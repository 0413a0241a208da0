"""Quarterly operating figures and tenants of enclaves and parks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Precision, RecordMixin, Scaled
from tracker.core.db.checks import exactly_one
from tracker.core.provenance.models import Source
from tracker.core.quantities.figure import Figure
from tracker.records.enclaves.models import Enclave
from tracker.records.operations.items import MEANINGS, Item
from tracker.records.parks.models import Park


class OperatingFigure(RecordMixin, Base):
    """One item of one quarter of an enclave or a park, in the unit of the item (see `items`)."""

    __tablename__ = "operating_figures"
    __table_args__ = (
        CheckConstraint(exactly_one("enclave_id", "park_id"), name="one_subject"),
        CheckConstraint(f"item IN ({Item.sql_values()})", name="item"),
        CheckConstraint(f"precision IN ({Precision.sql_values()})", name="precision"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("item <> 'occupancy_rate' OR value <= 100000000", name="occupancy_rate"),
        Index("uq_operating_figures_enclave", "enclave_id", "year", "quarter", "item", unique=True),
        Index("uq_operating_figures_park", "park_id", "year", "quarter", "item", unique=True),
    )

    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"))
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"))
    year: Mapped[int]
    quarter: Mapped[int]
    item: Mapped[Item] = mapped_column(Coded(Item))
    value: Mapped[Decimal] = mapped_column(Scaled(6))
    precision: Mapped[Precision] = mapped_column(Coded(Precision), default=Precision.EXACT)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))

    enclave: Mapped[Enclave | None] = relationship()
    park: Mapped[Park | None] = relationship()
    source: Mapped[Source | None] = relationship()

    @property
    def figure(self) -> Figure:
        """Its value in its item's unit, with the sign of its precision."""
        return Figure(self.value, MEANINGS[self.item].unit, self.precision.label)


class Tenant(RecordMixin, Base):
    """A firm in an enclave or a park (入驻企业): from when, on how many m², of which sort."""

    __tablename__ = "tenants"
    __table_args__ = (
        CheckConstraint(exactly_one("enclave_id", "park_id"), name="one_subject"),
        CheckConstraint("area_m2 >= 0", name="area"),
        CheckConstraint(
            "moved_in_on <= moved_out_on",
            name="moved_in_before_out",
        ),
    )

    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str | None] = mapped_column(String(18))
    moved_in_on: Mapped[date | None] = mapped_column(Date)
    moved_out_on: Mapped[date | None] = mapped_column(Date)
    area_m2: Mapped[Decimal | None] = mapped_column(Scaled(2))
    is_technology: Mapped[bool | None]
    is_above_scale: Mapped[bool | None]

    enclave: Mapped[Enclave | None] = relationship()
    park: Mapped[Park | None] = relationship()
