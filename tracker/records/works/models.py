"""Key work of four lists (四张清单), its milestones, and what was reported of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, UtcDateTime
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.places.models import Region


class WorkList(LabelledEnum):
    """The four lists."""

    TASK = "task", "重点任务"
    LEVER = "lever", "突破性抓手"
    REFORM = "reform", "重大改革"
    PRACTICE = "practice", "最佳实践"


class WorkAct(LabelledEnum):
    """What is said of a work."""

    REPORTED = "reported", "报告进展"
    FINISHED = "finished", "报告完成"
    REOPENED = "reopened", "退回继续办理"


class KeyWork(RecordMixin, Base):
    """One entry of a list: what the place in charge does from `starts_on` to `due_on`.

    `responsible` is who answers for it there. `finished_on`: the day on which it was done.
    """

    __tablename__ = "key_works"
    __table_args__ = (
        CheckConstraint(f"sheet IN ({WorkList.sql_values()})", name="sheet"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("responsible <> ''", name="responsible"),
        CheckConstraint("starts_on <= due_on", name="starts_before_due"),
        CheckConstraint("starts_on <= finished_on", name="starts_before_finished"),
        Index("uq_key_works_work", "region_id", "sheet", "name", "starts_on", unique=True),
        Index(None, "due_on"),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    sheet: Mapped[WorkList] = mapped_column(Coded(WorkList))
    name: Mapped[str] = mapped_column(String(160))
    demand: Mapped[str] = mapped_column(Text, default="")
    responsible: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    finished_on: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(200), default="")

    region: Mapped[Region] = relationship()
    milestones: Mapped[list[Milestone]] = relationship(
        order_by="(Milestone.planned_on, Milestone.id)", viewonly=True
    )


class Milestone(RecordMixin, Base):
    """A milestone of a work, the day planned for it, and the day on which it was reached."""

    __tablename__ = "key_work_milestones"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name"),
        Index("uq_key_work_milestones_name", "work_id", "name", unique=True),
    )

    work_id: Mapped[int] = mapped_column(ForeignKey("key_works.id"))
    name: Mapped[str] = mapped_column(String(160))
    planned_on: Mapped[date] = mapped_column(Date)
    reached_on: Mapped[date | None] = mapped_column(Date)

    work: Mapped[KeyWork] = relationship()


class WorkEvent(Base):
    """What somebody said of a work: how far it is, that a milestone was reached or all of it
    done on a day, or that it is not. Append-only."""

    __tablename__ = "key_work_events"
    __table_args__ = (
        CheckConstraint(f"act IN ({WorkAct.sql_values()})", name="act"),
        CheckConstraint("words <> ''", name="words"),
        CheckConstraint("milestone_id IS NULL OR act = 'reported'", name="milestone"),
        CheckConstraint(
            "(day IS NOT NULL) = (milestone_id IS NOT NULL OR act = 'finished')", name="day"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("key_works.id"), index=True)
    act: Mapped[WorkAct] = mapped_column(Coded(WorkAct))
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("key_work_milestones.id"))
    day: Mapped[date | None] = mapped_column(Date)
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str | None] = mapped_column(String(64))

    work: Mapped[KeyWork] = relationship()
    milestone: Mapped[Milestone | None] = relationship()
    actor: Mapped[User | None] = relationship()
