"""How far counties have come with the tasks of a year, in the measures that the tasks name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy import Select, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import days_of
from tracker.core.quantities.figure import Figure
from tracker.records.places.models import Region, RegionLevel
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import Measure, SubjectKind

FUNDS = "projects.funds_in_place"
FUNDS_SENT = "support.funds_in_place"
AID = "support.aid_paid"
PLACED = "training.placed"
TRAINED = "support.training"
COUNTED = "projects.counted"
SALES = "consumption.sales"

# The tasks that leaders ask about; a scorecard has all of them.
ASKED = (FUNDS, COUNTED, PLACED, SALES, FUNDS_SENT, AID, TRAINED)

BEHIND = Decimal("0.8")  # of what the days that have passed let expect


@dataclass(frozen=True)
class Progress:
    """One measure of one county: `asked` and `done` are in its unit, `asked` None where no task was
    given and `done` None where nothing is reported; `expected` is the part of the year that has
    passed, from 0 to 1."""

    region: Region
    measure: Measure
    asked: Figure | None
    done: Figure | None
    expected: Decimal

    @property
    def share(self) -> Figure | None:
        """What was done as a part of what was asked; None where nothing can be said."""
        return None if self.done is None or self.asked is None else self.done.over(self.asked)

    @property
    def part(self) -> Decimal:
        """`share` as a number, to put those of which it can be told in order."""
        assert self.share is not None, "of those of which it can be told"
        return self.share.value

    @property
    def behind(self) -> bool:
        """Whether the task is far off: less than `BEHIND` of what the days let expect."""
        return self.share is not None and self.part < BEHIND * self.expected

    @property
    def short(self) -> bool:
        """Whether the year is over and the task was not reached, though it is not far off."""
        return self.expected == 1 and self.share is not None and BEHIND <= self.part < 1


def passed(year: int, day: date | None = None) -> Decimal:
    """The part of `year` that has passed on `day` (today), from 0 to 1."""
    day = day or today()
    first, last = days_of(year)
    if day > last:
        return Decimal(1)
    return Decimal(max((day - first).days + 1, 0)) / ((last - first).days + 1)


def counties_in(regions: Select[int]) -> list[Region]:
    """The counties among `regions` (ids), by code."""
    statement = select(Region).where(Region.id.in_(regions), Region.level == RegionLevel.COUNTY)
    return list(db.session.scalars(statement.order_by(Region.code)))


def progress_of(
    counties: Iterable[Region], year: int, names: Iterable[str] = ASKED
) -> list[Progress]:
    """The measures `names` of `counties` in `year` that have a task or a value, by county and in
    the order of `names`. The number of statements depends on the names alone."""
    places = list(counties)
    wanted = list(names)
    facts = collect(
        year,
        SubjectKind.COUNTY,
        [*wanted, *(f"target.{name}" for name in wanted)],
        [place.id for place in places],
        with_records=False,
    )
    elapsed = passed(year)
    found = [
        Progress(
            place,
            CATALOGUE.measures[name],
            _figure(facts[place.id].get(f"target.{name}"), name),
            _figure(facts[place.id].get(name), name),
            elapsed,
        )
        for place in places
        for name in wanted
    ]
    return [one for one in found if one.asked is not None or one.done is not None]


def _figure(fact: Fact | None, name: str) -> Figure | None:
    return None if fact is None else fact.figure(CATALOGUE.measures[name].unit)


def by_measure(found: Iterable[Progress]) -> dict[str, list[Progress]]:
    """The tasks by the name of their measure."""
    ordered = sorted(found, key=lambda one: one.measure.name)
    return {name: list(of) for name, of in groupby(ordered, key=lambda one: one.measure.name)}


def pictured(found: Sequence[Progress]) -> list[Progress]:
    """What the picture of a year is of: the money that came in by county, the most first; where
    none of the counties receives, the money that their pairs brought."""
    of = by_measure(one for one in found if one.asked is not None or _size(one))
    shown = of.get(FUNDS) or of.get(FUNDS_SENT) or []
    return sorted(shown, key=lambda one: (one.done is None, -_size(one)))


def _size(one: Progress) -> Decimal:
    return one.done.value if one.done is not None else Decimal(0)
