"""Who is scored on which sheet in a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import Origin, db
from tracker.core.quantities.days import first_day, last_day
from tracker.engine.scoring import Rulebook, class_fault
from tracker.records.enclaves.models import Direction, Enclave, EnclaveKind
from tracker.records.pairings.models import Pairing
from tracker.records.pairings.queries import in_force
from tracker.records.parks.models import Park, ParkKind
from tracker.records.places.models import CountyListing, Region, RegionLevel
from tracker.records.places.queries import inside
from tracker.records.villages.models import DemonstrationVillage
from tracker.year.measures.catalogue.counties import is_kind
from tracker.year.measures.declare import SubjectKind


@dataclass(frozen=True)
class Subject:
    """One subject of a sheet.

    `record_id` is the id of the record that its measures are read for. `belongs_to` are the codes
    of the counties whose sheets build on it (for a county: its city; a pair: its two sides).
    """

    record_id: int
    code: str
    name: str
    class_name: str
    place: str
    belongs_to: tuple[str | None, ...]
    region_id: int
    enclave_id: int | None
    sample: bool
    part: str = ""  # of an enclave its direction, where means go by it (scoring.names.PARTS)


@dataclass(frozen=True)
class Roster:
    """How the subjects of a kind of sheet are found, and what they are called."""

    label: str
    measures: SubjectKind
    subjects: Callable[[int], list[Subject]]


def _region(region: Region, class_name: str, sample: bool) -> Subject:
    parent = region.parent
    assert region.code is not None, "who has a sheet has a code"
    return Subject(
        record_id=region.id,
        code=region.code,
        name=region.name,
        class_name=class_name,
        place=parent.name if parent and region.level is RegionLevel.COUNTY else "",
        belongs_to=(parent.code,) if parent else (),
        region_id=region.id,
        enclave_id=None,
        sample=sample,
    )


def recipients(year: int) -> list[Subject]:
    """Counties on the list on 31 December, and those that left it in the year (rule R14): each
    once, in the class in which it stood last."""
    found = db.session.scalars(
        select(CountyListing)
        .join(CountyListing.region)
        .options(joinedload(CountyListing.region).joinedload(Region.parent))
        .where(
            or_(CountyListing.joined_on.is_(None), CountyListing.joined_on <= last_day(year)),
            or_(CountyListing.left_on.is_(None), CountyListing.left_on >= first_day(year)),
        )
        .order_by(Region.code, CountyListing.joined_on.nulls_first(), CountyListing.id)
    )
    # A county may leave one class and join the other, or leave and come back: the row that stands
    # on 31 December rules, else the one that ended last.
    listings: dict[int, CountyListing] = {}
    for listing in found:
        known = listings.get(listing.region_id)
        if known is None or _end(known) <= _end(listing):
            listings[listing.region_id] = listing
    return [
        _region(
            listing.region,
            listing.county_class,
            listing.origin is Origin.SAMPLE,
        )
        for listing in listings.values()
    ]


def _end(listing: CountyListing) -> date:
    return listing.left_on or date.max


def supporters(year: int) -> list[Subject]:
    """Counties that support another on 31 December."""
    pairings = in_force(last_day(year)).with_only_columns(Pairing.supporter_id).order_by(None)
    found = db.session.scalars(
        select(Region)
        .options(joinedload(Region.parent))
        .where(Region.id.in_(pairings), Region.level == RegionLevel.COUNTY)
        .order_by(Region.code)
    )
    return [_region(region, "", region.origin is Origin.SAMPLE) for region in found]


def enclaves(kind: EnclaveKind, year: int) -> list[Subject]:
    """Enclaves of `kind` that were there in the year. An inbound one belongs to its host: the
    mountain county in which the strong one builds."""
    found = db.session.scalars(
        select(Enclave)
        .options(joinedload(Enclave.origin_region), joinedload(Enclave.host_region))
        .where(
            is_kind(kind, year),
            or_(Enclave.signed_on.is_(None), Enclave.signed_on <= last_day(year)),
            or_(Enclave.closed_on.is_(None), Enclave.closed_on >= first_day(year)),
        )
        .order_by(Enclave.code)
    )
    return [_enclave(enclave) for enclave in found]


def _enclave(enclave: Enclave) -> Subject:
    inbound = enclave.direction is Direction.INBOUND
    owner = enclave.host_region if inbound else enclave.origin_region
    return Subject(
        record_id=enclave.id,
        code=enclave.code,
        name=enclave.name,
        class_name="",
        place=f"飞出地 {enclave.origin_region.name} · 飞入地 {enclave.host_region.name}",
        belongs_to=(owner.code,) if owner.code else (),
        region_id=owner.id,
        enclave_id=enclave.id,
        sample=enclave.origin is Origin.SAMPLE,
        part=enclave.direction.value,
    )


def parks(kind: ParkKind, year: int) -> list[Subject]:
    """Joint parks of `kind` that were there in the year."""
    found = db.session.scalars(
        select(Park)
        .options(joinedload(Park.recipient), joinedload(Park.supporter))
        .where(
            Park.kind == kind,
            or_(Park.signed_on.is_(None), Park.signed_on <= last_day(year)),
            or_(Park.closed_on.is_(None), Park.closed_on >= first_day(year)),
        )
        .order_by(Park.code)
    )
    return [
        Subject(
            record_id=park.id,
            code=park.code,
            name=park.name,
            class_name="",
            place=f"{park.recipient.name} · {park.supporter.name}共建",
            belongs_to=(park.recipient.code,),
            region_id=park.recipient_id,
            enclave_id=None,
            sample=park.origin is Origin.SAMPLE,
        )
        for park in found
    ]


def demonstration_villages(year: int) -> list[Subject]:
    """Demonstration villages that were approved by the end of the year."""
    found = db.session.scalars(
        select(DemonstrationVillage)
        .options(joinedload(DemonstrationVillage.county))
        .where(DemonstrationVillage.approved_on <= last_day(year))
        .order_by(DemonstrationVillage.code)
    )
    return [
        Subject(
            record_id=village.id,
            code=village.code,
            name=village.name,
            class_name="",
            place=village.county.name,
            belongs_to=(village.county.code,),
            region_id=village.county_id,
            enclave_id=None,
            sample=village.origin is Origin.SAMPLE,
        )
        for village in found
    ]


def cities(year: int) -> list[Subject]:
    """Cities that have a county on either list."""
    codes = {c for subject in (*recipients(year), *supporters(year)) for c in subject.belongs_to}
    found = db.session.scalars(
        select(Region)
        .where(Region.code.in_(codes), Region.level == RegionLevel.CITY)
        .order_by(Region.code)
    )
    return [_region(city, "", city.origin is Origin.SAMPLE) for city in found]


def pairs(year: int) -> list[Subject]:
    """Pairings of two counties that stand on 31 December, the recipient being on the list."""
    listed = {subject.code for subject in recipients(year)}
    found = db.session.scalars(
        in_force(last_day(year)).options(
            joinedload(Pairing.supporter), joinedload(Pairing.recipient)
        )
    )
    return sorted(
        (
            Subject(
                record_id=pairing.id,
                code=f"{pairing.supporter.code}-{pairing.recipient.code}-{pairing.scheme.value}",
                name=f"{pairing.supporter.name}—{pairing.recipient.name}",
                class_name="",
                place=pairing.scheme.label,
                belongs_to=(pairing.supporter.code, pairing.recipient.code),
                region_id=pairing.recipient_id,
                enclave_id=None,
                sample=pairing.origin is Origin.SAMPLE,
            )
            for pairing in found
            if pairing.supporter.level is RegionLevel.COUNTY and pairing.recipient.code in listed
        ),
        key=lambda subject: subject.code,
    )


def subjects_of(roster: Roster, year: int, owner: int | None = None) -> list[Subject]:
    """The subjects of a roster in the assessments of `owner`: those in the city, of a city's."""
    found = roster.subjects(year)
    city = db.session.get(Region, owner) if owner is not None else None
    if city is None:
        return found
    there = set(db.session.scalars(inside(city))) - {city.id}
    return [subject for subject in found if subject.region_id in there]


