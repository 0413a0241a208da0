"""How far the counties are from leaving the list, by the rule as it is reported: a GDP above 500
亿元, or one of 400 to 500 亿元 with an income above 50,000 元 a head, with which a county may ask
to leave. No document with the rule is known here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.days import days_of
from tracker.core.quantities.figure import YI_YUAN, YUAN, Figure
from tracker.overview.listed.published import ALL, GDP, Published, Told, above, reaches
from tracker.records.indicators.models import PublishedTotal
from tracker.records.places.models import CountyListing, Region

ASKING, LEAVING = Figure(Decimal(400), YI_YUAN), Figure(Decimal(500), YI_YUAN)
INCOME = Figure(Decimal(50_000), YUAN)
RULE = (
    "GDP 超过 500 亿元的调出；"
    "400—500 亿元且居民人均可支配收入超过 5 万元的，可以留，也可以申请调出。"
)
REPORTED = "调出山区海岛县"  # the indicator of the published total whose note says the rule


class State(Enum):
    """Where a county stands by the rule; the words are for people."""

    LEAVES = "GDP 超过 500 亿元"
    MAY = "达到可申请调出的条件"
    STAYS = "未达到"
    UNKNOWN = "不能判断"


@dataclass(frozen=True)
class Row:
    """A county of the list: the last GDP that is told (亿元), the income of the same year (元), and
    `why` nobody can judge, "" where it can be told."""

    place: Region
    county_class: str
    gdp: Told | None
    income: Told | None
    state: State
    why: str

    @property
    def to_asking(self) -> Figure | None:
        """What its GDP lacks to 400 亿元, below 0 what it has beyond; None: not told."""
        return None if self.gdp is None else ASKING - self.gdp.figure

    @property
    def to_leaving(self) -> Figure | None:
        """As `to_asking`, to 500 亿元."""
        return None if self.gdp is None else LEAVING - self.gdp.figure

    @property
    def to_income(self) -> Figure | None:
        """What its income lacks to 50,000 元, below 0 what it has beyond; None: not told."""
        return None if self.income is None else INCOME - self.income.figure


def rows(listings: Iterable[CountyListing], told: Published) -> list[Row]:
    """The counties of `listings`, those that are nearest to leaving first."""
    found = [_row(listing, told) for listing in listings]
    order = list(State)
    return sorted(
        found,
        key=lambda row: (
            order.index(row.state),
            -(row.gdp.figure.value if row.gdp else Decimal(-1)),
            row.place.code or "",
        ),
    )


def _row(listing: CountyListing, told: Published) -> Row:
    place = listing.region
    gdp = told.latest(place, GDP)
    income = told.of(place, ALL).get(gdp.year) if gdp else None
    state, why = judged(gdp, income)
    return Row(place, listing.county_class, gdp, income, state, why)


def judged(gdp: Told | None, income: Told | None) -> tuple[State, str]:
    """Where a county with these figures of one year stands, and why nobody can tell."""
    if gdp is None:
        return State.UNKNOWN, "GDP 未登记"
    bound = f"{gdp.year} 年 GDP 不是确数"
    leaves, asks = above(gdp.figure, LEAVING), reaches(gdp.figure, ASKING)
    if leaves:
        return State.LEAVES, ""
    if asks is False:
        return State.STAYS, ""
    if leaves is None or asks is None:
        return State.UNKNOWN, bound
    if income is None:
        return State.UNKNOWN, f"{gdp.year} 年居民收入未登记"
    enough = above(income.figure, INCOME)
    if enough is None:
        return State.UNKNOWN, f"{income.year} 年居民收入不是确数"
    return (State.MAY if enough else State.STAYS), ""


def moved(regions: Select[int], year: int) -> Sequence[CountyListing]:
    """The counties among `regions` (ids) that came to the list or left it in `year`, by code."""
    days = days_of(year)
    statement = (
        select(CountyListing)
        .join(Region, Region.id == CountyListing.region_id)
        .where(
            CountyListing.region_id.in_(regions),
            or_(CountyListing.joined_on.between(*days), CountyListing.left_on.between(*days)),
        )
        .options(joinedload(CountyListing.region), joinedload(CountyListing.source))
        .order_by(Region.code, CountyListing.joined_on)
    )
    return db.session.scalars(statement).all()


def reported_rule() -> PublishedTotal | None:
    """The record that says the rule, with its source; None where it was not loaded."""
    statement = (
        select(PublishedTotal)
        .where(PublishedTotal.indicator == REPORTED)
        .options(joinedload(PublishedTotal.source))
        .order_by(PublishedTotal.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)
