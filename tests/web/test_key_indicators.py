"""重点指标分析: figures from what is on record, goals from what documents say; what nobody
told is not 0, and what no rule judges is not judged."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests import factories as make
from tests.web.conftest import Site
from tests.web.pages import text_of
from tests.web.statements import number_for
from tracker.core.db import Precision, db, units
from tracker.overview.key.names import key_of
from tracker.overview.key.table import State, compared, tables
from tracker.records.indicators.goals import LISHUI_PLAN, read_goal
from tracker.records.indicators.models import GoalKind, PlanGoal
from tracker.records.places.models import Region

PAGE = "/overview/key-indicators/?year=2024"
JINYUN = f"{PAGE}&region=331122"
INCOME, RURAL = "居民人均可支配收入", "农村居民人均可支配收入"


def goal(place: Region | None, name: str, year: int, said: str, **fields) -> PlanGoal:
    operator, value = read_goal(said)
    fields.setdefault("plan", f"{place.name}示例文件" if place else "示例方案")
    fields.setdefault("scope", place.name if place else "山区海岛县")
    return make.plan_goal(
        region=place, indicator=name, year=year, text=said, operator=operator, value=value, **fields
    )


def fill(site: Site) -> Site:
    """缙云县 with goals of its own and figures; 丽水市 with two rows of its table."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        jinyun, city, province = places["缙云县"], places["丽水市"], places["浙江省"]
        table = {"plan": LISHUI_PLAN, "group": "生态富民惠民"}
        for kind, *of in (
            (GoalKind.EVALUATED, "1", "人均地区生产总值(万元)", "9.24", "万元"),
            (GoalKind.OBSERVED, "36", "恩格尔系数", "稳步下降", ""),
        ):
            number, name, said, unit = of
            goal(city, name, 2025, said, number=number, unit=unit, kind=kind, **table)
        for name, year, said, unit in (
            ("人均地区生产总值(万元)", 2024, "8", "万元"),
            ("人均地区生产总值(万元)", 2025, "9", "万元"),
            (INCOME, 2025, "≥57000", "元"),
            (RURAL, 2022, "30000", "元"),
            ("居民人均可支配收入与全省平均之比", 2027, "0.77", ""),
            ("万人成讼率(件/万人)", 2024, "≤80", "件/万人"),
            ("基尼系数", 2024, "维持在合理区间", ""),
            ("常住人口城镇化率(%)", 2024, "约65", "%"),
            ("律师万人比(人/万人)", 2024, "3.6", "人/万人"),
        ):
            goal(jinyun, name, year, said, unit=unit)
        goal(None, "人均地区生产总值", 2027, "≥10", unit="万元")
        for place, name, value, year, unit in (
            (jinyun, "人均GDP", "83000", 2024, "元"),
            (jinyun, "人均GDP", "78655", 2023, "元"),
            (jinyun, INCOME, "53074", 2024, "元"),
            (province, INCOME, "70000", 2024, "元"),
            (jinyun, RURAL, "29999", 2024, "元"),
            (jinyun, "万人成讼率", "80", 2024, "件/万人"),
            (jinyun, "基尼系数", "0.4", 2024, ""),
            (jinyun, "常住人口城镇化率", "66", 2024, "%"),
        ):
            make.county_indicator(place, name, value, year, unit=unit)
        db.session.commit()
    return site


@pytest.fixture
def told(site: Site) -> Site:
    return fill(site)


def said(site: Site, address: str, user: str = "leader") -> str:
    return re.sub(r"\s", "", text_of(site.browser(user).get(address)))


def test_both_databases_say_the_same(any_site: Site) -> None:
    page = said(fill(any_site), JINYUN)
    first = "1.人均地区生产总值万元评价8.37.8789≥10山区海岛县的超0.3已达到"
    assert first in page.replace("0.30", "0.3").replace("8.30", "8.3")


