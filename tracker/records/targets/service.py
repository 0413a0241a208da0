"""Set targets and divide them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tracker.core.db import Origin, db
from tracker.core.quantities.printed import trimmed
from tracker.core.told import ToldError
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region, RegionLevel
from tracker.records.targets.models import Target

Subject = Region | Enclave | Park | Pairing
_COLUMNS: dict[type, str] = {
    Region: "region",
    Enclave: "enclave",
    Park: "park",
    Pairing: "pairing",
}
BELOW = {RegionLevel.PROVINCE: RegionLevel.CITY, RegionLevel.CITY: RegionLevel.COUNTY}


class TargetError(ToldError, ValueError):
    """A target that makes no sense; the message is for the user."""


def set_target(
    subject: Subject, year: int, measure: str, value: Decimal, **details: object
) -> Target:
    """The target of `measure` for `subject` in `year`, in the measure's unit.

    `details`: due_on, document, responsible_unit, origin.
    """
    details.setdefault("origin", Origin.ENTERED)
    link = {_COLUMNS[type(subject)]: subject}
    target = Target(**link, year=year, measure=measure, value=value, **details)
    db.session.add(target)
    db.session.flush()
    return target


def divide(whole: Target, parts: Mapping[Region, Decimal]) -> list[Target]:
    """Divide a province's target among cities, or a city's among its counties.

    Raises TargetError if a part does not stand directly below, or the parts do not make up the
    whole.
    """
    above = whole.region
    if above is None or above.level not in BELOW:
        raise TargetError("只有省、设区市的任务可以分解。")
    for region in parts:
        if region.level is not BELOW[above.level] or region.parent_id != above.id:
            raise TargetError(f"{region.name}不在{above.name}之下，不能分解到该处。")
    assigned = sum(parts.values(), Decimal(0))
    if assigned != whole.value:
        raise TargetError(
            f"分解合计 {trimmed(assigned)}，与任务 {trimmed(whole.value)} 不符，"
            f"相差 {trimmed(whole.value - assigned)}。"
        )
    return [
        set_target(
            region,
            whole.year,
            whole.measure,
            value,
            due_on=whole.due_on,
            document=whole.document,
            origin=whole.origin,
            parent=whole,
        )
        for region, value in parts.items()
    ]
