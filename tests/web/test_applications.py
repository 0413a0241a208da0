"""The pages of applications: a county fills one in, and each step is asked of its own people."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.applications.demands import words_of_papers
from tracker.records.applications.models import (
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.places.models import Region

K, S = ApplicationKind, ApplicationState
NAME = "壶镇机械装备园区配套道路"
FORM = {
    "kind": "fund",
    "year": "2024",
    "name": NAME,
    "amount_asked": "300",
    "works": "道路 2.4 公里",
    "benefit": "",
}


@pytest.fixture
def county(site: Site) -> int:
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        site.world.ids["county_leader"] = make.user(Role.LEADER, place, username="chief").id
        db.session.commit()
        return place.id


def made(site: Site, **fields) -> str:
    """The address of an application of 缙云县 with all its papers."""
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        given = {"name": NAME, "amount_asked": make.wan(300), **fields}
        application = acts.application(place, **given)
        file = acts.evidence_file()
        for word in words_of_papers(application.kind):
            acts.evidence_link(file, application, kind=word)
        db.session.commit()
        return f"/applications/{application.id}"


STOOD = {
    "state": S.AWAITING,
    "established_on": date(2024, 3, 5),
    "document": "浙山海办〔2024〕3号",
    "acceptance_due_on": date(2025, 3, 5),
    "amount_granted": make.wan(200),
}


def test_a_county_enters_an_application_and_reads_what_is_missing(site: Site, county: int):
    staff, leader = site.browser("staff"), site.browser("county_leader")
    sent = staff.post("/applications/new", {**FORM})
    assert sent.status_code == 302, text_of(sent)
    page = text_of(staff.get(sent.location))
    # Nothing is handed in yet: the leader is not next.
    assert "下一步由缙云县工作人员补齐内容和材料，再由缙云县领导办理。" in page
    assert "山海协作专项资金项目" in page
    assert "申报文件" in page
    assert "未上传" in page
    assert "示例规则" in page
    # The leader's button is grey and says why; the server says the same.
    shown = text_of(leader.get(sent.location))
    assert "缺材料：申报文件、实施方案、绩效目标表。" in shown
    refused = leader.post(f"{sent.location}/approved", {"version": "1"})
    assert refused.status_code == 409
    assert "缺材料：申报文件、实施方案、绩效目标表。" in text_of(refused)
    # The paper that is missing is asked for by its name.
    word = staff.get(f"/evidence{sent.location}/new?kind=实施方案").text
    assert 'value="实施方案"' in word


def test_what_it_is_about_has_to_be_of_its_kind(site: Site, county: int):
    staff = site.browser("staff")
    with site.app.app_context():
        place = db.session.get(Region, county)
        park, spot = make.park(make.region("330199", "示例区"), place), None
        spot = make.demonstration_village(place)
        db.session.commit()
        chosen = {"park_id": str(park.id), "demonstration_village_id": str(spot.id)}
    refused = staff.post("/applications/new", {**FORM, "kind": "demonstration", **chosen})
    assert refused.status_code == 422
    assert "山海协作乡村振兴示范点的申报对象只能是示范点" in text_of(refused)
    refused = staff.post("/applications/new", {**FORM, **chosen})
    assert "申报对象只能选一项" in text_of(refused)
    sent = staff.post("/applications/new", {**FORM, "park_id": chosen["park_id"]})
    assert sent.status_code == 302


def test_each_step_is_a_page_of_its_own_people(site: Site, county: int):
    address = made(site)
    staff, leader = site.browser("staff"), site.browser("county_leader")
    reviewer, assessor = site.browser("reviewer"), site.browser("assessor")
    due = (today() + timedelta(days=90)).isoformat()
    document = {"on_day": today().isoformat(), "document": "浙山海办〔2024〕3号", "agreed": "y"}
    way = (
        (leader, "approved", {}, "县领导已审"),
        (staff, "submitted", {"agreed": "y"}, "已申报"),
        (reviewer, "city-reviewed", {"reason": "同意推荐"}, "市级已审"),
        (assessor, "granted", {"reason": "同意", "amount": "200"}, "省级已批"),
        (assessor, "established", {**document, "due_on": due}, "已立项"),
        (assessor, "allotted", {**document, "amount": "150"}, "已立项"),
        (staff, "asked", {}, "待验收"),
        (assessor, "inspected", {**document, "result": "passed", "reason": "合格"}, "验收通过"),
    )
    for number, (browser, act, given, state) in enumerate(way, 1):
        opened = browser.get(f"{address}/{act}")
        assert opened.status_code == 200, (act, text_of(opened))
        # What somebody else changed meanwhile is looked at first.
        stale = browser.post(f"{address}/{act}", {**given, "version": "0"})
        assert "刚刚有变动" in text_of(stale)
        with site.app.app_context():
            version = db.session.get(Application, int(address.rpartition("/")[2])).version
        done = browser.post(f"{address}/{act}", {**given, "version": str(version)})
        assert done.status_code == 302, (act, text_of(done))
        page = text_of(browser.get(address))
        assert f"现在是“{state}”" in page
        with site.app.app_context():
            assert db.session.query(ApplicationEvent).count() == number
    # What was entered wrong is put right by the same people, with why; both stay on record.
    link = r'href="([^"]*/allotments/\d+/correct)'
    correct = re.search(link, assessor.get(address).text)[1]
    assert re.search(link, staff.get(address).text) is None
    assert staff.get(correct).status_code == 403
    asked = assessor.get(correct)
    assert "登记为下达 150万元" in text_of(asked)
    version = re.search(r'name="version" value="(\d+)"', asked.text)[1]
    right = {**document, "amount": "160", "version": version}
    assert "请填写理由。" in text_of(assessor.post(correct, right))
    assert assessor.post(correct, {**right, "reason": "看错文件"}).status_code == 302
    page = text_of(assessor.get(address))
    assert "资金下达（更正）" in page
    assert re.search(r"160万元\s*原为\s*.*150万元", page)
    assert assessor.get(correct).status_code == 409
    page = text_of(staff.get(address))
    assert "批准金额200万元" in page
    assert "还没有下达" not in page
    assert "合格" in page
    # What came to its end is changed no more, and its history tells each step.
    assert "不能修改项目申报" in text_of(staff.get(f"{address}/edit"))
    assert staff.get(f"{address}/edit").status_code == 409
    assert staff.post(f"{address}/delete", {"reason": "错"}).status_code in (409, 422)


def test_a_fault_stands_beside_its_field_and_nothing_is_done(site: Site, county: int):
    address = made(site, state=S.GRANTED)
    assessor = site.browser("assessor")
    given = {
        "on_day": (today() + timedelta(days=1)).isoformat(),
        "document": "",
        "due_on": "x",
        "version": "1",
    }
    refused = assessor.post(f"{address}/established", given)
    assert refused.status_code == 422
    said = text_of(refused)
    for words in ("晚于今天", "请填写文号。", "勾选确认"):
        assert words in said, words
    granted = made(site, name="另一项", state=S.CITY_REVIEWED)
    refused = assessor.post(
        f"{granted}/granted", {"reason": "同意", "amount": "301", "version": "1"}
    )
    assert refused.status_code == 422
    assert "批准金额不能超过申请金额 300 万元。" in text_of(refused)


def test_the_neighbours_see_nothing_and_the_wrong_people_are_refused(site: Site, county: int):
    address = made(site, **STOOD)
    assert site.browser("neighbour").get(address).status_code == 404
    assert site.browser("staff").get(f"{address}/inspected").status_code == 403
    assert site.browser("reviewer").get(f"{address}/returned").status_code == 409
    assert site.browser("leader").get("/applications/new").status_code == 403
    assert NAME not in text_of(site.browser("neighbour").get("/applications/"))


def test_the_list_is_narrowed_summed_and_taken_along(site: Site, county: int):
    made(site, **STOOD)
    made(site, name="草拟的一项", amount_asked=None)
    made(site, name="产业园", kind=K.PARK, year=2023)
    assessor = site.browser("assessor")
    page = text_of(assessor.get("/applications/?kind=fund&due=overdue"))
    assert NAME in page
    assert "草拟的一项" not in page
    assert "产业园（" not in page
    assert "200.00" in page
    assert "草拟的一项" in text_of(assessor.get("/applications/?state=draft"))
    assert "草拟的一项" not in text_of(assessor.get("/applications/?applied=2023"))
    with assessor.get("/applications/export.csv?kind=fund") as file:
        csv = file.text
    assert NAME in csv
    assert "批准金额（万元）" in csv


def test_what_waits_stands_on_the_first_page_of_whoever_it_waits_for(site: Site, county: int):
    made(site, **STOOD, name="等验收的项目")
    made(site, name="被退回的项目", state=S.RETURNED)
    made(site, name="等市审的项目", state=S.SUBMITTED)
    made(site, **{**STOOD, "state": S.ESTABLISHED}, name="在建的项目", year=2023)
    with site.app.app_context():
        returned = db.session.scalar(db.select(Application).filter_by(state=S.RETURNED))
        acts.application_event(
            returned, ApplicationAct.RETURNED, from_state=S.SUBMITTED, to_state=S.RETURNED,
            reason="缺投资估算", at=now() + timedelta(hours=1),
        )  # fmt: skip
        db.session.commit()
    made(site, name="等领导的项目")
    made(site, name="没写完的项目", amount_asked=None)
    homes = {
        "staff": {"被退回的项目", "在建的项目", "等领导的项目", "没写完的项目"},
        "county_leader": {"等领导的项目"},
        "reviewer": {"等市审的项目"},
        "assessor": {"等验收的项目"},
    }
    for user, named in homes.items():
        page = text_of(site.browser(user).get("/"))
        every = set().union(*homes.values())
        assert {name for name in every if name in page} == named, user
    # Each in the words of its next act, for whoever takes it.
    said = text_of(site.browser("staff").get("/"))
    assert re.search("退回：缺投资估算；请修改后再由领导审核.*去修改：被退回的项目", said)
    assert re.search("已齐备，等缙云县领导审核.*查看：等领导的项目", said)
    assert re.search("还不齐.*去补齐：没写完的项目", said)
    assert "去县领导审核" not in said
    assert "去审核：等领导的项目" in text_of(site.browser("county_leader").get("/"))
    assert "去市级审核：等市审的项目" in text_of(site.browser("reviewer").get("/"))
    assert "去验收：等验收的项目" in text_of(site.browser("assessor").get("/"))
    county_page = text_of(site.browser("staff").get("/counties/331122"))
    assert "项目申报" in county_page
    assert "等领导的项目" in county_page


def test_money_of_a_park_is_read_from_its_ledger(site: Site, county: int):
    with site.app.app_context():
        place = db.session.get(Region, county)
        park = make.park(make.region("330199", "示例区"), place)
        make.entry(park, "provincial_award", make.wan(120), date(2024, 6, 1), voucher="拨付 7 号")
        db.session.commit()
        number = park.id
    address = made(site, **STOOD, park_id=number)
    own = site.browser("staff").get(f"/parks/{number}").text
    assert f'href="{address}"' in own
    page = text_of(site.browser("staff").get(address))
    assert "台账中立项以后的省级奖补" in page
    assert "拨付 7 号" in page
    refused = site.browser("assessor").get(f"{address}/allotted")
    assert refused.status_code == 409
    assert "这里自动读取" in text_of(refused)


def test_a_paper_is_handed_in_by_those_who_give_it(site: Site, county: int):
    address = made(site, state=S.GRANTED)
    add = f"/evidence{address}/new"
    file = {"files": (io.BytesIO(b"%PDF-1.4"), "a.pdf")}
    refused = site.browser("staff").post(add, {"kind": "立项文件", **file})
    assert refused.status_code == 422
    assert "立项文件由省级考核人员上传和撤回" in text_of(refused)
    assert 'value="立项文件"' not in site.browser("staff").get(add).text
    assert 'value="立项文件"' in site.browser("assessor").get(add).text
    draft = made(site, name="草拟的一项")
    blocked = site.browser("reviewer").get(f"/evidence{draft}/new")
    assert blocked.status_code == 403
    assert "不能上传佐证材料" in text_of(blocked)
    assert "由缙云县工作人员准备" in text_of(blocked)
    assert "上传佐证" in site.browser("reviewer").get(address).text
    assert f'href="{add}' not in site.browser("reviewer").get(draft).text
    with site.app.app_context():
        [link] = db.session.scalars(
            db.select(acts.EvidenceLink).filter_by(
                application_id=int(address.rpartition("/")[2]), kind="立项文件"
            )
        )
    assert site.browser("staff").get(f"/evidence/{link.id}/withdraw").status_code == 403


def test_revoking_tells_what_was_allotted_and_what_came_back_is_recorded(site: Site, county: int):
    address = made(site, **{**STOOD, "state": S.ESTABLISHED})
    with site.app.app_context():
        of = db.session.get(Application, int(address.rpartition("/")[2]))
        acts.application_event(
            of, ApplicationAct.ALLOTTED, from_state=of.state, to_state=of.state,
            on_day=date(2024, 4, 9), document="2 号", amount=make.wan(50),
        )  # fmt: skip
        db.session.commit()
    assessor = site.browser("assessor")
    assert "下达金额50万元" in text_of(assessor.get(address))
    asked = text_of(assessor.get(f"{address}/revoked"))
    assert "已下达 50 万元，共 1 笔。撤销立项不等于收回资金" in asked
    given = {"reason": "停建", "agreed": "y", "version": "1"}
    assert "请核对金额" in text_of(assessor.post(f"{address}/revoked", given))
    assert assessor.post(f"{address}/revoked", {**given, "paid": "y"}).status_code == 302
    back = {
        "on_day": "2024-05-09", "document": "3 号", "amount": "50",
        "reason": "停建", "agreed": "y", "version": "2",
    }  # fmt: skip
    assert assessor.post(f"{address}/recovered", back).status_code == 302
    page = text_of(assessor.get(address))
    assert "下达金额50万元，已收回 50万元" in page
    assert f'href="{address}/recovered"' not in page
    # The page of an act that cannot be done names that act.
    refused = assessor.get(f"{address}/granted")
    assert "不能办理“省级审批同意”" in text_of(refused)


def test_what_has_acts_or_papers_is_withdrawn_and_not_deleted(site: Site, county: int):
    staff = site.browser("staff")
    address = made(site)
    page = staff.get(address).text
    assert f'href="{address}/delete"' not in page
    assert f'href="{address}/withdrawn"' in page
    refused = staff.get(f"{address}/delete")
    assert refused.status_code == 409
    assert "不能删除项目申报" in text_of(refused)
    assert "已有材料，都留作记录，不能删除。不再申报的，请用“撤回申报”。" in text_of(refused)
    sent = staff.post("/applications/new", {**FORM, "name": "另一项"})
    assert sent.status_code == 302, text_of(sent)
    bare = sent.location
    page = staff.get(bare).text
    assert f'href="{bare}/delete"' in page
    assert f'href="{bare}/withdrawn"' not in page
    assert staff.post(f"{bare}/delete", {"reason": "误建"}).status_code == 302


def test_a_paper_of_a_step_that_was_taken_is_not_taken_back(site: Site, county: int):
    address = made(site, state=S.SUBMITTED)
    with site.app.app_context():
        application = int(address.rsplit("/", 1)[1])
        [link] = db.session.scalars(
            db.select(acts.EvidenceLink).filter_by(application_id=application, kind="申报文件")
        )
        proof = link.id
    staff = site.browser("staff")
    page = staff.post(f"/evidence/{proof}/withdraw", {"reason": "传错"})
    assert page.status_code == 409
    assert "先上传正确的申报文件" in text_of(page)
    with site.app.app_context():
        assert db.session.get(acts.EvidenceLink, proof).withdrawn_at is None
