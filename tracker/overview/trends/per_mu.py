"""亩均税收 of industrial parks against the year that they are measured from (2019), with the line
at +10 %: only whole years beside a whole year, and only the same parks on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.overview.trends.series import years_to
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park, ParkKind
from tracker.year.measures.collect import Facts, collect
from tracker.year.measures.declare import SubjectKind

GOAL = Decimal("1.1")
_TAX, _LAND, _EACH = "park.tax", "park.land_supplied", "park.tax_per_mu"


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """万元 a 亩 in the base year and now; None: not known."""

    base: Decimal | None
    now: Decimal | None

    @property
    def index(self) -> Decimal | None:
        """Now as a part of the base year."""
        return self.now / self.base if self.base and self.now is not None else None


@dataclass(frozen=True)
class ParkYear(_Beside):
    """A park in a year."""

    park: Park


@dataclass(frozen=True)
class PerMuYear(_Beside):
    """A year: the `both` of `standing` parks whose figures are known then and now, together (万元 a
    亩), and how many of them `reached` the goal."""

    year: int
    standing: int
    both: int
    reached: int


@dataclass(frozen=True)
class PerMu:
    """The years that are over, the earliest first, and the parks in the last of them."""

    years: Sequence[PerMuYear]
    parks: Sequence[ParkYear]

    @property
    def latest(self) -> PerMuYear | None:
        """The last year that is over."""
        return self.years[-1] if self.years else None


def per_mu_of(regions: Select[int], year: int) -> PerMu:
    """The industrial parks of `regions` (ids) in the years to `year` that are over."""
    found = db.session.scalars(
        select(Park)
        .where(parks.touching(regions), Park.kind == ParkKind.INDUSTRIAL)
        .order_by(Park.code)
    ).all()
    ids = [park.id for park in found]
    names = (_TAX, _LAND, _EACH)
    baselines = [f"baseline.{name}" for name in names]
    base = collect(year, SubjectKind.PARK, baselines, ids, with_records=False)
    years, shown = [], []
    for each in years_to(year):
        if each >= today().year:
            continue
        facts = collect(each, SubjectKind.PARK, names, ids, with_records=False)
        there = [park for park in found if _stood(park, each)]
        shown = [
            ParkYear(
                park,
                base=_of(base, park, f"baseline.{_EACH}"),
                now=_of(facts, park, _EACH),
            )
            for park in there
        ]
        years.append(_year(each, shown, base, facts))
    return PerMu(years, sorted(shown, key=lambda one: (one.index is None, -(one.index or 0))))


def _stood(park: Park, year: int) -> bool:
    signed = park.signed_on is None or park.signed_on.year <= year
    return signed and (park.closed_on is None or park.closed_on.year >= year)


def _year(year: int, of: Sequence[ParkYear], base: Facts, facts: Facts) -> PerMuYear:
    both = [each.park for each in of if each.index is not None]
    then = _together(base, both, "baseline.")
    now = _together(facts, both, "")
    reached = sum(1 for each in of if each.index is not None and each.index >= GOAL)
    return PerMuYear(year, len(of), len(both), reached, base=then, now=now)


def _together(facts: Facts, of: Sequence[Park], prefix: str) -> Decimal | None:
    """The tax of parks by all their land."""
    tax = [_of(facts, park, prefix + _TAX) for park in of]
    land = [_of(facts, park, prefix + _LAND) for park in of]
    known = [(a, b) for a, b in zip(tax, land, strict=True) if a is not None and b]
    if not known or len(known) < len(of):
        return None
    return sum((a for a, _ in known), Decimal(0)) / sum((b for _, b in known), Decimal(0))


def _of(facts: Mapping, park: Park, name: str) -> Decimal | None:
    fact = facts[park.id].get(name)
    return fact.number if fact else None
