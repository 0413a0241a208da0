"""Work that was asked for, how far it is, and the bytes that were given to it and came of it."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from tracker.core.db import Base, Coded, UtcDateTime
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role


class WorkState(LabelledEnum):
    """How far a piece of work is."""

    WAITING = "waiting", "等候或进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"


_WAITING = text("state = 'waiting'")


class BackgroundJob(Base):
    """Work that was asked for: the truth about it, whoever does it. The like waits once.

    `arguments`: of the kind's function, as a JSON list. `owner`: the account whose own it is, 0 of
    what all see who may ask for it. `asked_role` and `asked_region_id`: what the one who asked was
    then. `step`, `done`, `total`: what is being done now, and how many parts of how many are.
    `holder` and `lease_until`: who does it, and until when nobody else does; `tries`: how often it
    was taken up. `cancelled_by_id`: who stopped it, where a person did. `result_id`: the record
    that came of it. `kept_until`: when its bytes go.
    """

    __tablename__ = "background_jobs"
    __table_args__ = (
        CheckConstraint(f"state IN ({WorkState.sql_values()})", name="state"),
        CheckConstraint(f"asked_role IN ({Role.sql_values()})", name="asked_role"),
        CheckConstraint("(state = 'failed') = (reason <> '')", name="reason"),
        CheckConstraint("state <> 'waiting' OR ended_at IS NULL", name="ended"),
        CheckConstraint("(holder IS NULL) = (lease_until IS NULL)", name="lease"),
        CheckConstraint("state = 'waiting' OR holder IS NULL", name="holder"),
        CheckConstraint("cancelled_by_id IS NULL OR state = 'cancelled'", name="cancelled"),
        CheckConstraint("done >= 0 AND done <= total", name="done"),
        CheckConstraint("tries >= 0", name="tries"),
        CheckConstraint(
            "(file_name IS NULL) = (file_type IS NULL) AND (file_name IS NULL) = "
            "(file_size IS NULL)",
            name="file",
        ),
        CheckConstraint("file_name IS NULL OR state = 'done'", name="file_of_done"),
        CheckConstraint("file_name IS NULL OR kept_until IS NOT NULL", name="file_kept"),
        Index(
            "uq_background_jobs_waiting",
            "kind",
            "arguments",
            "owner",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(None, "kind", "arguments", "id"),
        Index(None, "asked_by_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[str] = mapped_column(String(400))
    owner: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_role: Mapped[Role | None] = mapped_column(Coded(Role))
    asked_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    state: Mapped[WorkState] = mapped_column(Coded(WorkState), default=WorkState.WAITING)
    step: Mapped[str] = mapped_column(String(60), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    holder: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    result_id: Mapped[int | None]
    file_name: Mapped[str | None] = mapped_column(String(255))
    file_type: Mapped[str | None] = mapped_column(String(100))
    file_size: Mapped[int | None]
    kept_until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    cancelled_by: Mapped[User | None] = relationship(foreign_keys=[cancelled_by_id])

    @property
    def given(self) -> tuple[int | str, ...]:
        """The arguments of the kind's function."""
        return tuple(json.loads(self.arguments))

    @property
    def waits(self) -> bool:
        return self.state is WorkState.WAITING

    @property
    def has_file(self) -> bool:
        """Whether there is a file that is still kept."""
        if self.file_name is None or self.kept_until is None:
            return False
        return self.kept_until > now()


class BackgroundChunk(Base):
    """A piece of a file: of the one that was `given` to the work, or of the one that came of it. In
    the database, since the machine that does the work is not always the one that hands it out."""

    __tablename__ = "background_chunks"
    __table_args__ = (
        CheckConstraint("place >= 0", name="place"),
        Index("uq_background_chunks_place", "job_id", "given", "place", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("background_jobs.id"))
    given: Mapped[bool]
    place: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
