"""Acts on filings, one step at a time, and the periods of a year with all that is to be filed in
them. The acting user is given; nothing commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from tracker.core.db import Base, Origin, db
from tracker.core.db.audit import because
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day
from tracker.core.questions import Questions
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import listed_on
from tracker.records.places.scopes import is_province
from tracker.records.submissions import steps
from tracker.records.submissions.models import (
    Filing,
    FilingAct,
    FilingEvent,
    FilingKind,
    FilingPart,
    FilingPeriod,
)
from tracker.records.submissions.queries import never_filed
from tracker.records.submissions.workdays import (
    days_covered,
    moved_days,
    next_working,
    usual_days,
)

LONGEST_REOPENING = 30  # days
# What is done with a period that is over.
_OF_WHOLE_PERIODS = (FilingAct.APPROVED, FilingAct.SUBMITTED, FilingAct.LOCKED)
YEARS = range(2002, 2100)  # whose last days can be set: some lie in the year after
# What a year's first and last moved day can be: its last days lie in it and in January after it.
_AFTER = timedelta(days=60)


class StepError(ToldError):
    """The step is not the user's to take, or not in the present state; the message says why."""

    status = 409


class NotTheirsError(StepError):
    """Last days are set by whoever is not scored by them."""

    status = 403


class PeriodError(ToldError, ValueError):
    """Last days that cannot be set; the message is for the user."""


# What features above know that speaks against a step, as the ledger of open drafts.
stands_against = Questions[[Filing, FilingAct]](__name__)


# What features above do once somebody took a step.
_after: list[Callable[[Filing, FilingEvent], None]] = []


def after_step(
    told: Callable[[Filing, FilingEvent], None],
) -> Callable[[Filing, FilingEvent], None]:
    """Let a feature above hear of each step that a person takes, within the unit that takes it."""
    _after.append(told)
    return told


def parts_out(filing: Filing) -> list[FilingPart]:
    """The parts of `filing` that have not come back, the earliest due first."""
    out = select(FilingPart).where(FilingPart.filing_id == filing.id, FilingPart.back_on.is_(None))
    return list(db.session.scalars(out.order_by(FilingPart.due_on, FilingPart.id)))


@stands_against
def _of_its_end(filing: Filing, act: FilingAct) -> str:
    """While a period runs, what happens in it has to be entered somewhere, and nobody can vouch for
    the whole of it: what was filed early would be on time without its last days."""
    if act not in _OF_WHOLE_PERIODS or filing.kind is FilingKind.PLAN:
        return ""
    _, last = days_covered(filing.year, filing.kind)
    if today() > last:
        return ""
    return (
        f"{filing.year} 年{filing.kind.label}的期间到 {last} 才结束，"
        f"{last + timedelta(days=1)} 起才能{act.label.removeprefix('县领导')}。"
    )


@stands_against
def _of_parts(filing: Filing, act: FilingAct) -> str:
    """The leader approves what is whole."""
    if act not in (FilingAct.APPROVED, FilingAct.SUBMITTED) or not (out := parts_out(filing)):
        return ""
    named = "、".join(f"{each.bureau}的{each.part.label}" for each in out[:3])
    more = f"等 {len(out)} 项" if len(out) > 3 else ""
    return f"分办给{named}{more}还没有办回；已办回的请登记，不用再办的请删除。"


def why_not(user: User, filing: Filing, act: FilingAct) -> str:
    """Why `user` cannot do `act` now; "" where nothing stands against it."""
    if said := steps.why_not(user, filing, steps.STEPS[act]):
        return said
    return stands_against.answer(filing, act)


