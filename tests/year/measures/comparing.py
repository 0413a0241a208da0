"""The product's facts beside those of the second reading, for every subject of a world."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select

from tests.year.measures.second.counties import CITY, COUNTY
from tests.year.measures.second.enclaves import ENCLAVE
from tests.year.measures.second.records import World
from tests.year.measures.second.sites import PARK, VILLAGE
from tracker.core.db import Base, db
from tracker.core.quantities.clock import today as china_today
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind

SECOND = {
    SubjectKind.COUNTY: ("regions", COUNTY),
    SubjectKind.CITY: ("regions", CITY),
    SubjectKind.ENCLAVE: ("enclaves", ENCLAVE),
    SubjectKind.PARK: ("parks", PARK),
    SubjectKind.VILLAGE: ("demonstration_villages", VILLAGE),
}
LEVELS = {SubjectKind.COUNTY: "county", SubjectKind.CITY: "city"}


class Compared(NamedTuple):
    """One fact, told twice: None is not reported."""

    measure: str
    subject: str
    subject_id: int
    year: int
    product: Fraction | None
    second: Fraction | None
    reason: str

    @property
    def agree(self) -> bool:
        return self.product == self.second


def exported(today: date | None = None) -> World:
    """All records of the database as plain rows."""
    return World(
        {
            table.name: [dict(row) for row in db.session.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
            if table.name not in ("snapshots", "audit_entries", "events")
        },
        today or china_today(),
    )


def subjects_of(world: World, kind: SubjectKind) -> list:
    table, _ = SECOND[kind]
    rows = world.tables[table]
    return [row for row in rows if kind not in LEVELS or row.level == LEVELS[kind]]


def compared(world: World, years: range | list[int]) -> Iterator[Compared]:
    for kind, (_, second) in SECOND.items():
        names = [m.name for m in CATALOGUE.of(kind)]
        subjects = subjects_of(world, kind)
        for year in years:
            facts = collect(year, kind, names, [row.id for row in subjects])
            for row in subjects:
                for name in names:
                    fact = facts[row.id][name]
                    value = second[name](world, row, year)
                    yield Compared(
                        name,
                        row.name,
                        row.id,
                        year,
                        None if fact.value is None else Fraction(fact.value),
                        None if value is None else Fraction(value),
                        fact.reason,
                    )
