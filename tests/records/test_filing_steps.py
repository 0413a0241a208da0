"""A filing goes step by step: who may take which, in which order, and what each leaves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.core.db.audit import AuditEntry
from tracker.core.quantities.clock import today
from tracker.core.questions import Questions
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import RegionLevel
from tracker.records.submissions import service, steps
from tracker.records.submissions.models import (
    Filing,
    FilingAct,
    FilingEvent,
    FilingKind,
    FilingState,
)
from tracker.records.submissions.queries import awaited, overdue, standing
from tracker.year.measures.reported import filed

A, S = FilingAct, FilingState
DUE = date(2024, 4, 10)


class World:
    """缙云县 with people of every role above and beside it."""

    def __init__(self) -> None:
        places = make.zhejiang()
        county, city = places["缙云县"], places["丽水市"]
        self.clerk = make.user(Role.STAFF, county)
        self.leader = make.user(Role.LEADER, county)
        self.city = make.user(Role.REVIEWER, city)
        self.province = make.user(Role.ASSESSOR, places["浙江省"])
        self.neighbour = make.user(Role.STAFF, places["庆元县"])
        self.far_city = make.user(
            Role.REVIEWER,
            make.region("330800", "衢州市", places["浙江省"], level=RegionLevel.CITY),
        )
        self.province_leader = make.user(Role.LEADER, places["浙江省"])
        self.county_assessor = make.user(Role.ASSESSOR, county)
        self.administrator = make.user(Role.ADMINISTRATOR)
        self.places = places
        self.filing = acts.filing(county, due_on=DUE)

    @property
    def everybody(self):
        return [value for value in vars(self).values() if isinstance(value, type(self.clerk))]

    def go(self, *acts_of: FilingAct, filing: Filing | None = None, **options) -> Filing:
        of = filing or self.filing
        for each in acts_of:
            reason = "补充材料" if steps.STEPS[each].reason else ""
            service.act(self.who(each), of, each, reason=reason, **options)
        return of

    def who(self, act: FilingAct):
        return {
            **dict.fromkeys((A.STARTED, A.WITHDRAWN, A.SUBMITTED), self.clerk),
            **dict.fromkeys((A.APPROVED, A.SENT_BACK), self.leader),
            **dict.fromkeys((A.CITY_REVIEWED, A.RETURNED), self.city),
        }.get(act, self.province)


FILED = (A.STARTED, A.APPROVED, A.SUBMITTED)
LOCKED = (*FILED, A.CITY_REVIEWED, A.REVIEWED, A.LOCKED)


def test_the_whole_way_leaves_an_event_for_each_step(app: Flask) -> None:
    world = World()
    world.go(*LOCKED, address="192.0.2.7")
    assert world.filing.state is S.LOCKED
    events = list(reversed(service.events_of(world.filing)))
    assert [event.act for event in events] == list(LOCKED)
    assert [event.to_state for event in events] == list(steps.WAY[1:])
    assert [event.from_state for event in events] == list(steps.WAY[:-1])
    assert {event.address for event in events} == {"192.0.2.7"}
    assert [event.actor_id for event in events] == [world.who(each).id for each in LOCKED]
    assert world.filing.filed_at == events[2].at
    trail = select(AuditEntry.reason).where(AuditEntry.table_name == "filings")
    assert "锁定" in db.session.scalars(trail).all()


def test_each_step_is_taken_by_its_own_people_alone(sqlite_app: Flask) -> None:
    world = World()
    allowed = {
        A.STARTED: {world.clerk},
        A.APPROVED: {world.leader},
        A.SUBMITTED: {world.clerk},
        A.CITY_REVIEWED: {world.city},
        A.REVIEWED: {world.province},
        A.LOCKED: {world.province},
    }
    for act, users in allowed.items():
        for user in world.everybody:
            said = service.why_not(user, world.filing, act)
            assert (said == "") is (user in users), (act, user.role, said)
            if said:
                before = world.filing.state
                with pytest.raises(service.StepError):
                    service.act(user, world.filing, act)
                assert world.filing.state is before
        if act is A.CITY_REVIEWED:
            returning = [
                u for u in world.everybody if not service.why_not(u, world.filing, A.RETURNED)
            ]
            assert set(returning) == {world.city, world.province}
        world.go(act)


POSSIBLE = {
    S.NOT_STARTED: {A.STARTED},
    S.ENTERING: {A.APPROVED},
    S.APPROVED: {A.SUBMITTED, A.WITHDRAWN, A.SENT_BACK},
    S.SUBMITTED: {A.CITY_REVIEWED, A.RETURNED},
    S.RETURNED: {A.STARTED},
    S.CITY_REVIEWED: {A.REVIEWED, A.RETURNED},
    S.REVIEWED: {A.LOCKED, A.RETURNED},
    S.LOCKED: {A.REOPENED},
}


def test_a_step_is_taken_from_its_states_alone(sqlite_app: Flask) -> None:
    world = World()
    assert set(POSSIBLE) == set(FilingState)
    for state, possible in POSSIBLE.items():
        world.filing.filed_at = None if state in steps.WAY[:3] else make.SUBMITTED
        world.filing.state = state
        db.session.flush()
        found = {
            act
            for act in steps.STEPS
            if any(not service.why_not(user, world.filing, act) for user in world.everybody)
        }
        assert found == possible, state


def test_what_the_province_reviewed_the_province_alone_returns(sqlite_app: Flask) -> None:
    world = World()
    world.go(*FILED, A.CITY_REVIEWED, A.REVIEWED)
    assert "省级" in service.why_not(world.city, world.filing, A.RETURNED)
    assert service.why_not(world.province, world.filing, A.RETURNED) == ""


def test_where_no_city_is_above_the_province_reviews_what_was_filed(sqlite_app: Flask) -> None:
    world = World()
    city = acts.filing(world.places["丽水市"], due_on=DUE)
    city.state, city.filed_at = S.SUBMITTED, make.SUBMITTED
    db.session.flush()
    assert "没有设区市" in service.why_not(world.city, city, A.CITY_REVIEWED)
    assert steps.waits_for(city) == "省级考核人员"
    service.act(world.province, city, A.REVIEWED)
    assert city.state is S.REVIEWED


def test_an_enclave_is_filed_by_the_place_it_was_flown_out_from(sqlite_app: Flask) -> None:
    world = World()
    enclave = make.enclave(world.places["缙云县"], world.places["富阳区"])
    filing = acts.filing(enclave, due_on=DUE)
    host = make.user(Role.STAFF, world.places["富阳区"])
    assert service.why_not(host, filing, A.STARTED)
    world.go(*LOCKED, filing=filing)
    assert filing.state is S.LOCKED


def test_what_wants_a_reason_is_not_done_without(sqlite_app: Flask) -> None:
    world = World()
    reasoned = {act for act, step in steps.STEPS.items() if step.reason}
    assert reasoned == {A.SENT_BACK, A.WITHDRAWN, A.RETURNED, A.REOPENED}
    for act in reasoned:
        of = acts.filing(world.places["缙云县"], 2010 + sorted(reasoned).index(act), due_on=DUE)
        before = {A.SENT_BACK: FILED[:2], A.WITHDRAWN: FILED[:2], A.RETURNED: FILED}
        world.go(*before.get(act, LOCKED), filing=of)
        for empty in ("", " \n "):
            with pytest.raises(service.StepError, match="理由"):
                service.act(world.who(act), of, act, reason=empty, until=today())


@pytest.mark.parametrize(("first", "late"), [(9, 0), (12, 2)])
def test_a_return_makes_nothing_late_and_nothing_timely(app: Flask, first: int, late: int) -> None:
    """The stamp is of the first filing, whatever is returned and filed anew after it."""
    world = World()
    moment = datetime(2024, 4, first, 4, tzinfo=UTC)
    world.go(*FILED, at=moment)
    world.go(A.RETURNED)
    assert world.filing.filed_at == moment
    world.go(*FILED)
    assert world.filing.filed_at == moment
    assert max(world.filing.days_late, 0) == late
    kinds = [event.act for event in service.events_of(world.filing)]
    assert kinds.count(A.SUBMITTED) == 2


def test_a_reopening_has_an_end_and_is_closed_again(app: Flask) -> None:
    world = World()
    world.go(*LOCKED)
    far = today() + timedelta(days=service.LONGEST_REOPENING + 1)
    for until in (None, today() - timedelta(days=1), far):
        with pytest.raises(service.StepError, match="截止日"):
            service.act(world.province, world.filing, A.REOPENED, reason="补附件", until=until)
    assert "没有开锁" in service.why_not(world.province, world.filing, A.CLOSED)
    service.act(world.province, world.filing, A.REOPENED, reason="补附件", until=today())
    assert world.filing.is_open_again
    assert world.filing.state is S.LOCKED
    assert "已经开锁" in service.why_not(world.province, world.filing, A.REOPENED)
    world.go(A.CLOSED)
    assert not world.filing.is_open_again


def test_a_feature_above_may_stand_against_a_step(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    monkeypatch.setattr(service, "stands_against", Questions(__name__))

    @service.stands_against
    def _drafts(filing: Filing, act: FilingAct) -> str:
        return "还有 3 笔草稿。" if act is A.APPROVED else ""

    world.go(A.STARTED)
    assert service.why_not(world.leader, world.filing, A.APPROVED) == "还有 3 笔草稿。"


def test_a_period_is_approved_and_filed_once_it_is_over(sqlite_app: Flask) -> None:
    """What was filed early would be on time without its last days."""
    world = World()
    year = today().year
    filing = acts.filing(world.places["缙云县"], year, FilingKind.ANNUAL, due_on=DUE)
    world.go(A.STARTED, filing=filing)
    said = f"{year} 年年报的期间到 {year}-12-31 才结束，{year + 1}-01-01 起才能审核同意。"
    assert service.why_not(world.leader, filing, A.APPROVED) == said
    with pytest.raises(service.StepError, match="才结束"):
        service.act(world.leader, filing, A.APPROVED)
    filing.state = S.APPROVED
    assert f"{year + 1}-01-01 起才能报送" in service.why_not(world.clerk, filing, A.SUBMITTED)
    plan = acts.filing(world.places["缙云县"], year, FilingKind.PLAN, due_on=DUE)
    world.go(*FILED, filing=plan)  # a plan is made before what it is about
    assert plan.state is S.SUBMITTED


def test_events_are_kept_by_the_database(app: Flask) -> None:
    world = World()
    world.go(A.STARTED)
    event = db.session.scalar(select(FilingEvent.id))
    for statement in (
        f"UPDATE filing_events SET reason = 'x' WHERE id = {event}",
        f"DELETE FROM filing_events WHERE id = {event}",
        f"DELETE FROM filings WHERE id = {world.filing.id}",
    ):
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(text(statement))


def test_what_was_returned_is_awaited_and_is_no_report(app: Flask) -> None:
    world = World()
    annual = acts.filing(world.places["缙云县"], kind=FilingKind.ANNUAL, due_on=DUE)

    def found(condition) -> bool:
        return (
            db.session.scalar(select(Filing.id).where(condition, Filing.id == annual.id))
            is not None
        )

    assert (found(awaited()), found(overdue()), found(standing())) == (True, True, False)
    world.go(*FILED, filing=annual, at=datetime(2024, 4, 9, tzinfo=UTC))
    assert (found(awaited()), found(overdue()), found(standing())) == (False, False, True)
    assert db.session.execute(filed(2024)).all()
    world.go(A.RETURNED, filing=annual)
    assert (found(awaited()), found(overdue()), found(standing())) == (True, False, False)
    assert not db.session.execute(filed(2024)).all()
