"""What a locked period keeps beside money and operating figures: records of a day or of a year
whose kinds are named here. In one that is opened again their words change; their figures do not
while a later period is locked. The database sees to the same (migrations 0027 and 0039)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.core.db import db
from tracker.records.submissions import locks
from tracker.web.kit.acts import BlockedError
from tracker.web.kit.declared import Blocked
from tracker.web.kit.kinds import Kind


@dataclass(frozen=True)
class Whose:
    """Whose filings lock a record: a county's, and where it is about an enclave the enclave's."""

    region_id: int
    enclave_id: int | None = None


# (value of the field that says when, whose) → why nothing changes; "" where it may.
Asked = Callable[[Any, Whose], str]
Values = Mapping[str, Any]
Owner = Callable[[Any, Values], Whose | None]


def of_day(day: date, whose: Whose) -> str:
    """Of what happens on a day."""
    return locks.locked_on(day, whose.region_id, whose.enclave_id, locks.REPORTED)


def of_year(year: int, whose: Whose) -> str:
    """Of what is told of a year."""
    return locks.locked_year(year, whose.region_id)


def words_of_day(day: date, whose: Whose) -> str:
    """Of the words of what happens on a day."""
    return locks.words_locked_on(day, whose.region_id, whose.enclave_id)


@dataclass(frozen=True)
class Event:
    """What of a record happens in a period: the fields `days` place it (`when` gives the one that
    does), and with them `figures` stand. Where the field is empty nothing is placed."""

    days: tuple[str, ...]
    figures: tuple[str, ...] = ()
    when: Callable[[Values], str] | None = None

    @property
    def frozen(self) -> tuple[str, ...]:
        """The fields that stand."""
        return (*self.days, *self.figures)

    def field(self, values: Values) -> str:
        """The field that says when."""
        return self.when(values) if self.when is not None else self.days[0]


def keep(
    kind: Kind,
    events: Sequence[Event],
    owner: Owner,
    *,
    asked: Asked = of_day,
    wholly: Asked = words_of_day,
    lasting: bool = False,
) -> None:
    """Let a locked period keep the records of `kind`: each of `events` says of which one they are
    and what of them is no words, `owner(parent, values)` whose. What is `lasting` goes on after
    its period: all but its figures changes."""
    names = {name for event in events for name in event.frozen}

    def said_of(ask: Asked, event: Event, parent: Any, values: Values) -> str:
        when, whose = values[event.field(values)], owner(parent, values)
        return ask(when, whose) if whose is not None and when else ""

    def standing(record: Any) -> dict[str, Any]:
        return {name: getattr(record, name) for name in names}

    def against(user: Any, record: Any, parent: Any, values: Values) -> tuple[str, str] | None:
        old = None if record is None else standing(record)
        new = {name: values.get(name, (old or {}).get(name)) for name in names}
        for event in events:
            if old is not None and all(old[name] == new[name] for name in event.frozen):
                continue
            for each in (new,) if old is None else (new, old):
                if said := said_of(asked, event, parent, each):
                    return event.field(new), said
        return None

    def stands(record: Any) -> dict[str, str]:
        parent, values = kind.parent_of(record), standing(record)
        told = ((event, said_of(asked, event, parent, values)) for event in events)
        return {name: said for event, said in told if said for name in event.frozen}

    def blocked(user: Any, record: Any) -> Blocked | None:
        if (said := before.blocked(user, record)) is not None:
            return said
        if lasting:
            return None
        parent, values = kind.parent_of(record), standing(record)
        told = (said_of(wholly, event, parent, values) for event in events)
        return next((Blocked(why) for why in told if why), None)

    def remove(user: Any, record: Any, reason: str) -> None:
        for said in stands(record).values():
            raise BlockedError(said)
        db.session.delete(record)

    before = kind.scope
    kind.scope = replace(before, blocked=blocked, foreign=before.foreign or before.blocked)
    kind.closed = against
    kind.remove = remove
    kind.told.append(stands)


def one(when: str, figures: Collection[str]) -> tuple[Event, ...]:
    """The one event of a record that a single field places."""
    return (Event((when,), tuple(figures)),)
