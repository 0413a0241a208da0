"""What parks do in a year: investment, output, tax, land, visitors, incomes, tenants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tracker.core.quantities.days import last_day
from tracker.core.quantities.units import WAN
from tracker.exchange.sampledata.draw import chance, level, stream, wan, whole
from tracker.exchange.sampledata.money import pay, report
from tracker.exchange.sampledata.plans import ParkPlan, park_plan
from tracker.exchange.sampledata.scene import Scene
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.operations.models import Tenant
from tracker.records.parks.models import Park, ParkKind

TAX_OF_OUTPUT = Decimal("0.041")
ADDED_OF_OUTPUT = Decimal("0.22")


def background_of_parks(scene: Scene, year: int) -> None:
    """What the year after, or 2019, is measured against."""
    for park in _there(scene, year):
        plan = park_plan(scene.seed, park)
        if park.kind is ParkKind.INDUSTRIAL:
            _industry(scene, park, year, plan)
        elif park.kind is ParkKind.TOURISM:
            _tourism(scene, park, year, plan)
    scene.rows.write()


def years_of_parks(scene: Scene, year: int) -> None:
    """Investment, land and tenants of the year."""
    for park in _there(scene, year):
        rng = stream(scene.seed, "park investment", park.code, year)
        industrial = park.kind is ParkKind.INDUSTRIAL
        for month in (3, 6, 9, 12):
            on = date(year, month, 24)
            public = wan(rng, 600, 2600)
            private = wan(rng, 4000, 14000) if industrial else wan(rng, 2000, 8000)
            pay(scene, park, EntryKind.GOVERNMENT_INVESTMENT, public, on)
            pay(scene, park, EntryKind.SOCIAL_INVESTMENT, private, on)
        if industrial:
            developed = min(97, 56 + 6 * (year - 2019) + rng.randint(-6, 6))
            land = whole(_supplied(park, year, park_plan(scene.seed, park)) * developed / 100)
            report(scene, park, year, Item.LAND_DEVELOPED, land)
            report(scene, park, year, Item.ABOVE_SCALE_FIRMS, rng.randint(20, 60))
        if park.kind is not ParkKind.COOPERATION and chance(rng, 15):
            pay(scene, park, EntryKind.PROVINCIAL_AWARD, wan(rng, 300, 1100), date(year, 9, 12))
        for number in range(1, rng.randint(3, 7)):
            moved = date(year, rng.randint(1, 12), 15)
            scene.rows.add(
                Tenant,
                moved,
                park_id=park.id,
                name=f"示例企业{park.code}-{year}-{number:02}",
                moved_in_on=moved,
                is_technology=chance(rng, 30),
                is_above_scale=chance(rng, 30),
            )
    scene.rows.write()


def _there(scene: Scene, year: int) -> list[Park]:
    return [park for park in scene.parks if (park.signed_on or date.min) <= last_day(year)]


def _supplied(park: Park, year: int, plan: ParkPlan) -> Decimal:
    return whole(plan.land_mu * min(92, 60 + 5 * (year - 2019)) / 100)


def _industry(scene: Scene, park: Park, year: int, plan: ParkPlan) -> None:
    growth = (-18, -4) if scene.is_adverse(park) else (-4, 16)
    output = level(scene.seed, "park output", park.code, year, plan.output, growth)
    report(scene, park, year, Item.OUTPUT, output)
    report(scene, park, year, Item.VALUE_ADDED, whole(output * ADDED_OF_OUTPUT))
    report(scene, park, year, Item.LAND_SUPPLIED, _supplied(park, year, plan))
    tax = whole(output * TAX_OF_OUTPUT) * WAN
    first = whole(tax * 48 / 100)
    pay(scene, park, EntryKind.TAX, first, date(year, 6, 28))
    pay(scene, park, EntryKind.TAX, tax - first, date(year, 12, 18))


def _tourism(scene: Scene, park: Park, year: int, plan: ParkPlan) -> None:
    growths = {"visitors": (-6, 14), "revenue": (-5, 13), "income": (3, 10)}
    items = {"visitors": Item.VISITORS, "revenue": Item.REVENUE, "income": Item.FARMERS_INCOME}
    for name, item in items.items():
        start = getattr(plan, name)
        report(
            scene, park, year, item, level(scene.seed, name, park.code, year, start, growths[name])
        )
