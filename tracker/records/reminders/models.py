"""Reminders, how each is sent beyond the page, and where people want them sent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, UtcDateTime
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User


class Reminder(Base):
    """One person is told of one thing once: `occasion` (a key of `occasions.OCCASIONS`), `subject`
    (the record that it is about) and `stage` (which of the reminders of it).

    `path`: the page where it is dealt with, below the site's address. `over_at`: since when there
    is nothing left to do about it, or a later reminder of the same took its place.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        Index("uq_reminders_told", "user_id", "occasion", "subject", "stage", unique=True),
        Index(None, "user_id", "over_at", "read_at"),
        Index(None, "over_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    occasion: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    stage: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class Channel(LabelledEnum):
    """A way beyond the page on which a reminder goes to a person."""

    MAIL = "mail", "电子邮件"
    WEBHOOK = "webhook", "消息接口"


class DeliveryState(LabelledEnum):
    """How far the sending of a reminder is."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "未送达"
    DROPPED = "dropped", "无须发送"


class ReminderDelivery(Base):
    """A reminder on a channel: the outbox. Whoever sends holds it under a lease, so that what a
    killed process left is sent by another. `reason`: what the last try said."""

    __tablename__ = "reminder_deliveries"
    __table_args__ = (
        CheckConstraint(f"channel IN ({Channel.sql_values()})", name="channel"),
        CheckConstraint(f"state IN ({DeliveryState.sql_values()})", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("state = 'waiting' OR lease_until IS NULL", name="lease"),
        CheckConstraint("tries >= 0", name="tries"),
        Index("uq_reminder_deliveries_reminder_id_channel", "reminder_id", "channel", unique=True),
        Index(None, "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminders.id"))
    channel: Mapped[Channel] = mapped_column(Coded(Channel))
    state: Mapped[DeliveryState] = mapped_column(
        Coded(DeliveryState), default=DeliveryState.WAITING
    )
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(400), default="")

    reminder: Mapped[Reminder] = relationship()


class ReminderAddress(RecordMixin, Base):
    """Where a person wants reminders sent; who has none is reminded on the page alone."""

    __tablename__ = "reminder_addresses"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    email: Mapped[str] = mapped_column(String(200), default="")
    by_webhook: Mapped[bool] = mapped_column(default=True)

    user: Mapped[User] = relationship()
