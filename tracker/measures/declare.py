"""How a measure is declared, and the catalogue of all of them.

A measure is a function of the year that returns a `Reading`: which statements read the records,
and how the rows of one subject become its value. Statements are set-based: one of them serves all
subjects, so a year costs the same number of statements however many subjects it has.

A reading is made once a year and kept, and a statement may be narrowed to some subjects: so `read`
asks neither the database nor the day, and no statement compares one subject with another.

Every statement returns rows whose first two columns are `subject_id` (the id of the region or
enclave) and `record_id` (the row that the value rests on); the other columns are the measure's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Select

from tracker.measures.made import Made, Rows

__all__ = ["CATALOGUE", "Catalogue", "Made", "Measure", "NotReportedError", "Reading", "Rows"]


class SubjectKind(StrEnum):
    """What a measure describes; a sheet `enclave.income` is scored on `ENCLAVE` measures."""

    COUNTY = "county"
    ENCLAVE = "enclave"
    PARK = "park"
    VILLAGE = "village"
    CITY = "city"
    PAIR = "pair"


class NotReportedError(Exception):
    """Raised by a measure's function: the value is not reported, and this is why, in Chinese."""


@dataclass(frozen=True)
class Reading:
    """Statements by the name of the table whose rows they return, and what to make of the rows.

    `value` gets the rows of one subject by table name, and returns a finite Decimal or an int in
    the measure's unit, or a `Made` with the rows that made it where not every row did. It is
    called for every subject, also without any row, and raises NotReportedError where the value is
    not reported.
    """

    statements: Mapping[str, Select]
    value: Callable[[Rows], Made | Decimal | int]


@dataclass(frozen=True)
class Measure:
    """One entry of the catalogue.

    `unit` is 万元, 个, 亩, m² and the like; "比例" for a share (0.1 is 10 %), "是否" for a yes or
    no (1 or 0), "" for a plain number. `records` says in Chinese which records are read.
    """

    name: str
    label: str
    unit: str
    subject: SubjectKind
    definition: str
    records: str
    read: Callable[[int], Reading]


@dataclass
class Catalogue:
    """All measures by name, in the order of their declaration."""

    measures: dict[str, Measure] = field(default_factory=dict)

    def add(self, measure: Measure) -> None:
        """Enter `measure`; raises ValueError if its name is taken."""
        if measure.name in self.measures:
            raise ValueError(f"measure {measure.name} is declared twice")
        self.measures[measure.name] = measure

    def of(self, subject: SubjectKind) -> list[Measure]:
        """The measures that describe `subject`."""
        return [m for m in self.measures.values() if m.subject is subject]


CATALOGUE = Catalogue()


def measure(
    name: str, *, label: str, unit: str, subject: SubjectKind, definition: str, records: str
) -> Callable[[Callable[[int], Reading]], Callable[[int], Reading]]:
    """Declare the decorated function of the year as the measure `name`."""

    def declare(read: Callable[[int], Reading]) -> Callable[[int], Reading]:
        CATALOGUE.add(Measure(name, label, unit, subject, definition, records, read))
        return read

    return declare
