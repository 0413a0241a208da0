"""Sample enclaves and parks beside the public ones, with a platform for each host."""

from __future__ import annotations

from datetime import date

from tracker.exchange.sampledata.draw import chance, day, stream
from tracker.exchange.sampledata.plans import KINDS_SHORT, drawn_plan
from tracker.exchange.sampledata.scene import INVENTED_COUNTY, LEAPFROG, Scene
from tracker.records.enclaves.models import Direction, Enclave, EnclaveKind
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park, ParkKind
from tracker.records.places.models import Platform, PlatformKind, Region

OLD_KINDS = (EnclaveKind.INDUSTRIAL, EnclaveKind.INNOVATION, EnclaveKind.INCOME)
INBOUND_OF_HUNDRED = 40
TEN_BILLION_OF_HUNDRED = 6


def invent_enclaves(scene: Scene) -> None:
    """One enclave of each kind that a county has none of; from 2025 发展飞地 as well."""
    there = {(enclave.origin_id, enclave.kind_on(date(2024, 12, 31))) for enclave in scene.enclaves}
    platforms: dict[int, int] = {}
    for county in scene.ever_listed:
        pair = _first_pair(scene, county)
        for kind in OLD_KINDS:
            if (county.id, kind) not in there:
                _enclave(scene, platforms, county, pair, kind)
        if county in scene.counties(2025):
            if (county.id, EnclaveKind.DEVELOPMENT) not in there:
                _enclave(scene, platforms, county, pair, EnclaveKind.DEVELOPMENT)
            rng = stream(scene.seed, "inbound", county.code)
            if chance(rng, INBOUND_OF_HUNDRED) or county.code == INVENTED_COUNTY:
                _enclave(scene, platforms, county, pair, EnclaveKind.DEVELOPMENT, Direction.INBOUND)
    scene.rows.write()


def _first_pair(scene: Scene, county: Region) -> Pairing:
    year = next(y for y in (2023, 2024, 2025) if county in scene.counties(y))
    return scene.pairs_of(county, year)[0]


def _enclave(
    scene: Scene,
    platforms: dict[int, int],
    county: Region,
    pair: Pairing,
    kind: EnclaveKind,
    direction: Direction = Direction.OUTBOUND,
) -> None:
    inbound = direction is Direction.INBOUND
    code = f"SL-{county.code}-{KINDS_SHORT[kind]}{'-N' if inbound else ''}"
    plan = drawn_plan(scene.seed, code)
    supporter = scene.regions[pair.supporter_id]
    host = county if inbound else supporter
    stages = _stages(scene, code, kind, _joined(scene, county))
    label = f"域内{kind.label}" if inbound else kind.label
    of_villages = kind in (EnclaveKind.INCOME, EnclaveKind.DEVELOPMENT)
    scene.rows.add(
        Enclave,
        stages["signed_on"],
        code=code,
        name=f"{county.name}—{supporter.name}{label}示例",
        kind=kind,
        development_since=date(2025, 2, 1) if kind is EnclaveKind.DEVELOPMENT else None,
        direction=direction,
        origin_id=pair.supporter_id if inbound else county.id,
        host_id=host.id,
        platform=f"{host.name}开发平台示例",
        platform_id=_platform(scene, platforms, host),
        **stages,
        area_mu=plan.land_mu if kind in (EnclaveKind.INDUSTRIAL, EnclaveKind.DEVELOPMENT) else None,
        floor_m2=plan.floor_m2,
        total_capital=plan.capital if of_villages else None,
        village_capital=plan.capital * 4 / 5 if of_villages else None,
        villages=plan.villages if of_villages else None,
        has_share_list=of_villages or None,
        has_return_clause=of_villages or None,
        has_fund_ledger=of_villages or None,
        has_village_disclosure=chance(stream(scene.seed, "flags", code), 85)
        if of_villages
        else None,
        note="示例数据",
    )


def _joined(scene: Scene, county: Region) -> date | None:
    return next(row.joined_on for row in scene.listings if row.region_id == county.id)


def _stages(scene: Scene, code: str, kind: EnclaveKind, joined: date | None) -> dict[str, date]:
    """Signed, begun, completed and in use; a county that joined later begins later."""
    rng = stream(scene.seed, "stages", code)
    if kind is EnclaveKind.DEVELOPMENT:
        signed = day(rng, date(2025, 1, 6), date(2025, 2, 20))
        started, done = day(rng, date(2025, 3, 1), date(2025, 3, 31)), date(2025, 5, 30)
        used = day(rng, date(2025, 6, 1), date(2025, 7, 31))
    elif joined is not None:
        signed, started, done = joined, date(2024, 9, 20), date(2024, 11, 20)
        used = day(rng, date(2024, 12, 2), date(2024, 12, 18))
    else:
        signed = day(rng, date(2016, 1, 4), date(2017, 6, 30))
        started, done = date(2017, 10, 9), date(2018, 9, 28)
        used = day(rng, date(2018, 10, 8), date(2018, 12, 28))
    return {"signed_on": signed, "started_on": started, "completed_on": done, "in_use_on": used}


def _platform(scene: Scene, platforms: dict[int, int], host: Region) -> int:
    if host.id not in platforms:
        platforms[host.id] = scene.rows.add(
            Platform,
            date(2015, 1, 5),
            name=f"{host.name}开发平台示例",
            kind=PlatformKind.HIGH_LEVEL_ZONE,
            region_id=host.id,
            listed_on=date(2015, 1, 5),
            document="示例名单",
        )
    return platforms[host.id]


def invent_parks(scene: Scene) -> None:
    """A park for each county without one: industrial in 跨越发展类, tourism in the others; and
    cooperation parks (产业合作园) of many pairs."""
    classes = {row.region_id: row.county_class for row in scene.listings}
    there = {park.recipient_id for park in scene.parks}
    for county in scene.ever_listed:
        pair = _first_pair(scene, county)
        sides = f"{county.name}—{scene.regions[pair.supporter_id].name}"
        rng = stream(scene.seed, "parks", county.code)
        if county.id not in there:
            leapfrog = classes[county.id] == LEAPFROG
            kind = ParkKind.INDUSTRIAL if leapfrog else ParkKind.TOURISM
            signed = day(rng, date(2013, 3, 1), date(2016, 11, 30))
            ten_billion = leapfrog and chance(rng, TEN_BILLION_OF_HUNDRED)
            scene.rows.add(
                Park,
                signed,
                code=f"SL-{county.code}-YQ",
                name=f"{sides}山海协作{kind.label}示例",
                kind=kind,
                recipient_id=county.id,
                supporter_id=pair.supporter_id,
                signed_on=signed,
                approved_on=day(rng, date(2017, 1, 4), date(2017, 12, 20)),
                ten_billion_on=date(2024, 11, 30) if ten_billion else None,
                area_mu=rng.randint(3000, 7000),
                leading_industry="示例产业",
                note="示例数据",
            )
        if chance(rng, 70):
            signed = day(rng, date(2023, 2, 1), date(2025, 10, 31))
            scene.rows.add(
                Park,
                signed,
                code=f"SL-{county.code}-HZ",
                name=f"{sides}产业合作园示例",
                kind=ParkKind.COOPERATION,
                recipient_id=county.id,
                supporter_id=pair.supporter_id,
                signed_on=signed,
                approved_on=signed,
                area_mu=rng.randint(300, 900),
                leading_industry="示例产业",
                note="示例数据",
            )
    scene.rows.write()
