"""Who is scored on which sheet in a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker.db import Origin, db
from tracker.enclaves.models import Enclave, EnclaveKind
from tracker.measures.catalogue.counties import is_kind
from tracker.measures.declare import SubjectKind
from tracker.measures.readings import first_day, last_day
from tracker.regions.models import CountyListing, Region


@dataclass(frozen=True)
class Subject:
    """One subject of a sheet.

    `record_id` is the id of the region or enclave that its measures are read for; `county` is
    the code of the county it belongs to, itself for a county.
    """

    record_id: int
    code: str
    name: str
    class_name: str
    place: str
    county: str
    region_id: int
    enclave_id: int | None
    sample: bool


@dataclass(frozen=True)
class Roster:
    """How the subjects of a kind of sheet are found, and what they are called."""

    label: str
    measures: SubjectKind
    subjects: Callable[[int], list[Subject]]


def recipients(year: int) -> list[Subject]:
    """Counties on the list on 31 December, and those that left it in the year (rule R14)."""
    listings = db.session.scalars(
        select(CountyListing)
        .join(CountyListing.region)
        .options(joinedload(CountyListing.region).joinedload(Region.parent))
        .where(
            or_(CountyListing.joined_on.is_(None), CountyListing.joined_on <= last_day(year)),
            or_(CountyListing.left_on.is_(None), CountyListing.left_on >= first_day(year)),
        )
        .order_by(Region.code)
    )
    return [
        Subject(
            record_id=listing.region.id,
            code=listing.region.code,
            name=listing.region.name,
            class_name=listing.county_class.label if listing.county_class else "",
            place=listing.region.parent.name if listing.region.parent else "",
            county=listing.region.code,
            region_id=listing.region.id,
            enclave_id=None,
            sample=listing.origin is Origin.SAMPLE,
        )
        for listing in listings
    ]


def enclaves(kind: EnclaveKind, year: int) -> list[Subject]:
    """Enclaves of `kind` that were there in the year."""
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
    return [
        Subject(
            record_id=enclave.id,
            code=enclave.code,
            name=enclave.name,
            class_name="",
            place=f"飞出地 {enclave.origin_region.name} · 飞入地 {enclave.host_region.name}",
            county=enclave.origin_region.code or "",
            region_id=enclave.origin_id,
            enclave_id=enclave.id,
            sample=enclave.origin is Origin.SAMPLE,
        )
        for enclave in found
    ]


# By the subject of a rulebook. A kind of which the program keeps no records has no roster.
ROSTERS: dict[str, Roster] = {
    "county.recipient": Roster("受援县", SubjectKind.COUNTY, recipients),
    **{
        f"enclave.{kind.value}": Roster(kind.label, SubjectKind.ENCLAVE, partial(enclaves, kind))
        for kind in EnclaveKind
    },
}
