"""Sets of rulebooks that an office makes in the browser: drafts, and what was published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, UtcDateTime
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.places.models import Region


class SetState(LabelledEnum):
    """How far a set is. What is published or discarded never changes."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    DISCARDED = "discarded", "已弃用"


class SetStatus(LabelledEnum):
    """Whether an office has issued it."""

    DESIGNED = "designed", "示例"
    OFFICIAL = "official", "正式"


class SetAct(LabelledEnum):
    """What is done to a set."""

    MADE = "made", "新建"
    FILE = "file", "载入细则"
    REMOVED = "removed", "移出细则"
    LINE = "line", "保存指标"
    LINE_REMOVED = "line_removed", "删去指标"
    PUBLISHED = "published", "发布"
    DISCARDED = "discarded", "弃用"


class StoredSet(RecordMixin, Base):
    """A set of a year's rulebooks. The one published last is in force for its year.

    `owner_region_id`: None for the province's. `sha256`: of the texts, once published. `reason`:
    why it replaces the one before.
    """

    __tablename__ = "rulebook_sets"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint(f"state IN ({SetState.sql_values()})", name="state"),
        CheckConstraint(f"status IN ({SetStatus.sql_values()})", name="status"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("status <> 'official' OR document <> ''", name="official"),
        CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name="published",
        ),
        CheckConstraint("(published_at IS NULL) = (sha256 IS NULL)", name="sealed"),
        Index(None, "year", "published_at"),
    )

    year: Mapped[int]
    owner_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    status: Mapped[SetStatus] = mapped_column(Coded(SetStatus))
    document: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[SetState] = mapped_column(Coded(SetState), default=SetState.DRAFT)
    reason: Mapped[str] = mapped_column(String(400), default="")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    sha256: Mapped[str | None] = mapped_column(String(64))

    owner_region: Mapped[Region | None] = relationship()
    published_by: Mapped[User | None] = relationship()

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.state is SetState.DRAFT


class StoredFile(Base):
    """One file of a set, `set.toml` among them, as it was written."""

    __tablename__ = "rulebook_files"
    __table_args__ = (
        CheckConstraint("path <> ''", name="path"),
        Index("uq_rulebook_files_path", "set_id", "path", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("rulebook_sets.id"))
    path: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)

    set: Mapped[StoredSet] = relationship()


class StoredAct(Base):
    """One act on a set: who did what when, in words. Append-only."""

    __tablename__ = "rulebook_acts"
    __table_args__ = (CheckConstraint(f"act IN ({SetAct.sql_values()})", name="act"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("rulebook_sets.id"), index=True)
    act: Mapped[SetAct] = mapped_column(Coded(SetAct))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    about: Mapped[str] = mapped_column(Text)

    actor: Mapped[User | None] = relationship()