def test_each_row_is_judged_by_the_rule(told: Site) -> None:
    with told.app.app_context():
        place = db.session.get_one(Region, told.world["jinyun"])
        (table,) = tables([place], 2024)
        rows = {key_of(row.name): row for row in table.rows}
    found = {name: row.state for name, row in rows.items()}
    assert found == {
        "人均地区生产总值": State.REACHED,  # 8.3 万元 of 83,000 元, beside this year's 8
        INCOME: State.AHEAD,
        RURAL: State.MISSED,  # the last goal of before
        "居民人均可支配收入与全省平均之比": State.AHEAD,
        "万人成讼率": State.REACHED,
        "基尼系数": State.UNJUDGED,
        "常住人口城镇化率": State.UNJUDGED,
        "律师万人比": State.UNTOLD,
        "恩格尔系数": State.WITHOUT,
    }
    head = rows["人均地区生产总值"]
    assert (head.lacks.value, head.lacks.unit) == (Decimal("-0.3"), "万元")
    assert (head.now.figure.value, head.before.figure.value) == (Decimal("8.3"), Decimal("7.8655"))
    share = rows["居民人均可支配收入与全省平均之比"]
    assert share.now.figure.value == Decimal(53_074) / 70_000
    assert len(share.now.records) == 2
    assert rows["万人成讼率"].lacks.value == 0
    assert rows[RURAL].lacks.value == 1
    assert (table.with_goal, table.told, table.judged) == (8, 7, 5)


def test_numerators_and_denominators_open_what_they_count(told: Site) -> None:
    leader = told.browser("leader")
    page = said(told, JINYUN)
    assert (
        "9行指标中，有本地目标的8行；其中2024年有数的7/8，能判断的5/7，已达到的2/5，"
        "未到期还差的2，未达到的1。" in page
    )
    nothing = said(told, JINYUN.replace("year=2024", "year=2016"))
    assert "有本地目标的8行；2016年都还没有数，不能判断是否达到。" in nothing
    markup = leader.get(JINYUN).text
    for state, number in (("goal", 8), ("told", 7), ("judged", 5), ("reached", 2), ("missed", 1)):
        (address,) = set(re.findall(rf'href="([^"]*state={state})"', markup))
        listed = said(told, address.replace("&amp;", "&"))
        assert f"各项指标{number}/9行" in listed, state
    only = said(told, f"{JINYUN}&kind=observed")
    assert "各项指标1/9行" in only
    assert "36.恩格尔系数" in only
    content = markup[markup.index("headline") :]
    for address in set(re.findall(r'href="(/[^"]+)"', content)):
        assert leader.client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_the_number_that_is_said_is_that_of_the_record(told: Site) -> None:
    with told.app.app_context():
        number = db.session.execute(
            text(
                "SELECT value / 1000000.0 FROM county_indicators AS i JOIN regions AS r ON r.id ="
                f" i.region_id WHERE r.name = '缙云县' AND i.indicator = '{INCOME}'"
            )
        ).scalar_one()
    assert f"{INCOME}元—{number:,.0f}" in said(told, JINYUN)


def test_how_many_of_the_citys_table_are_loaded_is_said(told: Site) -> None:
    city = said(told, f"{PAGE}&region=331100")
    assert "共67项，已载入2/67项，其余没有公开资料" in city
    assert "公布页面的网址没有登记" in city
    county = said(told, f"{JINYUN}&state=without")
    assert "稳步下降丽水市的" in county
    assert "没有本地目标" in county


def test_the_province_sees_which_places_have_goals(told: Site) -> None:
    page = said(told, PAGE)
    assert "浙江省没有登记重点指标的目标" in page
    assert "有自己目标的市、县2个" in page
    assert "缙云县87521" in page
    assert "庆元县" not in page.partition("有自己目标的")[2]
    staff = said(told, PAGE, "staff")
    assert "缙云县重点指标分析" in staff
    assert told.browser().get(PAGE).status_code == 302
    assert told.browser("administrator").get(PAGE).status_code == 403


def test_the_table_goes_along_as_a_workbook(told: Site) -> None:
    with told.browser("leader").get(f"{JINYUN}&tables=csv") as file:
        assert "人均地区生产总值" in file.get_data(as_text=True)


def test_the_number_of_statements_does_not_depend_on_how_many(told: Site) -> None:
    before = number_for(told, "leader", PAGE)
    with told.app.app_context(), units.mode(writes=True):
        city = db.session.scalars(db.select(Region).where(Region.name == "丽水市")).one()
        for number in range(3):
            place = make.region(f"3311{number + 30}", f"甲{number}县", city)
            goal(place, INCOME, 2025, "≥57000", unit="元")
            make.county_indicator(place, INCOME, 50_000, 2024, unit="元")
        db.session.commit()
    assert number_for(told, "leader", PAGE) == before


