"""Enclaves and their return terms."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Money, RecordMixin, Scaled, Searchable, UtcDateTime
from tracker.core.db.checks import in_order
from tracker.core.db.codes import LabelledEnum
from tracker.core.provenance.models import Source, SourcedValue
from tracker.records.places.models import Region


class EnclaveKind(LabelledEnum):
    """What an enclave is for. A source may not say."""

    INDUSTRIAL = "industrial", "产业飞地"
    INNOVATION = "innovation", "科创飞地"
    INCOME = "income", "消薄飞地"
    DEVELOPMENT = "development", "发展飞地"


class Direction(LabelledEnum):
    """Which side builds in the other's land."""

    OUTBOUND = "outbound", "反向飞地"
    INBOUND = "inbound", "正向飞地"


class Enclave(Searchable, RecordMixin, Base):
    """A site that one place (飞出地, origin) runs in another (飞入地, host).

    `kind` is what it began as; from `development_since` on it is a 发展飞地, the kind that merges
    the others from 2025. The flags are three-valued: an empty one means that nobody has said.
    """

    __tablename__ = "enclaves"
    name_within = ("origin_id", "host_id")
    __table_args__ = (
        CheckConstraint(f"kind IN ({EnclaveKind.sql_values()})", name="kind"),
        CheckConstraint(f"direction IN ({Direction.sql_values()})", name="direction"),
        CheckConstraint("area_mu >= 0 AND floor_m2 >= 0", name="area"),
        CheckConstraint("total_capital >= 0 AND village_capital >= 0", name="capital"),
        CheckConstraint("village_capital <= total_capital", name="village_capital"),
        CheckConstraint("villages >= 0", name="villages"),
        CheckConstraint("development_since >= '2025-01-01'", name="development_since"),
        CheckConstraint(
            "kind <> 'development' OR development_since IS NOT NULL", name="development_dated"
        ),
        *(
            CheckConstraint(condition, name=name)
            for name, condition in in_order(
                "signed_on", "started_on", "completed_on", "in_use_on", "closed_on"
            )
        ),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[EnclaveKind | None] = mapped_column(Coded(EnclaveKind), index=True)
    development_since: Mapped[date | None] = mapped_column(Date)
    direction: Mapped[Direction] = mapped_column(Coded(Direction), default=Direction.OUTBOUND)
    origin_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    platform: Mapped[str] = mapped_column(String(200), default="")
    signed_on: Mapped[date | None] = mapped_column(Date)
    started_on: Mapped[date | None] = mapped_column(Date)
    completed_on: Mapped[date | None] = mapped_column(Date)
    in_use_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    area_mu: Mapped[Decimal | None] = mapped_column(Scaled(4))
    floor_m2: Mapped[Decimal | None] = mapped_column(Scaled(2))
    total_capital: Mapped[Decimal | None] = mapped_column(Money)
    village_capital: Mapped[Decimal | None] = mapped_column(Money)
    villages: Mapped[int | None]
    has_share_list: Mapped[bool | None]
    has_return_clause: Mapped[bool | None]
    has_fund_ledger: Mapped[bool | None]
    has_village_disclosure: Mapped[bool | None]
    note: Mapped[str] = mapped_column(Text, default="")

    platform_id: Mapped[int | None] = mapped_column(ForeignKey("platforms.id"), index=True)

    origin_region: Mapped[Region] = relationship(foreign_keys=[origin_id])
    host_region: Mapped[Region] = relationship(foreign_keys=[host_id])
    return_terms: Mapped[list[ReturnTerm]] = relationship(
        back_populates="enclave", order_by="ReturnTerm.starts_on"
    )
    sourced_values: Mapped[list[SourcedValue]] = relationship(order_by="SourcedValue.id")

    def kind_on(self, day: date) -> EnclaveKind | None:
        """The kind of the enclave on `day`."""
        if self.development_since is not None and day >= self.development_since:
            return EnclaveKind.DEVELOPMENT
        return self.kind


class TermKind(LabelledEnum):
    """What a return is reckoned on."""

    RATE_ON_CAPITAL = "rate_on_capital", "按本金约定收益率"
    FIXED_SUM = "fixed_sum", "每年固定金额"
    GUARANTEED_MINIMUM = "guaranteed_minimum", "保底"
    RENT_SHARE = "rent_share", "租金分成"
    TAX_SHARE = "tax_share", "地方留存税收分成"


class CapitalBase(LabelledEnum):
    """The capital that a rate is reckoned on."""

    VILLAGES = "villages", "村集体出资"
    TOTAL = "total", "总出资"


class Bound:
    """What one side of a contract enters and the other side, or the province, confirms: it binds
    from then on, and whoever entered it no longer changes it.

    `change_reason`: why the side that entered it asks to have it back, "" where nobody asks;
    `answer`: why the other side gave it back unconfirmed, or refused to.
    """

    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    change_reason: Mapped[str] = mapped_column(String(400), default="")
    answer: Mapped[str] = mapped_column(String(400), default="")

    @property
    def binds(self) -> bool:
        """Whether it counts."""
        return self.confirmed_at is not None


PAY_BY = "pay_by BETWEEN 101 AND 11231"


def day_of(pay_by: int, year: int) -> date:
    """The day by which what falls due for `year` is to be paid. `pay_by` is month × 100 + day, and
    10000 more where it lies in the year after; 29 February is the last day of February."""
    later, rest = divmod(pay_by, 10_000)
    month, day = divmod(rest, 100)
    return date(year + later, month, min(day, monthrange(year + later, month)[1]))


_RATED = "('rate_on_capital', 'rent_share', 'tax_share')"


class ReturnTerm(Bound, RecordMixin, Base):
    """One promise of a contract over a span of days, both ends included.

    `rate` is a share (0.1 is 10 %); `amount` is 元 a year. An empty start means since the
    contract began, an empty end that no end was agreed. `pay_by`: see `day_of`.
    """

    __tablename__ = "return_terms"
    __table_args__ = (
        CheckConstraint(f"kind IN ({TermKind.sql_values()})", name="kind"),
        CheckConstraint(f"capital_base IN ({CapitalBase.sql_values()})", name="capital_base"),
        CheckConstraint(f"(kind IN {_RATED}) = (rate IS NOT NULL)", name="rate_where_rated"),
        CheckConstraint(f"(kind NOT IN {_RATED}) = (amount IS NOT NULL)", name="amount_where_sum"),
        CheckConstraint(
            "(kind = 'rate_on_capital') = (capital_base IS NOT NULL)", name="base_where_rate"
        ),
        CheckConstraint("rate > 0 AND rate <= 100000000", name="rate"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("starts_on <= ends_on", name="span"),
        CheckConstraint(PAY_BY, name="pay_by"),
    )

    enclave_id: Mapped[int] = mapped_column(ForeignKey("enclaves.id"), index=True)
    kind: Mapped[TermKind] = mapped_column(Coded(TermKind))
    rate: Mapped[Decimal | None] = mapped_column(Scaled(8))
    capital_base: Mapped[CapitalBase | None] = mapped_column(Coded(CapitalBase))
    amount: Mapped[Decimal | None] = mapped_column(Money)
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    pay_by: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(400), default="")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))

    enclave: Mapped[Enclave] = relationship(back_populates="return_terms")
    source: Mapped[Source | None] = relationship()
