"""Who is reminded of what, when, and that each is told once, changed as it changes, and ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests import factories_papers as papers
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import TermKind
from tracker.records.ledger.models import EntryKind
from tracker.records.reminders import channels, service
from tracker.records.reminders.cli import reminders
from tracker.records.reminders.models import Channel, DeliveryState, Reminder, ReminderDelivery
from tracker.records.reminders.occasions import OCCASIONS
from tracker.records.submissions import service as filings
from tracker.records.submissions.models import FilingAct, FilingKind, FilingState

DUE = date(2024, 4, 10)
A, S = FilingAct, FilingState


class World:
    """缙云县 and 富阳区 with their people, the city and the province above them."""

    def __init__(self) -> None:
        self.places = make.zhejiang()
        self.county, self.host = self.places["缙云县"], self.places["富阳区"]
        self.clerk = make.user(Role.STAFF, self.county, username="clerk")
        self.leader = make.user(Role.LEADER, self.county, username="leader")
        self.hosts_clerk = make.user(Role.STAFF, self.host, username="host")
        self.city = make.user(Role.REVIEWER, self.places["丽水市"], username="city")
        self.province = make.user(Role.ASSESSOR, self.places["浙江省"], username="province")
        make.user(Role.STAFF, self.places["庆元县"], username="neighbour")
        make.user(Role.STAFF, self.county, username="gone", active=False)
        make.user(Role.ADMINISTRATOR, username="administrator")


def told(on: date | None = None) -> dict[str, list[str]]:
    """Who is newly told what, by username; the rest of `gather` is done with it."""
    made = service.gather(service.standing(on or today()), [])
    found: dict[str, list[str]] = {}
    for each in made.new:
        found.setdefault(each.user.username, []).append(each.found.title)
    return found


def standing_of(user) -> list[Reminder]:
    mine = select(Reminder).where(Reminder.user_id == user.id, Reminder.over_at.is_(None))
    return list(db.session.scalars(mine.order_by(Reminder.id)))


PENDING, LATE = "缙云县 2024 年第一季度季报待报送", "缙云县 2024 年第一季度季报逾期未报"


def test_a_filing_is_told_of_before_on_and_after_its_last_day(app: Flask) -> None:
    world = World()
    acts.filing(world.county, due_on=DUE)
    # 7 April 2024 is a Sunday on which one works; 4 to 6 April are days off.
    assert told(date(2024, 3, 31)) == {}
    assert told(date(2024, 4, 1)) == {}
    assert told(date(2024, 4, 2)) == {"clerk": [PENDING]}
    assert told(date(2024, 4, 3)) == told(date(2024, 4, 7)) == {}
    assert told(date(2024, 4, 8)) == {"clerk": [PENDING]}
    assert told(date(2024, 4, 9)) == {}
    assert told(DUE) == {"clerk": [PENDING], "leader": [PENDING]}
    both = {"clerk": [LATE], "leader": [LATE]}
    assert told(date(2024, 4, 11)) == both
    assert told(date(2024, 4, 16)) == {}
    assert told(date(2024, 4, 17)) == both
    # Of each thing the latest alone stands.
    assert [each.title for each in standing_of(world.clerk)] == [LATE]
    assert standing_of(world.clerk)[0].words == (
        "期限为 2024-04-10，已过 7 天；现在是“未开始”，下一步由缙云县工作人员办理。"
    )


def test_who_was_away_on_the_day_of_a_stage_is_told_on_the_next(app: Flask) -> None:
    world = World()
    acts.filing(world.county, due_on=DUE)
    assert told(date(2024, 4, 9)) == {"clerk": [PENDING]}


def test_what_is_due_together_is_one_thing_that_shrinks(app: Flask) -> None:
    world = World()
    enclave = make.enclave(world.county, world.host)
    own = acts.filing(world.county, due_on=DUE)
    acts.filing(enclave, due_on=DUE)
    two = "缙云县 2024 年第一季度季报等 2 份待报送"
    assert told(DUE) == {"clerk": [two], "leader": [two]}
    assert standing_of(world.clerk)[0].words == "期限为 2024-04-10，今天到期；“未开始” 2 份。"
    assert standing_of(world.clerk)[0].path.endswith("?year=2024&state=due")
    acts.file(own, datetime(2024, 4, 10, 2, tzinfo=UTC))
    assert told(DUE) == {}
    (left,) = standing_of(world.clerk)
    assert left.title == f"{enclave.name} 2024 年第一季度季报待报送"
    assert left.path.startswith("/submissions/")


def test_what_is_done_is_over_and_what_comes_back_stands_again(app: Flask) -> None:
    world = World()
    filing = acts.filing(world.county, due_on=DUE)
    told(DUE)
    read = standing_of(world.clerk)[0]
    service.read(world.clerk)
    filing.due_on = date(2024, 7, 1)
    db.session.flush()
    assert told(DUE) == {}
    assert standing_of(world.clerk) == []
    assert read.over_at is not None
    filing.due_on = DUE
    db.session.flush()
    assert told(DUE) == {}
    assert standing_of(world.clerk) == [read]
    assert read.read_at is None


WAY = (A.STARTED, A.APPROVED, A.SUBMITTED, A.CITY_REVIEWED, A.REVIEWED)


@pytest.mark.parametrize(
    ("steps", "waits_for", "title"),
    [
        (2, "clerk", "缙云县 2024 年第一季度季报待报送"),
        (3, "city", "缙云县 2024 年第一季度季报待市级初审"),
        (4, "province", "缙云县 2024 年第一季度季报待省级审核"),
        (5, "province", "缙云县 2024 年第一季度季报待锁定"),
    ],
)
def test_whoever_it_waits_for_is_told_after_48_hours(
    sqlite_app: Flask, steps: int, waits_for: str, title: str
) -> None:
    world = World()
    filing = acts.filing(world.county, due_on=DUE)
    with time_machine.travel(datetime(2024, 4, 2, 1, tzinfo=UTC), tick=False) as clock:
        for act in WAY[:steps]:
            filings.act(None, filing, act)
        clock.shift(timedelta(hours=48))
        told()
        assert db.session.scalar(select(Reminder).filter_by(occasion="filing_waiting")) is None
        clock.shift(timedelta(minutes=1))
        told()
        waiting = db.session.scalars(select(Reminder).filter_by(occasion="filing_waiting")).all()
        assert [(each.user.username, each.title) for each in waiting] == [(waits_for, title)]
        assert "已等待 48 小时（超过 48 小时）" in waiting[0].words


def test_all_that_waits_for_the_same_people_is_told_at_once(sqlite_app: Flask) -> None:
    world = World()
    with time_machine.travel(datetime(2024, 4, 2, 1, tzinfo=UTC), tick=False) as clock:
        for kind in (FilingKind.PLAN, FilingKind.Q1):
            filing = acts.filing(world.county, kind=kind, due_on=DUE)
            for act in WAY[:3]:
                filings.act(None, filing, act)
            clock.shift(timedelta(hours=30))
        clock.shift(timedelta(hours=40))
        told()
        (one,) = standing_of(world.city)
        assert one.title == "缙云县 2024 年年度计划等 2 份待市级初审"
        assert one.words.startswith("最早的一份已等待 4 天（超过 48 小时）")
        assert one.path == "/"


def test_what_was_returned_is_told_at_once_and_again_after_24_hours(sqlite_app: Flask) -> None:
    world = World()
    filing = acts.filing(world.county, due_on=DUE)
    with time_machine.travel(datetime(2024, 4, 2, 1, tzinfo=UTC), tick=False) as clock:
        for act in WAY[:3]:
            filings.act(None, filing, act)
        filings.act(world.city, filing, A.RETURNED, reason="补充材料")
        title = "缙云县 2024 年第一季度季报已退回，待修改"
        for who in (world.clerk, world.leader):
            (one,) = standing_of(who)
            assert (one.title, one.words) == (title, "理由：补充材料。")
        clock.shift(timedelta(hours=24))
        assert told() == {}
        clock.shift(timedelta(minutes=1))
        assert told() == {"clerk": [title], "leader": [title]}
        (late,) = standing_of(world.clerk)
        assert late.words.startswith("理由：补充材料。退回后已过 24 小时（超过 24 小时）")
        filings.act(None, filing, A.STARTED)
        assert told() == {}
        assert standing_of(world.clerk) == []


def test_what_a_leader_sends_back_and_the_province_opens_is_told_with_the_reason(
    sqlite_app: Flask,
) -> None:
    world = World()
    filing = acts.filing(world.county, due_on=date(2024, 7, 1))
    with time_machine.travel(datetime(2024, 4, 12, 1, tzinfo=UTC), tick=False) as clock:
        for act in WAY[:2]:
            filings.act(None, filing, act)
        filings.act(world.leader, filing, A.SENT_BACK, reason="缺公章")
        (one,) = standing_of(world.clerk)
        assert (one.title, one.words) == (
            "缙云县 2024 年第一季度季报由领导发回修改",
            "理由：缺公章。",
        )
        assert told() == {}, "what was told at once is not told again"
        assert standing_of(world.clerk) == [one]
        for act in WAY[1:]:
            filings.act(None, filing, act)
        filings.act(None, filing, A.LOCKED)
        assert told() == {}
        assert standing_of(world.clerk) == []
        until = date(2024, 4, 15)
        filings.act(world.province, filing, A.REOPENED, reason="补附件", until=until)
        (one,) = standing_of(world.clerk)
        assert (one.title, one.words, one.due_on) == (
            "缙云县 2024 年第一季度季报已限期开锁，至 2024-04-15 止",
            "理由：补附件。",
            until,
        )
        assert told() == {}
        clock.shift(timedelta(days=2))
        assert set(told()) == {"clerk", "leader"}
        assert standing_of(world.clerk)[0].words == "还有 1 天。理由：补附件。"
        clock.shift(timedelta(days=2))
        assert told() == {}
        assert standing_of(world.clerk) == []


def test_a_part_that_a_bureau_has_is_told_until_it_is_back(app: Flask) -> None:
    world = World()
    filing = acts.filing(world.county, due_on=date(2024, 7, 1))
    part = acts.filing_part(filing, due_on=DUE)
    waiting, late = "分办给商务局的项目资金待办回", "分办给商务局的项目资金逾期未办回"
    days = (date(2024, 4, 7), date(2024, 4, 8), date(2024, 4, 9), DUE, date(2024, 4, 11))
    assert [told(day) for day in days] == [
        {},
        {"clerk": [waiting]},
        {},
        {"clerk": [waiting]},
        {"clerk": [late]},
    ]
    part.back_on = date(2024, 4, 12)
    db.session.flush()
    assert told(date(2024, 4, 18)) == {}
    assert standing_of(world.clerk) == []


def test_a_task_is_told_before_on_and_after_its_last_day_until_it_is_done(
    sqlite_app: Flask,
) -> None:
    world = World()
    due = date(2024, 6, 30)
    task = acts.annual_task(2024, name="编制方案", due_on=due, issued_due_on=due)
    figure = acts.annual_task(2024, 2, measure="projects.counted", issued_due_on=due)
    given = acts.task_list(world.places["丽水市"])
    part = acts.task_part(given, task, world.county)
    days = (date(2024, 5, 30), date(2024, 5, 31), date(2024, 6, 23), due, date(2024, 7, 1))
    soon, late = "缙云县 编制方案即将到期", "缙云县 编制方案到期未完成"
    assert [told(day) for day in days] == [
        {},
        {"clerk": [soon]},
        {"clerk": [soon]},
        {"clerk": [soon], "leader": [soon]},
        {"clerk": [late], "leader": [late]},
    ]
    # What no record says to be reached waits beside it: unknown is not done.
    acts.task_part(given, figure, world.county, value=3)
    assert told(date(2024, 7, 8)) == {
        name: ["2024 年度任务 2 项到期未完成"] for name in ("clerk", "leader")
    }
    part.done_on = date(2024, 7, 9)
    db.session.flush()
    assert told(date(2024, 7, 15))["clerk"] == ["缙云县 示例任务2到期未完成"]
    assert told(date(2024, 12, 1)) == {}
    assert standing_of(world.clerk) == []


def test_a_return_is_told_to_both_sides_until_it_is_paid(app: Flask) -> None:
    world = World()
    enclave = make.enclave(world.county, world.host, name="缙云—富阳飞地")
    make.term(
        enclave, TermKind.FIXED_SUM, amount=make.wan(100), starts_on=date(2024, 1, 1), pay_by=1130
    )
    title = "缙云—富阳飞地 2024 年度返利将到期"
    assert told(date(2024, 10, 30)) == {}
    assert told(date(2024, 10, 31)) == {"clerk": [title], "host": [title]}
    assert "尚欠 100 万元" in standing_of(world.clerk)[0].words
    make.entry(
        enclave, EntryKind.REBATE, make.wan(40), date(2024, 11, 1), due_on=date(2024, 11, 30)
    )
    assert told(date(2024, 11, 2)) == {}
    assert "尚欠 60 万元" in standing_of(world.clerk)[0].words
    assert told(date(2024, 12, 1)) == {
        name: ["缙云—富阳飞地 2024 年度返利逾期"] for name in ("clerk", "host")
    }
    make.entry(
        enclave, EntryKind.REBATE, make.wan(60), date(2024, 12, 2), due_on=date(2024, 11, 30)
    )
    assert told(date(2024, 12, 2)) == {}
    assert standing_of(world.clerk) == standing_of(world.hosts_clerk) == []


def test_an_end_is_told_before_on_and_after_it(app: Flask) -> None:
    world = World()
    end = date(2024, 9, 30)
    enclave = make.enclave(world.county, world.host, name="缙云—富阳飞地")
    term = make.term(enclave, amount=make.wan(1), starts_on=date(2020, 1, 1), ends_on=end)
    make.agreement(enclave, ends_on=end)
    pairing = make.pairing(world.host, world.county)
    acts.secondment(pairing, date(2022, 10, 1), person="示例甲", ends_on=end)
    acts.specialist_posting(pairing, starts_on=date(2022, 10, 1), ends_on=end)
    acts.institution_pair(pairing, ends_on=end)
    new = [
        told(end + timedelta(days)).get("host", [])
        for days in (-91, -90, -61, -60, -30, -14, -7, 0, 1, 30, 31)
    ]
    lengths = [0, 1, 0, 1, 4, 1, 3, 5, 5, 0, 0]
    assert [len(titles) for titles in new] == lengths
    assert new[1] == ["缙云—富阳飞地的共建协议将到期"]
    assert new[3] == [f"缙云—富阳飞地的返利约定（{term.kind.label}）将期满"]
    assert "示例甲的挂职期将满" in new[4]
    assert "示例甲的挂职期已满" in new[8]
    assert standing_of(world.hosts_clerk) == []


def test_a_term_that_another_follows_is_not_told_of(sqlite_app: Flask) -> None:
    world = World()
    enclave = make.enclave(world.county, world.host)
    make.term(enclave, amount=make.wan(1), starts_on=date(2020, 1, 1), ends_on=date(2024, 9, 30))
    make.term(enclave, amount=make.wan(1), starts_on=date(2024, 10, 1))
    assert told(date(2024, 9, 20)) == {}


def test_a_closed_enclave_is_not_told_of(sqlite_app: Flask) -> None:
    world = World()
    enclave = make.enclave(world.county, world.host, closed_on=date(2024, 5, 1))
    make.term(enclave, amount=make.wan(1), ends_on=date(2024, 9, 30), pay_by=930)
    make.agreement(enclave, ends_on=date(2024, 9, 30))
    assert told(date(2024, 9, 20)) == {}


def test_each_way_is_asked_for_by_the_person(sqlite_app: Flask) -> None:
    world = World()
    acts.filing(world.county, due_on=DUE)
    papers.reminder_address(world.clerk, email="clerk@example.com", by_webhook=False)
    found = service.standing(DUE)
    assert len(service.would_gather(found).new) == 2
    service.gather(found, [Channel.MAIL, Channel.WEBHOOK])
    sent = {
        (each.reminder.user.username, each.channel)
        for each in db.session.scalars(select(ReminderDelivery))
    }
    assert sent == {("clerk", Channel.MAIL), ("leader", Channel.WEBHOOK)}
    nothing = {key: [] for key in OCCASIONS}
    service.gather(nothing, [])
    states = set(db.session.scalars(select(ReminderDelivery.state)))
    assert states == {DeliveryState.DROPPED}


def test_a_rehearsal_names_the_reminders_that_would_end(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    acts.filing(world.county, due_on=DUE)
    service.gather(service.standing(DUE), [])
    db.session.commit()
    over = [(each.user.username, each.title, each.words) for each in standing_of(world.clerk)]
    assert over
    monkeypatch.setattr(service, "standing", lambda _on: {key: [] for key in OCCASIONS})
    said = sqlite_app.test_cli_runner().invoke(reminders, ["send", "--dry-run"]).output
    for user, title, words in over:
        assert f"会结束：{user}  {title}：{words}" in said
    assert "会生成 0 条，会结束 2 条。" in said


def test_a_rehearsal_names_what_would_be_sent(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits already, and what would be made; a run then sends as many messages."""
    world = World()
    acts.filing(world.county, due_on=DUE)
    papers.reminder_address(world.clerk, email="clerk@example.com", by_webhook=False)
    service.gather(service.standing(DUE), [Channel.MAIL])
    acts.filing(world.county, kind=FilingKind.Q2, due_on=DUE)
    db.session.commit()
    found = service.standing(DUE)
    ways = {Channel.MAIL: Sending(), Channel.WEBHOOK: Sending()}
    monkeypatch.setattr(channels, "senders", lambda _settings: ways)
    monkeypatch.setattr(service, "standing", lambda _on: found)
    said = sqlite_app.test_cli_runner().invoke(reminders, ["send", "--dry-run"]).output
    assert (
        "会发送：clerk  电子邮件  缙云县 2024 年第一季度季报待报送；缙云县 2024 年第二季度" in said
    )
    assert "会发送：leader  消息接口  缙云县 2024 年第二季度" in said
    ran = sqlite_app.test_cli_runner().invoke(reminders, ["send"]).output
    told = sum(len(each.got) for each in ways.values())
    assert f"会发送 {told} 条消息。" in said
    assert f"发送 {told} 条消息，未送达 0 条。" in ran


class Sending:
    """A way that takes whatever it is given."""

    def __init__(self) -> None:
        self.got: list[channels.Message] = []

    def send(self, message: channels.Message) -> None:
        self.got.append(message)
