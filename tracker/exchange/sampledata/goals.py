"""丽水市's key indicators: its target of each year on the way from the published goal of 2022 to
that of 2025 and beyond, and the figures of the year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.days import last_day
from tracker.exchange.sampledata.draw import stream
from tracker.exchange.sampledata.scene import Scene
from tracker.overview.key.names import PER_HEAD, RATIOS, SPREADS, key_of
from tracker.overview.listed.published import GDP, INCOMES
from tracker.records.indicators.models import CountyIndicator, PlanGoal
from tracker.records.places.models import Region

LISHUI = "331100"
PLAN = "丽水市年度目标（示例）"
_FROM, _UNTIL = 2022, 2025  # of the published goals
# What is published of places, what follows from other figures: never invented.
_PUBLISHED = {PER_HEAD, *RATIOS, *SPREADS, *(each.names[0] for each in (GDP, *INCOMES))}


def years_of_goals(scene: Scene, year: int) -> None:
    """Targets and figures of `year`, of indicators whose goals are numbers. A target is given at
    the beginning of its year, a figure known at the end; with the first running year come the
    goals of 2027."""
    city = next((each for each in scene.regions.values() if each.code == LISHUI), None)
    if city is None:
        return
    goals: dict[tuple[str, str], dict[int, PlanGoal]] = {}
    wanted = select(PlanGoal).where(PlanGoal.region_id == city.id, PlanGoal.value.is_not(None))
    for goal in db.session.scalars(wanted.order_by(PlanGoal.id)):
        if goal.plan != PLAN and goal.year in (_FROM, _UNTIL):
            goals.setdefault((goal.number, goal.indicator), {})[goal.year] = goal
    known = select(CountyIndicator.indicator).where(
        CountyIndicator.region_id == city.id, CountyIndicator.year == year
    )
    told = {key_of(name) for name in db.session.scalars(known)} | _PUBLISHED
    for of in goals.values():
        if len(of) == 2 and of[_UNTIL].unit:
            _indicator(scene, city, year, of, told=key_of(of[_UNTIL].indicator) in told)
    scene.rows.write()


def _indicator(
    scene: Scene, city: Region, year: int, of: dict[int, PlanGoal], *, told: bool
) -> None:
    last = of[_UNTIL]
    for each in (year, *([2027] if year > _UNTIL else [])):
        if each == _UNTIL:
            continue  # published
        value = _target(of, each)
        scene.rows.add(
            PlanGoal,
            date(year, 1, 20),
            plan=PLAN,
            scope=city.name,
            region_id=city.id,
            number=last.number,
            group=last.group,
            indicator=last.indicator,
            kind=last.kind,
            year=each,
            operator=last.operator,
            value=value,
            text=f"{'' if last.operator in (None, '=') else last.text[:1]}{value:f}",
            unit=last.unit,
        )
    if told:
        return
    rng = stream(scene.seed, "key indicator", last.indicator, year)
    share = Decimal(rng.randint(955, 1030)) / 1000
    scene.rows.add(
        CountyIndicator,
        last_day(year),
        region_id=city.id,
        year=year,
        indicator=last.indicator,
        value=_capped(_target(of, year) * share, last),
        unit=last.unit,
        note="示例数据",
    )


def _target(of: dict[int, PlanGoal], year: int) -> Decimal:
    """The value of `year` on the straight line through both goals."""
    first, last = of[_FROM].value, of[_UNTIL].value
    assert first is not None, "asked for"
    assert last is not None, "asked for"
    if year == _UNTIL:
        return last
    return _capped(first + (last - first) * (year - _FROM) / (_UNTIL - _FROM), of[_UNTIL])


def _capped(value: Decimal, last: PlanGoal) -> Decimal:
    """`value` with as many places as the goal has, one at least where it is small; a share of all
    is no more than that."""
    assert last.value is not None, "asked for"
    exponent = last.value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    places = max(-exponent, 1 if last.value < 1000 else 0)
    value = round(value, places)
    return min(value, Decimal(100)) if last.unit == "%" else value
