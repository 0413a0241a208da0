"""What counties report in a year: filings, village incomes, adopted practices."""

from __future__ import annotations

from datetime import date, timedelta

from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import WAN
from tracker.exchange.sampledata.draw import chance, level, stream, whole
from tracker.exchange.sampledata.filings import add_filing
from tracker.exchange.sampledata.scene import INVENTED_COUNTY, Scene
from tracker.records.findings.models import Adoption, Level
from tracker.records.places.models import IndustrialListing, Region
from tracker.records.submissions.models import FilingKind
from tracker.records.submissions.service import last_days
from tracker.records.submissions.workdays import days_covered
from tracker.records.villages.models import VillageIncome

LISTED_IN = 2025  # the first year in which a task rests on the list of 工业大县
LATE = {FilingKind.Q2: 9}
NEVER = frozenset({FilingKind.Q3})


Due = dict[FilingKind, date]


def _due(year: int) -> Due:
    """The last days as the program sets them."""
    return {each.kind: each.due_on for each in last_days(year)}


def incomes_of_villages(scene: Scene, year: int) -> None:
    """经营性收入 of every village; somewhat over half of them reach 50 万元 by 2024."""
    for villages in scene.villages.values():
        for village in villages:
            start = stream(scene.seed, "income", village.code).randint(18, 82)
            operating = level(
                scene.seed, "village income", village.code, year, start * 100, (2, 14)
            )
            scene.rows.add(
                VillageIncome,
                last_day(year),
                village_id=village.id,
                year=year,
                operating=operating * WAN / 100,
                total=whole(operating * 13 / 10) * WAN / 100,
            )
    scene.rows.write()


def years_of_counties(scene: Scene, year: int) -> None:
    """Filings of recipients, supporters and enclaves, and adoptions."""
    due = _due(year)
    for county in scene.members(year):
        assert county.code is not None
        invented = county.code == INVENTED_COUNTY
        _file(scene, year, due, county.code, county, invented, region_id=county.id)
        rng = stream(scene.seed, "adoption", county.code, year)
        for at, of_hundred in ((Level.PROVINCE, 22), (Level.CENTRAL, 5)):
            if chance(rng, of_hundred):
                scene.rows.add(
                    Adoption,
                    date(year, 11, 12),
                    region_id=county.id,
                    level=at,
                    adopted_on=date(year, 11, 12),
                    title=f"{county.name}山海协作做法示例",
                    document=f"示例〔{year}〕{rng.randint(1, 90)}号",
                )
    members = {county.id for county in scene.members(year)}
    others = {side for pair in scene.pairs(year) for side in (pair.supporter_id, pair.recipient_id)}
    for region_id in sorted(others - members):
        place = scene.regions[region_id]
        _file(scene, year, due, place.code or str(region_id), place, False, region_id=region_id)
    if year == LISTED_IN:
        _industrial_counties(scene, year)
    for enclave in scene.enclaves:
        if (enclave.signed_on or date.min) <= last_day(year):
            adverse = scene.is_adverse(enclave)
            place = scene.regions[enclave.origin_id]
            _file(scene, year, due, enclave.code, place, adverse, enclave_id=enclave.id)
    scene.rows.write()


def _industrial_counties(scene: Scene, year: int) -> None:
    """Some supporters on the list of 工业大县, which no public source gives: invented."""
    for region_id in sorted({pair.supporter_id for pair in scene.pairs(year)}):
        if chance(stream(scene.seed, "industrial county", str(region_id)), 40):
            day = first_day(year)
            note = "示例数据：没有公开的名单"
            scene.rows.add(IndustrialListing, day, region_id=region_id, joined_on=day, note=note)


def _file(
    scene: Scene, year: int, days: Due, code: str, place: Region, adverse: bool, **subject: int
) -> None:
    rng = stream(scene.seed, "filing", code, year)
    for kind, due in days.items():
        filed = due - timedelta(days=rng.randint(0, 12))
        if kind is not FilingKind.PLAN:  # what a report is about has to be over
            filed = max(filed, days_covered(year, kind)[1] + timedelta(days=1))
        if adverse and kind in LATE:
            filed = due + timedelta(days=LATE[kind])
        never = adverse and kind in NEVER
        add_filing(
            scene.rows,
            scene.seed,
            place,
            year=year,
            kind=kind,
            due=due,
            filed=None if never else filed,
            **subject,
        )
