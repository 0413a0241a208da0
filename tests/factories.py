"""Records for tests: each function adds one, with what the test does not care about filled in."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from tracker.accounts.models import User
from tracker.accounts.permissions import Role
from tracker.db import db
from tracker.enclaves.models import Enclave, EnclaveKind, ReturnTerm, TermKind
from tracker.ledger.models import EntryKind, LedgerEntry
from tracker.pairings.models import Pairing
from tracker.projects.models import Project, ProjectCategory
from tracker.regions.models import CountyClass, CountyListing, Region, RegionKind, RegionLevel
from tracker.targets.models import Target

_numbers = itertools.count(1)


def _add(record):
    db.session.add(record)
    db.session.flush()
    return record


def wan(amount: int | str) -> Decimal:
    """万元 as the 元 that records carry."""
    return Decimal(amount) * 10_000


def region(
    code: str = "331122", name: str = "缙云县", parent: Region | None = None, **fields
) -> Region:
    fields.setdefault("level", RegionLevel.COUNTY)
    fields.setdefault(
        "kind", RegionKind.MOUNTAIN if fields["level"] is RegionLevel.COUNTY else None
    )
    return _add(Region(code=code, name=name, parent=parent, **fields))


def zhejiang() -> dict[str, Region]:
    """A province with two cities, two mountain counties and one strong county, by name."""
    province = region("330000", "浙江省", level=RegionLevel.PROVINCE)
    lishui = region("331100", "丽水市", province, level=RegionLevel.CITY)
    hangzhou = region("330100", "杭州市", province, level=RegionLevel.CITY)
    places = [
        province,
        lishui,
        hangzhou,
        region("331122", "缙云县", lishui),
        region("331126", "庆元县", lishui),
        region("330111", "富阳区", hangzhou, kind=RegionKind.COASTAL_STRONG),
    ]
    return {place.name: place for place in places}


def listing(
    place: Region, county_class: CountyClass | None = CountyClass.LEAPFROG, **fields
) -> CountyListing:
    return _add(CountyListing(region=place, county_class=county_class, **fields))


def pairing(supporter: Region, recipient: Region, **fields) -> Pairing:
    return _add(Pairing(supporter=supporter, recipient=recipient, **fields))


def enclave(
    origin: Region, host: Region, kind: EnclaveKind | None = EnclaveKind.INCOME, **fields
) -> Enclave:
    number = next(_numbers)
    fields.setdefault("code", f"FD-{number:03}")
    fields.setdefault("name", f"示例飞地{number}号")
    return _add(Enclave(origin_region=origin, host_region=host, kind=kind, **fields))


def term(of: Enclave, kind: TermKind = TermKind.FIXED_SUM, **fields) -> ReturnTerm:
    return _add(ReturnTerm(enclave=of, kind=kind, **fields))


def project(place: Region, **fields) -> Project:
    fields.setdefault("name", f"示例项目{next(_numbers)}号")
    fields.setdefault("category", ProjectCategory.INDUSTRY)
    fields.setdefault("in_scope", True)
    return _add(Project(region=place, **fields))


def entry(
    of: Project | Enclave | Pairing, kind: EntryKind, amount: Decimal, on: date, **fields
) -> LedgerEntry:
    subject = {Project: "project", Enclave: "enclave", Pairing: "pairing"}[type(of)]
    return _add(LedgerEntry(**{subject: of}, kind=kind, amount=amount, occurred_on=on, **fields))


def target(of: Region | Enclave | Pairing, year: int, measure: str, value: int | str) -> Target:
    subject = {Region: "region", Enclave: "enclave", Pairing: "pairing"}[type(of)]
    return _add(Target(**{subject: of}, year=year, measure=measure, value=Decimal(value)))


def user(role: Role, place: Region | None = None, password_hash: str = "!", **fields) -> User:
    fields.setdefault("username", f"user{next(_numbers)}")
    fields.setdefault("display_name", f"示例{role.label}")
    return _add(
        User(
            role=role, region_id=place.id if place else None, password_hash=password_hash, **fields
        )
    )
