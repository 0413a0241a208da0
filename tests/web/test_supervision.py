"""督办: an order from the page of a subject, its answer with files, its review, and how an overdue
one rises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine

from tests import factories as make
from tests import factories_acts as acts
from tests.papers.texts import page_texts
from tests.web.conftest import Site
from tests.web.pages import Browser, text_of, value_of
from tracker.core.db import db
from tracker.core.quantities.clock import CHINA, today
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region
from tracker.records.supervision import service
from tracker.records.supervision.models import OrderState, SupervisionEvent, SupervisionOrder

S = OrderState
NAME = "智能装备项目进度滞后"
DEMAND = "说明滞后原因，报送下一步安排。"


@pytest.fixture
def people(any_site: Site) -> Site:
    """The site with leaders of 丽水市 and of 缙云县."""
    with any_site.app.app_context():
        jinyun = db.session.get_one(Region, any_site.world["jinyun"])
        for name, place in (("city_leader", jinyun.parent), ("county_leader", jinyun)):
            any_site.world.ids[name] = make.user(Role.LEADER, place, username=name).id
        db.session.commit()
    return any_site


def form(site: Site, **typed: str) -> dict[str, str]:
    due = (today() + timedelta(20)).isoformat()
    county = str(site.world["jinyun"])
    return {"name": NAME, "demand": DEMAND, "county_id": county, "due_on": due, **typed}


def issued(site: Site, by: str = "leader", **typed: str) -> str:
    """The page of an order about 缙云县's project."""
    address = f"/supervision/new?about=project&of={site.world['project']}"
    sent = site.browser(by).post(address, form(site, **typed))
    assert sent.status_code == 302, text_of(sent)
    return str(sent.location).partition("?")[0]


def act(browser: Browser, page: str, what: str, **typed: str):
    """Take a step as somebody who has just opened its form."""
    version = value_of(browser.get(f"{page}/{what}"), "version") or ""
    return browser.post(f"{page}/{what}", {"version": version, **typed})


def prove(site: Site, page: str) -> None:
    with site.app.app_context():
        order = db.session.get_one(SupervisionOrder, int(page.rpartition("/")[2]))
        acts.evidence_link(acts.evidence_file(), order)
        db.session.commit()


def test_an_order_is_answered_sent_back_answered_anew_and_accepted(people: Site) -> None:
    leader, staff = people.browser("leader"), people.browser("staff")
    project = f"/projects/{people.world['project']}"
    assert (
        f"/supervision/new?about=project&amp;of={people.world['project']}"
        in leader.get(project).text
    )
    page = issued(people, needs_proof="y")
    assert f"督办：{NAME}" in text_of(leader.get("/"))
    shown = text_of(staff.get(page))
    assert "待答复：待缙云县答复" in shown
    assert DEMAND in shown
    assert "还没有佐证材料，答复前须上传。" in shown
    # With words alone it is not answered; with a file it is.
    refused = staff.post(f"{page}/answered", {"version": "1", "reason": "已开工"})
    assert refused.status_code == 409
    assert "缺佐证材料" in text_of(refused)
    prove(people, page)
    assert act(staff, page, "answered", reason="已于本月复工。").status_code == 302
    # It is told to those who issued it, who send it back with a reason and a new day.
    home = text_of(leader.get("/"))
    assert NAME in home
    assert "待审核" in home
    lacking = act(leader, page, "returned", reason="没有写下一步安排")
    assert lacking.status_code == 422
    later = (today() + timedelta(30)).isoformat()
    assert act(leader, page, "returned", reason="没有写下一步安排", due_on=later).status_code == 302
    shown = text_of(staff.get(page))
    assert "退回重办：待缙云县答复" in shown
    assert "没有写下一步安排" in shown
    assert act(staff, page, "answered", reason="十二月底前投产。").status_code == 302
    assert act(leader, page, "accepted").status_code == 422  # not ticked
    assert act(leader, page, "accepted", agreed="y").status_code == 302
    assert "已办结" in text_of(staff.get(page))
    assert act(staff, page, "answered", reason="再答").status_code == 409
    with people.app.app_context():
        events = db.session.scalars(db.select(SupervisionEvent).order_by(SupervisionEvent.id)).all()
        assert [each.act.value for each in events] == [
            "issued",
            *("answered", "returned", "answered", "accepted"),
        ]
        assert all(each.actor_id and each.address for each in events)


def test_who_issues_to_whom_follows_role_and_region(people: Site) -> None:
    about = f"/supervision/new?about=project&of={people.world['project']}"
    expected = {
        "leader": 200, "assessor": 200, "reviewer": 200, "city_leader": 200,
        "county_leader": 403, "staff": 403, "neighbour": 403, "administrator": 403,
    }  # fmt: skip
    for name, status in expected.items():
        assert people.browser(name).get(about).status_code == status, name
    # A city gives none to a place that is not its own, whatever the form says.
    with people.app.app_context():
        fuyang = str(db.session.scalars(db.select(Region).filter_by(name="富阳区")).one().id)
    refused = people.browser("city_leader").post(about, form(people, county_id=fuyang))
    assert refused.status_code == 422
    helped = people.browser("city_leader").post(about, form(people, helper_id=fuyang))
    assert helped.status_code == 422
    # Nor does anybody see the other side's, or take another's step.
    page = issued(people, "city_leader")
    assert people.browser("neighbour").get(page).status_code == 404
    for name in ("leader", "staff", "county_leader"):
        assert people.browser(name).get(page).status_code == 200, name
        taken = people.browser(name).post(f"{page}/cancelled", {"version": "1", "reason": "试"})
        assert taken.status_code == 403, name
    answered = people.browser("reviewer").post(f"{page}/answered", {"version": "1", "reason": "试"})
    assert answered.status_code == 403


