"""The shared lists by hand: places and the dated list, platforms, organisations, sources, rounds,
aid groups."""

from __future__ import annotations

import re

import pytest

from tests import factories as make
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.core.provenance.models import Source
from tracker.records.places.models import CountyListing, Region


def error_at(page, field: str) -> str:
    """What stands beside `field`."""
    found = re.search(rf'id="{field}-error">(.*?)</div>', page.text, re.S)
    assert found, text_of(page)
    return found[1]


# path → who enters it, a good form, a search that finds it; {…} are ids of the world.
GOOD: dict[str, tuple[str, dict[str, str], str]] = {
    "/regions/": (
        "assessor",
        {"name": "景宁畲族自治县", "code": "331127", "level": "county", "kind": "mountain"},
        "jn",
    ),
    "/platforms/": (
        "assessor",
        {"name": "示例高能级平台", "kind": "high_level_zone", "region_id": "{jinyun}"},
        "gnj",
    ),
    "/organisations/": ("staff", {"name": "示例交通集团", "kind": "state_firm"}, "交通"),
    "/sources/": (
        "assessor",
        {"kind": "official", "url": "https://www.zj.gov.cn/a", "published_on": "2024.1.2"},
        "zj.gov",
    ),
    "/pairing-rounds/": (
        "assessor",
        {"name": "2026年轮次", "code": "2026", "scheme": "shanhai", "starts_on": "2026-01-01"},
        "2026",
    ),
    "/aid-groups/": (
        "assessor",
        {"name": "缙云帮扶团组", "county_id": "{jinyun}", "since": "2024-01-01"},
        "缙云",
    ),
}


def filled(site, form: dict[str, str]) -> dict[str, str]:
    return {name: value.format_map(site.world.ids) for name, value in form.items()}


@pytest.mark.parametrize("path", sorted(GOOD))
def test_entered_found_corrected_and_deleted_with_a_reason(site, path):
    user, form, text = GOOD[path]
    form = filled(site, form)
    browser = site.browser(user)
    sent = browser.post(f"{path}new", form)
    assert sent.status_code == 302, text_of(sent)
    address = sent.location
    assert f'href="{address}"' in browser.get(path, query_string={"q": text}).text
    assert f'href="{address}"' not in browser.get(path, query_string={"q": "查无"}).text
    page = browser.get(f"{address}/edit")
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    assert browser.post(f"{address}/edit", {**form, "version": "1234"}).status_code == 422
    assert browser.post(f"{address}/edit", {**form, "version": version}).status_code == 302
    assert browser.post(f"{address}/delete", {"reason": ""}).status_code == 422
    assert browser.post(f"{address}/delete", {"reason": "重复"}).status_code == 302
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("path", sorted(GOOD))
def test_only_those_in_charge_change_a_shared_list(site, path):
    user, form, _ = GOOD[path]
    for other in {"leader", "reviewer", "staff"} - {user}:
        browser = site.browser(other)
        assert browser.get(path).status_code == 200
        assert browser.post(f"{path}new", filled(site, form)).status_code == 403


REFUSED = [
    ("/regions/", {"code": ""}, "code", "省外的地方不填代码，其余的须填代码"),
    ("/regions/", {"level": "outside"}, "code", "省外的地方不填代码"),
    ("/regions/", {"code": "331122001"}, "code", "代码与层级不符"),
    ("/regions/", {"level": "town"}, "code", "代码与层级不符"),
    ("/regions/", {"code": "33112x"}, "code", "6 位数字"),
    ("/regions/", {"code": "３３１１２２"}, "code", "6 位数字"),
    ("/regions/", {"code": "331122"}, "code", "已有这个代码的地区"),
    ("/platforms/", {"name": ""}, "name", "请填写"),
    ("/platforms/", {"kind": "park"}, "kind", "不在列表中"),
    (
        "/platforms/",
        {"listed_on": "2024-01-02", "removed_on": "2024-01-02"},
        "removed_on",
        "移出日期应晚于列入日期",
    ),
    ("/sources/", {"url": "javascript:alert(1)"}, "url", "http:// 或 https://"),
    ("/sources/", {"url": "https://a b"}, "url", "http:// 或 https://"),
    ("/sources/", {"url": "https://[::1"}, "url", "http:// 或 https://"),
    ("/sources/", {"url": ""}, "url", "转载待核的不填网址，其余的须填网址"),
    ("/sources/", {"kind": "copy"}, "url", "转载待核的不填网址"),
    ("/sources/", {"url": "https://example.org/a"}, "url", "已有这个网址的来源"),
    ("/organisations/", {"kind": ""}, "kind", "请选择"),
    ("/pairing-rounds/", {"starts_on": "2026-02-30"}, "starts_on", "2026年2月没有30日"),
    ("/aid-groups/", {"until": "2023-01-01"}, "until", "早于起始日期"),
]


