"""重大项目调度: every large project has one light by its rule, each number opens its projects."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from tests import factories as make
from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region

ADDRESS = "/overview/dispatch/?year=2024"
# On 2024-12-31.
PROJECTS = {
    "甲项目": ("red", {"signed_on": date(2024, 1, 1)}),  # 365 days before
    "乙项目": ("yellow", {"signed_on": date(2024, 1, 2)}),
    "丙项目": ("yellow", {"signed_on": date(2024, 7, 1)}),  # 183 days before
    "丁项目": ("green", {"signed_on": date(2024, 7, 2)}),
    "戊项目": ("red", {"started_on": date(2024, 7, 1)}),
    "己项目": ("green", {"started_on": date(2024, 7, 2)}),
    "庚项目": ("done", {"signed_on": date(2023, 1, 1), "completed_on": date(2024, 12, 31)}),
    "辛项目": ("unknown", {}),
    "壬项目": (None, {"signed_on": date(2023, 1, 1), "terminated_on": date(2024, 2, 1)}),
    "癸项目": ("green", {"started_on": date(2024, 7, 1)}),  # with investment
}


@pytest.fixture
def many(site: Site, in_database: Callable) -> Site:
    def given() -> None:
        place = db.session.get_one(Region, site.world["jinyun"])
        for name, (_, days) in PROJECTS.items():
            project = make.project(place, name=name, total_investment=make.wan(10_000), **days)
            if name == "癸项目":
                day = date(2024, 9, 1)
                make.entry(project, EntryKind.COMPLETED_INVESTMENT, make.wan(1), day)
        make.project(place, name="小项目", total_investment=make.wan(9_999))
        db.session.commit()

    in_database(given)
    return site


def test_each_number_opens_the_projects_that_make_it(many: Site) -> None:
    leader = many.browser("leader")
    page = leader.get(ADDRESS)
    # The world has one more: 智能装备项目, begun on 2024-06-01 and with investment.
    assert "红灯 2 个，黄灯 2 个，绿灯 4 个，已竣工 1 个，不能判断 1 个。" in text_of(page)
    links = set(re.findall(r'href="(/projects/\?[^"]*light=[^"]*)"', page.text))
    assert len(links) == 10  # five of all, five of the county
    for link in links:
        light = re.search(r"light=(\w+)", link)[1]  # type: ignore[index]
        shown = text_of(leader.get(link.replace("&amp;", "&")))
        names = {name for name in PROJECTS if name in shown}
        assert names == {name for name, (one, _) in PROJECTS.items() if one == light}, link
        assert "小项目" not in shown
    late = text_of(page)
    assert "签约满 365 天未开工 2024-01-01 签约 开工 缙云县 2024-12-31" in late
    assert "补报当年完成投资，或说明停工原因" in late


def test_it_is_for_those_who_compare(site: Site) -> None:
    assert site.browser("reviewer").get(ADDRESS).status_code == 200
    assert site.browser("staff").get(ADDRESS).status_code == 403
