"""Ledger entries: written once, corrected by reversal only.

The database refuses UPDATE, DELETE and a reversal that does not mirror its entry (triggers in
migration 0001); the CHECKs below say the rest.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import User
from tracker.db import Coded, Money, Origin, Precision, UtcDateTime, db
from tracker.db.checks import exactly_one
from tracker.db.codes import LabelledEnum
from tracker.db.records import now
from tracker.enclaves.models import Enclave
from tracker.pairings.models import Pairing
from tracker.projects.models import Project
from tracker.provenance.models import Source


class EntryKind(LabelledEnum):
    """What the money is."""

    FUNDS_IN_PLACE = "funds_in_place", "到位资金"
    COMPLETED_INVESTMENT = "completed_investment", "完成投资"
    CAPITAL_PAID = "capital_paid", "资本金到位"
    REBATE = "rebate", "返利"
    RENT = "rent", "租金"
    TAX = "tax", "税收"
    RETAINED_TAX = "retained_tax", "地方留存"


PROJECT_KINDS = (EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT, EntryKind.TAX)
ENCLAVE_KINDS = (
    EntryKind.CAPITAL_PAID,
    EntryKind.REBATE,
    EntryKind.RENT,
    EntryKind.TAX,
    EntryKind.RETAINED_TAX,
)


class LedgerEntry(db.Model):
    """One sum of money, 元, on the day `occurred_on`.

    `period_from` is set where the sum covers a span that ends on `occurred_on`. `cumulative`
    sums run over several years or since the beginning: shown, never added to a year's sum. A
    reversal carries the day of the entry that it reverses, so that the year's sum is right.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint(exactly_one("project_id", "enclave_id", "pairing_id"), name="one_subject"),
        CheckConstraint(f"kind IN ({EntryKind.sql_values()})", name="kind"),
        CheckConstraint(f"precision IN ({Precision.sql_values()})", name="precision"),
        CheckConstraint(
            "amount <> 0 AND (amount < 0) = (reversal_of_id IS NOT NULL)", name="amount"
        ),
        CheckConstraint("period_from IS NULL OR period_from <= occurred_on", name="period"),
        CheckConstraint("villages >= 0", name="villages"),
        Index(None, "kind", "occurred_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(Coded(EntryKind))
    amount: Mapped[Decimal] = mapped_column(Money)
    precision: Mapped[Precision] = mapped_column(Coded(Precision), default=Precision.EXACT)
    occurred_on: Mapped[date] = mapped_column(Date)
    period_from: Mapped[date | None] = mapped_column(Date)
    cumulative: Mapped[bool] = mapped_column(default=False)
    villages: Mapped[int | None]
    voucher: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    reversal_of_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))
    origin: Mapped[Origin] = mapped_column(Coded(Origin), default=Origin.ENTERED)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    project: Mapped[Project | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship()
    pairing: Mapped[Pairing | None] = relationship()
    source: Mapped[Source | None] = relationship()
    entered_by: Mapped[User | None] = relationship()
    reversal_of: Mapped[LedgerEntry | None] = relationship(
        remote_side=[id], back_populates="reversal"
    )
    reversal: Mapped[LedgerEntry | None] = relationship(back_populates="reversal_of")

    @property
    def subject(self) -> Project | Enclave | Pairing:
        """The record that the money belongs to."""
        return self.project or self.enclave or self.pairing
