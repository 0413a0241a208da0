"""What a pair does beyond projects: each kind of exchange is a table of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from tracker.core.db import Base, Coded, Money, RecordMixin
from tracker.core.db.codes import LabelledEnum
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.villages.models import DemonstrationVillage


class OfPairing:
    """A record that belongs to one pairing."""

    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), index=True)

    @declared_attr
    def pairing(cls) -> Mapped[Pairing]:
        return relationship()


class Side(LabelledEnum):
    """Which side sends."""

    SUPPORTER = "supporter", "支援方"
    RECIPIENT = "recipient", "受援方"


class Visit(RecordMixin, OfPairing, Base):
    """A visit of leaders (高层互访)."""

    __tablename__ = "visits"
    __table_args__ = (CheckConstraint(f"visitor IN ({Side.sql_values()})", name="visitor"),)

    visited_on: Mapped[date] = mapped_column(Date)
    visitor: Mapped[Side] = mapped_column(Coded(Side))
    led_by: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(400), default="")


class JointMeeting(RecordMixin, OfPairing, Base):
    """A joint meeting of both sides (联席会议)."""

    __tablename__ = "joint_meetings"

    met_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(120), default="")
    decisions: Mapped[str] = mapped_column(String(1000), default="")


class JointEvent(RecordMixin, OfPairing, Base):
    """An event held together (联合活动): promotion, fair, festival; in a park or elsewhere."""

    __tablename__ = "joint_events"

    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    held_on: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(String(200))

    park: Mapped[Park | None] = relationship()


class Secondment(RecordMixin, OfPairing, Base):
    """A seconded cadre (挂职干部): the person, the post and the term."""

    __tablename__ = "secondments"
    __table_args__ = (
        CheckConstraint(f"sent_by IN ({Side.sql_values()})", name="sent_by"),
        CheckConstraint("starts_on <= ends_on", name="term"),
    )

    person: Mapped[str] = mapped_column(String(60))
    sent_by: Mapped[Side] = mapped_column(Coded(Side))
    from_post: Mapped[str] = mapped_column(String(120), default="")
    to_post: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)


class Field(LabelledEnum):
    """What specialists work in."""

    EDUCATION = "education", "教育"
    HEALTH = "health", "卫生"
    AGRICULTURE = "agriculture", "农业"
    TECHNOLOGY = "technology", "科技"
    CULTURE = "culture", "文化"
    OTHER = "other", "其他"


class SpecialistPosting(RecordMixin, OfPairing, Base):
    """Specialists sent (专技人才), 人次."""

    __tablename__ = "specialist_postings"
    __table_args__ = (
        CheckConstraint(f"field IN ({Field.sql_values()})", name="field"),
        CheckConstraint("people > 0", name="people"),
        CheckConstraint("starts_on <= ends_on", name="term"),
    )

    field: Mapped[Field] = mapped_column(Coded(Field))
    people: Mapped[int]
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)


class TrainingPurpose(LabelledEnum):
    """What people are trained for."""

    EMPLOYMENT = "employment", "培训就业"
    SKILLS = "skills", "技能培训"
    CADRES = "cadres", "干部培训"


class Training(RecordMixin, OfPairing, Base):
    """A training (劳务培训): how many were trained, how many of them employed, 人次."""

    __tablename__ = "trainings"
    __table_args__ = (
        CheckConstraint(f"purpose IN ({TrainingPurpose.sql_values()})", name="purpose"),
        CheckConstraint("people > 0", name="people"),
        CheckConstraint("employed >= 0 AND employed <= people", name="employed"),
    )

    purpose: Mapped[TrainingPurpose] = mapped_column(Coded(TrainingPurpose))
    held_on: Mapped[date] = mapped_column(Date)
    people: Mapped[int]
    employed: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200), default="")


class InstitutionKind(LabelledEnum):
    """What is paired."""

    SCHOOL = "school", "学校"
    HOSPITAL = "hospital", "医院"


class InstitutionPair(RecordMixin, OfPairing, Base):
    """A school or hospital of one side paired with one of the other."""

    __tablename__ = "institution_pairs"
    __table_args__ = (
        CheckConstraint(f"kind IN ({InstitutionKind.sql_values()})", name="kind"),
        CheckConstraint("signed_on <= ends_on", name="term"),
    )

    kind: Mapped[InstitutionKind] = mapped_column(Coded(InstitutionKind))
    supporter_name: Mapped[str] = mapped_column(String(120))
    recipient_name: Mapped[str] = mapped_column(String(120))
    signed_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)


class ConsumptionAid(RecordMixin, OfPairing, Base):
    """Goods of the recipient bought by the supporter's side (消费帮扶), 元; where they come from a
    demonstration village or a park, that is named."""

    __tablename__ = "consumption_aids"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    demonstration_village_id: Mapped[int | None] = mapped_column(
        ForeignKey("demonstration_villages.id"), index=True
    )
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    bought_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Money)
    buyer: Mapped[str] = mapped_column(String(120), default="")
    channel: Mapped[str] = mapped_column(String(120), default="")

    demonstration_village: Mapped[DemonstrationVillage | None] = relationship()
    park: Mapped[Park | None] = relationship()
