"""Reminders of a person, and what waits to be sent. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.reminders.models import (
    Channel,
    DeliveryState,
    Reminder,
    ReminderAddress,
    ReminderDelivery,
)


def told(user_id: int, occasion: str, subject: str, stage: str) -> Reminder | None:
    """The reminder of this stage that the person was given, over or not."""
    statement = select(Reminder).where(
        Reminder.user_id == user_id,
        Reminder.occasion == occasion,
        Reminder.subject == subject,
        Reminder.stage == stage,
    )
    return db.session.scalars(statement).one_or_none()


def address_of(user_id: int) -> ReminderAddress | None:
    """Where a person wants reminders sent."""
    statement = select(ReminderAddress).where(ReminderAddress.user_id == user_id)
    return db.session.scalars(statement).one_or_none()


def of_user(user: User, *, standing: bool) -> Select[Reminder]:
    """The reminders of `user`: those that stand, what is due first; or those that are over, the
    latest first."""
    mine = select(Reminder).where(Reminder.user_id == user.id)
    if standing:
        return mine.where(Reminder.over_at.is_(None)).order_by(
            Reminder.due_on.nulls_first(), Reminder.id
        )
    return mine.where(Reminder.over_at.is_not(None)).order_by(
        Reminder.over_at.desc(), Reminder.id.desc()
    )


def unread(user: User) -> int:
    """How many reminders that stand `user` has not read."""
    return db.session.scalar(_unread(), {"reader": user.id}) or 0


@cache
def _unread() -> Select[int]:
    """Composed once: every page asks it."""
    return select(func.count()).where(
        Reminder.user_id == bindparam("reader"),
        Reminder.over_at.is_(None),
        Reminder.read_at.is_(None),
    )


def outbox() -> dict[tuple[Channel, DeliveryState], int]:
    """How many deliveries stand how, by channel."""
    statement = select(ReminderDelivery.channel, ReminderDelivery.state, func.count())
    rows = db.session.execute(statement.group_by(ReminderDelivery.channel, ReminderDelivery.state))
    return {(channel, state): number for channel, state, number in rows}


def not_delivered(limit: int) -> list[ReminderDelivery]:
    """The latest deliveries that failed, or were tried in vain and wait."""
    statement = (
        select(ReminderDelivery)
        .where(ReminderDelivery.reason != "")
        .options(joinedload(ReminderDelivery.reminder).joinedload(Reminder.user))
    )
    return list(db.session.scalars(statement.order_by(ReminderDelivery.id.desc()).limit(limit)))


def undelivered() -> int:
    """How many reminders that stand did not get to somebody, and will not by themselves."""
    failed = select(func.count(ReminderDelivery.id)).join(ReminderDelivery.reminder)
    return (
        db.session.scalar(
            failed.where(ReminderDelivery.state == DeliveryState.FAILED, Reminder.over_at.is_(None))
        )
        or 0
    )


def due(channels: Collection[Channel], limit: int | None = None) -> list[ReminderDelivery]:
    """What waits for one of `channels`, is to be sent by now and held by nobody; the oldest
    first."""
    moment = now()
    statement = select(ReminderDelivery).where(
        ReminderDelivery.state == DeliveryState.WAITING,
        ReminderDelivery.next_at <= moment,
        ReminderDelivery.channel.in_(channels),
        or_(ReminderDelivery.lease_until.is_(None), ReminderDelivery.lease_until < moment),
    )
    with_whom = joinedload(ReminderDelivery.reminder).joinedload(Reminder.user)
    return list(
        db.session.scalars(statement.order_by(ReminderDelivery.id).limit(limit).options(with_whom))
    )
