"""County indicators, published totals and the goals of plans, as their sources state them."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Precision, RecordMixin, Scaled
from tracker.core.db.codes import LabelledEnum
from tracker.core.provenance.models import Source
from tracker.core.quantities.figure import Figure
from tracker.records.places.models import Region


class CountyIndicator(RecordMixin, Base):
    """One indicator of one place and year (GDP, incomes, population …), in its unit.

    `reason`: why it was entered or changed after its year was locked, which the province alone
    does: statistics are published later.
    """

    __tablename__ = "county_indicators"
    __table_args__ = (
        CheckConstraint("year BETWEEN 1949 AND 2100", name="year"),
        CheckConstraint(f"precision IN ({Precision.sql_values()})", name="precision"),
        Index("uq_county_indicators_place", "region_id", "year", "indicator", unique=True),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    year: Mapped[int]
    indicator: Mapped[str] = mapped_column(String(80))
    value: Mapped[Decimal] = mapped_column(Scaled(6))
    unit: Mapped[str] = mapped_column(String(20))
    precision: Mapped[Precision] = mapped_column(Coded(Precision), default=Precision.EXACT)
    note: Mapped[str] = mapped_column(String(400), default="")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")

    region: Mapped[Region] = relationship()
    source: Mapped[Source | None] = relationship()

    @property
    def figure(self) -> Figure:
        """Its value in its unit, with the sign of its precision."""
        return Figure(self.value, self.unit, self.precision.label)


class PublishedTotal(RecordMixin, Base):
    """A total that a source states for a place and a period; totals of different periods or
    meanings are never added or chained. `text` is the figure in the source's words."""

    __tablename__ = "published_totals"

    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    scope: Mapped[str] = mapped_column(String(120))
    year: Mapped[int | None]
    period: Mapped[str] = mapped_column(String(120), default="")
    indicator: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(80))
    value: Mapped[Decimal | None] = mapped_column(Scaled(6))
    unit: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))

    region: Mapped[Region | None] = relationship()
    source: Mapped[Source] = relationship()

    @property
    def figure(self) -> Figure | None:
        """Its value in its unit; None where the source's words are no number."""
        return None if self.value is None else Figure(self.value, self.unit)


class GoalKind(LabelledEnum):
    """What 丽水's table calls its indicators."""

    EVALUATED = "evaluated", "评价"
    SPECIAL = "special", "特色"
    OBSERVED = "observed", "观察"


class PlanGoal(RecordMixin, Base):
    """A goal of a plan. It may be a number, a bound, or words such as 稳步下降: `text` has it as
    published, `value` and `operator` where it is a number.

    `scope` says in the plan's words whom it is set for; `region_id` names the place
    where it is one.
    """

    __tablename__ = "plan_goals"
    __table_args__ = (
        CheckConstraint("operator IN ('=', '>', '>=', '<', '<=', '≈')", name="operator"),
        CheckConstraint(f"kind IN ({GoalKind.sql_values()})", name="kind"),
        Index("uq_plan_goals_goal", "plan", "scope", "number", "indicator", "year", unique=True),
    )

    plan: Mapped[str] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(String(120))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    number: Mapped[str] = mapped_column(String(10), default="")
    group: Mapped[str] = mapped_column(String(60), default="")
    indicator: Mapped[str] = mapped_column(String(160))
    kind: Mapped[GoalKind | None] = mapped_column(Coded(GoalKind))
    year: Mapped[int | None]
    operator: Mapped[str | None] = mapped_column(String(2))
    value: Mapped[Decimal | None] = mapped_column(Scaled(6))
    text: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(20), default="")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))

    region: Mapped[Region | None] = relationship()
    source: Mapped[Source | None] = relationship()
