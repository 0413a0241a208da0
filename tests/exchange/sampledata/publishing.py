"""What bulletins and plans say beside a sample: incomes of the counties of the list, of the
province and of the country; goals of a county and of a city, with figures to some of them."""

from __future__ import annotations

import random
from decimal import Decimal

from sqlalchemy import select

from tests import factories as make
from tracker.core.db import Precision, db
from tracker.records.indicators.models import CountyIndicator, GoalKind
from tracker.records.places.models import CountyListing, Region

INCOMES = {
    "居民人均可支配收入": (30_000, 62_000),
    "城镇居民人均可支配收入": (45_000, 72_000),
    "农村居民人均可支配收入": (22_000, 42_000),
}
# Goals of the county: name, unit, by what is bounded. Three in four have figures.
GOALS = (
    ("居民人均可支配收入(元)", "元", ">="),
    ("人均地区生产总值(万元)", "万元", ">"),
    ("常住人口城镇化率(%)", "%", ">="),
    ("城乡居民收入倍差", "", "<="),
    ("居民人均可支配收入与全省平均之比", "", ">="),
    ("单位GDP能耗(吨标准煤/万元)", "吨标准煤/万元", "="),
    ("恩格尔系数", "", "="),
    ("A级景区村庄数量(个)", "个", "="),
    ("万人成讼率(件/万人)", "件/万人", "<"),
    ("社会诚信度(%)", "%", "≈"),
    ("基尼系数", "", None),
    ("规上工业亩均税收(万元)", "万元", ">="),
)
# By these names bulletins tell them; the others follow from incomes, or nobody tells them.
BULLETINS = {
    "人均地区生产总值(万元)": ("人均GDP", "万元"),
    "常住人口城镇化率(%)": ("城镇化率", "%"),
    "单位GDP能耗(吨标准煤/万元)": ("单位GDP能耗", "吨标准煤/万元"),
    "恩格尔系数": ("恩格尔系数", ""),
    "A级景区村庄数量(个)": ("A级景区村庄数量（个）", "个"),
    "万人成讼率(件/万人)": ("万人成讼率", "件/万人"),
    "社会诚信度(%)": ("社会诚信度", "%"),
    "基尼系数": ("基尼系数", ""),
}


def publish(seed: int, years: range, county: str) -> None:
    """Add them to the database in hand; what the sample has already stays."""
    rng = random.Random(seed)
    by_code = {place.code: place for place in db.session.scalars(select(Region))}
    listed = set(db.session.scalars(select(CountyListing.region_id)))
    kept = {
        tuple(row)
        for row in db.session.execute(
            select(CountyIndicator.region_id, CountyIndicator.indicator, CountyIndicator.year)
        )
    }

    def tell(place: Region, name: str, value: Decimal, year: int, **fields: object) -> None:
        if (place.id, name, year) not in kept:
            make.county_indicator(place, name, str(value), year, **fields)

    source = make.source()
    for year in years:
        for name, (low, high) in INCOMES.items():
            tell(by_code["330000"], name, Decimal(rng.randint(low, high)), year, unit="元")
            make.published_total(
                source,
                scope="全国",
                indicator=name,
                text="",
                value=Decimal(rng.randint(low, high)),
                unit="元",
                year=year,
            )
            for place in by_code.values():
                if place.id in listed and rng.random() < 0.6:
                    many = rng.choice([Precision.EXACT] * 5 + list(Precision))
                    value = Decimal(rng.randint(low, high))
                    tell(place, name, value, year, unit="元", precision=many)
    place = by_code[county]
    for number, (name, unit, operator) in enumerate(GOALS, 1):
        near = rng.randint(20, 900)
        for year in sorted({2025, 2027, *years[-1:]}):
            if rng.random() < 0.2:
                continue
            value = Decimal(near + rng.randint(-9, 9)) / 10
            make.plan_goal(
                plan="县指标表",
                scope=place.name,
                region_id=place.id,
                number=str(number),
                indicator=name,
                kind=rng.choice([*GoalKind]),
                year=year,
                operator=operator,
                value=value if operator else None,
                text=str(value) if operator else "稳步下降",
                unit=unit,
            )
        if name in BULLETINS:
            called, told_in = BULLETINS[name]
            for year in years:
                value = Decimal(near + rng.randint(-9, 9)) / 10
                many = rng.choice([Precision.EXACT] * 3 + list(Precision))
                tell(place, called, value, year, unit=told_in, precision=many)
