"""Sending what waits in the outbox: one message a person and channel, taken under a lease.

A message is sent outside the units that write. What a killed process was sending is sent again
once its lease has run out, with the same key; so it may come twice and is never lost.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.core.quantities.clock import local
from tracker.records.accounts.models import User
from tracker.records.reminders import queries
from tracker.records.reminders.channels import ChannelError, Line, Message, Sender
from tracker.records.reminders.models import Channel, DeliveryState, Reminder, ReminderDelivery
from tracker.records.submissions.workdays import is_working, moved_days

LEASE = timedelta(minutes=5)
# After each try in vain, how long until the next; after the last there is none.
AGAIN = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))
FIRST, LAST = time(8), time(20)  # nobody is called outside these hours of a working day
_AT_ONCE = 200  # deliveries that are taken under one lease
_log = logging.getLogger(__name__)


@dataclass
class Sent:
    """What came of a round: messages that were taken by the other side, and those that were not."""

    taken: int = 0
    refused: int = 0


def is_time(moment: datetime) -> bool:
    """Whether people may be called at `moment`: within the hours of a working day in China."""
    here = local(moment)
    day = here.date()
    return is_working(day, moved_days(day, day)) and FIRST <= here.time() < LAST


def send_waiting(senders: Mapping[Channel, Sender], address: str) -> Sent:
    """Send all that is due; `address` is that of the site, "" where it is not known."""
    sent = Sent()
    while taken := _take(senders):
        for (channel, _), batch in taken.items():
            message = _message(batch, address)
            try:
                senders[channel].send(message)
            except ChannelError as error:
                _log.warning("%s to %s: %s", channel.value, message.username, error)
                _not_taken(batch, error)
                sent.refused += 1
            else:
                _taken(batch)
                sent.taken += 1
    return sent


Batch = list[ReminderDelivery]


def _take(senders: Mapping[Channel, Sender]) -> dict[tuple[Channel, int], Batch]:
    """What is due, by channel and person, held for as long as LEASE."""
    moment = now()
    with units.writing(shown=False):
        found = queries.due(list(senders), _AT_ONCE)
        for each in found:
            if each.reminder.over_at is not None:
                each.state, each.lease_until = DeliveryState.DROPPED, None
            else:
                each.lease_until = moment + LEASE
        ids = [each.id for each in found if each.state is DeliveryState.WAITING]
    batches: dict[tuple[Channel, int], Batch] = defaultdict(list)
    held = select(ReminderDelivery).where(ReminderDelivery.id.in_(ids))
    for each in db.session.scalars(
        held.order_by(ReminderDelivery.id).options(
            joinedload(ReminderDelivery.reminder).joinedload(Reminder.user)
        )
    ):
        batches[each.channel, each.reminder.user_id].append(each)
    return batches


def _message(batch: Batch, address: str) -> Message:
    user: User = batch[0].reminder.user
    where = queries.address_of(user.id)
    numbers = " ".join(str(each.id) for each in batch)
    key = hashlib.sha256(f"{batch[0].channel.value} {numbers}".encode()).hexdigest()[:32]
    lines = [
        Line(
            each.reminder.title,
            each.reminder.words,
            f"{address}{each.reminder.path}" if address else "",
            str(each.reminder.due_on or ""),
        )
        for each in batch
    ]
    email = where.email if where else ""
    return Message(f"reminder-{key}", user.username, user.display_name, email, lines)


def _taken(batch: Batch) -> None:
    ids = [each.id for each in batch]
    with units.writing(shown=False):
        for each in _again(ids):
            each.state, each.sent_at, each.lease_until = DeliveryState.SENT, now(), None
            each.tries, each.reason = each.tries + 1, ""


def _not_taken(batch: Batch, error: ChannelError) -> None:
    ids = [each.id for each in batch]
    with units.writing(shown=False):
        for each in _again(ids):
            each.reason, each.lease_until = str(error)[:400], None
            if error.lasting or each.tries >= len(AGAIN):
                each.state = DeliveryState.FAILED
            else:
                each.next_at = now() + AGAIN[each.tries]
            each.tries += 1


def _again(ids: list[int]) -> list[ReminderDelivery]:
    waiting = ReminderDelivery.state == DeliveryState.WAITING
    statement = select(ReminderDelivery).where(ReminderDelivery.id.in_(ids), waiting)
    return list(db.session.scalars(statement))
