"""A pair's page: both sides, what each gave and got, and who may see which score."""

from __future__ import annotations

import re
from datetime import date

from tests import factories as make
from tests import factories_acts as acts
from tests.web.more_records import add_some
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.pairings.models import Pairing


def page(site, user: str = "leader", year: int = 2024) -> str:
    """The page's words without white space."""
    address = f"/pairings/{site.world['pairing']}?year={year}"
    return re.sub(r"\s", "", text_of(site.browser(user).get(address)))


def test_what_each_side_gave_and_got(site):
    add_some(site, range(3))
    said = page(site)
    assert "援建资金拨付9万元到账未报，使用未报" in said
    assert "互访去访3次回访3次" in said
    assert "挂职干部在岗1人，其中新派1人在岗0人" in said
    assert "新派专技人才派出6人次" in said
    assert "培训60人次，就业12人次" in said
    assert "消费帮扶采购6万元" in said
    # Of the pairing's own projects, and of those that name both sides: the drafts are left out.
    assert "项目到位资金到位30万元" in said


def test_all_cadres_in_their_posts_are_shown_and_those_of_the_year_marked(site, in_database):
    def post():
        pairing = db.session.get(Pairing, site.world["pairing"])
        for name, starts, ends in (
            ("老干部", date(2022, 3, 1), date(2024, 2, 29)),
            ("新干部", date(2024, 3, 1), None),
            ("前干部", date(2020, 3, 1), date(2023, 12, 31)),
            ("后干部", date(2025, 3, 1), None),
        ):
            acts.secondment(pairing, person=name, starts_on=starts, ends_on=ends)
        db.session.commit()

    in_database(post)
    said = page(site)
    assert "挂职干部在岗2人，其中新派1人在岗0人" in said
    assert "新干部新派支援方派出" in said
    assert "老干部支援方派出" in said
    assert "前干部" not in said
    assert "后干部" not in said


def test_two_people_of_one_name_are_two_and_one_sent_twice_is_one(site, in_database):
    def post():
        pairing = db.session.get(Pairing, site.world["pairing"])
        for unit, starts, ends in (
            ("发改局", date(2022, 3, 1), date(2024, 2, 29)),
            ("发改局", date(2024, 3, 1), None),
            ("农业局", date(2024, 3, 1), None),
        ):
            acts.secondment(pairing, person="王伟", from_post=unit, starts_on=starts, ends_on=ends)
        db.session.commit()

    in_database(post)
    said = page(site)
    assert "挂职干部在岗2人，其中新派2人在岗0人" in said
    assert "年度在岗挂职干部2人" in said


def test_projects_of_the_pair_are_those_that_name_it_or_both_sides(site):
    add_some(site, range(1))
    said = page(site)
    assert "智能装备项目" in said
    assert "项目目前4个，其中亿元以上1个" in said


def test_what_is_not_reported_is_not_nought(site):
    said = page(site, year=2019)
    assert "互访去访未报回访未报" in said
    assert "2018、2019两年没有交流帮扶记录" in said
    assert "没有下达给这一对的任务" in said


def test_the_rounds_and_their_sources(site, in_database):
    def cite():
        pairing = db.session.get(Pairing, site.world["pairing"])
        make.citation(
            pairing, make.source(), round=make.pairing_round(name="2021年轮次"), start_year=2021
        )
        db.session.commit()

    in_database(cite)
    assert "2021年轮次2021—未定" in page(site)


def test_scores_are_shown_to_those_who_may_see_the_cards(site):
    said = page(site, "leader")
    assert "双方和这一对的得分" in said
    assert "支援县山海协作考核" in said
    staff = site.browser("staff").get(f"/pairings/{site.world['pairing']}?year=2024").text
    cards = re.findall(r"/scorecards/\d+/([\w-]+)/([\w-]+)", staff)
    assert cards
    assert all("supporter" not in sheet for sheet, _ in cards)
    for sheet, code in cards:
        address = f"/scorecards/{site.world['snapshot']}/{sheet}/{code}"
        assert site.browser("staff").get(address).status_code == 200


def test_a_pair_of_others_is_not_found(site):
    other = f"/pairings/{site.world['other_pairing']}"
    assert site.browser("staff").get(other).status_code == 404
    assert site.browser("neighbour").get(other).status_code == 200
