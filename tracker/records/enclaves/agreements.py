"""The agreement behind an enclave: who does what for how long, who pays, how taxes are split."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, Scaled
from tracker.core.db.codes import LabelledEnum
from tracker.records.enclaves.models import PAY_BY, Bound, Enclave

WHOLE = 100_000_000  # a share of 1 as Scaled(8) keeps it


class EnclaveAgreement(RecordMixin, Base):
    """One agreement of an enclave. Empty texts and flags mean that nobody has said.

    `origin_cost_share` and `host_cost_share` are parts of the whole (0.6 is 60 %).
    """

    __tablename__ = "enclave_agreements"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="term"),
        CheckConstraint(f"origin_cost_share BETWEEN 0 AND {WHOLE}", name="origin_cost_share"),
        CheckConstraint(f"host_cost_share BETWEEN 0 AND {WHOLE}", name="host_cost_share"),
        CheckConstraint(f"origin_cost_share + host_cost_share <= {WHOLE}", name="cost_shares"),
        CheckConstraint("full_time_staff >= 0", name="full_time_staff"),
    )

    enclave_id: Mapped[int] = mapped_column(ForeignKey("enclaves.id"), unique=True)
    building_mode: Mapped[str] = mapped_column(String(200), default="")
    duties: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    origin_cost_share: Mapped[Decimal | None] = mapped_column(Scaled(8))
    host_cost_share: Mapped[Decimal | None] = mapped_column(Scaled(8))
    operator: Mapped[str] = mapped_column(String(200), default="")
    full_time_staff: Mapped[int | None]

    enclave: Mapped[Enclave] = relationship()
    tax_splits: Mapped[list[TaxSplit]] = relationship(
        back_populates="agreement", order_by="TaxSplit.from_year"
    )
    documents: Mapped[list[AgreementDocument]] = relationship(
        back_populates="agreement", order_by="AgreementDocument.signed_on"
    )


class TaxSplit(Bound, RecordMixin, Base):
    """How locally retained tax is split in a span of years; the parts are of the whole.

    `pay_by`: see `models.day_of`.
    """

    __tablename__ = "tax_splits"
    __table_args__ = (
        CheckConstraint("from_year BETWEEN 2002 AND 2100", name="from_year"),
        CheckConstraint("from_year <= to_year", name="span"),
        CheckConstraint("origin_share >= 0 AND host_share >= 0", name="shares"),
        CheckConstraint(f"origin_share + host_share = {WHOLE}", name="whole"),
        CheckConstraint(PAY_BY, name="pay_by"),
        Index("uq_tax_splits_agreement_id_from_year", "agreement_id", "from_year", unique=True),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("enclave_agreements.id"))
    from_year: Mapped[int]
    to_year: Mapped[int | None]
    origin_share: Mapped[Decimal] = mapped_column(Scaled(8))
    host_share: Mapped[Decimal] = mapped_column(Scaled(8))
    pay_by: Mapped[int | None]

    agreement: Mapped[EnclaveAgreement] = relationship(back_populates="tax_splits")


class DocumentKind(LabelledEnum):
    """The three documents of an enclave."""

    AGREEMENT = "agreement", "共建协议"
    PLAN = "plan", "开发实施方案"
    SUPPLEMENT = "supplement", "补充协议"


class AgreementDocument(RecordMixin, Base):
    """A signed document of an agreement."""

    __tablename__ = "agreement_documents"
    __table_args__ = (CheckConstraint(f"kind IN ({DocumentKind.sql_values()})", name="kind"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("enclave_agreements.id"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(Coded(DocumentKind))
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(80), default="")
    signed_on: Mapped[date | None] = mapped_column(Date)

    agreement: Mapped[EnclaveAgreement] = relationship(back_populates="documents")


class SpaceKind(LabelledEnum):
    """What is handed over."""

    LAND = "land", "土地（亩）"
    FLOOR = "floor", "建筑面积（m²）"


class SpaceStep(LabelledEnum):
    """Promised or handed over."""

    AGREED = "agreed", "约定"
    DELIVERED = "delivered", "交付"


class EnclaveSpace(Bound, RecordMixin, Base):
    """Land (亩) or floor area (m²) agreed or delivered on a day; amounts of a step add up.

    Only what was agreed is confirmed.
    """

    __tablename__ = "enclave_spaces"
    __table_args__ = (
        CheckConstraint(f"kind IN ({SpaceKind.sql_values()})", name="kind"),
        CheckConstraint(f"step IN ({SpaceStep.sql_values()})", name="step"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("step = 'agreed' OR due_on IS NULL", name="due_where_agreed"),
    )

    enclave_id: Mapped[int] = mapped_column(ForeignKey("enclaves.id"), index=True)
    kind: Mapped[SpaceKind] = mapped_column(Coded(SpaceKind))
    step: Mapped[SpaceStep] = mapped_column(Coded(SpaceStep))
    quantity: Mapped[Decimal] = mapped_column(Scaled(4))
    on: Mapped[date] = mapped_column("on_date", Date)
    due_on: Mapped[date | None] = mapped_column(Date)

    enclave: Mapped[Enclave] = relationship()
