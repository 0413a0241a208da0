"""Parks of a supporter and a recipient."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, Scaled, Searchable
from tracker.core.db.checks import in_order
from tracker.core.db.codes import LabelledEnum
from tracker.core.provenance.models import SourcedValue
from tracker.records.places.models import Region

BASE_YEAR = 2019  # what the parks' 亩均 figures are measured against (2020 work plan)


class ParkKind(LabelledEnum):
    """The two kinds of joint park, scored apart, and the cooperation park of the 2025 tasks."""

    INDUSTRIAL = "industrial", "工业类产业园"
    TOURISM = "tourism", "生态旅游文化类产业园"
    COOPERATION = "cooperation", "产业合作园"


class Park(Searchable, RecordMixin, Base):
    """A park in the recipient's land, built with the supporter.

    `base_year` is the year that its 亩均 figures are measured against; `ten_billion_on` the day
    on which its yearly output first passed 100 亿元 (百亿级).
    """

    __tablename__ = "parks"
    __table_args__ = (
        CheckConstraint(f"kind IN ({ParkKind.sql_values()})", name="kind"),
        CheckConstraint("supporter_id <> recipient_id", name="two_sides"),
        CheckConstraint("area_mu > 0", name="area"),
        CheckConstraint("base_year BETWEEN 2012 AND 2100", name="base_year"),
        *(
            CheckConstraint(condition, name=name)
            for name, condition in in_order("signed_on", "approved_on", "closed_on")
        ),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[ParkKind] = mapped_column(Coded(ParkKind), index=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    supporter_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    signed_on: Mapped[date | None] = mapped_column(Date)
    approved_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    ten_billion_on: Mapped[date | None] = mapped_column(Date)
    area_mu: Mapped[Decimal | None] = mapped_column(Scaled(4))
    base_year: Mapped[int] = mapped_column(default=BASE_YEAR)
    leading_industry: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    recipient: Mapped[Region] = relationship(foreign_keys=[recipient_id])
    supporter: Mapped[Region] = relationship(foreign_keys=[supporter_id])
    sourced_values: Mapped[list[SourcedValue]] = relationship(order_by="SourcedValue.id")
