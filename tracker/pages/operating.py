"""What was reported each quarter of an enclave or a park, year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup
from sqlalchemy import select

from tracker.db import Precision, db
from tracker.enclaves.models import Enclave
from tracker.ledger.sums import joint_precision
from tracker.operations.items import MEANINGS, Item
from tracker.operations.models import OperatingFigure
from tracker.operations.queries import of_year, per_mu
from tracker.parks.models import Park
from tracker.web.figures import figure, money

WAN = 10_000


@dataclass(frozen=True)
class OperatingRow:
    """One item with its figure of each year, as it stands on the page; None: not reported."""

    label: str
    figures: Mapping[int, Markup | None]


@dataclass(frozen=True)
class Operating:
    """The years that have figures, the latest first, and an item a row."""

    years: list[int]
    rows: list[OperatingRow]


def operating_of(subject: Enclave | Park, most: int = 4, *, base: int | None = None) -> Operating:
    """The latest `most` years with figures, and the year `base` that they are compared with."""
    key = OperatingFigure.park_id if isinstance(subject, Park) else OperatingFigure.enclave_id
    found: dict[int, list[OperatingFigure]] = defaultdict(list)
    for each in db.session.scalars(select(OperatingFigure).where(key == subject.id)):
        found[each.year].append(each)
    years = sorted(found, reverse=True)[:most]
    if base in found and base not in years:
        years.append(base)
    values = {year: {item: of_year(item, found[year]) for item in Item} for year in years}
    rows = [
        OperatingRow(item.label, {y: _shown(item, values[y][item], found[y]) for y in years})
        for item in Item
        if any(values[year][item] is not None for year in years)
    ]
    land = {y: per_mu(values[y][Item.VALUE_ADDED], values[y][Item.LAND_SUPPLIED]) for y in years}
    if any(value is not None for value in land.values()):
        rows.append(OperatingRow("亩均增加值", {year: _per_mu(land[year]) for year in years}))
    if rows:
        reported = {year: len({each.quarter for each in found[year]}) for year in years}
        rows.append(
            OperatingRow("已报季度", {year: figure(reported[year], "个") for year in years})
        )
    return Operating(years, rows)


def _shown(item: Item, value: Decimal | None, of: Iterable[OperatingFigure]) -> Markup | None:
    if value is None:
        return None
    sign = joint_precision(Precision(f.precision).label for f in of if f.item is item)
    unit = MEANINGS[item].unit
    return money(value * WAN, sign) if unit == "万元" else figure(value, unit, sign)


def _per_mu(value: Fraction | None) -> Markup | None:
    if value is None:
        return None
    exact = Decimal(value.numerator) / value.denominator
    return figure(exact.quantize(Decimal("0.1")), "万元/亩")