@pytest.mark.parametrize(("path", "changes", "field", "says"), REFUSED)
def test_a_refusal_is_beside_its_field(site, path, changes, field, says):
    user, form, _ = GOOD[path]
    sent = site.browser(user).post(f"{path}new", {**filled(site, form), **changes})
    assert sent.status_code == 422
    assert says in error_at(sent, field)


def test_either_database_refuses_alike(any_site):
    for path, changes, field, says in REFUSED:
        user, form, _ = GOOD[path]
        sent = any_site.browser(user).post(f"{path}new", {**filled(any_site, form), **changes})
        assert (sent.status_code, says in error_at(sent, field)) == (422, True), (path, changes)


@pytest.mark.parametrize("path", ["/platforms/", "/organisations/", "/pairing-rounds/"])
def test_the_same_is_not_entered_twice(site, path):
    user, form, _ = GOOD[path]
    browser = site.browser(user)
    assert browser.post(f"{path}new", filled(site, form)).status_code == 302
    again = browser.post(f"{path}new", filled(site, form))
    assert again.status_code == 422
    assert "已有" in error_at(again, "code" if "rounds" in path else "name")


def test_a_county_stands_on_the_list_once_at_a_time(any_site):
    assessor = any_site.browser("assessor")
    jinyun = any_site.world["jinyun"]
    new = f"/regions/{jinyun}/county-listings/new"
    form = {"county_class": " 生态发展类", "joined_on": "2024-01-01"}
    refused = assessor.post(new, form)
    assert refused.status_code == 422
    assert "与已有一段（起初—至今，编号" in error_at(refused, "joined_on")
    with any_site.app.app_context():
        listing = db.session.query(CountyListing).filter_by(region_id=jinyun).one()
        number = listing.id
    first = {"county_class": "跨越发展类", "left_on": "2024-01-01", "version": "1"}
    assert assessor.post(f"/regions/county-listings/{number}/edit", first).status_code == 302
    assert assessor.post(new, form).status_code == 302
    over = assessor.post(
        f"/regions/county-listings/{number}/edit",
        {**first, "left_on": "2024-01-02", "version": "2"},
    )
    assert "请先填那一段的调出日期" in error_at(over, "joined_on")
    empty = assessor.post(
        new, {"county_class": "", "joined_on": "2023-05-01", "left_on": "2023-05-01"}
    )
    assert "调出日期应晚于调入日期" in error_at(empty, "left_on")
    page = text_of(assessor.get(f"/regions/{jinyun}"))
    assert "首批在列，2024-01-01 调出" in page
    assert "2024-01-01 调入" in page
    listed = assessor.get("/regions/?list=on").text
    assert "缙云县" in listed
    assert re.findall(r'<th scope="row"><a[^>]*>([^<]+)', listed) == ["缙云县", "庆元县"]
    with any_site.app.app_context():
        day = db.session.query(CountyListing).filter_by(region_id=jinyun).all()
        assert sorted(str(each.joined_on) for each in day) == ["2024-01-01", "None"]
        assert {each.county_class for each in day} == {"跨越发展类", "生态发展类"}


def test_a_class_that_no_rulebook_knows_is_refused(site):
    assessor = site.browser("assessor")
    new = f"/regions/{site.world['jinyun']}/county-listings/new"
    page = assessor.get(new).text
    assert '<option value="生态发展类"></option>' in page
    for typed in ("平原类", "leapfrog", "类" * 41):
        refused = assessor.post(new, {"county_class": typed, "joined_on": "2030-01-01"})
        assert refused.status_code == 422
        assert error_at(refused, "county_class")
    wrong = assessor.post(new, {"county_class": "平原类", "joined_on": "2030-01-01"})
    assert "跨越发展类、生态发展类" in error_at(wrong, "county_class")


