"""A year's assessment (年度考核): the stage that it is in, the days of its stages, the acts that
moved it, the cards that the province reviewed, and the lines that it accepted as gaps."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, UtcDateTime
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of_owner, whose_words
from tracker.records.places.models import Region
from tracker.year.assessments.models import Snapshot


class Stage(LabelledEnum):
    """How far a year's assessment has come; acts make it (`service.act`)."""

    PREPARING = "preparing", "准备"
    SELF = "self", "自评"
    CITY = "city", "市级初审"
    PROVINCE = "province", "省级复核"
    NOTICE = "notice", "公示"
    OBJECTIONS = "objections", "申诉处理"
    FINAL = "final", "定稿"
    CIRCULAR = "circular", "通报"


STAGES = tuple(Stage)
# In which the points stand: nothing is scored and nobody rules until it is opened again.
CLOSED = (Stage.NOTICE, Stage.FINAL, Stage.CIRCULAR)
FINISHED = (Stage.FINAL, Stage.CIRCULAR)
# Which stages have a last day; the others last until somebody moves on.
DATED = STAGES[1:]


class Act(LabelledEnum):
    """What somebody does with a year's assessment."""

    OPENED = "opened", "启动考核"
    BEGUN = "begun", "开始自评"
    SELF_CLOSED = "self_closed", "自评截止"
    CITY_CLOSED = "city_closed", "初审结束"
    NOTIFIED = "notified", "开始公示"
    NOTICE_ENDED = "notice_ended", "公示期满"
    FINALISED = "finalised", "定稿"
    CIRCULATED = "circulated", "通报"
    TAKEN_BACK = "taken_back", "退回上一阶段"
    REOPENED = "reopened", "重新处理"


def _of(stages: tuple[Stage, ...]) -> str:
    return ", ".join(f"'{stage.value}'" for stage in stages)


class Assessment(RecordMixin, Base):
    """An assessment of a year: the province's, or that of the city `owner_region_id`, which
    assesses its own counties (市考县). `stage_at`: since when it is in its stage; `notice_until`:
    the last day of the notice, there once one has begun; `document`: the number of the circular
    (文号), "" where there is none."""

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint(f"stage IN ({Stage.sql_values()})", name="stage"),
        CheckConstraint("stage <> 'notice' OR notice_until IS NOT NULL", name="notice"),
        CheckConstraint("stage <> 'circular' OR document <> ''", name="document"),
        Index(
            "uq_assessments_year",
            "year",
            unique=True,
            sqlite_where=text("owner_region_id IS NULL"),
            postgresql_where=text("owner_region_id IS NULL"),
        ),
        Index("uq_assessments_owner_year", "owner_region_id", "year", unique=True),
    )

    year: Mapped[int]
    owner_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    stage: Mapped[Stage] = mapped_column(Coded(Stage), default=Stage.PREPARING)
    stage_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    notice_until: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(120), default="")

    owner_region: Mapped[Region | None] = relationship()
    days: Mapped[list[AssessmentDay]] = relationship(
        back_populates="assessment", order_by="AssessmentDay.due_on"
    )
    events: Mapped[list[AssessmentEvent]] = relationship(
        back_populates="assessment", order_by="AssessmentEvent.id"
    )

    def called(self, stage: Stage) -> str:
        """What a stage is called in the assessment of its owner."""
        return of_owner(stage.label, self.owner_region_id)

    @property
    def whose(self) -> str:
        """Whose assessment it is, before what is said of it: "" of the province's."""
        return f"{whose_words(self.owner_region.name)} " if self.owner_region else ""

    @property
    def of_year(self) -> str:
        """Of whose year something is told: "2025 年度", "市考县 · 丽水市 2025 年度"."""
        return f"{self.whose}{self.year} 年度"

    @property
    def name(self) -> str:
        """Whose assessment of which year: "2025 年度考核", "市考县 · 丽水市 2025 年度考核"."""
        return f"{self.of_year}考核"

    def due_on(self, stage: Stage) -> date | None:
        """The last day of a stage."""
        return next((each.due_on for each in self.days if each.stage is stage), None)


class AssessmentDay(RecordMixin, Base):
    """The last day of a stage: `stated_on` as it was named, `due_on` the working day that it moves
    to."""

    __tablename__ = "assessment_days"
    __table_args__ = (
        CheckConstraint(f"stage IN ({_of(DATED)})", name="stage"),
        CheckConstraint("stated_on <= due_on", name="stated_on_before_due_on"),
        Index("uq_assessment_days_stage", "assessment_id", "stage", unique=True),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    stage: Mapped[Stage] = mapped_column(Coded(Stage))
    stated_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)

    assessment: Mapped[Assessment] = relationship(back_populates="days")


class AssessmentEvent(Base):
    """An act on a year's assessment, never changed: who did it, when, why, from which address, and
    the snapshot in which the facts of the stage that it ended are frozen."""

    __tablename__ = "assessment_events"
    __table_args__ = (
        CheckConstraint(f"act IN ({Act.sql_values()})", name="act"),
        CheckConstraint(f"from_stage IN ({Stage.sql_values()})", name="from_stage"),
        CheckConstraint(f"to_stage IN ({Stage.sql_values()})", name="to_stage"),
        CheckConstraint(
            "reason <> '' OR act NOT IN ('taken_back', 'reopened')",
            name="reason",
        ),
        CheckConstraint(
            "snapshot_id IS NOT NULL OR act NOT IN "
            "('self_closed', 'city_closed', 'notified', 'finalised')",
            name="snapshot",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    act: Mapped[Act] = mapped_column(Coded(Act))
    from_stage: Mapped[Stage] = mapped_column(Coded(Stage))
    to_stage: Mapped[Stage] = mapped_column(Coded(Stage))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshots.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str | None] = mapped_column(String(64))

    assessment: Mapped[Assessment] = relationship(back_populates="events")
    actor: Mapped[User | None] = relationship()
    snapshot: Mapped[Snapshot | None] = relationship()


class CardReview(Base):
    """The province reviewed a card: it takes all values of the card as they stand. Append-only;
    the latest of a card stands while the card's facts are those of `facts_sha256`.

    `taken_over`: the measures whose value the city decided (沿用初审), names parted by spaces.
    """

    __tablename__ = "card_reviews"
    __table_args__ = (Index("ix_card_reviews_card", "assessment_id", "subject", "subject_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    # What the card is about (county.recipient) and who: a sheet may be renamed, these stay.
    subject: Mapped[str] = mapped_column(String(60))
    subject_code: Mapped[str] = mapped_column(String(60))
    facts_sha256: Mapped[str] = mapped_column(String(64))
    taken_over: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    actor: Mapped[User | None] = relationship()


class Gap(Base):
    """A line that cannot be scored and is accepted so, or no longer (`accepted` false), with the
    reason that its card prints. Append-only; the latest of a line stands."""

    __tablename__ = "gaps"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_gaps_line", "assessment_id", "subject", "subject_code", "line"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    subject: Mapped[str] = mapped_column(String(60))
    subject_code: Mapped[str] = mapped_column(String(60))
    line: Mapped[str] = mapped_column(String(40))
    accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    actor: Mapped[User | None] = relationship()
