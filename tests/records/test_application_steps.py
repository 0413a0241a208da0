"""An application goes step by step: who may take which, what each asks for and leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.config import ROOT
from tracker.core.db import db
from tracker.core.db.audit import AuditEntry
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.applications import days, demands, handing, queries, service, steps
from tracker.records.applications.models import (
    Acceptance,
    Application,
    ApplicationAct,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.applications.service import Given
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import RegionLevel

A, K, S = ApplicationAct, ApplicationKind, ApplicationState
DAY = date(2024, 3, 5)
AT = datetime(2024, 2, 5, 8, tzinfo=UTC)  # what was done was done before, and filed then
DUE = today() + timedelta(days=30)
SAID = Given(
    reason="同意",
    on_day=DAY,
    document="浙山海办〔2024〕3号",
    amount=make.wan(80),
    result=Acceptance.PASSED,
    due_on=DUE,
)


class World:
    """缙云县 with people of every role above and beside it."""

    def __init__(self, kind: ApplicationKind = K.FUND, *, listed: bool = True) -> None:
        self.places = make.zhejiang()
        county, city = self.places["缙云县"], self.places["丽水市"]
        if listed:
            make.listing(county)
        self.clerk = make.user(Role.STAFF, county)
        self.leader = make.user(Role.LEADER, county)
        self.city = make.user(Role.REVIEWER, city)
        self.province = make.user(Role.ASSESSOR, self.places["浙江省"])
        self.neighbour = make.user(Role.STAFF, self.places["庆元县"])
        quzhou = make.region("330800", "衢州市", self.places["浙江省"], level=RegionLevel.CITY)
        self.far_city = make.user(Role.REVIEWER, quzhou)
        self.province_leader = make.user(Role.LEADER, self.places["浙江省"])
        self.county_assessor = make.user(Role.ASSESSOR, county)
        self.administrator = make.user(Role.ADMINISTRATOR)
        self.spot = make.demonstration_village(county, applied_on=DAY - timedelta(days=100))
        self.park = make.park(self.places["富阳区"], county)
        about = {K.DEMONSTRATION: {"demonstration_village": self.spot}, K.PARK: {"park": self.park}}
        self.application = acts.application(
            county, kind, amount_asked=make.wan(100), **about.get(kind, {})
        )
        self.hand_in()

    def hand_in(self, *words: str) -> None:
        file = acts.evidence_file()
        for word in words or demands.words_of_papers(self.application.kind):
            acts.evidence_link(file, self.application, kind=word)

    @property
    def everybody(self):
        return [value for value in vars(self).values() if isinstance(value, type(self.clerk))]

    def go(self, *acts_of: ApplicationAct, **changed) -> Application:
        for each in acts_of:
            result = changed.get("result", Acceptance.PASSED)
            if each is A.INSPECTED and result is not Acceptance.RECTIFY:
                changed = {"due_on": None, **changed}
            given = replace(SAID, **changed)
            if each in days.BY_CLICK and each is not A.ASKED and "on_day" not in changed:
                given = replace(given, on_day=None)
            service.act(self.who(each), self.application, each, given, at=AT)
        return self.application

    def who(self, act: ApplicationAct):
        return {
            **dict.fromkeys((A.SUBMITTED, A.WITHDRAWN, A.RESUMED, A.ASKED), self.clerk),
            **dict.fromkeys((A.APPROVED, A.SENT_BACK), self.leader),
            **dict.fromkeys((A.CITY_REVIEWED, A.RETURNED, A.REJECTED), self.city),
        }.get(act, self.province)

    def said(self, act: ApplicationAct) -> str:
        return service.why_not(self.who(act), self.application, act)


FILED = (A.APPROVED, A.SUBMITTED)
STOOD = (*FILED, A.CITY_REVIEWED, A.GRANTED, A.ESTABLISHED)
WHOLE = (*STOOD, A.ASKED, A.INSPECTED)


def test_the_whole_way_leaves_an_event_for_each_step(app: Flask) -> None:
    world = World()
    for each in WHOLE:
        given = replace(SAID, due_on=None) if each is A.INSPECTED else SAID
        service.act(world.who(each), world.application, each, given, address="192.0.2.7", at=AT)
    found = world.application
    assert found.state is S.ACCEPTED
    assert (found.amount_granted, found.established_on) == (make.wan(80), DAY)
    assert (found.document, found.acceptance_due_on) == (SAID.document, DUE)
    assert (found.inspected_on, found.acceptance) == (DAY, Acceptance.PASSED)
    events = list(reversed(queries.events_of(found)))
    assert [event.act for event in events] == list(WHOLE)
    assert [event.to_state for event in events] == list(steps.WAY[1:])
    assert [event.from_state for event in events] == list(steps.WAY[:-1])
    assert {event.address for event in events} == {"192.0.2.7"}
    assert [event.actor_id for event in events] == [world.who(each).id for each in WHOLE]
    # What a step does not ask for is not kept with it.
    assert [event.amount for event in events if event.amount] == [make.wan(80)]
    trail = select(AuditEntry.reason).where(AuditEntry.table_name == "applications")
    assert SAID.reason in db.session.scalars(trail).all()


@pytest.mark.parametrize("kind", list(K))
def test_each_step_is_taken_by_its_own_people_alone(sqlite_app: Flask, kind) -> None:
    world = World(kind)
    for act in WHOLE:
        allowed = {world.who(act)}
        for user in world.everybody:
            said = service.why_not(user, world.application, act)
            assert (said == "") is (user in allowed), (act, user.role, said)
            if said:
                before = world.application.state
                with pytest.raises(service.StepError):
                    service.act(user, world.application, act, SAID)
                assert world.application.state is before
        world.go(act)


POSSIBLE = {
    S.DRAFT: {A.APPROVED, A.WITHDRAWN},
    S.APPROVED: {A.SUBMITTED, A.SENT_BACK, A.WITHDRAWN},
    S.SUBMITTED: {A.CITY_REVIEWED, A.RETURNED, A.REJECTED, A.WITHDRAWN},
    S.RETURNED: {A.APPROVED, A.WITHDRAWN},
    S.CITY_REVIEWED: {A.GRANTED, A.RETURNED, A.REJECTED, A.WITHDRAWN},
    S.GRANTED: {A.ESTABLISHED, A.RETURNED, A.WITHDRAWN},
    S.ESTABLISHED: {A.ASKED, A.ALLOTTED, A.REVOKED},
    S.AWAITING: {A.INSPECTED, A.ALLOTTED, A.REVOKED},
    S.RECTIFYING: {A.ASKED, A.ALLOTTED, A.REVOKED},
    S.ACCEPTED: {A.ALLOTTED},
    S.FAILED: set(),
    S.REJECTED: set(),
    S.WITHDRAWN: {A.RESUMED},
    S.REVOKED: set(),
}


def test_a_step_is_taken_from_its_states_alone(sqlite_app: Flask) -> None:
    world = World()
    assert set(POSSIBLE) == set(S)
    of = world.application
    of.established_on, of.acceptance_due_on, of.document = DAY, DUE, "1 号"
    of.inspected_on, of.acceptance = DAY, Acceptance.PASSED
    for state, possible in POSSIBLE.items():
        of.state = state
        db.session.flush()
        found = {
            act
            for act in steps.STEPS
            if any(not service.why_not(user, of, act) for user in world.everybody)
        }
        assert found == possible, state


def test_what_is_over_is_offered_no_more_and_what_is_ahead_says_why(sqlite_app: Flask) -> None:
    world = World()
    of = world.application
    of.established_on, of.acceptance_due_on, of.document = DAY, DUE, "1 号"
    of.inspected_on, of.acceptance = DAY, Acceptance.PASSED
    onward = [A.APPROVED, A.SUBMITTED, A.CITY_REVIEWED, A.GRANTED, A.ESTABLISHED, A.ASKED]
    for state, possible in POSSIBLE.items():
        of.state = state
        db.session.flush()
        shown = {act for act, step in steps.STEPS.items() if steps.still_ahead(of, step)}
        way = {S.RETURNED: S.DRAFT, S.RECTIFYING: S.ESTABLISHED}.get(state, state)
        ahead = set()
        if way in steps.WAY:
            ahead = set([*onward, A.INSPECTED][steps.WAY.index(way) :])
        back = {A.RECOVERED} & {a for a in A if state in steps.STEPS[a].of}
        assert shown == possible | ahead | back, state


@pytest.mark.parametrize("kind", list(K))
def test_missing_papers_are_named_and_block_their_step(sqlite_app: Flask, kind) -> None:
    world = World(kind)
    for link in db.session.scalars(
        select(acts.EvidenceLink).where(acts.EvidenceLink.application_id == world.application.id)
    ):
        link.withdrawn_at = make.SUBMITTED
    for act in WHOLE:
        there = demands.handed_in(world.application)
        words = [p.kind for p in demands.papers_for(kind, act) if p.kind not in there]
        assert bool(words) is (act in (A.APPROVED, A.ESTABLISHED, A.ASKED, A.INSPECTED))
        for word in words:
            assert word in world.said(act)
            with pytest.raises(service.StepError, match=word):
                world.go(act)
            world.hand_in(word)
        assert world.said(act) == ""
        world.go(act)
    assert world.application.state is S.ACCEPTED


def test_the_manual_names_every_paper_of_every_kind() -> None:
    manual = (ROOT / "docs" / "applications.md").read_text(encoding="utf-8")
    for of in K:
        for papers in demands.DEMANDS[of].papers.values():
            assert "、".join(paper.kind for paper in papers) in manual


def test_a_file_that_is_gone_is_no_paper(sqlite_app: Flask) -> None:
    world = World()
    file = db.session.scalar(
        select(acts.EvidenceFile)
        .join(acts.EvidenceLink)
        .where(acts.EvidenceLink.application_id == world.application.id)
    )
    assert world.said(A.APPROVED) == ""
    acts.evidence_check(file, state=acts.FileState.MISSING)
    assert "缺材料：申报文件" in world.said(A.APPROVED)


def links_of(world: World, kind: str) -> list[acts.EvidenceLink]:
    found = select(acts.EvidenceLink).where(
        acts.EvidenceLink.application_id == world.application.id, acts.EvidenceLink.kind == kind
    )
    return list(db.session.scalars(found.order_by(acts.EvidenceLink.id)))


def test_what_a_step_rested_on_is_asked_for_by_every_later_one(sqlite_app: Flask) -> None:
    """A file that was taken back, or is gone, stops what follows, whoever looks at it."""
    for act, words in (
        (A.CITY_REVIEWED, "实施方案"),
        (A.ASKED, "立项文件"),
        (A.INSPECTED, "申报文件"),
    ):
        world = World()
        world.go(*WHOLE[: WHOLE.index(act)])
        [link] = links_of(world, words)
        link.withdrawn_at = make.SUBMITTED
        giver = handing.giver(world.application, words)
        said = f"缺材料：{words}。请由{giver}在“佐证材料”中按此类别上传。"
        assert world.said(act) == said
        with pytest.raises(service.StepError, match=words):
            world.go(act)
        db.session.rollback()


def test_a_file_that_a_step_rests_on_stays_until_another_of_its_kind_stands(
    sqlite_app: Flask,
) -> None:
    world = World()
    [link], [later] = links_of(world, "申报文件"), links_of(world, "竣工报告")
    assert demands.not_to_withdraw(world.application, link) == ""
    world.go(*STOOD)
    assert demands.not_to_withdraw(world.application, later) == ""
    assert "先上传正确的申报文件" in demands.not_to_withdraw(world.application, link)
    world.go(A.ASKED, A.INSPECTED)
    assert "已办步骤" in demands.not_to_withdraw(world.application, later)
    acts.evidence_link(acts.evidence_file(), world.application, kind="申报文件")
    assert demands.not_to_withdraw(world.application, link) == ""
    # What counts as none does not stand in for one.
    acts.evidence_check(links_of(world, "申报文件")[1].file, state=acts.FileState.MISSING)
    assert "不能没有" in demands.not_to_withdraw(world.application, link)


def test_every_state_says_which_files_it_rests_on() -> None:
    resting = {each for each in S if demands.rests_on(Application(state=each, kind=K.PARK))}
    assert set(S) - resting == {S.DRAFT, S.RETURNED, S.WITHDRAWN}
    over = Application(state=S.ACCEPTED, kind=K.PARK)
    assert demands.rests_on(over) == demands.words_of_papers(K.PARK)


def test_what_an_application_lacks_is_said_before_the_leader_approves(sqlite_app: Flask) -> None:
    world = World(K.DEMONSTRATION, listed=False)
    world.application.demonstration_village = None
    db.session.flush()
    said = world.said(A.APPROVED)
    assert "不在山区海岛县名单上" in said
    assert "请先登记示范点" in said
    fund = acts.application(world.places["缙云县"])
    assert "请填写申请金额。" in service.why_not(world.leader, fund, A.APPROVED)


def test_a_city_applies_for_a_park_where_a_county_of_it_is_listed(sqlite_app: Flask) -> None:
    world = World()
    city = world.places["丽水市"]
    park = make.park(world.places["富阳区"], city)
    asked = acts.application(city, K.PARK, park=park)
    assert demands.incomplete(asked) == []
    assert demands.incomplete(acts.application(city, amount_asked=make.wan(1))) != []
    # No city is above a city: the province looks at once.
    asked.state = S.SUBMITTED
    world.application = asked
    world.hand_in()
    assert service.why_not(world.province, asked, A.GRANTED) == ""
    assert "省级直接审批" in service.why_not(world.city, asked, A.CITY_REVIEWED)


FAULTS = [
    (A.CITY_REVIEWED, {"reason": " "}, "意见", "reason"),
    (A.GRANTED, {"amount": None}, "请填写批准金额", "amount"),
    (A.GRANTED, {"amount": make.wan(101)}, "不能超过申请金额", "amount"),
    (A.ESTABLISHED, {"document": " "}, "请填写文号", "document"),
    (A.ESTABLISHED, {"on_day": None}, "请填写立项日期", "on_day"),
    (A.ESTABLISHED, {"on_day": today() + timedelta(1)}, "晚于今天", "on_day"),
    (A.ESTABLISHED, {"on_day": AT.date() - timedelta(1)}, "早于申报日期 2024-02-05", "on_day"),
    (A.ESTABLISHED, {"due_on": None}, "请填写验收期限", "due_on"),
    (A.ESTABLISHED, {"due_on": DAY - timedelta(1)}, "验收期限", "due_on"),
    (A.CITY_REVIEWED, {"on_day": AT.date() - timedelta(1)}, "早于上一步“申报”", "on_day"),
    (A.APPROVED, {"on_day": today() + timedelta(1)}, "晚于今天", "on_day"),
    (A.INSPECTED, {"document": ""}, "请填写文号", "document"),
    (A.INSPECTED, {"result": None}, "请选择验收结果", "result"),
    (A.INSPECTED, {"on_day": DAY - timedelta(1)}, "早于立项日期", "on_day"),
    (A.INSPECTED, {"result": Acceptance.RECTIFY, "due_on": None}, "验收期限", "due_on"),
    (A.INSPECTED, {"due_on": DUE}, "“通过”的没有验收期限", "due_on"),
]


@pytest.mark.parametrize(("act", "changed", "words", "field"), FAULTS)
def test_what_comes_with_a_step_is_looked_at(sqlite_app, act, changed, words, field) -> None:
    world = World()
    world.go(*WHOLE[: WHOLE.index(act)])
    before = world.application.state
    with pytest.raises(service.StepError) as refused:
        world.go(act, **changed)
    assert words in str(refused.value)
    assert refused.value.field == field
    assert world.application.state is before


@pytest.mark.parametrize("act", [A.SENT_BACK, A.RETURNED, A.REJECTED, A.WITHDRAWN, A.REVOKED])
def test_a_way_back_says_why(sqlite_app: Flask, act: ApplicationAct) -> None:
    world = World()
    before = {A.SENT_BACK: FILED[:1], A.REVOKED: STOOD}.get(act, FILED)
    world.go(*before)
    with pytest.raises(service.StepError):
        world.go(act, reason="")
    world.go(act, reason="内容不全")
    assert queries.events_of(world.application)[0].reason == "内容不全"


def test_what_was_returned_is_mended_and_filed_anew(sqlite_app: Flask) -> None:
    world = World()
    world.go(*STOOD[:-1])
    assert world.application.amount_granted == make.wan(80)
    # The city looked at it already: from now on the province alone gives it back.
    assert "由省级办理" in service.why_not(world.city, world.application, A.RETURNED)
    service.act(world.province, world.application, A.RETURNED, SAID, at=AT)
    assert world.application.amount_granted is None
    world.go(*FILED, A.WITHDRAWN, A.RESUMED, *WHOLE)
    assert world.application.state is S.ACCEPTED


def test_rectifying_sets_another_day_and_is_inspected_again(sqlite_app: Flask) -> None:
    world = World()
    later = DUE + timedelta(days=60)
    world.go(*WHOLE[:-1])
    world.go(A.INSPECTED, result=Acceptance.RECTIFY, due_on=later)
    assert (world.application.state, world.application.acceptance_due_on) == (S.RECTIFYING, later)
    # What was found the first time says nothing of what was mended since.
    service.act(world.clerk, world.application, A.ASKED)
    assert "缺材料：验收文件。请由省级考核人员" in world.said(A.INSPECTED)
    assert "限期整改以前上传的不算" in world.said(A.INSPECTED)
    world.hand_in("验收文件")
    found = replace(SAID, result=Acceptance.FAILED, on_day=today(), due_on=None)
    service.act(world.province, world.application, A.INSPECTED, found)
    assert (world.application.state, world.application.acceptance_due_on) == (S.FAILED, later)
    results = [each.result for each in queries.events_of(world.application) if each.result]
    assert results == [Acceptance.FAILED, Acceptance.RECTIFY]


def test_a_demonstration_village_is_told_its_days_once(app: Flask) -> None:
    world = World(K.DEMONSTRATION)
    world.spot.applied_on = None
    world.go(*FILED)
    # What happened before the platform knew of it is not overwritten by the day of filing.
    assert world.spot.applied_on == AT.date()
    world.spot.applied_on = DAY - timedelta(days=100)
    world.go(*WHOLE[2:])
    assert (world.spot.approved_on, world.spot.accepted_on) == (DAY, DAY)
    assert ["登记的申报日期" in said for said in days.differing(world.application)] == [True]
    world.spot.applied_on = AT.date()
    assert days.differing(world.application) == []
    world.spot.accepted_on = DAY + timedelta(days=1)
    assert ["验收" in said for said in days.differing(world.application)] == [True]


def test_what_came_to_nothing_takes_back_the_days_that_it_told(sqlite_app: Flask) -> None:
    """A site that was refused is applied for no more; what a person entered stays."""
    applied, back = DAY - timedelta(days=3), (A.REJECTED, A.WITHDRAWN, A.REVOKED)
    for act, typed in ((act, typed) for act in back for typed in ("", "applied_on", "approved_on")):
        world = World(K.DEMONSTRATION)
        world.spot.applied_on = applied if typed == "applied_on" else None
        world.spot.approved_on = DAY if typed == "approved_on" else None
        db.session.flush()
        world.go(A.APPROVED)
        world.go(A.SUBMITTED, on_day=applied)
        assert world.spot.applied_on == applied
        if act is A.REVOKED:
            world.go(*STOOD[2:], on_day=DAY)
            assert world.spot.approved_on == DAY
        world.go(act)
        kept = {name: getattr(world.spot, name) for name in ("applied_on", "approved_on")}
        left = {"applied_on": applied, "approved_on": DAY}
        assert kept == {name: left[name] if name == typed else None for name in left}, (act, typed)
        db.session.rollback()


def test_a_renewed_application_says_that_the_old_day_is_another(sqlite_app: Flask) -> None:
    world = World(K.DEMONSTRATION)
    world.spot.applied_on = AT.date() - timedelta(days=40)
    for act in STOOD:
        world.go(act)
        filed = world.application.state not in (S.DRAFT, S.APPROVED)
        assert bool(days.differing(world.application)) is filed, act
    assert "2023-12-27，与申报的 2024-02-05 不同" in days.differing(world.application)[0]


def test_each_step_keeps_the_day_of_its_paper(sqlite_app: Flask) -> None:
    world = World()
    given = {each: DAY - timedelta(days=9 - at) for at, each in enumerate(WHOLE)}
    for each, on in given.items():
        world.go(each, on_day=on)
    found = {event.act: event.on_day for event in queries.events_of(world.application)}
    assert found == given


def test_a_day_that_the_record_tells_otherwise_is_never_overwritten(sqlite_app: Flask) -> None:
    for kind in (K.DEMONSTRATION, K.PARK):
        world = World(kind)
        world.go(*STOOD[:-1])
        record = world.spot if kind is K.DEMONSTRATION else world.park
        record.approved_on = DAY - timedelta(days=9)
        with pytest.raises(service.StepError, match="先核对"):
            world.go(A.ESTABLISHED)
        record.approved_on = None
        record.applied_on = record.signed_on = DAY + timedelta(days=1)
        with pytest.raises(service.StepError, match="在此之后"):
            world.go(A.ESTABLISHED)
        record.applied_on = record.signed_on = None
        world.go(A.ESTABLISHED)
        assert record.approved_on == DAY
        world.go(A.REVOKED)
        assert record.approved_on is None
        db.session.rollback()


def test_one_thing_is_applied_for_once(sqlite_app: Flask) -> None:
    world = World(K.PARK)
    world.go(*FILED, A.WITHDRAWN)
    other = acts.application(world.places["缙云县"], K.PARK, park=world.park)
    assert "不能重复申报" in service.why_not(world.clerk, world.application, A.RESUMED)
    other.state = S.REJECTED
    db.session.flush()
    assert world.said(A.RESUMED) == ""


def test_money_is_allotted_up_to_what_was_granted(app: Flask) -> None:
    world = World()
    world.go(*STOOD)
    world.go(A.ALLOTTED, amount=make.wan(50))
    with pytest.raises(service.StepError, match="已登记过同一文号、日期和金额的下达"):
        world.go(A.ALLOTTED, amount=make.wan(50))
    world.go(A.ALLOTTED, amount=make.wan(30), on_day=DAY + timedelta(days=9))
    with pytest.raises(service.StepError, match="还可下达 0"):
        world.go(A.ALLOTTED, amount=make.wan("0.01"))
    found = queries.allotted(world.application)
    assert (found.total.value, len(found.rows), found.from_ledger) == (make.wan(80), 2, False)


def test_an_allotment_that_was_entered_wrong_is_put_right(app: Flask) -> None:
    world = World()
    world.go(*STOOD)
    world.go(A.ALLOTTED, amount=make.wan(50))
    wrong = queries.events_of(world.application)[0]
    right = replace(SAID, amount=make.wan(60), reason="文件为 60 万元")
    for changed, words in (
        ({"reason": " "}, "理由"),
        ({"amount": make.wan(81)}, "还可下达 80"),  # what it said is free again
        ({"amount": make.wan(50)}, "内容与原记录相同"),
        ({"on_day": DAY - timedelta(days=1)}, "早于立项日期"),
    ):
        with pytest.raises(service.StepError, match=words):
            service.correct(world.province, wrong, replace(right, **changed))
    with pytest.raises(service.StepError, match="由省级考核人员办理"):
        service.correct(world.clerk, wrong, right)
    made = service.correct(world.province, wrong, right)
    found = queries.allotted(world.application)
    assert ([row.event for row in found.rows], found.total.value) == ([made], make.wan(60))
    assert (wrong.amount, made.corrects_id, made.actor_id) == (
        make.wan(50),
        wrong.id,
        world.province.id,
    )
    with pytest.raises(service.StepError, match="已更正过"):
        service.correct(world.province, wrong, right)
    # Nothing was allotted at all: the whole grant is free again, and can be entered anew.
    service.correct(world.province, made, replace(right, amount=None, reason="误登"))
    assert queries.allotted(world.application).rows == []
    world.go(A.ALLOTTED, amount=make.wan(60))
    assert queries.allotted(world.application).total.value == make.wan(60)


def test_what_came_back_of_what_was_allotted_is_said_apart(app: Flask) -> None:
    world = World()
    world.go(*STOOD)
    assert "没有下达后尚未收回" in world.said(A.RECOVERED)
    world.go(A.ALLOTTED, amount=make.wan(50))
    world.go(A.REVOKED)
    assert "须在“已立项”" in world.said(A.ALLOTTED)
    for changed, words in (
        ({"amount": make.wan(51)}, "没有收回的是 50 万元"),
        ({"on_day": DAY - timedelta(days=1)}, "早于立项日期"),
        ({"document": ""}, "文号"),
    ):
        with pytest.raises(service.StepError, match=words):
            world.go(A.RECOVERED, **{"amount": make.wan(20), **changed})
    world.go(A.RECOVERED, amount=make.wan(20))
    found = queries.allotted(world.application)
    assert (found.total.value, found.came_back.value) == (make.wan(50), make.wan(20))
    assert found.left == make.wan(30)
    # Either is put right, and never comes to more back than went out.
    back, _, out = queries.events_of(world.application)[:3]
    right = replace(SAID, amount=make.wan(19), reason="看错")
    for event, given in ((out, right), (out, replace(right, amount=None))):
        with pytest.raises(service.StepError, match="先更正收回"):
            service.correct(world.province, event, given)
    service.correct(world.province, back, right)
    assert queries.allotted(world.application).left == make.wan(31)


def test_papers_are_handed_in_by_those_who_give_them(sqlite_app: Flask) -> None:
    world = World()
    of = world.application
    own, given = ("申报文件", "竣工报告"), ("立项文件", "验收文件")
    may = {
        S.DRAFT: ({"申报文件"}, set()),
        S.RETURNED: ({"申报文件"}, set()),
        S.SUBMITTED: ({"申报文件"}, set()),
        S.GRANTED: ({"申报文件"}, {"立项文件"}),
        S.ESTABLISHED: ({*own}, {"立项文件"}),
        S.AWAITING: ({*own}, {*given}),
        S.RECTIFYING: ({*own}, {*given}),
    }
    for state, (by_clerk, by_province) in may.items():
        of.state = state
        for user, theirs in (
            (world.clerk, by_clerk), (world.province, by_province), (world.city, set()),
        ):  # fmt: skip
            found = {word for word in own + given if not handing.why_not(user, of, word)}
            assert found == theirs, (state, user.role)
        # What nobody demands is added by those who have it before them.
        filed = state not in (S.DRAFT, S.RETURNED)
        assert (handing.why_not(world.city, of, "推荐意见") == "") is filed
        assert handing.why_not(world.clerk, of, "推荐意见") == ""
    assert "立项文件由省级考核人员上传" in handing.not_theirs(world.clerk, of, "立项文件")


def test_what_has_a_ledger_is_read_there_and_never_entered_twice(sqlite_app: Flask) -> None:
    world = World()
    world.application.park = world.park
    world.go(*STOOD)
    with pytest.raises(service.StepError, match="没有"):
        world.go(A.ALLOTTED)
    assert queries.allotted(world.application).total is None
    for amount, on in ((70, DAY), (5, DAY - timedelta(days=1))):
        make.entry(world.park, EntryKind.PROVINCIAL_AWARD, make.wan(amount), on)
    make.entry(world.park, EntryKind.TAX, make.wan(3), DAY)
    found = queries.allotted(world.application)
    assert (found.total.value, found.from_ledger) == (make.wan(70), True)