def test_spreads_are_told_only_where_all_counties_tell(told: Site) -> None:
    name = "地区人均可支配收入最高最低倍差"
    with told.app.app_context(), units.mode(writes=True):
        city = db.session.scalars(db.select(Region).where(Region.name == "丽水市")).one()
        goal(city, name, 2025, "≤1.5")
        db.session.commit()

        def now():
            (table,) = tables([city], 2024)
            return next(row for row in table.rows if row.name == name).now

        assert now() is None
        counties = db.session.scalars(
            db.select(Region).where(Region.parent_id == city.id, Region.name != "缙云县")
        )
        for each in counties:
            make.county_indicator(each, INCOME, 40_000, 2024, unit="元")
        db.session.commit()
        assert now().figure.value == Decimal(53_074) / 40_000


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("≥68", (">=", Decimal(68))),
        ("≤ 1.95", ("<=", Decimal("1.95"))),
        (">95", (">", Decimal(95))),
        ("9.24", ("=", Decimal("9.24"))),
        ("约65", ("≈", Decimal(65))),
        ("-3", ("=", Decimal(-3))),
        ("稳步下降", (None, None)),
        ("≤5.5(3.5以内)", (None, None)),
        ("三分之二以上", (None, None)),
    ],
)
def test_goals_are_read_as_they_are_written(words, read) -> None:
    assert read_goal(words) == read


@pytest.mark.parametrize(
    ("operator", "limit", "value", "sign", "state"),
    [
        (">=", 10, 10, Precision.EXACT, State.REACHED),
        (">", 10, 10, Precision.EXACT, State.MISSED),
        (">=", 10, 11, Precision.AT_LEAST, State.REACHED),
        (">=", 10, 11, Precision.AT_MOST, State.UNJUDGED),
        (">=", 10, 9, Precision.AT_LEAST, State.UNJUDGED),
        (">=", 10, 9, Precision.AT_MOST, State.MISSED),
        ("<=", 10, 9, Precision.AT_LEAST, State.UNJUDGED),
        ("<=", 10, 9, Precision.AT_MOST, State.REACHED),
        ("<=", 10, 11, Precision.AT_MOST, State.UNJUDGED),
        ("<=", 10, 11, Precision.AT_LEAST, State.MISSED),
        ("<", 10, 10, Precision.EXACT, State.MISSED),
        (">=", 10, 11, Precision.ABOUT, State.UNJUDGED),
    ],
)
def test_bounds_are_judged_as_far_as_they_tell(
    sqlite_app, operator, limit, value, sign, state
) -> None:
    place = make.zhejiang()["缙云县"]
    make.plan_goal(
        region=place, indicator="甲", year=2024, text="目标", operator=operator, value=limit
    )
    make.county_indicator(place, "甲", value, 2024, unit="", precision=sign)
    (table,) = tables([place], 2024)
    assert [row.state for row in table.rows] == [state]


def test_the_goal_of_the_year_comes_first_then_the_next_then_the_last() -> None:
    goals = {2022: "a", 2025: "b", 2027: "c"}
    found = {year: compared(goals, year) for year in (2021, 2022, 2023, 2026, 2028)}  # type: ignore[type-var]
    assert found == {2021: "a", 2022: "a", 2023: "b", 2026: "c", 2028: "c"}


def test_a_goal_is_entered_by_the_province_and_its_words_are_read(site: Site) -> None:
    form = {
        "plan": "缙云县2025年政府工作报告",
        "scope": "缙云县",
        "region_id": str(site.world["jinyun"]),
        "indicator": "GDP",
        "unit": "亿元",
        "year": "2025",
        "text": "≥500",
    }
    assert site.browser("staff").get("/plan-goals/new").status_code == 403
    assessor = site.browser("assessor")
    sent = assessor.post("/plan-goals/new", form)
    assert sent.status_code == 302, text_of(sent)
    again = assessor.post("/plan-goals/new", form)
    assert "已登记这项指标的目标" in text_of(again)
    with site.app.app_context():
        found = db.session.scalars(db.select(PlanGoal)).one()
        assert (found.operator, found.value) == (">=", 500)
        number = found.id
    changed = {**form, "text": "争先进位", "version": "1"}
    assert assessor.post(f"/plan-goals/{number}/edit", changed).status_code == 302
    with site.app.app_context():
        found = db.session.get_one(PlanGoal, number)
        assert (found.operator, found.value, found.text) == (None, None, "争先进位")
