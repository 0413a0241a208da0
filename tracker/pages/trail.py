"""操作记录: who changed what and when, for those who run the system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from tracker.accounts.models import User
from tracker.accounts.permissions import Permission
from tracker.db import db
from tracker.db.audit import AuditAction, AuditEntry
from tracker.pages.trail_words import say, table_labels
from tracker.web.access import requires
from tracker.web.clock import CHINA
from tracker.web.reading import parse_day
from tracker.web.tables import asked_choice, asked_number, asked_text

bp = Blueprint("audit", __name__, url_prefix="/audit")

PER_PAGE = 50
PROGRAM = "系统"  # asked for as the actor: what no user did
ACTIONS = {
    AuditAction.CREATED: "新增",
    AuditAction.CHANGED: "修改",
    AuditAction.DELETED: "删除",
}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; the empty value of each leaves it alone."""

    actor: str
    table: str
    record: int | None
    action: AuditAction | None
    since: date | None
    until: date | None
    faults: tuple[str, ...]


@bp.get("/")
@requires(Permission.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """The trail, the latest first; `?before=` and `?after=` name the entry a page begins at."""
    wanted = _wanted()
    entries, newer, older = _page(_listing(wanted))
    actors = db.session.scalars(select(User).where(User.id.in_({e.actor_id for e in entries})))
    return render_template(
        "audit/index.html",
        said=say(entries),
        actors={user.id: user.display_name for user in actors},
        program=PROGRAM,
        wanted=wanted,
        newer=newer,
        older=older,
        actions=ACTIONS,
        tables=sorted(table_labels().items(), key=lambda item: item[1]),
    )


def _wanted() -> Wanted:
    faults: list[str] = []
    return Wanted(
        actor=asked_text("actor"),
        table=asked_text("table"),
        record=asked_number("record"),
        action=asked_choice("action", AuditAction),
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


def _listing(wanted: Wanted) -> Select[tuple[AuditEntry]]:
    statement = select(AuditEntry)
    if wanted.actor == PROGRAM:
        statement = statement.where(AuditEntry.actor_id.is_(None))
    elif wanted.actor:
        named = (User.username == wanted.actor) | (User.display_name == wanted.actor)
        statement = statement.where(AuditEntry.actor_id.in_(select(User.id).where(named)))
    if wanted.table:
        statement = statement.where(AuditEntry.table_name == wanted.table)
    if wanted.record is not None:
        statement = statement.where(AuditEntry.record_id == wanted.record)
    if wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action.value)
    if wanted.since:
        statement = statement.where(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until:
        statement = statement.where(AuditEntry.at < _midnight(wanted.until + timedelta(days=1)))
    return statement


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def _page(
    statement: Select[tuple[AuditEntry]],
) -> tuple[list[AuditEntry], int | None, int | None]:
    """The entries of this page and the entry that the newer and the older page begin at.

    Entries only ever come to the top, so a page is found by a number and never by counting.
    """
    after = asked_number("after")
    before = asked_number("before") if after is None else None
    if after is not None:
        found = statement.where(AuditEntry.id > after).order_by(AuditEntry.id)
    else:
        found = statement.order_by(AuditEntry.id.desc())
        if before is not None:
            found = found.where(AuditEntry.id < before)
    entries = list(db.session.scalars(found.limit(PER_PAGE + 1)))
    more, entries = len(entries) > PER_PAGE, entries[:PER_PAGE]
    if after is not None:
        entries.reverse()
    newer = (more if after is not None else before is not None) and entries
    older = (more if after is None else True) and entries
    return entries, entries[0].id if newer else None, entries[-1].id if older else None


@bp.app_template_global("entry_action")
def entry_action(entry: AuditEntry) -> str:
    """What was done, in a word."""
    return ACTIONS[AuditAction(entry.action)]