def unknown_classes(
    year: int, books: Iterable[Rulebook], owner: int | None = None
) -> Iterator[tuple[Subject, str]]:
    """The listed counties whose class the rulebook of their sheet lacks, each with what to do: as
    long as there are any, the year cannot be scored by `books`."""
    for book in books:
        # Only receiving counties are ranked by class.
        if book.subject != "county.recipient":
            continue
        for subject in subjects_of(ROSTERS[book.subject], year, owner):
            if fault := class_fault(subject.class_name, book.classes, book.meaning.same):
                yield subject, fault


# By the subject of a rulebook.
ROSTERS: dict[str, Roster] = {
    "county.recipient": Roster("受援县", SubjectKind.COUNTY, recipients),
    "county.supporter": Roster("支援县", SubjectKind.COUNTY, supporters),
    **{
        f"enclave.{kind.value}": Roster(kind.label, SubjectKind.ENCLAVE, partial(enclaves, kind))
        for kind in EnclaveKind
    },
    **{
        f"park.{kind.value}": Roster(kind.label, SubjectKind.PARK, partial(parks, kind))
        for kind in (ParkKind.INDUSTRIAL, ParkKind.TOURISM)
    },
    "village.demonstration": Roster("乡村振兴示范点", SubjectKind.VILLAGE, demonstration_villages),
    "city": Roster("设区市", SubjectKind.CITY, cities),
    "pair": Roster("结对", SubjectKind.PAIR, pairs),
}
