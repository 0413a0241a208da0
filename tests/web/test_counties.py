"""The list of counties, and all that belongs to one of them."""

from __future__ import annotations

import re

import pytest

from tests import factories as make
from tests.web.more_records import add_some
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.places.models import Region

PAGE = "/counties/331122?year=2024"


def text_of_main(answer) -> str:
    """The words of the page itself, without what stands around it."""
    return re.sub(r"<[^>]+>", "", answer.text[answer.text.index("<main") :])


def test_the_list_has_the_counties_in_view(site):
    said = text_of(site.browser("reviewer").get("/counties/?year=2024"))
    assert "丽水市共 2 个县（市、区），其中 2 个在 2024 年末的山区海岛县名单上" in said
    assert "富阳区" not in said
    own = text_of(site.browser("staff").get("/counties/?year=2024"))
    assert "缙云县共 1 个县" in own
    assert "庆元县" not in own


@pytest.mark.parametrize(
    "each", [pytest.param(False, id="some"), pytest.param(True, id="all", marks=pytest.mark.soak)]
)
def test_a_county_has_all_that_belongs_to_it(site, each):
    """Of the links to pages of one kind the first is followed, or each."""
    add_some(site, range(2))
    page = site.browser("leader").get(PAGE)
    said = text_of(page)
    for words in (
        "跨越发展类：首批在列",
        "示例帮扶团组：示例单位",
        "缙云消薄飞地",
        "智能装备项目",
        "示例产业园",
        "示例示范点",
        "示例指标0",
        "督察问题",
        "示例经验",
        "第一季度季报",
        "项目到位资金",
    ):
        assert words in said, words
    assert "庆元" not in text_of_main(page)
    main = page.text[page.text.index("<main") :]
    links = sorted(set(re.findall(r'<a [^>]*href="(/[^"#]*)', main)))
    assert len(links) > 12
    if not each:
        links = {re.sub(r"\d+|\?.*", "", link): link for link in reversed(links)}.values()
    leader = site.browser("leader")
    for link in links:
        answer = leader.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link
        answer.close()  # some are files


def test_the_sums_of_a_county_are_those_of_the_ledger(site):
    leader = site.browser("leader")
    page = re.sub(r"\s", "", text_of(leader.get(PAGE)))
    assert "完成投资3,000万元" in page
    assert "飞地应返100万元飞地实返100万元" in page
    assert "目前亿元以上项目1个" in page
    assert "项目目前1个，其中亿元以上1个" in page


@pytest.mark.parametrize("code", ["331122", "330111", "331100", "330100", "331126"])
def test_receiving_and_supporting_counties_and_cities_have_a_page(site, code):
    assert site.browser("assessor").get(f"/counties/{code}?year=2024").status_code == 200


@pytest.mark.parametrize(
    ("user", "code"),
    [
        ("staff", "331126"),
        ("staff", "331100"),
        ("staff", "330000"),
        ("leader", "330000"),
        ("leader", "999999"),
        ("reviewer", "330111"),
        ("neighbour", "331122"),
    ],
)
def test_what_is_out_of_sight_is_not_found(site, user, code):
    assert site.browser(user).get(f"/counties/{code}").status_code == 404


def test_a_city_is_named_by_a_link_only_to_those_who_see_it(site):
    assert 'href="/counties/331100?year=2024"' in site.browser("reviewer").get(PAGE).text
    assert 'href="/counties/331100' not in site.browser("staff").get(PAGE).text


def test_a_city_adds_up_its_counties(site, in_database):
    said = re.sub(r"\s", "", text_of(site.browser("reviewer").get("/counties/331100?year=2024")))
    assert "到位资金50万元完成投资3,000万元" in said

    def without_code():
        make.region(code="331199", name="新区", parent=db.session.get(Region, site.world["jinyun"]))
        db.session.commit()

    in_database(without_code)
    assert site.browser("reviewer").get("/counties/331199").status_code == 200


def test_ten_indicators_stand_on_a_page_those_of_the_list_first(site, in_database):
    def tell():
        jinyun = db.session.get(Region, site.world["jinyun"])
        for number in range(11):
            make.county_indicator(jinyun, f"A级景区村庄{number}(个)", 3, unit="个")
        make.county_indicator(jinyun, "居民人均可支配收入(元)", 36870, unit="元")
        db.session.commit()

    in_database(tell)
    page = text_of_main(site.browser("leader").get(PAGE))
    said = re.sub(r"\s", "", page[page.index("县域指标") :])
    assert said.startswith("县域指标12项")
    assert "指标年度数值居民人均可支配收入(元)202436,870A级景区村庄0(个)" in said
    assert "A级景区村庄8(个)" not in said
    assert "另有2项。看全部" in said
