"""Ledger entries: drafts until submitted, then never changed, corrected by reversal only.

The database refuses UPDATE and DELETE of a submitted entry, and a reversal that does not mirror
its entry (triggers in migration 0002); the CHECKs below say the rest.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Row, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Money, Origin, Precision, UtcDateTime
from tracker.core.db.checks import exactly_one
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.core.provenance.models import Source
from tracker.core.quantities.figure import Figure, yuan
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.projects.models import Project
from tracker.records.villages.models import DemonstrationVillage, Village


class EntryKind(LabelledEnum):
    """What the money is."""

    FUNDS_IN_PLACE = "funds_in_place", "到位资金"
    COMPLETED_INVESTMENT = "completed_investment", "完成投资"
    GOVERNMENT_INVESTMENT = "government_investment", "政府投资"
    SOCIAL_INVESTMENT = "social_investment", "社会投资"
    INFRASTRUCTURE_INVESTMENT = "infrastructure_investment", "基础设施投资"
    CAPITAL_PAID = "capital_paid", "资本金到位"
    AID_SENT = "aid_sent", "援建资金拨付"
    AID_RECEIVED = "aid_received", "援建资金到账"
    AID_USED = "aid_used", "援建资金使用"
    SOCIAL_AID = "social_aid", "社会帮扶资金"
    REBATE = "rebate", "返利"
    RENT = "rent", "租金"
    TAX = "tax", "税收"
    RETAINED_TAX = "retained_tax", "地方留存"
    TAX_SHARE = "tax_share", "税收分成"
    LAND_QUOTA = "land_quota", "土地指标调剂"
    PROVINCIAL_AWARD = "provincial_award", "省级奖补"


class AidPurpose(LabelledEnum):
    """What aid money is for."""

    INCOME = "income", "群众增收"
    EDUCATION = "education", "教育科技"


PROJECT_KINDS = (
    EntryKind.FUNDS_IN_PLACE,
    EntryKind.COMPLETED_INVESTMENT,
    EntryKind.GOVERNMENT_INVESTMENT,
    EntryKind.SOCIAL_INVESTMENT,
    EntryKind.TAX,
)
ENCLAVE_KINDS = (
    EntryKind.CAPITAL_PAID,
    EntryKind.COMPLETED_INVESTMENT,
    EntryKind.INFRASTRUCTURE_INVESTMENT,
    EntryKind.REBATE,
    EntryKind.RENT,
    EntryKind.TAX,
    EntryKind.RETAINED_TAX,
    EntryKind.TAX_SHARE,
    EntryKind.PROVINCIAL_AWARD,
)
PARK_KINDS = (
    EntryKind.FUNDS_IN_PLACE,
    EntryKind.GOVERNMENT_INVESTMENT,
    EntryKind.SOCIAL_INVESTMENT,
    EntryKind.INFRASTRUCTURE_INVESTMENT,
    EntryKind.TAX,
    EntryKind.PROVINCIAL_AWARD,
)
PAIRING_KINDS = (
    EntryKind.AID_SENT,
    EntryKind.AID_RECEIVED,
    EntryKind.AID_USED,
    EntryKind.SOCIAL_AID,
    EntryKind.LAND_QUOTA,
)
DEMONSTRATION_KINDS = (EntryKind.AID_RECEIVED, EntryKind.AID_USED, EntryKind.PROVINCIAL_AWARD)
AID_KINDS = (EntryKind.AID_SENT, EntryKind.AID_RECEIVED, EntryKind.AID_USED)
DUE_KINDS = (EntryKind.REBATE, EntryKind.TAX_SHARE, EntryKind.AID_SENT)
SUBJECT_COLUMNS = (
    "project_id",
    "enclave_id",
    "park_id",
    "pairing_id",
    "demonstration_village_id",
)


def _quoted(kinds: tuple[EntryKind, ...]) -> str:
    return ", ".join(f"'{kind.value}'" for kind in kinds)


def figure_of(entry: LedgerEntry | Row) -> Figure:
    """The amount of an entry, or of a row of its columns `amount` and `precision`."""
    return yuan(entry.amount, entry.precision.label)


class LedgerEntry(Base):
    """One sum of money, 元, on the day `occurred_on`.

    `period_from` is set where the sum covers a span that ends on `occurred_on`. `cumulative`
    sums run over several years or since the beginning: shown, never added to a year's sum. A
    reversal carries the day of the entry that it reverses, so that the year's sum is right.
    `due_on` is the day by which a rebate, share or aid was to be paid.

    A period that is locked takes no entries but those that take back or correct one of its own:
    `corrects_id` names the entry that a new one was put in place of, `booked_on` is the day, in an
    open period, on which a reversal or a correction of a locked one was made (migration 0021).

    Until `submitted_at` is set an entry is a draft, freely edited and deleted; drafts count
    nowhere. A reversal is never a draft.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint(exactly_one(*SUBJECT_COLUMNS), name="one_subject"),
        CheckConstraint(f"kind IN ({EntryKind.sql_values()})", name="kind"),
        CheckConstraint(f"precision IN ({Precision.sql_values()})", name="precision"),
        CheckConstraint(
            "amount <> 0 AND (amount < 0) = (reversal_of_id IS NOT NULL)", name="amount"
        ),
        CheckConstraint("period_from <= occurred_on", name="period"),
        CheckConstraint(
            "reversal_of_id IS NULL OR submitted_at IS NOT NULL", name="no_draft_reversal"
        ),
        CheckConstraint("villages >= 0", name="villages"),
        CheckConstraint(f"origin IN ({Origin.sql_values()})", name="origin"),
        CheckConstraint(f"purpose IN ({AidPurpose.sql_values()})", name="purpose"),
        CheckConstraint(
            f"purpose IS NULL OR kind IN ({_quoted(AID_KINDS)})", name="purpose_where_aid"
        ),
        CheckConstraint(f"due_on IS NULL OR kind IN ({_quoted(DUE_KINDS)})", name="due"),
        CheckConstraint(
            "booked_on IS NULL OR reversal_of_id IS NOT NULL OR corrects_id IS NOT NULL",
            name="booked",
        ),
        CheckConstraint("booked_on >= occurred_on", name="booked_later"),
        Index(None, "kind", "occurred_on"),
        Index(None, "occurred_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    demonstration_village_id: Mapped[int | None] = mapped_column(
        ForeignKey("demonstration_villages.id"), index=True
    )
    kind: Mapped[EntryKind] = mapped_column(Coded(EntryKind))
    amount: Mapped[Decimal] = mapped_column(Money)
    precision: Mapped[Precision] = mapped_column(Coded(Precision), default=Precision.EXACT)
    occurred_on: Mapped[date] = mapped_column(Date)
    period_from: Mapped[date | None] = mapped_column(Date)
    cumulative: Mapped[bool] = mapped_column(default=False)
    purpose: Mapped[AidPurpose | None] = mapped_column(Coded(AidPurpose))
    due_on: Mapped[date | None] = mapped_column(Date)
    villages: Mapped[int | None]
    voucher: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    reversal_of_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)
    booked_on: Mapped[date | None] = mapped_column(Date)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))
    origin: Mapped[Origin] = mapped_column(Coded(Origin), default=Origin.ENTERED)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    project: Mapped[Project | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship()
    park: Mapped[Park | None] = relationship()
    pairing: Mapped[Pairing | None] = relationship()
    demonstration_village: Mapped[DemonstrationVillage | None] = relationship()
    source: Mapped[Source | None] = relationship()
    entered_by: Mapped[User | None] = relationship()
    reversal_of: Mapped[LedgerEntry | None] = relationship(
        remote_side=[id], foreign_keys=[reversal_of_id], back_populates="reversal"
    )
    reversal: Mapped[LedgerEntry | None] = relationship(
        foreign_keys=[reversal_of_id], back_populates="reversal_of"
    )
    corrects: Mapped[LedgerEntry | None] = relationship(
        remote_side=[id], foreign_keys=[corrects_id]
    )

    @property
    def figure(self) -> Figure:
        """Its amount as it is to be read: 元, with the sign of its precision."""
        return figure_of(self)

    @property
    def subject(self) -> Project | Enclave | Park | Pairing | DemonstrationVillage:
        """The record that the money belongs to."""
        of = self.project or self.enclave or self.park or self.pairing or self.demonstration_village
        assert of is not None, "the database asks for one"
        return of

    @property
    def is_draft(self) -> bool:
        """Whether the figure may still be edited: not yet submitted."""
        return self.submitted_at is None


class VillagePayment(Base):
    """A village's share of one rebate, 元; the shares of an entry add up to no more than it. Those
    of a submitted rebate are added to, never changed (triggers in migrations 0002 and 0012)."""

    __tablename__ = "village_payments"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("uq_village_payments_entry_id_village_id", "entry_id", "village_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entries.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("villages.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)

    entry: Mapped[LedgerEntry] = relationship()
    village: Mapped[Village] = relationship()
