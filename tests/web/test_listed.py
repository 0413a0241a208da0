"""名单监测: each distance is that of its own statement, of one year; what nobody told is not 0."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests import factories as make
from tests.web.conftest import Site
from tests.web.pages import text_of
from tests.web.statements import number_for
from tracker.core.db import Precision, db, units
from tracker.core.quantities.figure import Figure
from tracker.overview.listed import leaving
from tracker.overview.listed.leaving import State, judged
from tracker.overview.listed.published import Told, above, reaches
from tracker.records.indicators.models import CountyIndicator
from tracker.records.places.models import Region

PAGE = "/overview/listed/?year=2024"
INCOME, URBAN = "居民人均可支配收入", "城镇居民人均可支配收入"


def fill(site: Site) -> Site:
    """缙云县 with a GDP of 2023, incomes of 2023 and 2024, and the means of both; 庆元县 silent."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        source = make.source(url="https://stats.example.org/2023")
        jinyun, province = places["缙云县"], places["浙江省"]
        for place, name, value, year, unit in (
            (jinyun, "GDP", "430.47", 2023, "亿元"),
            (jinyun, "GDP", "999", 2025, "亿元"),
            (jinyun, "地区生产总值", "1", 2023, "亿元"),
            (jinyun, INCOME, "53074", 2023, "元"),
            (jinyun, "城镇常住居民人均可支配收入", "5.6", 2024, "万元"),
            (province, INCOME, "70000", 2023, "元"),
            (province, URBAN, "80000", 2023, "元"),
        ):
            make.county_indicator(place, name, value, year, unit=unit, source=source)
        total = {"scope": "全国", "indicator": INCOME, "unit": "元", "year": 2023}
        make.published_total(source, **total, text="4万", value=Decimal(40_000))
        db.session.commit()
    return site


@pytest.fixture
def told(site: Site) -> Site:
    return fill(site)


def said(site: Site, address: str = PAGE, user: str = "leader") -> str:
    return re.sub(r"\s", "", text_of(site.browser(user).get(address)))


def test_both_databases_say_the_same(any_site: Site) -> None:
    fill(any_site)
    assert "缙云县430.472023年超30.47差69.5353,0742023年超3,074" in said(any_site, PAGE)


def test_each_number_is_that_of_its_own_statement(told: Site) -> None:
    page = said(told)
    asked = (
        "SELECT value / 1000000.0 FROM county_indicators AS i JOIN regions AS r ON r.id ="
        " i.region_id WHERE r.name = '{}' AND i.indicator = '{}' AND i.year = {}"
    )
    with told.app.app_context():
        gdp, own, mean = (
            Decimal(str(db.session.execute(text(asked.format(*of))).scalar_one()))
            for of in (
                ("缙云县", "GDP", 2023),
                ("缙云县", INCOME, 2023),
                ("浙江省", INCOME, 2023),
            )
        )
    distances = f"超{gdp - 400:.2f}差{500 - gdp:.2f}{own:,.0f}2023年超{own - 50_000:,.0f}"
    assert f"缙云县{gdp:.2f}2023年{distances}" in page
    share = own / mean * 100
    goals = (Decimal("75.5"), 77)
    lacks = [f"{'差' if goal > share else '超'}{abs(goal - share):.2f}" for goal in goals]
    assert f"缙云县53,0742023年{share:.1f}%{''.join(lacks)}{own / 40_000 * 100:.1f}%" in page
    assert "名单上2个县：GDP超过500亿元0个，达到可申请调出的条件1个，未达到0个，不能判断1个" in page
    assert "能判断的1个县中1个达到75.5%（2025年目标）；能判断的1个县中0个达到77%" in page


def test_what_is_not_told_is_neither_nought_nor_of_another_year(told: Site) -> None:
    page = said(told)
    assert "未报没有登记GDP的1个县：庆元县。" in page
    # Its urban income is of 2024, of which the province's mean is not told.
    assert "缙云县56,0002024年不可计算不可计算未报不可计算不可计算" in page
    assert "2024年全省未报未报未报" in page
    # Without the income of the GDP's own year nobody can judge; that of 2024 does not stand in.
    with told.app.app_context(), units.mode(writes=True):
        db.session.execute(
            db.update(CountyIndicator)
            .where(CountyIndicator.indicator == INCOME, CountyIndicator.value == 53_074)
            .values(year=2024)
        )
        db.session.commit()
    page = said(told)
    assert "不能判断2个" in page
    assert "缙云县2023年居民收入未登记430.47" in page
    assert "没有县能判断是否达到75.5%" in page


def test_figures_open_their_records_and_sources(told: Site) -> None:
    leader = told.browser("leader")
    page = leader.get(PAGE).text
    assert 'href="https://stats.example.org/2023"' in page
    content = page[page.index("<section") :]
    for address in set(re.findall(r'href="(/[^"]+)"', content)):
        assert leader.client.get(address.replace("&amp;", "&")).status_code == 200
    for anchor in set(re.findall(r'href="#([^"]+)"', page[page.index("headline") :])):
        assert f'id="{anchor}"' in page


def test_the_list_is_that_of_the_year_and_of_ones_own_regions(
    told: Site, in_database: Callable
) -> None:
    def leave() -> None:
        place = db.session.get_one(Region, told.world["jinyun"])
        place.listings[0].left_on = make.DAY
        db.session.commit()

    in_database(leave)
    page = said(told)
    assert "名单上1个县" in page
    assert "缙云县：2024-06-30调出" in page
    assert "名单上2个县" in said(told, "/overview/listed/?year=2023")
    assert "没有山区海岛县名单内" in said(told, f"{PAGE}&region=330100")
    assert told.browser("staff").get(PAGE).status_code == 403


def test_the_number_of_statements_does_not_depend_on_how_many(told: Site) -> None:
    before = number_for(told, "leader", PAGE)
    with told.app.app_context(), units.mode(writes=True):
        city = db.session.scalars(db.select(Region).where(Region.name == "丽水市")).one()
        for number in range(4):
            place = make.region(f"3311{number + 30}", f"甲{number}县", city)
            make.listing(place)
            make.county_indicator(place, "GDP", 450, 2024)
        db.session.commit()
    assert number_for(told, "leader", PAGE) == before


@pytest.mark.parametrize(
    ("value", "sign", "more", "enough"),
    [
        (501, "", True, True),
        (500, "", False, True),
        (499, "", False, False),
        (501, "≥", True, True),
        (500, "≥", None, True),
        (499, "≥", None, None),
        (501, "≤", None, None),
        (500, "≤", False, None),
        (499, "≤", False, False),
        (900, "≈", None, None),
    ],
)
def test_a_bound_is_judged_as_far_as_it_says(value, sign, more, enough) -> None:
    of = Figure(Decimal(value), "亿元", sign)
    assert above(of, leaving.LEAVING) is more
    assert reaches(of, leaving.LEAVING) is enough


@pytest.mark.parametrize(
    ("gdp", "income", "state"),
    [
        (None, None, State.UNKNOWN),
        ("500.01", None, State.LEAVES),
        ("500", "50001", State.MAY),
        ("400", "50001", State.MAY),
        ("400", "50000", State.STAYS),
        ("400", None, State.UNKNOWN),
        ("399.99", None, State.STAYS),
    ],
)
def test_the_rule_as_it_is_reported(gdp, income, state) -> None:
    record = CountyIndicator(precision=Precision.EXACT)
    figures = [
        None if value is None else Told(Figure(Decimal(value), unit), 2024, record)
        for value, unit in ((gdp, "亿元"), (income, "元"))
    ]
    assert judged(*figures)[0] is state