def test_a_region_leads_to_its_own_page_where_it_may_be_seen(site):
    staff = site.browser("staff")
    assert "/counties/331122" in staff.get(f"/regions/{site.world['jinyun']}").text
    assert "/counties/331126" not in staff.get(f"/regions/{site.world['qingyuan']}").text


def test_a_source_shows_what_rests_on_it_within_sight(site):
    with site.app.app_context():
        source = db.session.query(Source).filter_by(url="https://example.org/a").one().id
        of = make.sourced_value
        foreign = db.session.get(type_of("Project"), site.world["other_project"])
        of(foreign, db.session.get(Source, source), field="investor", text="庆元公司")
        make.citation(
            db.session.get(type_of("Pairing"), site.world["pairing"]),
            db.session.get(Source, source),
        )
        db.session.commit()
    staff = text_of(site.browser("staff").get(f"/sources/{source}"))
    assert "智能装备项目 投资方 甲公司" in staff
    assert "庆元" not in staff
    assert "轮次未注明" in staff
    assert "庆元公司" in text_of(site.browser("leader").get(f"/sources/{source}"))


def type_of(name: str):
    return next(m.class_ for m in db.Model.registry.mappers if m.class_.__name__ == name)


def test_a_pages_words_on_a_pairing_are_entered_under_it(site):
    assessor = site.browser("assessor")
    with site.app.app_context():
        source = db.session.query(Source).filter_by(url="https://example.org/a").one().id
    new = f"/pairings/{site.world['pairing']}/pairing-citations/new"
    missing = assessor.post(new, {"start_year": "2021"})
    assert "请选择" in error_at(missing, "source_id")
    form = {"start_year": "2021", "end_year": "2025", "source_id": str(source), "note": "原文"}
    assert assessor.post(new, form).status_code == 302
    page = assessor.get(f"/pairings/{site.world['pairing']}")
    assert "2021 — 2025" in text_of(page)
    address = re.search(r'href="(/pairings/pairing-citations/\d+)"', page.text)[1]
    seen = assessor.get(f"{address}/edit")
    version = re.search(r'name="version" value="(\d+)"', seen.text)[1]
    late = {**form, "note": "后到", "version": version}
    assert assessor.post(f"{address}/edit", {**form, "note": "先到", "version": version})
    refused = assessor.post(f"{address}/edit", late)
    assert refused.status_code == 422
    assert "记录已被他人修改" in text_of(refused)
    assert site.browser("staff").get(address).status_code == 200
    assert site.browser("neighbour").get(address).status_code == 404
    assert assessor.post(f"{address}/delete", {"reason": "误录"}).status_code == 302


def test_an_aid_group_and_its_members(site):
    assessor = site.browser("assessor")
    sent = assessor.post("/aid-groups/new", filled(site, GOOD["/aid-groups/"][1]))
    group = sent.location
    with site.app.app_context():
        firm = make.organisation(name="示例能源集团").id
        fuyang = db.session.query(Region).filter_by(code="330111").one().id
        db.session.commit()
    new = f"{group}/aid-group-members/new"
    form = {"organisation_id": str(firm), "is_lead": "True"}
    for wrong in ({"is_lead": "True"}, {**form, "region_id": str(fuyang)}):
        assert "填一项，且只填一项" in error_at(assessor.post(new, wrong), "organisation_id")
    assert assessor.post(new, form).status_code == 302
    assert "已在团组内" in error_at(assessor.post(new, form), "organisation_id")
    assert assessor.post(new, {"region_id": str(fuyang), "is_lead": "False"}).status_code == 302
    twice = assessor.post(new, {"region_id": str(fuyang), "is_lead": "False"})
    assert "已在团组内" in error_at(twice, "region_id")
    staff = site.browser("staff")
    assert "示例能源集团" in text_of(staff.get("/aid-groups/"))
    page = text_of(staff.get(group))
    assert "示例能源集团 国有企业 是" in page
    assert "富阳区 强县 否" in page
    assert site.browser("neighbour").get(group).status_code == 404
    firm_page = text_of(staff.get(f"/organisations/{firm}"))
    assert "示例能源集团" in firm_page
    assert "成员1 缙云帮扶团组：示例能源集团" in firm_page
    refused = assessor.post(f"{group}/delete", {"reason": "误录"})
    assert "2 条帮扶团组成员" in text_of(refused)
