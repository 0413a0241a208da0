"""Projects: list, page, forms."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from tests import factories as make
from tests.web.pages import text_of, value_of
from tracker.core.db import Origin, db
from tracker.records.enclaves.models import Enclave
from tracker.records.projects.models import Project

GOOD = {
    "name": "缙云数控机床二期",
    "category": "industry",
    "in_scope": "True",
    "investor": "示例投资公司",
    "industry": "装备制造",
    "total_investment": "1.2亿元",
    "signed_on": "2024年3月1日",
    "started_on": "2024.6.1",
    "note": "第一行\r\n第二行",
}


def results(page) -> str:
    """The list on the page, without what tells the moment at which it was made."""
    return page.text[page.text.index('id="results"') :]


def way(page, rel: str) -> str | None:
    """Where a list leads on, or back."""
    found = re.search(f'rel="{rel}" href="([^"]+)"', page.text)
    return html.unescape(found[1]) if found else None


def only(name: str) -> Project:
    return db.session.query(Project).filter_by(name=name).one()


def test_entering_a_project(any_site):
    staff = any_site.browser("staff")
    answer = staff.post("/projects/new", GOOD)
    assert answer.status_code == 302
    with any_site.app.app_context():
        project = only(GOOD["name"])
        assert project.total_investment == make.wan(12_000)
        assert project.signed_on == date(2024, 3, 1)
        assert project.started_on == date(2024, 6, 1)
        assert project.region.name == "缙云县"
        assert project.origin is Origin.ENTERED
        assert project.in_scope is True
        assert project.note == "第一行\n第二行"
    page = text_of(staff.get(answer.location))
    assert "1.20亿元" in page
    assert "亿元以上项目" in page


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"name": ""}, "name", "请填写项目名称"),
        ({"name": "长" * 201}, "name", "最多 200 字，现有 201 字"),
        ({"name": "智能装备项目"}, "name", "已有同名的项目“智能装备项目”"),
        ({"name": "一\n二"}, "name", "一行之内"),
        ({"name": "项目😀"}, "name", "无法打印"),
        ({"name": "项\u200b目"}, "name", "U+200B"),
        ({"name": "项\x00目"}, "name", "U+0000"),
        ({"category": ""}, "category", "请选择类别"),
        ({"category": "nonsense"}, "category", "不在列表中"),
        ({"in_scope": "maybe"}, "in_scope", "不在列表中"),
        ({"pairing_id": "abc"}, "pairing_id", "不在列表中"),
        ({"pairing_id": "9" * 5000}, "pairing_id", "不在列表中"),
        ({"total_investment": "很多"}, "total_investment", "请填写金额"),
        ({"total_investment": "0"}, "total_investment", "大于 0"),
        ({"total_investment": "-3"}, "total_investment", "负数"),
        ({"signed_on": "2024-02-30"}, "signed_on", "没有30日"),
        ({"signed_on": "2099-01-01"}, "signed_on", "晚于今天"),
        ({"note": "长" * 2001}, "note", "最多 2000 字"),
        (
            {"signed_on": "2024-10-12", "started_on": "2024-09-01"},
            "started_on",
            "开工日期 2024-09-01 早于签约日期 2024-10-12。请核对两处日期。",
        ),
    ],
)
def test_a_refused_form_says_where_and_keeps_what_was_typed(staff, changes, field, says):
    typed = {**GOOD, **changes}
    answer = staff.post("/projects/new", typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    for name in ("investor", "total_investment", "signed_on", "started_on", "industry"):
        assert value_of(answer, name) == typed[name], name
    assert value_of(answer, "name") == typed["name"].replace("\x00", "\ufffd")


def test_the_days_of_all_stages_are_compared(staff):
    days = {"signed_on": "2024-05-01", "terminated_on": "2024-04-01", "started_on": ""}
    answer = staff.post("/projects/new", {**GOOD, **days})
    assert "终止日期 2024-04-01 早于签约日期 2024-05-01" in answer.text


def test_only_the_countys_own_pairings_and_enclaves_are_offered(site, staff):
    page = staff.get("/projects/new").text
    assert "富阳区支援缙云县" in page
    assert "富阳区支援庆元县" not in page
    assert "庆元飞地" not in page
    for name, number in (
        ("pairing_id", site.world["other_pairing"]),
        ("enclave_id", site.world["other_enclave"]),
    ):
        answer = staff.post("/projects/new", {**GOOD, name: str(number)})
        assert answer.status_code == 422
        assert "不在列表中" in answer.text


def edited(page, **changes: str) -> dict[str, str]:
    names = ("version", "name", "category", "in_scope", "investor", "total_investment")
    return {name: value_of(page, name) for name in names} | changes


def test_changing_a_project(any_site):
    staff = any_site.browser("staff")
    address = f"/projects/{any_site.world['project']}/edit"
    page = staff.get(address)
    assert value_of(page, "total_investment") == "12000"
    answer = staff.post(address, edited(page, name="改名后的项目"))
    assert answer.status_code == 302
    with any_site.app.app_context():
        project = only("改名后的项目")
        assert project.version == 2
        # What the form did not send was cleared, as the person saw it.
        assert project.signed_on is None


def test_the_second_of_two_people_is_told_and_loses_nothing(any_site):
    staff = any_site.browser("staff")
    address = f"/projects/{any_site.world['project']}/edit"
    page = staff.get(address)
    assert staff.post(address, edited(page, investor="先到的公司")).status_code == 302
    late = staff.post(address, edited(page, investor="后到的公司"))
    assert late.status_code == 422
    assert "记录已被他人修改" in late.text
    assert value_of(late, "investor") == "后到的公司"
    assert re.search("投资方 ?先到的公司 ?后到的公司", text_of(late))
    with any_site.app.app_context():
        assert only("智能装备项目").investor == "先到的公司"
    assert staff.post(address, edited(late)).status_code == 302
    with any_site.app.app_context():
        assert only("智能装备项目").investor == "后到的公司"


def test_a_forged_version_is_a_conflict(site, staff):
    address = f"/projects/{site.world['project']}/edit"
    page = staff.get(address)
    for version in ("", "abc", "999"):
        assert staff.post(address, edited(page, version=version)).status_code == 422


def test_an_overridden_published_value_stays_visible_but_is_no_longer_adopted(site, staff):
    address = f"/projects/{site.world['project']}/edit"
    with site.app.app_context():
        db.session.get(Project, site.world["project"]).origin = Origin.PUBLIC
        db.session.commit()
    staff.post(address, edited(staff.get(address), investor="新公司"))
    page = text_of(staff.get(f"/projects/{site.world['project']}"))
    assert "甲公司" in page
    assert "各说不一" in page
    assert "采用" not in page
    with site.app.app_context():
        assert db.session.get(Project, site.world["project"]).origin is Origin.ENTERED


def test_another_countys_project_in_sight_may_not_be_changed(site):
    with site.app.app_context():
        enclave = db.session.get(Enclave, site.world["other_enclave"])
        enclave.host_id = site.world["jinyun"]
        db.session.commit()
    staff = site.browser("staff")
    address = f"/ledger/enclaves/{site.world['other_enclave']}/new"
    assert staff.get(f"/enclaves/{site.world['other_enclave']}").status_code == 200
    assert staff.get(address).status_code == 403
    assert staff.post(address, {"kind": "rebate"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=智能", True),
        ("q=没有", False),
        ("q=%25", False),
        ("q=_", False),
        ("q=%00", True),
        ("category=industry", True),
        ("category=aid", False),
        ("category=nonsense", True),
        ("stage=started", True),
        ("stage=signed", False),
        ("stage=planned", False),
        ("large=1", True),
        ("signed=2024", True),
        ("signed=2023", False),
        ("signed=x", True),
        ("after=99999999999", True),
        ("after=7000", True),
        ("after=1", True),
        ("after=-1", True),
        ("before=x", True),
        ("before=1&after=1", True),
        ("q=znzb", True),
        ("q=ZNZB", True),
        ("q=xyz", False),
        ("sort=-total", True),
        ("sort=nonsense", True),
        ("region=330111", True),
        ("_external=1&endpoint=x", True),
    ],
)
def test_filters_live_in_the_address(staff, query, found):
    answer = staff.get(f"/projects/?{query}")
    assert answer.status_code == 200
    assert ("智能装备项目" in answer.text) == found


def test_lists_have_pages_that_keep_the_filter(site, staff):
    with site.app.app_context():
        for number in range(105):
            db.session.add(
                Project(name=f"分页{number:03}", region_id=site.world["jinyun"], category="aid")
            )
        db.session.commit()
    first = staff.get("/projects/?category=aid&sort=name")
    assert "共 105 条" in text_of(first)
    assert "分页000" in first.text
    assert "分页050" not in first.text
    second = staff.get(way(first, "next"))
    assert "分页050" in second.text
    last = staff.get(way(second, "next"))
    assert "分页104" in last.text
    assert way(last, "next") is None
    before = staff.get(way(last, "prev"))
    assert results(before) == results(second)
    assert "category=aid&sort=name" in way(second, "prev")


def test_the_page_shows_money_by_year_and_what_sources_say(site, staff):
    page = staff.get(f"/projects/{site.world['project']}")
    text = text_of(page)
    assert re.search("2024 年全年 ?— ?3,000.00", text)
    assert re.search("第三季度 ?— ?3,000.00", text)
    assert "甲公司" in text
    assert "甲集团" in text
    assert "转载待核 2023-01-02" in text
    link = f"/ledger/?year=2024&amp;kind=completed_investment&amp;project={site.world['project']}"
    assert link in page.text


def test_text_is_shown_as_text(staff):
    answer = staff.post("/projects/new", {**GOOD, "name": "<b>粗</b>&\"'"})
    page = staff.get(answer.location)
    assert "<b>粗" not in page.text
    assert "<b>粗</b>&" in text_of(page)


CANNOT_TELL = "所填内容还不能保存，改正后才能判断是否计入"


def test_an_edit_is_warned_of_what_it_would_make(any_site):
    """Not of the record as it is kept; where the form cannot be read, that it cannot be told."""
    staff = any_site.browser("staff")
    reason = "没有选结对关系，也没有与结对县共同推进"
    kept = {"name": "改前计入的项目", "category": "industry", "in_scope": "True"}
    kept |= {"signed_on": "2024-03-01", "total_investment": "12000"}
    kept |= {"pairing_id": str(any_site.world["pairing"])}
    made = staff.post("/projects/new?year=2024", kept)
    address = f"{made.location.partition('?')[0]}/edit?year=2024"
    first = staff.get(address)
    assert reason not in text_of(first)
    version = value_of(first, "version")
    alone = {**kept, "pairing_id": "", "version": version}
    looked = staff.post(address, {**alone, "look": "1"})
    assert looked.status_code == 422
    assert reason in text_of(looked)
    assert reason not in text_of(staff.get(address))  # nothing was kept
    asked = text_of(staff.post(address, {**alone, "total_investment": "1200000"}))
    assert reason in asked
    unread = text_of(staff.post(address, {**alone, "total_investment": "一堆"}))
    assert CANNOT_TELL in unread
    assert reason not in unread
    assert staff.post(address, alone).status_code == 302
    assert reason in text_of(staff.get(address))
    again = {**kept, "version": value_of(staff.get(address), "version")}
    sound = text_of(staff.post(address, {**again, "look": "1"}))
    assert "保存后没有需要注意之处" in sound
    assert reason not in sound
    broken = text_of(staff.post(address, {**again, "signed_on": "三月"}))
    assert CANNOT_TELL in broken
    assert reason not in broken


def test_what_will_not_count_is_said_before_the_first_save(any_site):
    """By the measures themselves, on what was typed; nothing of it is kept."""
    staff = any_site.browser("staff")
    typed = {"name": "将不计入的项目", "category": "industry", "in_scope": "True"}
    typed |= {"signed_on": "2024-03-01", "total_investment": "12000"}
    address = "/projects/new?year=2024"
    assert 'name="look"' in staff.get(address).text
    looked = staff.post(address, {**typed, "look": "1"})
    assert looked.status_code == 422
    reason = "没有选结对关系，也没有与结对县共同推进"
    assert "不计入 2024 年度" in text_of(looked)
    assert reason in text_of(looked)
    with any_site.app.app_context():
        assert db.session.query(Project).filter_by(name=typed["name"]).count() == 0
    good = {**typed, "pairing_id": str(any_site.world["pairing"])}
    sound = text_of(staff.post(address, {**good, "look": "1"}))
    assert "保存后没有需要注意之处" in sound
    assert reason not in sound
    # What asks or is refused says it too.
    asked = staff.post(address, {**typed, "total_investment": "1200000"})
    assert "数额特别大" in text_of(asked)
    assert reason in text_of(asked)
    twin = text_of(staff.post(address, {**typed, "name": "智能装备项目", "look": "1"}))
    assert reason not in twin
    assert CANNOT_TELL in twin
    # The page that saves it says the same.
    done = staff.post(address, typed)
    assert done.status_code == 302
    assert reason in text_of(staff.get(f"{done.location}?year=2024"))