def test_what_is_typed_is_refused_beside_its_field(people: Site) -> None:
    leader = people.browser("leader")
    past = leader.post("/supervision/new", form(people, due_on="2024-01-01"))
    assert past.status_code == 422
    assert "办理期限 2024-01-01 早于今天" in text_of(past)
    same = leader.post("/supervision/new", form(people, helper_id=str(people.world["jinyun"])))
    assert "协办单位与承办单位相同" in text_of(same)
    empty = leader.post("/supervision/new", {})
    for words in ("督办事项", "办理要求", "承办单位", "办理期限"):
        assert words in text_of(empty)


def test_an_overdue_order_rises_to_the_city_and_then_to_the_province(people: Site) -> None:
    page = issued(people, "city_leader")
    number = int(page.rpartition("/")[2])
    due = today() + timedelta(20)
    home = text_of(people.browser("leader").get("/"))
    assert "待审核和逾期的督办" not in home  # the city's, and in time

    def on(days: int) -> time_machine.travel:
        moment = datetime(due.year, due.month, due.day, 9, tzinfo=CHINA) + timedelta(days)
        return time_machine.travel(moment, tick=False)

    def rise() -> list[str]:
        with people.app.app_context():
            service.rise_all()
            db.session.commit()
            events = db.select(SupervisionEvent).filter_by(order_id=number, act="raised")
            found = db.session.scalars(events.order_by(SupervisionEvent.id))
            return [each.rise.value for each in found if each.rise]

    with on(0):
        assert rise() == []
    with on(3):
        assert rise() == ["city"] == rise()
        shown = text_of(people.browser("city_leader").get(page))
        assert "红灯：逾期 3 天" in shown
        assert "已上报设区市" in shown
        assert "将上报省级" in shown
    with on(10):
        assert rise() == ["city", "province"] == rise()
        home = text_of(people.browser("leader").get("/"))
        assert "待审核和逾期的督办" in home
        assert NAME in home
        # The province may act on what rose to it, and a new day begins the way anew.
        later = (due + timedelta(30)).isoformat()
        extended = act(people.browser("leader"), page, "extended", reason="雨季", due_on=later)
        assert extended.status_code == 302
        with people.app.app_context():
            assert db.session.get_one(SupervisionOrder, number).risen is None
    with on(34):
        assert rise() == ["city", "province", "city"]


def test_an_act_notes_first_what_has_risen(people: Site) -> None:
    """Also where no worker ran meanwhile."""
    page = issued(people, "city_leader")
    late = datetime.now(CHINA) + timedelta(34)
    with time_machine.travel(late, tick=False):
        assert act(people.browser("staff"), page, "answered", reason="已复工").status_code == 302
    with people.app.app_context():
        events = db.session.scalars(db.select(SupervisionEvent).order_by(SupervisionEvent.id))
        assert [each.act.value for each in events] == ["issued", "raised", "raised", "answered"]


def test_the_list_counts_and_each_count_opens_its_orders(site: Site, in_database: Callable) -> None:
    def given() -> None:
        jinyun = db.session.get_one(Region, site.world["jinyun"])
        city = jinyun.parent
        for name, state, due in (
            ("逾期事项", S.ISSUED, today() - timedelta(2)),
            ("将到期事项", S.RETURNED, today() + timedelta(2)),
            ("已答复事项", S.ANSWERED, today() - timedelta(9)),
            ("办结事项", S.ACCEPTED, date(2024, 5, 1)),
            ("撤销事项", S.CANCELLED, date(2024, 5, 1)),
        ):
            acts.supervision_order(jinyun, city, name=name, state=state, due_on=due)
        db.session.commit()

    in_database(given)
    staff = site.browser("staff")
    assert "未办结 3 件，其中逾期未答复 1 件，待审核 1 件；已办结 1 件。" in text_of(
        staff.get("/supervision/")
    )
    for query, names in (
        ("open=1", {"逾期事项", "将到期事项", "已答复事项"}),
        ("light=red", {"逾期事项"}),
        ("light=yellow", {"将到期事项"}),
        ("light=green", {"已答复事项"}),
        ("state=accepted&span=all", {"办结事项"}),
        ("light=city", set()),
    ):
        page = text_of(staff.get(f"/supervision/?{query}"))
        shown = {
            n for n in ("逾期事项", "将到期事项", "已答复事项", "办结事项", "撤销事项") if n in page
        }
        assert shown == names, query
    with staff.get("/supervision/export.csv?open=1") as file:
        assert "红灯：逾期 2 天" in file.data.decode("utf-8-sig")
    assert "逾期事项" not in text_of(site.browser("neighbour").get("/supervision/?span=all"))
    assert "逾期事项" in text_of(staff.get("/"))


def test_it_prints_on_one_page(people: Site) -> None:
    page = issued(people, demand="办" * 400, name="事" * 120)
    number = page.rpartition("/")[2]
    with people.app.app_context():
        order = db.session.get_one(SupervisionOrder, int(number))
        for _ in range(30):
            acts.supervision_event(order, reason="写得很长的办理情况。" * 40)
        db.session.commit()
    sent = people.browser("staff").get(f"/forms/supervision/{number}.pdf")
    texts = page_texts(sent.data)
    assert len(texts) == 1
    words = "".join("".join(texts).split())
    for expected in ("山海协作督办单", f"第{number}号", "缙云县", "步没有列出", "草表"):
        assert expected in words, expected
    assert words.count("办") >= 400
    assert people.browser("neighbour").get(f"/forms/supervision/{number}.pdf").status_code == 404