def act(
    actor: User | None,
    filing: Filing,
    what: FilingAct,
    *,
    reason: str = "",
    until: date | None = None,
    address: str | None = None,
    at: datetime | None = None,
) -> FilingEvent:
    """Take a step with `filing`, and note who took it when, why and from where.

    The first filing stamps `filed_at`; filing anew what was returned leaves it. Without `actor`
    the program itself acts, for sample data. `until`: the last day of a reopening. Raises
    StepError.
    """
    step = steps.STEPS[what]
    said = why_not(actor, filing, what) if actor else steps.out_of_order(filing, step)
    if not said and step.reason and not reason.strip():
        said = f"请写明{step.act.label}的理由。"
    if not said and what is FilingAct.REOPENED:
        said = _why_not_until(until)
    if said:
        raise StepError(said)
    moment = at or now()
    event = FilingEvent(
        filing=filing,
        act=what,
        from_state=filing.state,
        to_state=step.to,
        at=moment,
        actor_id=actor.id if actor else None,
        reason=reason.strip(),
        until=until if what is FilingAct.REOPENED else None,
        address=address[:64] if address else None,
    )
    with because(db.session, event.reason or step.act.label):
        if filing.state is not step.to:
            filing.state, filing.state_at = step.to, moment
        if what is FilingAct.SUBMITTED and filing.filed_at is None:
            filing.filed_at = moment
        filing.reopened_until = event.until
        db.session.add(event)
        if actor is not None:
            db.session.flush()
            for told in _after:
                told(filing, event)
    return event


def _why_not_until(until: date | None) -> str:
    if until is None:
        return "请填写开锁的截止日。"
    latest = today() + timedelta(days=LONGEST_REOPENING)
    if not today() <= until <= latest:
        return f"开锁的截止日须在今天至 {latest} 之间。"
    return ""


# -- periods


@dataclass(frozen=True)
class Last:
    """The last day of one kind of filing: as it is named, and the working day that it moves to."""

    kind: FilingKind
    stated_on: date
    due_on: date


@dataclass(frozen=True)
class Opened:
    """What an act of `open_year` did: filings that were made, filings whose last day moved."""

    made: int
    moved: int


def last_days(year: int, stated: Mapping[FilingKind, date] | None = None) -> list[Last]:
    """The last day of each kind of `year`: as `stated`, else as it was set, else as is usual; each
    moved to the next working day by the table of holidays as it stands."""
    kept = {
        each.kind: each.stated_on
        for each in db.session.scalars(select(FilingPeriod).where(FilingPeriod.year == year))
    }
    named = {**usual_days(year), **kept, **(stated or {})}
    days = moved_days(min(named.values()), max(named.values()) + _AFTER)
    return [Last(kind, named[kind], next_working(named[kind], days)) for kind in FilingKind]


def may_set_periods(user: User) -> bool:
    """Whether `user` sets last days: whoever is scored by them never does."""
    return user.may(steps.Permission.SUBMISSIONS_EDIT) and is_province(user)


def need_province(user: User) -> None:
    """Raises NotTheirsError for those who do not set last days."""
    if not may_set_periods(user):
        raise NotTheirsError("报送期限由省级考核人员设定，被考核的地方不能自行设定。")


def why_not_due(year: int, kind: FilingKind, day: date) -> str:
    """Why `day` cannot be the last day of a filing; "" where it can. A report is made after its
    period, a plan within its year."""
    first, last = days_covered(year, kind)
    if kind is FilingKind.PLAN and day < first:
        return f"{kind.label}的期限 {day} 早于 {first}。"
    if kind is not FilingKind.PLAN and day <= last:
        return f"{kind.label}的期限 {day} 须在期间结束（{last}）以后，期间结束以前不能报送。"
    if day > last_day(year + 1):
        return f"{kind.label}的期限 {day} 晚于次年年末。"
    return ""


