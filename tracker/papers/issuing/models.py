"""Issues of papers, what of them is done, and the papers with the bytes that were issued."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from tracker.core.db import Base, Coded, UtcDateTime
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing.numbers import number_of
from tracker.records.accounts.models import User
from tracker.records.places.models import Region
from tracker.year.assessments.models import Snapshot

_KINDS = ", ".join(f"'{kind.value}'" for kind in PaperKind)


class TaskState(LabelledEnum):
    """How far one paper of an issue is. Refused: it cannot be made final from this snapshot.
    Cancelled: it was not made yet when somebody stopped the issue; its number stays unused."""

    WAITING = "waiting", "待生成"
    DONE = "done", "已签发"
    FAILED = "failed", "未生成"
    REFUSED = "refused", "不能定稿"
    CANCELLED = "cancelled", "已取消"


class PaperIssue(Base):
    """The issue of a snapshot's papers, at most one a snapshot; never changed.

    `ordinal` counts the issues of a year's assessment: the province's, or the city's of
    `owner_region_id`. `reason` says why an issued year is issued anew.
    """

    __tablename__ = "paper_issues"
    __table_args__ = (
        CheckConstraint("ordinal > 0", name="ordinal"),
        CheckConstraint("(ordinal > 1) = (reason <> '')", name="reason"),
        Index(
            "uq_paper_issues_year_ordinal",
            "year",
            "ordinal",
            unique=True,
            sqlite_where=text("owner_region_id IS NULL"),
            postgresql_where=text("owner_region_id IS NULL"),
        ),
        Index("uq_paper_issues_owner", "owner_region_id", "year", "ordinal", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id"), unique=True)
    year: Mapped[int]
    owner_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    ordinal: Mapped[int]
    reason: Mapped[str] = mapped_column(String(400), default="")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    snapshot: Mapped[Snapshot] = relationship()
    owner_region: Mapped[Region | None] = relationship()
    started_by: Mapped[User | None] = relationship()

    @property
    def city(self) -> str:
        """The code of the city whose assessment it is; "" for the province's."""
        return (self.owner_region.code or "") if self.owner_region else ""


class IssuedPaper(Base):
    """A paper as it left the office: its number and its bytes, served as they are for ever.

    Never changed after it is written (triggers refuse it). `position` is its place in the volume.
    """

    __tablename__ = "issued_papers"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("number <> ''", name="number"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("pages > 0", name="pages"),
        Index("uq_issued_papers_place", "issue_id", "position", unique=True),
        Index(None, "year", "kind", "sheet", "subject_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("paper_issues.id"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    year: Mapped[int]
    kind: Mapped[PaperKind] = mapped_column(Coded(PaperKind))
    sheet: Mapped[str] = mapped_column(String(60))
    subject_code: Mapped[str] = mapped_column(String(60))
    subject_name: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    pages: Mapped[int]
    layout: Mapped[str] = mapped_column(String(20))
    engine: Mapped[str] = mapped_column(String(20))
    verify_text: Mapped[str] = mapped_column(String(300))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("issued_papers.id"), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))

    issue: Mapped[PaperIssue] = relationship()
    issued_by: Mapped[User | None] = relationship()
    supersedes: Mapped[IssuedPaper | None] = relationship(
        remote_side=id, back_populates="superseded_by"
    )
    superseded_by: Mapped[IssuedPaper | None] = relationship(back_populates="supersedes")
    places: Mapped[list[IssuedPaperRegion]] = relationship(back_populates="paper")
    signed: Mapped[SignedPaper | None] = relationship(back_populates="paper")

    @property
    def download_name(self) -> str:
        """What its file is called where it is handed out: with its number, which the names kept
        for the first papers lack."""
        if self.number in self.file_name:
            return self.file_name
        return f"{self.number}-{self.file_name}"


class IssuedPaperRegion(Base):
    """A region that a paper is about: who sees the region sees the paper. A paper without any is
    for the people of the province."""

    __tablename__ = "issued_paper_regions"
    __table_args__ = (Index("uq_issued_paper_regions_pair", "paper_id", "region_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("issued_papers.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)

    paper: Mapped[IssuedPaper] = relationship(back_populates="places")
    region: Mapped[Region] = relationship()


class SignedPaper(Base):
    """The electronic signature of an issued paper: what was appended to its bytes, which stay as
    they are. Never changed (triggers refuse it), at most one a paper.

    `sha256`, `size`: of the signed file, original and addition together. `signer`: the subject of
    the certificate; `certificate`: its sha256, by which verification knows the office's own.
    """

    __tablename__ = "signed_papers"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("length(certificate) = 64", name="certificate"),
        CheckConstraint("signer <> ''", name="signer"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("issued_papers.id"), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    signer: Mapped[str] = mapped_column(String(400))
    certificate: Mapped[str] = mapped_column(String(64), index=True)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    addition: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))

    paper: Mapped[IssuedPaper] = relationship(back_populates="signed")

    @property
    def download_name(self) -> str:
        """What the signed file is called where it is handed out."""
        return self.paper.download_name.removesuffix(".pdf") + "-电子签名.pdf"


class PaperTask(Base):
    """One paper of an issue and how far it is: the truth about a batch, whoever works on it.

    `running` is the last part of the paper's number, given in the order of the volume when the
    issue begins. `holder` and `lease_until`: who makes it now, and until when nobody else does.
    `sign_fault`: why the paper was not signed when it should have been.
    """

    __tablename__ = "paper_tasks"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(f"state IN ({TaskState.sql_values()})", name="state"),
        CheckConstraint("(state = 'refused') = (running IS NULL)", name="running"),
        CheckConstraint("state NOT IN ('refused', 'failed') OR reason <> ''", name="reason"),
        CheckConstraint("(holder IS NULL) = (lease_until IS NULL)", name="lease"),
        Index("uq_paper_tasks_place", "issue_id", "position", unique=True),
        Index("uq_paper_tasks_running", "issue_id", "running", unique=True),
        Index("ix_paper_tasks_state", "issue_id", "state", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("paper_issues.id"))
    position: Mapped[int]
    running: Mapped[int | None]
    kind: Mapped[PaperKind] = mapped_column(Coded(PaperKind))
    sheet: Mapped[str] = mapped_column(String(60))
    subject_code: Mapped[str] = mapped_column(String(60))
    subject_name: Mapped[str] = mapped_column(String(200))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("issued_papers.id"))
    state: Mapped[TaskState] = mapped_column(Coded(TaskState), default=TaskState.WAITING)
    reason: Mapped[str] = mapped_column(Text, default="")
    holder: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sign_fault: Mapped[str | None] = mapped_column(Text)

    issue: Mapped[PaperIssue] = relationship()
    supersedes: Mapped[IssuedPaper | None] = relationship()

    @property
    def number(self) -> str:
        """The number of the paper, "" where it gets none."""
        if self.running is None:
            return ""
        return number_of(self.issue.year, self.issue.ordinal, self.running, self.issue.city)


class PaperCheck(Base):
    """One file that somebody sent in to be verified; counted over all processes and machines."""

    __tablename__ = "paper_checks"
    __table_args__ = (Index(None, "address", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
