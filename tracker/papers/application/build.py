"""Reads what the form of an application shows, from the application and its events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from tracker.core.db import Origin
from tracker.core.quantities.clock import day_of, written
from tracker.core.quantities.figure import yuan
from tracker.papers.application.model import ApplicationForm, Opinion
from tracker.papers.common.form import FormHead
from tracker.records.applications import days, demands, queries
from tracker.records.applications.models import (
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationState,
)
from tracker.records.submissions.steps import city_above
from tracker.web.kit.kinds import name_of

A, S = ApplicationAct, ApplicationState
_TITLES = {
    A.APPROVED: "申报单位意见",
    A.CITY_REVIEWED: "市级审核意见",
    A.GRANTED: "省级审批意见",
    A.ESTABLISHED: "立项",
    A.INSPECTED: "验收意见",
}
# What ends an application before its time stands behind what was said until then.
_ENDS = (A.REJECTED, A.WITHDRAWN, A.REVOKED)


def application_form(application: Application, printed_at: datetime) -> ApplicationForm:
    """The form of `application` as it stands: what was said before it was given back is over."""
    moment = written(printed_at)
    there = demands.handed_in(application)
    wanted = demands.words_of_papers(application.kind)
    asked, granted = application.amount_asked, application.amount_granted
    pairing = application.pairing
    return ApplicationForm(
        head=FormHead(
            title="项目申报表",
            period=f"{application.year}年",
            subject_code=application.county.code or "",
            subject_name=application.county.name,
            printed_at=moment,
            # What is asked for a made-up record is made up as well.
            sample=Origin.SAMPLE
            in (application.origin, getattr(application.subject, "origin", None)),
        ),
        kind=application.kind.label,
        name=application.name,
        partner=pairing.supporter.name if pairing is not None else "",
        about=name_of(application.subject) if application.subject is not None else "",
        filed=_filed(application),
        asked=yuan(asked) if asked is not None else None,
        granted=yuan(granted) if granted is not None else None,
        works=application.works,
        benefit=application.benefit,
        papers=tuple(f"{word}（{day_of(there[word])}）" for word in wanted if word in there),
        opinions=tuple(_opinions(application)),
    )


def _filed(application: Application) -> date | None:
    """The day of 申报: of the last time, else what its 示范点 tells; none before it."""
    if application.state in (S.DRAFT, S.RETURNED, S.WITHDRAWN, S.APPROVED):
        return None
    events = queries.events_of(application)
    filed = next((days.of_event(event) for event in events if event.act is A.SUBMITTED), None)
    spot = application.demonstration_village
    return filed if filed is not None else spot.applied_on if spot is not None else None


def _opinions(application: Application) -> Iterator[Opinion]:
    said: dict[ApplicationAct, ApplicationEvent] = {}
    for event in reversed(queries.events_of(application)):
        if event.to_state in (S.DRAFT, S.RETURNED):
            said.clear()
        said[event.act] = event
    for act, title in _TITLES.items():
        if act is A.CITY_REVIEWED and city_above(application.county) is None:
            continue
        yield _opinion(title, said[act]) if act in said else Opinion(title)
    for act in _ENDS:
        if act in said:
            yield _opinion(act.label, said[act])


def _opinion(title: str, event: ApplicationEvent) -> Opinion:
    parts = [event.result.label if event.result else "", event.document]
    if event.due_on is not None:
        parts.append(f"验收期限 {event.due_on.isoformat()}")
    return Opinion(
        title,
        event.reason,
        "，".join(filter(None, parts)),
        event.actor.display_name if event.actor is not None else "",
        days.of_event(event),
    )
