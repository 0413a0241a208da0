"""重点工作: set from above, reported by its place, late by one rule, and led from to a 督办单."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.pages import text_of
from tests.web.statements import number_for
from tracker.core.db import db, units
from tracker.core.quantities.clock import today
from tracker.records.places.models import Region
from tracker.records.supervision.models import SupervisionOrder
from tracker.records.works.models import KeyWork, Milestone, WorkAct, WorkEvent, WorkList
from tracker.records.works.queries import in_year, lights
from tracker.records.works.steps import light_of, next_of

FORM = {
    "sheet": "task",
    "name": "园区二期",
    "demand": "建成二期",
    "responsible": "发展改革局 张三",
    "starts_on": "2024-01-01",
    "due_on": "2024-12-31",
    "document": "",
    "finished_on": "",
}
WATCH = "/overview/works/?year={}"


def said(site: Site, address: str, user: str = "leader") -> str:
    return re.sub(r"\s", "", text_of(site.browser(user).get(address)))


def made(site: Site, **fields) -> int:
    with site.app.app_context(), units.mode(writes=True):
        place = db.session.get_one(Region, site.world["jinyun"])
        work = acts.key_work(place, **fields)
        db.session.commit()
        return work.id


def test_the_whole_way_of_a_work(any_site: Site) -> None:
    """Entered by the city with a milestone, reported and finished by the county, sent back."""
    city, staff = any_site.browser("reviewer"), any_site.browser("staff")
    form = {**FORM, "region_id": str(any_site.world["jinyun"])}
    assert staff.get("/key-works/new").status_code == 403
    sent = city.post("/key-works/new", form)
    assert sent.status_code == 302, text_of(sent)
    page = sent.location.partition("?")[0]
    number = int(page.rpartition("/")[2])
    step = {"name": "方案印发", "planned_on": "2024-03-31", "reached_on": ""}
    assert city.post(f"{page}/key-work-milestones/new", step).status_code == 302
    with any_site.app.app_context():
        milestone = db.session.scalars(select(Milestone)).one().id
    assert "下一步：方案印发，应于 2024-03-31 前，由缙云县（发展改革局 张三）办理。" in text_of(
        staff.get(page)
    )
    assert city.get(f"{page}/reported").status_code == 403  # the county reports
    early = {"words": "已印发", "milestone_id": str(milestone), "on": "2023-12-31", "version": "1"}
    assert "早于开始日期" in text_of(staff.post(f"{page}/reported", early))
    undated = staff.post(f"{page}/reported", {**early, "on": ""})
    assert undated.status_code == 422
    assert "请填写完成日期。" in text_of(undated)
    loose = staff.post(f"{page}/reported", {**early, "milestone_id": "", "on": "2024-04-02"})
    assert "没有选节点的，不填完成日期。" in text_of(loose)
    assert staff.post(f"{page}/reported", {**early, "on": "2024-04-02"}).status_code == 302
    shown = text_of(city.get(page))
    assert "报告进展：方案印发" in shown
    assert "下一步：全部完成" in shown
    done = {"words": "二期建成", "on": "2024-12-20", "version": "1"}
    unticked = staff.post(f"{page}/finished", done)
    assert "请核对后勾选确认。" in text_of(unticked)
    assert staff.post(f"{page}/finished", {**done, "agreed": "y"}).status_code == 302
    assert "2024-12-20 完成。" in text_of(staff.get(page))
    assert staff.get(f"{page}/reported").status_code == 409
    back = city.post(f"{page}/reopened", {"words": "验收未过", "version": "2"})
    assert back.status_code == 302
    with any_site.app.app_context():
        work = db.session.get_one(KeyWork, number)
        assert work.finished_on is None
        events = db.session.scalars(select(WorkEvent).order_by(WorkEvent.id)).all()
        assert [each.act for each in events] == [
            WorkAct.REPORTED,
            WorkAct.FINISHED,
            WorkAct.REOPENED,
        ]
        assert db.session.get_one(Milestone, milestone).reached_on == date(2024, 4, 2)


def test_whoever_is_obliged_never_sets_it(site: Site) -> None:
    """A city sets work for its counties, not for itself; other places see nothing of it."""
    number = made(site)
    city = site.browser("reviewer")
    own = {**FORM, "region_id": "1"}
    with site.app.app_context():
        lishui = db.session.scalars(select(Region).where(Region.name == "丽水市")).one().id
    assert city.post("/key-works/new", {**own, "region_id": str(lishui)}).status_code == 422
    assert site.browser("staff").get(f"/key-works/{number}/edit").status_code == 403
    assert site.browser("neighbour").get(f"/key-works/{number}").status_code == 404
    assert city.get(f"/key-works/{number}/edit").status_code == 200
    assert site.browser("assessor").post("/key-works/new", {**own, "region_id": str(lishui)})


def test_a_work_that_somebody_changed_meanwhile_is_looked_at_anew(site: Site) -> None:
    number = made(site)
    stale = {"words": "进展", "milestone_id": "", "on": "", "version": "7"}
    answer = site.browser("staff").post(f"/key-works/{number}/reported", stale)
    assert "这项工作刚刚有变动" in text_of(answer)


@pytest.fixture
def several(site: Site) -> dict[str, int]:
    """Works of 缙云县 of each light, by their days until what is next; one of 庆元县 is late."""
    day = today()

    def of(place: Region, name: str, left: int, sheet=WorkList.TASK, **fields) -> KeyWork:
        due_on = day + timedelta(left)
        starts_on = fields.pop("starts_on", day - timedelta(200))
        return acts.key_work(place, sheet, name=name, due_on=due_on, starts_on=starts_on, **fields)

    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(select(Region))}
        jinyun = places["缙云县"]
        late = of(jinyun, "已逾期", -3)
        acts.work_event(late, words="土地指标未批")
        by_step = of(jinyun, "节点逾期", 90, WorkList.REFORM)
        acts.milestone(by_step, name="方案印发", planned_on=day - timedelta(1))
        of(jinyun, "今天到期", 0)
        of(jinyun, "十五天", 15)
        of(jinyun, "十六天", 16)
        reached = of(jinyun, "节点已到", 60)
        acts.milestone(
            reached, planned_on=day - timedelta(9), reached_on=day - timedelta(10), name="印发"
        )
        of(jinyun, "已完成", -9, finished_on=day - timedelta(5))
        of(places["庆元县"], "庆元逾期", -30)
        db.session.commit()
        return {each.name: each.id for each in db.session.scalars(select(KeyWork))}


def test_lights_are_one_rule_for_pages_and_lists(site: Site, several: dict[str, int]) -> None:
    with site.app.app_context():
        found = db.session.scalars(select(KeyWork)).all()
        one = {each.name: light_of(each) for each in found}
        for key, condition in lights().items():
            listed = set(db.session.scalars(select(KeyWork.name).where(condition)))
            assert listed == {name for name, (light, _) in one.items() if light == key}, key
        by_step = db.session.get_one(KeyWork, several["节点逾期"])
        assert next_of(by_step).words == "方案印发"
        assert light_of(by_step) == ("red", "红灯：逾期 1 天")
        # Before its days it was not late, and what was finished later was open.
        past = today() - timedelta(7)
        finished = db.session.get_one(KeyWork, several["已完成"])
        assert light_of(finished, past) == ("red", "红灯：逾期 2 天")
        assert light_of(by_step, past)[0] == "yellow"
    assert {name: light for name, (light, _) in one.items()} == {
        "已逾期": "red",
        "节点逾期": "red",
        "今天到期": "yellow",
        "十五天": "yellow",
        "十六天": "green",
        "节点已到": "green",
        "已完成": "done",
        "庆元逾期": "red",
    }


def test_leaders_see_who_is_late_what_is_next_and_by_whom(
    site: Site, several: dict[str, int]
) -> None:
    address = WATCH.format(today().year)
    page = said(site, address)
    assert "重点工作8项：红灯（逾期）3项，黄灯（15天内到期）2项，绿灯2项，已完成1项。" in page
    first = today() - timedelta(30)
    assert f"庆元逾期重点任务庆元县发展改革局全部完成{first}红灯：逾期30天未报下达督办" in page
    assert "方案印发" in page
    assert "土地指标未批" in page
    assert "重大改革10001" in page
    assert "缙云县22217" in page
    with site.app.app_context():
        number = db.session.execute(
            text("SELECT count(*) FROM key_works WHERE finished_on IS NULL")
        ).scalar_one()
    assert number == 3 + 2 + 2
    county = said(site, address, "staff")
    assert "庆元逾期" not in county
    assert "下达督办" not in county
    assert site.browser().get(address).status_code == 302
    assert site.browser("administrator").get(address).status_code == 403


def test_each_number_opens_the_works_that_make_it(site: Site, several: dict[str, int]) -> None:
    leader = site.browser("leader")
    markup = leader.get(WATCH.format(today().year)).text
    content = markup[markup.index("headline") :]
    found = re.findall(r'href="(/key-works/\?[^"]+)"[^>]*>([0-9]+)</a>', content)
    assert len(found) > 10
    foot = markup[markup.index("<tfoot") : markup.index("</tfoot>")]
    assert foot.count("<a ") == 5  # the sums too: each light, and all
    assert ">项</span>" not in content  # a unit without a number
    for address, number in set(found):
        listed = text_of(leader.get(address.replace("&amp;", "&")))
        assert re.search(rf"(?<![0-9]){number} 条|共 {number}(?![0-9])", listed), (address, listed)


def test_an_order_is_issued_about_a_work(site: Site, several: dict[str, int]) -> None:
    number = several["已逾期"]
    leader = site.browser("leader")
    address = f"/supervision/new?about=work&of={number}"
    assert address.replace("&", "&amp;") in leader.get(WATCH.format(today().year)).text
    form = {
        "name": "尽快办理",
        "demand": "说明原因",
        "county_id": str(site.world["jinyun"]),
        "helper_id": "",
        "due_on": str(today() + timedelta(9)),
    }
    sent = leader.post(address, form)
    assert sent.status_code == 302, text_of(sent)
    with site.app.app_context():
        order = db.session.scalars(select(SupervisionOrder)).one()
        assert order.key_work_id == number
        assert order.subject.name == "已逾期"
    assert "尽快办理" in text_of(site.browser("staff").get(f"/key-works/{number}"))
    assert "已逾期" in text_of(site.browser("staff").get(sent.location))
    elsewhere = {**form, "county_id": str(site.world["qingyuan"])}
    assert leader.post(address, elsewhere).status_code == 422


def test_a_year_has_what_went_on_in_it(sqlite_app) -> None:
    place = make.zhejiang()["缙云县"]
    for name, starts, finished in (
        ("前", date(2022, 1, 1), date(2023, 12, 31)),
        ("完", date(2022, 1, 1), date(2024, 1, 1)),
        ("开", date(2023, 1, 1), None),
        ("后", date(2025, 1, 1), None),
    ):
        acts.key_work(
            place, name=name, starts_on=starts, due_on=date(2026, 1, 1), finished_on=finished
        )
    found = set(db.session.scalars(select(KeyWork.name).where(in_year(2024))))
    assert found == {"完", "开"}


def test_the_number_of_statements_does_not_depend_on_how_many(
    site: Site, several: dict[str, int], in_database: Callable
) -> None:
    pages = (WATCH.format(today().year), f"/key-works/?year={today().year}")
    before = [number_for(site, "leader", page) for page in pages]

    def grow() -> None:
        place = db.session.get_one(Region, site.world["qingyuan"])
        for number in range(4):
            work = acts.key_work(place, due_on=today() - timedelta(number), starts_on=make.DAY)
            acts.work_event(work, milestone=acts.milestone(work), day=make.DAY)
        db.session.commit()

    in_database(grow)
    assert [number_for(site, "leader", page) for page in pages] == before
