"""The yearly task list: its tasks, what each level gives to the one below, and who issued what."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, Scaled, UtcDateTime
from tracker.core.db.checks import exactly_one
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.places.models import Region
from tracker.records.targets.models import Target


class ListState(LabelledEnum):
    """Whether a list was ever issued; what is typed after that is a draft of its next version."""

    DRAFT = "draft", "草拟"
    ISSUED = "issued", "已下达"


class TaskAct(LabelledEnum):
    """What somebody does with a list, or with a part of one."""

    ISSUED = "issued", "下达"
    ADJUSTED = "adjusted", "调整"
    DONE = "done", "报告完成"
    REOPENED = "reopened", "撤回完成"


class TaskList(RecordMixin, Base):
    """What one place gives to those below it in a year: the province to cities, a city to its
    counties, a county to its bureaus. `revision` counts what was issued, from 1."""

    __tablename__ = "task_lists"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint(f"state IN ({ListState.sql_values()})", name="state"),
        CheckConstraint("revision >= 0", name="revision"),
        CheckConstraint("(revision > 0) = (state = 'issued')", name="issued"),
        Index("uq_task_lists_year_region", "year", "region_id", unique=True),
    )

    year: Mapped[int]
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    state: Mapped[ListState] = mapped_column(
        Coded(ListState), default=ListState.DRAFT, server_default="draft"
    )
    revision: Mapped[int] = mapped_column(default=0, server_default="0")

    region: Mapped[Region] = relationship()


class AnnualTask(RecordMixin, Base):
    """A task of the province's list. With a `measure`, records say what is done of it; without one
    it is a milestone, which is stated to be done. `total` (in the measure's unit) and `due_on` are
    as typed, the `issued_` ones as they stand for everybody below: empty until issued."""

    __tablename__ = "annual_tasks"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint("total >= 0", name="total"),
        CheckConstraint("issued_total >= 0", name="issued_total"),
        CheckConstraint("number BETWEEN 1 AND 999", name="number"),
        CheckConstraint("measure <> ''", name="measure"),
        CheckConstraint(
            "measure IS NOT NULL OR (total IS NULL AND issued_total IS NULL)", name="milestone"
        ),
        Index("uq_annual_tasks_number", "year", "number", unique=True),
        Index("uq_annual_tasks_measure", "year", "measure", unique=True),
    )

    year: Mapped[int]
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    clause: Mapped[str] = mapped_column(String(200), default="")
    measure: Mapped[str | None] = mapped_column(String(80))
    total: Mapped[Decimal | None] = mapped_column(Scaled(6))
    due_on: Mapped[date] = mapped_column(Date)
    lead: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    issued_total: Mapped[Decimal | None] = mapped_column(Scaled(6))
    issued_due_on: Mapped[date | None] = mapped_column(Date)

    @property
    def is_milestone(self) -> bool:
        """Whether nothing but a statement says that it is done."""
        return self.measure is None

    @property
    def is_issued(self) -> bool:
        """Whether the province has issued it."""
        return self.issued_due_on is not None


class TaskPart(RecordMixin, Base):
    """What the list's place gives of a task to a place below it, or to a bureau of its own.

    `drafted` and `draft_value` are as typed, `given` and `value` (in the measure's unit; none of a
    milestone) as issued. `target`: the year's target that a part of a measure was issued as, which
    everything else reads. `done_on`: the day on which a milestone was done, as its people state.
    """

    __tablename__ = "task_parts"
    __table_args__ = (
        CheckConstraint(exactly_one("region_id", "bureau"), name="one_receiver"),
        CheckConstraint("bureau <> ''", name="bureau"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("draft_value >= 0", name="draft_value"),
        CheckConstraint("value IS NULL OR given", name="given"),
        CheckConstraint("draft_value IS NULL OR drafted", name="drafted"),
        CheckConstraint("done_on IS NULL OR given", name="done"),
        CheckConstraint("target_id IS NULL OR region_id IS NOT NULL", name="target"),
        Index("uq_task_parts_region", "task_id", "region_id", unique=True),
        Index("uq_task_parts_bureau", "list_id", "task_id", "bureau", unique=True),
    )

    list_id: Mapped[int] = mapped_column(ForeignKey("task_lists.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("annual_tasks.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    bureau: Mapped[str | None] = mapped_column(String(60))
    drafted: Mapped[bool] = mapped_column(default=False)
    draft_value: Mapped[Decimal | None] = mapped_column(Scaled(6))
    given: Mapped[bool] = mapped_column(default=False)
    value: Mapped[Decimal | None] = mapped_column(Scaled(6))
    due_on: Mapped[date | None] = mapped_column(Date)
    responsible: Mapped[str] = mapped_column(String(120), default="")
    target_id: Mapped[int | None] = mapped_column(ForeignKey("targets.id"), unique=True)
    done_on: Mapped[date | None] = mapped_column(Date)
    result: Mapped[str] = mapped_column(String(400), default="")

    list: Mapped[TaskList] = relationship()
    task: Mapped[AnnualTask] = relationship()
    region: Mapped[Region | None] = relationship()
    target: Mapped[Target | None] = relationship()

    @property
    def receiver(self) -> str:
        """To whom it is given: 丽水市, 商务局."""
        return self.region.name if self.region is not None else self.bureau or ""

    @property
    def full_receiver(self) -> str:
        """`receiver` where places stand side by side: 缙云县商务局."""
        return f"{self.list.region.name}{self.bureau}" if self.bureau else self.receiver

    @property
    def due(self) -> date:
        """By when: its own day, else the task's."""
        return self.due_on or self.task.issued_due_on or self.task.due_on

    @property
    def is_changed(self) -> bool:
        """Whether what is typed is not what was issued."""
        return (self.drafted, self.draft_value) != (self.given, self.value)


class TaskEvent(Base):
    """One act on a list (with the whole of what was issued, as JSON, in `content`) or on a part of
    it. Append-only. Without `actor_id` the program did it."""

    __tablename__ = "task_events"
    __table_args__ = (
        CheckConstraint(f"act IN ({TaskAct.sql_values()})", name="act"),
        CheckConstraint("(part_id IS NOT NULL) = (act IN ('done', 'reopened'))", name="part"),
        CheckConstraint(
            "(revision IS NOT NULL) = (act IN ('issued', 'adjusted'))", name="revision"
        ),
        CheckConstraint("(content IS NOT NULL) = (revision IS NOT NULL)", name="content"),
        CheckConstraint("reason <> '' OR act = 'issued'", name="reason"),
        Index("uq_task_events_revision", "list_id", "revision", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("task_lists.id"))
    part_id: Mapped[int | None] = mapped_column(ForeignKey("task_parts.id"), index=True)
    act: Mapped[TaskAct] = mapped_column(Coded(TaskAct))
    revision: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(64))

    list: Mapped[TaskList] = relationship()
    part: Mapped[TaskPart | None] = relationship()
    actor: Mapped[User | None] = relationship()
