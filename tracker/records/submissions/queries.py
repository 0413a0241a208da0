"""Whose filings are whose, which are awaited and which of them are late, as conditions of
statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.db.days import day_in_china
from tracker.core.quantities.clock import today
from tracker.records.enclaves.models import Enclave
from tracker.records.places.models import Region
from tracker.records.submissions.models import (
    IN_HAND,
    STANDING,
    Filing,
    FilingAct,
    FilingEvent,
    FilingKind,
    FilingState,
)

# Loads what `Filing.place` asks for.
WITH_PLACE = (
    joinedload(Filing.region),
    joinedload(Filing.enclave).joinedload(Enclave.origin_region),
)


def filed_by(regions: Select[int]) -> ColumnElement[bool]:
    """Whether the people of any of `regions` (ids) file it: its place, or that which its enclave
    was flown out from. Never NULL, so that it may be denied."""
    enclaves = select(Enclave.id).where(Enclave.origin_id.in_(regions))
    return or_(
        and_(Filing.region_id.is_not(None), Filing.region_id.in_(regions)),
        and_(Filing.enclave_id.is_not(None), Filing.enclave_id.in_(enclaves)),
    )


def filing_themselves(year: int, kind: FilingKind) -> Select[int | None]:
    """The enclaves (ids) that file one kind of a year for themselves: a county's is about the
    others."""
    own = Filing.enclave_id
    return select(own).where(Filing.year == year, Filing.kind == kind, own.is_not(None))


def standing() -> ColumnElement[bool]:
    """Filed, and not given back since."""
    return Filing.state.in_(STANDING)


def awaited() -> ColumnElement[bool]:
    """Not filed yet, or given back and not filed anew."""
    return ~standing()


def never_filed() -> ColumnElement[bool]:
    """Not once, whatever its state."""
    return Filing.filed_at.is_(None)


def past_due(day: date | None = None) -> ColumnElement[bool]:
    """Whose last day is over on `day`, today if there is none, filed or not."""
    return Filing.due_on < (day or today())


def overdue() -> ColumnElement[bool]:
    """Late and never filed: what was given back was in time or not, once and for all."""
    return never_filed() & past_due()


def filed_late() -> ColumnElement[bool]:
    """First filed after its last day (`Filing.days_late`)."""
    return ~never_filed() & (day_in_china(Filing.filed_at) > Filing.due_on)


def not_in_time() -> ColumnElement[bool]:
    """Filed late, or late and never filed."""
    return or_(overdue(), filed_late())


@dataclass(frozen=True)
class InTime:
    """Of some filings: how many there are, whose last day is over, and of those the ones that were
    filed late or are missing; `places`: (name, number) of whose these are, the most first."""

    planned: int
    due: int
    late: int
    missing: int
    places: Sequence[tuple[str, int]]

    @property
    def number(self) -> int:
        """How many were not filed in time."""
        return self.late + self.missing


def in_time(filings: Select[Any]) -> InTime:
    """What `filings` come to."""

    def of(each: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((each, 1), else_=0)), 0)

    plain = filings.order_by(None)
    sums = (func.count(Filing.id), of(past_due()), of(filed_late()), of(overdue()))
    row = db.session.execute(plain.with_only_columns(*sums, maintain_column_froms=True)).one()
    planned, due, late, missing = (int(each) for each in row)
    if not late + missing:
        return InTime(planned, due, late, missing, [])
    wanted = plain.where(not_in_time()).with_only_columns(Filing.id, maintain_column_froms=True)
    number = func.count(Filing.id)
    places = db.session.execute(
        select(Region.name, number)
        .select_from(Filing)
        .outerjoin(Enclave, Enclave.id == Filing.enclave_id)
        .join(Region, Region.id == func.coalesce(Filing.region_id, Enclave.origin_id))
        .where(Filing.id.in_(wanted))
        .group_by(Region.id)
        .order_by(number.desc(), Region.code)
    ).all()
    return InTime(planned, due, late, missing, [(name, count) for name, count in places])


def open_again() -> ColumnElement[bool]:
    """Locked, and open for some days."""
    until = Filing.reopened_until
    return (Filing.state == FilingState.LOCKED) & until.is_not(None) & (until >= today())


def given_back() -> ColumnElement[bool]:
    """In the hands of its place although a reviewer or its leader had it, or the province locked
    it: each of these gave a reason (`reasons_of`)."""
    had = (FilingAct.RETURNED, FilingAct.SENT_BACK)
    reason = select(FilingEvent.id).where(
        FilingEvent.filing_id == Filing.id, FilingEvent.act.in_(had)
    )
    back = Filing.state.in_(IN_HAND) & (~never_filed() | reason.exists())
    return or_(back, open_again())


_ANSWERS = {
    FilingAct.APPROVED: (FilingAct.SENT_BACK,),
    FilingAct.SUBMITTED: (FilingAct.SENT_BACK, FilingAct.RETURNED),
    FilingAct.CLOSED: (FilingAct.REOPENED,),
    FilingAct.REOPENED: (FilingAct.REOPENED,),
}


def reasons_of(filings: Iterable[Filing]) -> dict[int, list[FilingEvent]]:
    """Filing (id) → the acts by which it came back to its place, the latest first: what a reviewer
    returned until it is filed anew, what its leader sent back until they approve it, the last
    reopening. By one statement."""
    wanted: Collection[FilingAct] = {*_ANSWERS, FilingAct.RETURNED, FilingAct.SENT_BACK}
    statement = (
        select(FilingEvent)
        .where(
            FilingEvent.filing_id.in_([each.id for each in filings]), FilingEvent.act.in_(wanted)
        )
        .options(joinedload(FilingEvent.actor))
        .order_by(FilingEvent.at, FilingEvent.id)
    )
    found: dict[int, list[FilingEvent]] = {}
    for event in db.session.scalars(statement):
        over = _ANSWERS.get(event.act, ())
        kept = [each for each in found.get(event.filing_id, []) if each.act not in over]
        opens = (FilingAct.RETURNED, FilingAct.SENT_BACK, FilingAct.REOPENED)
        found[event.filing_id] = [event, *kept] if event.act in opens else kept
    return found


def locked_years() -> set[tuple[int, int]]:
    """(region, year) of the annual filings that are locked, opened again or not."""
    found = select(Filing.region_id, Filing.year).where(
        Filing.state == FilingState.LOCKED,
        Filing.kind == FilingKind.ANNUAL,
        Filing.region_id.is_not(None),
    )
    return {(row.region_id, row.year) for row in db.session.execute(found)}
