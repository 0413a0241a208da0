"""操作记录: who changed what and when, who came and went and took what away, for those who run the
system: the changes of the audit trail and the events on one timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, and_, or_, select

from tracker.core.db import db
from tracker.core.db.audit import AuditAction, AuditEntry
from tracker.core.db.events import Event, EventKind
from tracker.core.quantities.clock import CHINA
from tracker.core.quantities.reading import parse_day
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.site.trail_words import ACTIONS, say, table_labels
from tracker.web.access import requires
from tracker.web.search import found_in
from tracker.web.tables import asked_choice, asked_number, asked_text, at_once, number_of

bp = Blueprint("audit", __name__, url_prefix="/audit")

PER_PAGE = 50
PROGRAM = "系统"  # asked for as the actor: what no user did
# At one moment changes come before events; a number at the edge of a page is that of a change, one
# with this sign before it that of an event.
_SOURCES = (AuditEntry, Event)
_EVENT = "e"


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; the empty value of each leaves it alone."""

    actor: str
    table: str
    record: int | None
    action: AuditAction | EventKind | None
    since: date | None
    until: date | None
    faults: tuple[str, ...]


@bp.get("/")
@requires(Permission.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """The trail, the latest first; `?before=` and `?after=` name the entry a page begins at."""
    wanted = _wanted()
    entries, newer, older = _page(wanted)
    actors = db.session.scalars(select(User).where(User.id.in_({e.actor_id for e in entries})))
    return render_template(
        "site/trail/index.html",
        said=say(entries),
        actors={user.id: user.display_name for user in actors},
        program=PROGRAM,
        wanted=wanted,
        newer=newer,
        older=older,
        actions=[*ACTIONS.items(), *EventKind.choices()],
        tables=sorted(table_labels().items(), key=lambda item: item[1]),
    )


def _wanted() -> Wanted:
    faults: list[str] = []
    return Wanted(
        actor=asked_text("actor"),
        table=asked_text("table"),
        record=asked_number("record"),
        action=asked_choice("action", AuditAction) or asked_choice("action", EventKind),
        since=_day("since", faults),
        until=_day("until", faults),
        faults=tuple(faults),
    )


def _day(name: str, faults: list[str]) -> date | None:
    text = asked_text(name)
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        faults.append(str(error))
        return None


def _listings(wanted: Wanted) -> dict[Any, Select]:
    """What is wanted of changes and of events, each in its own statement."""
    actors = _actors(wanted.actor)
    found = {}
    for source in _SOURCES:
        kind = AuditAction if source is AuditEntry else EventKind
        if wanted.action and not isinstance(wanted.action, kind):
            continue
        statement = select(source)
        if wanted.actor:
            statement = statement.where(_by(source, actors))
        if wanted.table:
            statement = statement.where(source.table_name == wanted.table)
        if wanted.record is not None:
            statement = statement.where(source.record_id == wanted.record)
        if wanted.action:
            column = AuditEntry.action if source is AuditEntry else Event.kind
            statement = statement.where(column == wanted.action.value)
        if wanted.since:
            statement = statement.where(source.at >= _midnight(wanted.since))
        if wanted.until:
            statement = statement.where(source.at < _midnight(wanted.until + timedelta(days=1)))
        found[source] = statement
    return found


def _actors(name: str) -> list[int] | None:
    """The numbers of those called so, else of those with a name like it; None for the program."""
    if name == PROGRAM:
        return None
    if not name:
        return []
    named = (User.username == name) | (User.display_name == name)
    found = list(db.session.scalars(select(User.id).where(named)))
    like = found_in(name, (User.username, User.username_key), (User.display_name,))
    return found or list(db.session.scalars(select(User.id).where(like)))


def _by(source: Any, actors: list[int] | None) -> ColumnElement[bool]:
    if actors is None:
        return source.actor_id.is_(None)
    # One number, as almost always, is found in the order of time by its index.
    return source.actor_id == actors[0] if len(actors) == 1 else source.actor_id.in_(actors)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def _page(wanted: Wanted) -> tuple[list[AuditEntry | Event], str | None, str | None]:
    """What stands on this page, and what the newer and the older page begin at.

    Entries only ever come to the top, so a page is found by its edge and never by counting. So
    many of each source are read as a page holds; those of both that come first are the page.
    """
    after, before = _edge("after"), _edge("before")
    edge, most = after or before, at_once(PER_PAGE)
    found: list[Any] = []
    for source, statement in _listings(wanted).items():
        order = (source.at, source.id)
        if edge is not None:
            statement = statement.where(_beyond(source, edge, newer=after is not None))
        if after is None:
            order = tuple(column.desc() for column in order)
        found += db.session.scalars(statement.order_by(*order).limit(most + 1))
    found.sort(key=_place, reverse=after is None)
    more, entries = len(found) > most, found[:most]
    if after is not None:
        entries.reverse()
    newer = (more if after is not None else before is not None) and entries
    older = (more if after is None else True) and entries
    return entries, _name(entries[0]) if newer else None, _name(entries[-1]) if older else None


def _place(entry: AuditEntry | Event) -> tuple[datetime, int, int]:
    return entry.at, _SOURCES.index(type(entry)), entry.id


def _name(entry: AuditEntry | Event) -> str:
    return f"{_EVENT if isinstance(entry, Event) else ''}{entry.id}"


def _edge(parameter: str) -> AuditEntry | Event | None:
    """The entry that the address names; none if there is no such entry: nothing ever goes."""
    text = request.args.get(parameter, "")
    source: Any = Event if text.startswith(_EVENT) else AuditEntry
    number = number_of(text.removeprefix(_EVENT))
    return None if number is None else db.session.get(source, number)


def _beyond(source: Any, edge: AuditEntry | Event, *, newer: bool) -> ColumnElement[bool]:
    """What comes after `edge` in time, or before it."""
    less, least = (
        (source.at > edge.at, source.at >= edge.at)
        if newer
        else (
            source.at < edge.at,
            source.at <= edge.at,
        )
    )
    if source is type(edge):
        further = source.id > edge.id if newer else source.id < edge.id
        return and_(least, or_(less, further))
    comes_first = _SOURCES.index(source) < _SOURCES.index(type(edge))
    return least if comes_first is not newer else less
