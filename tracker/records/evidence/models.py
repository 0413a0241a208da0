"""Files by content and what they prove."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Origin, UtcDateTime
from tracker.core.db.checks import exactly_one
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User


class EvidenceFile(Base):
    """One content, kept once however often it is handed in; `sha256` is its name on disk."""

    __tablename__ = "evidence_files"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    check: Mapped[EvidenceCheck | None] = relationship(viewonly=True)

    @property
    def label(self) -> str:
        """What tells it from others, short."""
        return f"校验码 {self.sha256[:12]}"


class FileState(LabelledEnum):
    """What a look at a stored file found."""

    SOUND = "sound", "完好"
    MISSING = "missing", "文件缺失"
    ALTERED = "altered", "内容已被改动"
    UNREADABLE = "unreadable", "无法读取"


class EvidenceCheck(Base):
    """The last comparison of a stored file with its sha256; a file that is not sound proves
    nothing. `size` (bytes) and `modified_ns` are what the disk said then: while it says the same,
    a sound file need not be read again."""

    __tablename__ = "evidence_checks"
    __table_args__ = (CheckConstraint(f"state IN ({FileState.sql_values()})", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_files.id"), unique=True)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[FileState] = mapped_column(Coded(FileState))
    size: Mapped[int | None] = mapped_column(BigInteger)
    modified_ns: Mapped[int | None] = mapped_column(BigInteger)


# Every table whose rows are facts that a file can prove.
PROVABLE = (
    "project",
    "enclave",
    "return_term",
    "park",
    "ledger_entry",
    "operating_figure",
    "tenant",
    "village_stake",
    "village_income",
    "demonstration_village",
    "visit",
    "joint_meeting",
    "joint_event",
    "secondment",
    "specialist_posting",
    "training",
    "institution_pair",
    "consumption_aid",
    "county_indicator",
    "target",
    "finding",
    "adoption",
    "determination",
    "filing",
    "application",
    "task_part",
    "objection",
    "supervision_order",
    "key_work",
)


class EvidenceLink(Base):
    """A file, under a name and a kind, as proof of exactly one fact; many links a file or fact.

    `kind` is the word that rulebooks use for it (银行回单): a rulebook may ask for any kind.
    A link that was wrong is withdrawn, not deleted, so that what was once shown stays known.
    """

    __tablename__ = "evidence_links"
    __table_args__ = (
        CheckConstraint(exactly_one(*(f"{name}_id" for name in PROVABLE)), name="one_fact"),
        CheckConstraint("kind <> ''", name="kind"),
        CheckConstraint(f"origin IN ({Origin.sql_values()})", name="origin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_files.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    origin: Mapped[Origin] = mapped_column(Coded(Origin), default=Origin.ENTERED)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    return_term_id: Mapped[int | None] = mapped_column(ForeignKey("return_terms.id"), index=True)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    ledger_entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), index=True)
    operating_figure_id: Mapped[int | None] = mapped_column(
        ForeignKey("operating_figures.id"), index=True
    )
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("tenants.id"), index=True)
    village_stake_id: Mapped[int | None] = mapped_column(
        ForeignKey("village_stakes.id"), index=True
    )
    village_income_id: Mapped[int | None] = mapped_column(
        ForeignKey("village_incomes.id"), index=True
    )
    demonstration_village_id: Mapped[int | None] = mapped_column(
        ForeignKey("demonstration_villages.id"), index=True
    )
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"), index=True)
    joint_meeting_id: Mapped[int | None] = mapped_column(
        ForeignKey("joint_meetings.id"), index=True
    )
    joint_event_id: Mapped[int | None] = mapped_column(ForeignKey("joint_events.id"), index=True)
    secondment_id: Mapped[int | None] = mapped_column(ForeignKey("secondments.id"), index=True)
    specialist_posting_id: Mapped[int | None] = mapped_column(
        ForeignKey("specialist_postings.id"), index=True
    )
    training_id: Mapped[int | None] = mapped_column(ForeignKey("trainings.id"), index=True)
    institution_pair_id: Mapped[int | None] = mapped_column(
        ForeignKey("institution_pairs.id"), index=True
    )
    consumption_aid_id: Mapped[int | None] = mapped_column(
        ForeignKey("consumption_aids.id"), index=True
    )
    county_indicator_id: Mapped[int | None] = mapped_column(
        ForeignKey("county_indicators.id"), index=True
    )
    target_id: Mapped[int | None] = mapped_column(ForeignKey("targets.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"), index=True)
    adoption_id: Mapped[int | None] = mapped_column(ForeignKey("adoptions.id"), index=True)
    determination_id: Mapped[int | None] = mapped_column(
        ForeignKey("determinations.id"), index=True
    )

    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    task_part_id: Mapped[int | None] = mapped_column(ForeignKey("task_parts.id"), index=True)
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objections.id"), index=True)
    supervision_order_id: Mapped[int | None] = mapped_column(
        ForeignKey("supervision_orders.id"), index=True
    )
    key_work_id: Mapped[int | None] = mapped_column(ForeignKey("key_works.id"), index=True)

    file: Mapped[EvidenceFile] = relationship()
    linked_by: Mapped[User | None] = relationship(foreign_keys=[linked_by_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])
