"""Making reminders of what stands, ending those of what does not, and the acts of who reads them.
Nothing commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import Select, select, update

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.reminders import application_occasions as _declared  # noqa: F401 - its occasions
from tracker.records.reminders import plan_occasions as _plans  # noqa: F401 - its occasions
from tracker.records.reminders import queries
from tracker.records.reminders import supervision_occasions as _orders  # noqa: F401 - its occasions
from tracker.records.reminders.channels import senders
from tracker.records.reminders.models import (
    Channel,
    DeliveryState,
    Reminder,
    ReminderAddress,
    ReminderDelivery,
)
from tracker.records.reminders.occasions import OCCASIONS, Found, came_back
from tracker.records.submissions import service as submissions
from tracker.records.submissions.models import Filing, FilingAct, FilingEvent

Standing = Mapping[str, Collection[Found]]
Key = tuple[int, str, str, str]


@dataclass(frozen=True)
class New:
    """A reminder that `gather` makes: of `occasion`, for `user`."""

    occasion: str
    user: User
    found: Found

    @property
    def key(self) -> Key:
        """What tells it from all others."""
        return self.user.id, self.occasion, self.found.subject, self.found.stage


@dataclass(frozen=True)
class Gathered:
    """What came of `gather`: reminders that are new, and those that are over."""

    new: list[New]
    over: list[Reminder]


def standing(on: date) -> dict[str, list[Found]]:
    """All that people are to be reminded of `on` a day, by occasion. Reads only; takes a while."""
    return {key: list(occasion.find(on)) for key, occasion in OCCASIONS.items()}


def gather(found: Standing, channels: Collection[Channel]) -> Gathered:
    """Make the reminders of what was `found` that nobody was told yet, with a delivery for each of
    `channels` that the person can be reached on; end those of what stands no more, or has moved on
    to its next stage."""
    new, standing, over = _compared(found)
    for before, one in standing:
        if before.over_at is not None:  # it stands again
            before.over_at = before.read_at = None
        _fill(before, one.found)
    for one in new:
        _make(one, channels)
    _end(over)
    db.session.flush()
    return Gathered(new, over)


def tell(found: Standing, channels: Collection[Channel]) -> list[New]:
    """Make the reminders of what was `found` that nobody was told yet, and end none."""
    new = [one for one in _of_people(found) if queries.told(*one.key) is None]
    for one in new:
        _make(one, channels)
    db.session.flush()
    return new


@submissions.after_step
def _at_once(filing: Filing, event: FilingEvent) -> None:
    """Whoever gets a filing back is told at once: half an hour later they may have gone home."""
    if event.act in (FilingAct.RETURNED, FilingAct.SENT_BACK, FilingAct.REOPENED):
        told = came_back(filing, [event], today())
        tell({"filing_returned": [told]}, list(senders(current_app.config["TRACKER"])))


def would_gather(found: Standing) -> Gathered:
    """What `gather` would do now, without doing it."""
    new, _, over = _compared(found)
    return Gathered(new, over)


def _compared(found: Standing) -> tuple[list[New], list[tuple[Reminder, New]], list[Reminder]]:
    """What nobody was told yet, what somebody was, with the reminder, and the reminders of what
    stands no more."""
    there = {_key_of(each): each for each in db.session.scalars(_not_over())}
    wanted = {one.key: one for one in _of_people(found)}
    new, standing = [], []
    for key, one in wanted.items():
        before = there.get(key) or queries.told(*key)
        if before is None:
            new.append(one)
        else:
            standing.append((before, one))
    return new, standing, [each for key, each in there.items() if key not in wanted]


def _not_over() -> Select[Reminder]:
    return select(Reminder).where(Reminder.over_at.is_(None))


def _key_of(reminder: Reminder) -> Key:
    return reminder.user_id, reminder.occasion, reminder.subject, reminder.stage


def _of_people(found: Standing) -> Iterable[New]:
    people: dict[int, list[User]] = defaultdict(list)
    for user in db.session.scalars(
        select(User).where(User.active, User.region_id.is_not(None)).order_by(User.id)
    ):
        assert user.region_id is not None, "asked for"
        people[user.region_id].append(user)
    for occasion, each in found.items():
        for one in each:
            for place in dict.fromkeys(one.places):
                for user in people[place]:
                    if any(user.may(permission) for permission in one.permissions):
                        yield New(occasion, user, one)


def _make(one: New, channels: Collection[Channel]) -> None:
    found = one.found
    reminder = Reminder(
        user_id=one.user.id, occasion=one.occasion, subject=found.subject, stage=found.stage
    )
    _fill(reminder, found)
    db.session.add(reminder)
    for channel in channels_to(one.user, channels):
        db.session.add(ReminderDelivery(reminder=reminder, channel=channel))


def _fill(reminder: Reminder, found: Found) -> None:
    reminder.title, reminder.words = found.title[:300], found.words
    reminder.path, reminder.due_on = found.path, found.due_on


def channels_to(user: User, channels: Collection[Channel]) -> list[Channel]:
    """Those of `channels` on which `user` is to be reached."""
    address = queries.address_of(user.id)
    return [channel for channel in channels if _reaches(channel, address)]


def _reaches(channel: Channel, address: ReminderAddress | None) -> bool:
    if channel is Channel.MAIL:
        return address is not None and bool(address.email)
    return address is None or address.by_webhook


def _end(over: list[Reminder]) -> None:
    at = now()
    for each in over:
        each.over_at = at
    if over:
        db.session.execute(
            update(ReminderDelivery)
            .where(
                ReminderDelivery.reminder_id.in_([each.id for each in over]),
                ReminderDelivery.state == DeliveryState.WAITING,
                ReminderDelivery.lease_until.is_(None),
            )
            .values(state=DeliveryState.DROPPED)
        )


def read(user: User, reminder_ids: Collection[int] | None = None) -> int:
    """Note that `user` has read these reminders, or all; how many were unread."""
    mine = [Reminder.user_id == user.id, Reminder.read_at.is_(None)]
    if reminder_ids is not None:
        mine.append(Reminder.id.in_(reminder_ids))
    unread = db.session.scalars(select(Reminder).where(*mine)).all()
    for each in unread:
        each.read_at = now()
    return len(unread)


def set_address(user: User, email: str, *, by_webhook: bool) -> None:
    """Where `user` wants reminders sent; "" for no mail."""
    address = queries.address_of(user.id) or ReminderAddress(user_id=user.id)
    address.email, address.by_webhook = email, by_webhook
    db.session.add(address)
