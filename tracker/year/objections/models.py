"""An objection (申诉) to a line of a card, what became of it, and the rulings that it led to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, Scaled, UtcDateTime
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Determination
from tracker.records.places.models import Region
from tracker.year.assessments.models import Snapshot
from tracker.year.procedure.models import Assessment


class ObjectionState(LabelledEnum):
    """How an objection stands; events make it."""

    OPEN = "open", "待答复"
    GRANTED = "granted", "支持"
    PARTLY = "partly", "部分支持"
    REFUSED = "refused", "不予支持"
    WITHDRAWN = "withdrawn", "已撤回"


class ObjectionAct(LabelledEnum):
    """What somebody does with an objection."""

    FILED = "filed", "提出申诉"
    WITHDRAWN = "withdrawn", "撤回申诉"
    GRANTED = "granted", "答复：支持"
    PARTLY = "partly", "答复：部分支持"
    REFUSED = "refused", "答复：不予支持"


ANSWERS = (ObjectionAct.GRANTED, ObjectionAct.PARTLY, ObjectionAct.REFUSED)
CORRECTING = (ObjectionAct.GRANTED, ObjectionAct.PARTLY)  # answers that correct facts
_OPEN = "state = 'open'"


class Objection(RecordMixin, Base):
    """What `region` says against a line of a card of its own in the snapshot that is published.

    `subject` is what the card is about (county.recipient) and `sheet` its rulebook's code;
    `subject_name` and `line_name` are as they read on that card. `words`: what is wrong and why.
    `state_at`: since when it is in its state.
    """

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint(f"state IN ({ObjectionState.sql_values()})", name="state"),
        CheckConstraint("words <> ''", name="words"),
        Index(
            "uq_objections_line",
            "assessment_id",
            "subject",
            "subject_code",
            "line",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id"))
    sheet: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    subject_code: Mapped[str] = mapped_column(String(60))
    subject_name: Mapped[str] = mapped_column(String(200))
    line: Mapped[str] = mapped_column(String(40))
    line_name: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[ObjectionState] = mapped_column(
        Coded(ObjectionState), default=ObjectionState.OPEN
    )
    state_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    assessment: Mapped[Assessment] = relationship()
    region: Mapped[Region] = relationship()
    snapshot: Mapped[Snapshot] = relationship()
    claims: Mapped[list[ObjectionClaim]] = relationship(
        back_populates="objection", order_by="ObjectionClaim.measure"
    )
    events: Mapped[list[ObjectionEvent]] = relationship(
        back_populates="objection", order_by="ObjectionEvent.id"
    )

    @property
    def line_words(self) -> str:
        """Its line as people name it: 1.2 项目投资."""
        return f"{self.line} {self.line_name}"

    @property
    def answer(self) -> ObjectionEvent | None:
        """The event that answered it; None while nobody has."""
        return next((e for e in self.events if e.act in ANSWERS), None)

    @property
    def over(self) -> ObjectionEvent | None:
        """The event that answered or withdrew it; None while it waits."""
        return next((e for e in self.events if e.act is not ObjectionAct.FILED), None)


class ObjectionClaim(Base):
    """The value that an objection holds right for a measure of its line, in the measure's unit.
    Append-only."""

    __tablename__ = "objection_claims"
    __table_args__ = (Index("uq_objection_claims_measure", "objection_id", "measure", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objections.id"))
    measure: Mapped[str] = mapped_column(String(80))
    value: Mapped[Decimal] = mapped_column(Scaled(8))

    objection: Mapped[Objection] = relationship(back_populates="claims")


class ObjectionEvent(Base):
    """An act on an objection: who did it, when, why, from which address. Append-only. Without
    `actor_id` the program did it."""

    __tablename__ = "objection_events"
    __table_args__ = (
        CheckConstraint(f"act IN ({ObjectionAct.sql_values()})", name="act"),
        CheckConstraint("act = 'filed' OR reason <> ''", name="reason"),
        # Filed once, and over once: withdrawn or answered.
        Index(
            "uq_objection_events_filed",
            "objection_id",
            unique=True,
            sqlite_where=text("act = 'filed'"),
            postgresql_where=text("act = 'filed'"),
        ),
        Index(
            "uq_objection_events_over",
            "objection_id",
            unique=True,
            sqlite_where=text("act <> 'filed'"),
            postgresql_where=text("act <> 'filed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objections.id"), index=True)
    act: Mapped[ObjectionAct] = mapped_column(Coded(ObjectionAct))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str | None] = mapped_column(String(64))

    objection: Mapped[Objection] = relationship(back_populates="events")
    actor: Mapped[User | None] = relationship()
    rulings: Mapped[list[ObjectionRuling]] = relationship(
        back_populates="event", order_by="ObjectionRuling.id"
    )


class ObjectionRuling(Base):
    """A ruling that was made by the answer to an objection. Append-only."""

    __tablename__ = "objection_rulings"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("objection_events.id"), index=True)
    determination_id: Mapped[int] = mapped_column(ForeignKey("determinations.id"), unique=True)

    event: Mapped[ObjectionEvent] = relationship(back_populates="rulings")
    determination: Mapped[Determination] = relationship()

    @property
    def value(self) -> Decimal | None:
        """What is right by it, in the measure's unit: of an accepted one what was reported; a
        refused one counts 0, and is not granted."""
        ruling = self.determination
        return ruling.reported if ruling.value is None else ruling.value
