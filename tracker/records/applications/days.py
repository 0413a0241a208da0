"""The days of an application's steps: each that of its paper, and what the record that is applied
for says of the same days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.db.audit import AuditEntry
from tracker.core.quantities.clock import day_of, today
from tracker.records.applications import demands
from tracker.records.applications.models import (
    CLOSED,
    MONEY_ACTS,
    Acceptance,
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.applications.queries import events_of
from tracker.records.parks.models import Park
from tracker.records.villages.models import DemonstrationVillage

S, A = ApplicationState, ApplicationAct
# Steps without a document of their own: the day on which the paper was signed or handed in, that of
# the act itself where nobody says another.
BY_CLICK = (A.APPROVED, A.SUBMITTED, A.CITY_REVIEWED, A.GRANTED, A.ASKED)
_NOT_FILED = (S.DRAFT, S.APPROVED, S.RETURNED)
_IN_ORDER = ("applied_on", "approved_on", "accepted_on")
_WORDS = {
    "signed_on": "签约",
    "applied_on": "申报",
    "approved_on": "立项（批复）",
    "accepted_on": "验收",
}


def of_event(event: ApplicationEvent) -> date:
    """The day of a step: of its paper, else of the act."""
    return event.on_day or day_of(event.at)


def word_of(act: ApplicationAct) -> str:
    """市级审核: what the day of `act` is the day of."""
    return act.label.removesuffix("同意")


def faults(
    application: Application, what: ApplicationAct, on_day: date | None
) -> Iterator[tuple[str, str]]:
    """(sentence, field) of what is wrong with the day of a step."""
    word = word_of(what)
    if on_day is None:
        yield f"请填写{word}日期。", "on_day"
    elif on_day > today():
        yield f"{word}日期 {on_day} 晚于今天({today()})。", "on_day"
    elif application.established_on and on_day < application.established_on:
        yield f"{word}日期早于立项日期 {application.established_on}，请核对。", "on_day"
    elif before := _before(application, what, on_day):
        yield f"{word}日期 {on_day} 早于{before}，请核对。", "on_day"
    elif what is A.SUBMITTED and (said := demands.may_apply(application, on_day)):
        yield said, "on_day"


def _before(application: Application, what: ApplicationAct, on_day: date) -> str:
    """Before which step's day `on_day` lies, in words; "" where it does not, or where the record
    that is established has told that day before."""
    if what in MONEY_ACTS:
        return ""
    record = _record(application)
    if what is A.ESTABLISHED and record is not None and record.approved_on == on_day:
        return ""
    events = events_of(application)
    filed = next((of_event(each) for each in events if each.act is A.SUBMITTED), None)
    if what is A.ESTABLISHED and filed is not None and on_day < filed:
        return f"申报日期 {filed}"
    last = next((each for each in events if each.from_state is not each.to_state), None)
    if last is not None and on_day < of_event(last):
        return f"上一步“{last.act.label}”的日期 {of_event(last)}"
    return ""


# -- what the record that is applied for says of the same day


def _record(application: Application) -> DemonstrationVillage | Park | None:
    """The 示范点 or park that is applied for; money is for a record that has days of its own."""
    if application.kind is ApplicationKind.FUND:
        return None
    return application.demonstration_village or application.park


def _told(
    application: Application,
    what: ApplicationAct,
    on_day: date | None,
    result: Acceptance | None,
) -> Iterator[tuple[DemonstrationVillage | Park, str, date]]:
    """(record, field, day) of what `what` says of the record that is applied for."""
    record = _record(application)
    if on_day is None or record is None:
        return
    if what is A.ESTABLISHED:
        yield record, "approved_on", on_day
    passed = what is A.INSPECTED and result is Acceptance.PASSED
    if passed and isinstance(record, DemonstrationVillage):
        yield record, "accepted_on", on_day


def faults_of_subject(
    application: Application,
    what: ApplicationAct,
    on_day: date | None,
    result: Acceptance | None,
) -> Iterator[tuple[str, str]]:
    """(sentence, field) of where the record that is applied for speaks against the day."""
    for record, name, day in _told(application, what, on_day, result):
        yield from _against(record, name, day)


def _against(
    record: DemonstrationVillage | Park, name: str, day: date
) -> Iterator[tuple[str, str]]:
    told, words = getattr(record, name), _WORDS[name]
    if told is not None and told != day:
        yield f"“{record.name}”登记的{words}日期是 {told}，与此不同，请先核对。", "on_day"
        return
    order = _IN_ORDER if isinstance(record, DemonstrationVillage) else ("signed_on", "approved_on")
    at = order.index(name)
    for earlier in order[:at]:
        if (other := getattr(record, earlier)) is not None and other > day:
            yield (
                f"“{record.name}”登记的{_WORDS[earlier]}日期 {other} 在此之后，请核对。",
                "on_day",
            )
    for later in order[at + 1 :]:
        if (other := getattr(record, later)) is not None and other < day:
            yield f"“{record.name}”登记的{_WORDS[later]}日期 {other} 在此之前，请核对。", "on_day"


def tell(application: Application, what: ApplicationAct, event: ApplicationEvent) -> None:
    """Let the record that is applied for say the day of the step; what it says is never
    overwritten."""
    record = _record(application)
    if what is A.SUBMITTED and isinstance(record, DemonstrationVillage):
        day = of_event(event)
        later = [each for each in (record.approved_on, record.accepted_on) if each is not None]
        if record.applied_on is None and all(day <= each for each in later):
            record.applied_on = day
    for told, name, day in _told(application, what, event.on_day, event.result):
        setattr(told, name, day)


def take_back(application: Application) -> None:
    """What steps of `application` told the record that it is for is told no more, where it came to
    nothing: what these steps wrote and nobody has written since. What a person entered stays."""
    record = _record(application)
    if record is None:
        return
    events = events_of(application)
    for act, name in ((A.SUBMITTED, "applied_on"), (A.ESTABLISHED, "approved_on")):
        day = getattr(record, name, None)
        of = [each for each in events if each.act is act and of_event(each) == day]
        if day is not None and of and _written_by(record, name, day, of):
            setattr(record, name, None)


def _written_by(
    record: DemonstrationVillage | Park, name: str, day: date, events: list[ApplicationEvent]
) -> bool:
    """Whether one of `events` was the last that wrote `name` of `record`: the trail has the reason
    of an act on an application, and none where a person fills in the form."""
    trail = (
        select(AuditEntry)
        .where(
            AuditEntry.table_name == type(record).__tablename__,
            AuditEntry.record_id == record.id,
        )
        .order_by(AuditEntry.id.desc())
    )
    for entry in db.session.scalars(trail):
        changes: dict[str, Any] = json.loads(entry.changes)
        if name in changes:
            said = {event.reason or event.act.label for event in events}
            return changes[name][1] == day.isoformat() and entry.reason in said
    return False


def differing(application: Application) -> list[str]:
    """Where the record that `application` is for says another day than it does, in sentences."""
    record = _record(application)
    if record is None or application.state in CLOSED:
        return []
    told = [("approved_on", application.established_on)]
    if isinstance(record, DemonstrationVillage):
        told = [("applied_on", _filed_on(application, record.applied_on)), *told]
        if application.state is S.ACCEPTED:
            told.append(("accepted_on", application.inspected_on))
    return [
        f"“{record.name}”登记的{_WORDS[name]}日期是 {getattr(record, name) or '空'}，"
        f"与申报的 {day} 不同。"
        for name, day in told
        if day is not None and getattr(record, name) != day
    ]


def _filed_on(application: Application, told: date | None) -> date | None:
    """The day of 申报: `told` where it was filed then and returned since, else the last."""
    if application.state in _NOT_FILED:
        return None
    days = []
    for event in events_of(application):
        if event.act is A.RESUMED:
            break
        if event.act is A.SUBMITTED:
            days.append(of_event(event))
    return told if told in days else days[0] if days else None
