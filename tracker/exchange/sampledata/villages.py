"""Invented villages, their stakes in enclaves, and demonstration villages."""

from __future__ import annotations

from datetime import date

from tracker.exchange.sampledata.draw import CENT, chance, day, stream, whole
from tracker.exchange.sampledata.plans import site_plan
from tracker.exchange.sampledata.scene import INVENTED_COUNTY, Scene
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.places.models import Region
from tracker.records.villages.models import DemonstrationVillage, Village, VillageStake

FEWEST = 24
MADE_ON = date(2018, 1, 2)
ACCEPTANCE_YEARS = (2022, 2023, 2024, 2025)
STAKE_KINDS = (EnclaveKind.INCOME, EnclaveKind.DEVELOPMENT)


def invent_villages(scene: Scene) -> None:
    """As many villages as the largest of a county's enclaves names, and at least FEWEST.

    The town part of a village's code is 999, which no real town has.
    """
    for county in scene.ever_listed:
        wanted = [
            site_plan(scene.seed, enclave).villages
            for enclave in scene.enclaves
            if enclave.kind in STAKE_KINDS and scene.home(enclave).id == county.id
        ]
        rng = stream(scene.seed, "villages", county.code)
        for number in range(1, max([FEWEST, *wanted]) + 1):
            scene.rows.add(
                Village,
                MADE_ON,
                code=f"{county.code}999{number:03}",
                name=f"{county.name}示例{number:03}村",
                county_id=county.id,
                is_weak=chance(rng, 45),
            )
    scene.rows.write()


def invent_stakes(scene: Scene) -> None:
    """The first villages of the county hold equal stakes in each of its enclaves."""
    for enclave in scene.enclaves:
        villages = scene.villages.get(scene.home(enclave).id)
        if enclave.kind in STAKE_KINDS and villages:
            _stakes(scene, enclave, villages)
    scene.rows.write()


def _stakes(scene: Scene, enclave: Enclave, villages: list[Village]) -> None:
    number = site_plan(scene.seed, enclave).villages
    joined = enclave.signed_on or MADE_ON
    each = None
    if enclave.village_capital is not None:
        each = (enclave.village_capital / number).quantize(CENT, rounding="ROUND_DOWN")
    for village in villages[:number]:
        scene.rows.add(
            VillageStake,
            joined,
            enclave_id=enclave.id,
            village_id=village.id,
            capital_agreed=each,
            capital_paid=each and (whole(each / 2) if scene.is_adverse(enclave) else each),
            joined_on=joined,
        )


def invent_demonstrations(scene: Scene) -> None:
    """One 乡村振兴示范点 a county to be accepted each year; nearly all are in time."""
    for county in scene.ever_listed:
        for number, year in enumerate(ACCEPTANCE_YEARS):
            _demonstration(scene, county, year, scene.villages[county.id][number].id)
    scene.rows.write()


def _demonstration(scene: Scene, county: Region, year: int, village_id: int) -> None:
    rng = stream(scene.seed, "demonstration", county.code, year)
    pairs = scene.pairs_of(county, year)
    failed = county.code == INVENTED_COUNTY and year == 2024
    accepted = chance(rng, 88) and not failed
    applied = day(rng, date(year - 1, 2, 1), date(year - 1, 5, 31))
    scene.rows.add(
        DemonstrationVillage,
        applied,
        code=f"SL-{county.code}-SF{year}",
        name=f"{county.name}乡村振兴示范点示例{year}",
        county_id=county.id,
        village_id=village_id,
        pairing_id=rng.choice(pairs).id if pairs else None,
        applied_on=applied,
        approved_on=day(rng, date(year - 1, 7, 1), date(year - 1, 10, 31)),
        accepted_on=day(rng, date(year, 9, 1), date(year, 12, 20)) if accepted else None,
        acceptance_year=year,
        low_income_households=rng.randint(20, 90),
        has_fund_ledger=not failed,
        has_village_disclosure=chance(rng, 90),
    )
