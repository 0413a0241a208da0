"""Cooperation projects from signing to production, and the money that goes into them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select

from tracker.core.db import Origin, db
from tracker.core.quantities.days import first_day, last_day
from tracker.exchange.sampledata.draw import chance, day, percent, stream, wan, whole
from tracker.exchange.sampledata.scene import Scene
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park, ParkKind
from tracker.records.places.models import Region
from tracker.records.projects.models import PartnerView, Project, ProjectCategory, SourceSide

SIGNED_IN = range(2020, 2026)
KNOWN_UNTIL = date(2025, 12, 31)
INDUSTRIES = ("高端装备", "新材料", "生物医药", "电子信息", "绿色食品", "竹木制品", "数字经济")
# Share of the plan paid in the year of signing and in those after it, in percent.
PAID_IN = ((18, 30), (25, 38), (18, 28), (5, 10))


def invent_projects(scene: Scene) -> None:
    """Of each county and year: some in its 产业飞地, some in its park, some back from its 科创飞地,
    the rest elsewhere in the county."""
    for county in scene.receivers:
        for year in SIGNED_IN:
            _of_year(scene, county, year)
        _of_demonstrations(scene, county)
    scene.rows.write()


def _of_year(scene: Scene, county: Region, year: int) -> None:
    rng = stream(scene.seed, "projects", county.code, year)
    pairs = scene.pairs_of(county, year) or scene.pairs_of(county, 2025)
    if not pairs:
        return
    seats: list[dict] = [{} for _ in range(rng.randint(3, 6))]
    for kind in (EnclaveKind.INDUSTRIAL, EnclaveKind.DEVELOPMENT):
        for site in _sites(scene, county, kind, year):
            seats += [{"enclave_id": site.id}] * rng.randint(1, 3)
    for site in _sites(scene, county, EnclaveKind.INNOVATION, year):
        seats += [{"incubated_in_id": site.id}] * rng.randint(1, 2)
    for park in _parks(scene, county, year):
        seats += [_in_park(park)] * rng.randint(2, 4)
    for number, seat in enumerate(seats, 1):
        name = f"{county.name}协作项目示例{year}-{number:02}"
        _project(scene, rng, county, pairs, year, name, seat)


def sign_projects(scene: Scene, year: int) -> None:
    """What a year after SIGNED_IN brings: projects that are signed, and nothing else so far."""
    for county in scene.receivers:
        _of_year(scene, county, year)
    scene.rows.write()


def _sites(scene: Scene, county: Region, kind: EnclaveKind, year: int) -> list[Enclave]:
    return [site for site in scene.sites(year, kind) if scene.home(site).id == county.id]


def _parks(scene: Scene, county: Region, year: int) -> list[Park]:
    return [
        park
        for park in scene.parks
        if park.recipient_id == county.id and (park.signed_on or date.min).year < year
    ]


def _in_park(park: Park) -> dict:
    tourism = park.kind is ParkKind.TOURISM
    category = {"category": ProjectCategory.CULTURE_TOURISM} if tourism else {}
    return {"park_id": park.id, **category}


def _project(
    scene: Scene,
    rng: Random,
    county: Region,
    pairs: list[Pairing],
    year: int,
    name: str,
    seat: dict,
) -> None:
    pair = rng.choice(pairs)
    signed = day(rng, date(year, 1, 8), date(year, 11, 30))
    large = chance(rng, 55 if "enclave_id" in seat else 22)
    started = _later(rng, signed, 40, 260) if chance(rng, 93) else None
    completed = _later(rng, started, 240, 620) if started else None
    producing = _later(rng, completed, 0, 60) if completed else None
    planned = signed - timedelta(days=rng.randint(90, 300))
    if signed > KNOWN_UNTIL:  # the years before stay as they are: nothing was planned in them
        planned = max(planned, first_day(year))
    scene.rows.add(
        Project,
        signed,
        **{"category": ProjectCategory.INDUSTRY} | seat,
        name=name,
        region_id=county.id,
        pairing_id=pair.id,
        in_scope=True,
        investor="示例企业",
        industry=rng.choice(INDUSTRIES),
        total_investment=wan(rng, 10_000, 42_000) if large else wan(rng, 1_500, 9_500),
        is_leading_industry=chance(rng, 66),
        is_chain=chance(stream(scene.seed, "chain", name), 70),
        source_side=SourceSide.SUPPORTER if chance(rng, 62) else SourceSide.ELSEWHERE,
        is_provincial_major=large and chance(rng, 15),
        partner_id=pair.supporter_id,
        partner_view=PartnerView.CONFIRMED,
        planned_on=planned,
        negotiated_on=min(planned + timedelta(days=45), signed),
        signed_on=signed,
        started_on=started,
        completed_on=completed,
        in_production_on=producing,
        note="示例数据",
    )


def _later(rng: Random, first: date, least: int, most: int) -> date | None:
    """A day after `first`; None where it would lie beyond what the sample knows."""
    then = first + timedelta(days=rng.randint(least, most))
    return then if then <= KNOWN_UNTIL else None


def _of_demonstrations(scene: Scene, county: Region) -> None:
    for site in scene.demonstrations:
        if site.county_id != county.id:
            continue
        rng = stream(scene.seed, "demonstration projects", site.code)
        for number in range(1, rng.randint(2, 3) + 1):
            assert site.approved_on is not None
            signed = day(rng, site.approved_on, site.approved_on + timedelta(days=45))
            started = signed + timedelta(days=rng.randint(20, 60))
            completed = _later(rng, started, 120, 260)
            scene.rows.add(
                Project,
                signed,
                name=f"{site.name}产业项目{number}",
                region_id=county.id,
                pairing_id=site.pairing_id,
                category=ProjectCategory.AID,
                in_scope=True,
                demonstration_village_id=site.id,
                investor="示例合作社",
                industry="绿色食品",
                total_investment=wan(rng, 60, 300),
                signed_on=signed,
                started_on=started if started <= KNOWN_UNTIL else None,
                completed_on=completed,
                in_production_on=_later(rng, completed, 0, 30) if completed else None,
                note="示例数据",
            )


def pay_projects(scene: Scene, year: int) -> None:
    """到位资金 in two sums a year, and 完成投资 a little behind it."""
    statement = (
        select(Project.id, Project.signed_on, Project.total_investment, Project.name)
        .where(
            Project.origin == Origin.SAMPLE,
            Project.signed_on.between(first_day(year - len(PAID_IN) + 1), last_day(year)),
        )
        .order_by(Project.id)
    )
    for project_id, signed, planned, name in db.session.execute(statement):
        assert signed is not None
        assert planned is not None
        rng = stream(scene.seed, "project money", name, year)
        paid = whole(planned * percent(rng, *PAID_IN[year - signed.year]))
        first = whole(paid * percent(rng, 30, 60))
        begins = max(signed, date(year, 1, 10))
        for amount, on in (
            (first, day(rng, begins, max(begins, date(year, 8, 31)))),
            (paid - first, day(rng, max(begins, date(year, 9, 1)), date(year, 12, 25))),
        ):
            _entry(scene, project_id, EntryKind.FUNDS_IN_PLACE, amount, on)
        spent = whole(paid * percent(rng, 80, 97))
        _entry(scene, project_id, EntryKind.COMPLETED_INVESTMENT, spent, date(year, 12, 26))
    scene.rows.write()


def _entry(scene: Scene, project_id: int, kind: EntryKind, amount: Decimal, on: date) -> None:
    scene.rows.add(
        LedgerEntry,
        on,
        project_id=project_id,
        kind=kind,
        amount=amount,
        occurred_on=on,
        voucher="示例凭证",
    )
