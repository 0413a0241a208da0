"""What was reported each quarter of an enclave or a park, year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup
from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.figure import WAN_YUAN, Figure
from tracker.core.quantities.precision import joint_precision
from tracker.core.quantities.printed import as_decimal
from tracker.core.quantities.shown import figure, in_wan
from tracker.records.enclaves.models import Enclave
from tracker.records.operations.items import MEANINGS, Item
from tracker.records.operations.models import OperatingFigure
from tracker.records.operations.queries import of_year, per_mu
from tracker.records.parks.models import Park

NUMBERS = {1: "一", 2: "二", 3: "三", 4: "四"}


@dataclass(frozen=True)
class OperatingColumn:
    """A year, or the quarters of the year before that the latest one has, and what was reported."""

    label: str
    found: Sequence[OperatingFigure]

    @property
    def quarters(self) -> set[int]:
        """The quarters that have figures."""
        return {each.quarter for each in self.found}


@dataclass(frozen=True)
class OperatingRow:
    """One item with its figure in each column, as it stands on the page; None: not reported."""

    label: str
    figures: Sequence[Markup | None]


@dataclass(frozen=True)
class Operating:
    """The columns, the latest year first, and an item a row."""

    columns: Sequence[OperatingColumn]
    rows: Sequence[OperatingRow]

    @property
    def years(self) -> set[int]:
        """The years with figures that are shown."""
        return {each.year for column in self.columns for each in column.found}


def operating_of(subject: Enclave | Park, most: int = 4, *, base: int | None = None) -> Operating:
    """The latest `most` years with figures, and the year `base` that they are compared with. Where
    quarters of the latest year lack, the same quarters of these years stand beside it."""
    key = OperatingFigure.park_id if isinstance(subject, Park) else OperatingFigure.enclave_id
    found: dict[int, list[OperatingFigure]] = defaultdict(list)
    for each in db.session.scalars(select(OperatingFigure).where(key == subject.id)):
        found[each.year].append(each)
    years = sorted(found, reverse=True)[:most]
    if base in found and base not in years:
        years.append(base)
    columns = [_column(year, found[year], base) for year in years]
    if columns and base and base != years[0]:
        columns += _same_quarters(columns[0], found[base], "基期同期")
    if columns and years[0] - 1 != base:
        columns[1:1] = _same_quarters(columns[0], found[years[0] - 1], "同期")
    values = [{item: of_year(item, column.found) for item in Item} for column in columns]
    rows = [
        OperatingRow(
            _label(item),
            [_shown(item, of[item], c.found) for of, c in zip(values, columns, strict=True)],
        )
        for item in Item
        if any(of[item] is not None for of in values)
    ]
    land = [per_mu(of[Item.VALUE_ADDED], of[Item.LAND_SUPPLIED]) for of in values]
    if any(value is not None for value in land):
        rows.append(OperatingRow("亩均增加值（万元/亩）", [_per_mu(value) for value in land]))
    return Operating(columns, rows)


def _column(year: int, found: list[OperatingFigure], base: int | None) -> OperatingColumn:
    label = f"{year}{_quarter_words({each.quarter for each in found})}"
    return OperatingColumn(f"{label}（基期）" if year == base else label, found)


def _same_quarters(
    latest: OperatingColumn, before: list[OperatingFigure], word: str
) -> list[OperatingColumn]:
    """The quarters of `latest` in another year, called `word`; nothing where that year has no
    others besides."""
    same = [each for each in before if each.quarter in latest.quarters]
    if not same or len({each.quarter for each in before}) == len({e.quarter for e in same}):
        return []
    words = _quarter_words({each.quarter for each in same})
    return [OperatingColumn(f"{same[0].year}{words}（{word}）", same)]


def _quarter_words(quarters: set[int]) -> str:
    """Which quarters there are; nothing where all four are."""
    if quarters == {1, 2, 3, 4}:
        return ""
    if quarters == set(range(1, len(quarters) + 1)):
        return {1: " 第一季度", 2: " 上半年", 3: " 前三季度"}[len(quarters)]
    return f" 第{'、'.join(NUMBERS[quarter] for quarter in sorted(quarters))}季度"


def _shown(item: Item, value: Decimal | None, of: Iterable[OperatingFigure]) -> Markup | None:
    if value is None:
        return None
    sign = joint_precision(each.figure.precision for each in of if each.item is item)
    found = Figure(value, MEANINGS[item].unit, sign)
    return in_wan(found) if found.unit == WAN_YUAN else figure(found.bare())


def _label(item: Item) -> str:
    unit = MEANINGS[item].unit
    return f"{item.label}（{unit}）" if unit else item.label


def _per_mu(value: Fraction | None) -> Markup | None:
    if value is None:
        return None
    return figure(as_decimal(value).quantize(Decimal("0.1")))
