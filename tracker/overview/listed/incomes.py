"""Incomes a head of the counties against the mean of the province and of the country: of the same
year, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.core.quantities.figure import PERCENT, Figure
from tracker.core.quantities.precision import EXACT
from tracker.overview.listed.published import ALL, INCOMES, Indicator, Published, Told, reaches
from tracker.records.places.models import Region

# Of the counties of the list together, as goals.csv of the public facts has them.
PLAN = "浙委浙政 2025-01-01 缩小“三大差距”实施方案"
GOALS: Sequence[tuple[int, Decimal]] = ((2025, Decimal("75.5")), (2027, Decimal(77)))
_HUNDRED = 100


@dataclass(frozen=True)
class Against:
    """A county's last figure of an income (元) and the means of its own year; None: not told."""

    own: Told | None
    province: Told | None
    country: Told | None

    @property
    def of_province(self) -> Figure | None:
        """The figure in per cent of the province's mean."""
        return _share(self.own, self.province)

    @property
    def of_country(self) -> Figure | None:
        """The figure in per cent of the country's mean."""
        return _share(self.own, self.country)

    def lacks(self, goal: Decimal) -> Figure | None:
        """How many points the share of the province's mean lacks to `goal` per cent; below 0 what
        it has beyond."""
        share = self.of_province
        return None if share is None else Figure(goal, PERCENT) - share


def _share(own: Told | None, mean: Told | None) -> Figure | None:
    """None where one is not told, or where the mean is a bound: its share says nothing."""
    if own is None or mean is None or mean.figure.precision != EXACT or not mean.figure.value:
        return None
    value = own.figure.value / mean.figure.value * _HUNDRED
    return Figure(value, PERCENT, own.figure.precision)


@dataclass(frozen=True)
class Row:
    """A county with its incomes by the key of the indicator."""

    place: Region
    incomes: Mapping[str, Against]

    @property
    def all(self) -> Against:
        """The income of all its people."""
        return self.incomes[ALL.key]

    @property
    def is_told(self) -> bool:
        """Whether any of its incomes is."""
        return any(one.own for one in self.incomes.values())


def rows(places: Iterable[Region], told: Published) -> list[Row]:
    """The counties, those with the highest share of the province's mean first, then those of which
    less is told, by code."""
    found = [
        Row(place, {one.key: _against(place, one, told) for one in INCOMES}) for place in places
    ]

    def order(row: Row) -> tuple[Decimal, bool, str]:
        share = row.all.of_province
        nearest = Decimal(1) if share is None else -share.value
        return nearest, not row.is_told, row.place.code or ""

    return sorted(found, key=order)


def _against(place: Region, indicator: Indicator, told: Published) -> Against:
    own = told.latest(place, indicator)
    if own is None:
        return Against(None, None, None)
    means = (of.get(indicator.key, {}).get(own.year) for of in (told.province, told.country))
    return Against(own, *means)


@dataclass(frozen=True)
class Reached:
    """Of the counties of which it can be told whether their share of the province's mean reaches
    `goal` per cent, the goal of the year `by`, how many do for certain. A bound may tell it of one
    goal and not of another, so that each has its own counties."""

    by: int
    goal: Decimal
    number: int
    told: int

    @property
    def words(self) -> str:
        """How many, of how many."""
        what = f"达到 {self.goal}%（{self.by} 年目标）"
        if not self.told:
            return f"没有县能判断是否{what}"
        return f"能判断的 {self.told} 个县中 {self.number} 个{what}"


def reached(found: Sequence[Row]) -> list[Reached]:
    """Each of `GOALS` with how many reach it."""
    shares = [share for row in found if (share := row.all.of_province) is not None]
    answers = [
        (by, goal, [reaches(share, Figure(goal, PERCENT)) for share in shares])
        for by, goal in GOALS
    ]
    return [Reached(by, goal, of.count(True), len(of) - of.count(None)) for by, goal, of in answers]


@dataclass(frozen=True)
class Means:
    """The means of one year by the key of the indicator."""

    year: int
    province: Mapping[str, Told]
    country: Mapping[str, Told]


def means(found: Iterable[Row], told: Published) -> list[Means]:
    """The means of the years that the counties' figures are of, the latest first."""
    years = {against.own.year for row in found for against in row.incomes.values() if against.own}
    return [
        Means(
            year,
            *(
                {key: of[year] for key, of in source.items() if year in of}
                for source in (told.province, told.country)
            ),
        )
        for year in sorted(years, reverse=True)
    ]