def open_year(
    actor: User | None, year: int, stated: Mapping[FilingKind, date] | None = None
) -> Opened:
    """Set the last days of `year` (see `last_days`) and make all filings that it lacks, of the
    counties and enclaves that are obliged; done again, it makes only what lacks.

    What has been filed keeps the last day under which it was filed. Raises PeriodError, and
    NotTheirsError for those who are not of the province.
    """
    if actor is not None:
        need_province(actor)
    last = last_days(year, stated)
    for each in last:
        if said := why_not_due(year, each.kind, each.stated_on):
            raise PeriodError(said)
    _keep(year, last)
    moved = _move(year, last)
    made = 0
    there = _there(year)
    for each in last:
        for key, number, origin in obliged(year, each.kind):
            if (key, number, each.kind) not in there:
                filing = Filing(year=year, kind=each.kind, due_on=each.due_on, origin=origin)
                setattr(filing, key, number)
                db.session.add(filing)
                made += 1
    db.session.flush()
    return Opened(made, moved)


def _keep(year: int, last: list[Last]) -> None:
    statement = select(FilingPeriod).where(FilingPeriod.year == year)
    kept = {each.kind: each for each in db.session.scalars(statement)}
    for each in last:
        period = kept.get(each.kind) or FilingPeriod(year=year, kind=each.kind)
        period.stated_on, period.due_on = each.stated_on, each.due_on
        db.session.add(period)
    db.session.flush()


def _move(year: int, last: list[Last]) -> int:
    moved = 0
    for each in last:
        waiting = select(Filing).where(
            Filing.year == year,
            Filing.kind == each.kind,
            never_filed(),
            Filing.due_on != each.due_on,
        )
        for filing in db.session.scalars(waiting):
            filing.due_on = each.due_on
            moved += 1
    return moved


def _there(year: int) -> set[tuple[str, int, FilingKind]]:
    rows = db.session.execute(
        select(Filing.region_id, Filing.enclave_id, Filing.kind).where(Filing.year == year)
    )
    return {
        ("region_id", row.region_id, row.kind)
        if row.region_id is not None
        else ("enclave_id", row.enclave_id, row.kind)
        for row in rows
    }


def obliged(year: int, kind: FilingKind) -> list[tuple[str, int, Origin]]:
    """(key, number, origin) of who files `kind`: the counties on the list at the end of what it is
    about, the counties that support one then, and the enclaves that live then; enclaves file no
    plan of the year."""
    _, day = days_covered(year, kind)
    counties: dict[int, Region] = {each.region_id: each.region for each in listed_on(day)}
    sides = pairings.in_force(day).with_only_columns(Pairing.supporter_id).order_by(None)
    supporters = select(Region).where(Region.id.in_(sides), Region.level == RegionLevel.COUNTY)
    counties |= {each.id: each for each in db.session.scalars(supporters)}
    found: list[tuple[str, Base]] = [
        ("region_id", each)
        for each in counties.values()
        if each.abolished_on is None or each.abolished_on > day
    ]
    if kind is not FilingKind.PLAN:
        living = select(Enclave).where(
            or_(Enclave.signed_on.is_(None), Enclave.signed_on <= day),
            or_(Enclave.closed_on.is_(None), Enclave.closed_on > day),
        )
        found += [("enclave_id", each) for each in db.session.scalars(living)]
    return [
        (
            key,
            each.id,  # type: ignore[attr-defined]  # both have a number and an origin
            Origin.SAMPLE if each.origin is Origin.SAMPLE else Origin.ENTERED,  # type: ignore[attr-defined]
        )
        for key, each in found
    ]


def lacking(year: int) -> int:
    """How many filings `open_year` would make now."""
    there = _there(year)
    return sum(
        (key, number, kind) not in there
        for kind in FilingKind
        for key, number, _ in obliged(year, kind)
    )


def events_of(filing: Filing) -> list[FilingEvent]:
    """The events of `filing`, the latest first."""
    statement = select(FilingEvent).where(FilingEvent.filing_id == filing.id)
    return list(
        db.session.scalars(statement.order_by(FilingEvent.at.desc(), FilingEvent.id.desc()))
    )


def number_of_filings(year: int) -> int:
    """How many filings of `year` there are."""
    return db.session.scalar(select(func.count()).where(Filing.year == year)) or 0
