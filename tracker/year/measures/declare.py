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

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Select

from tracker.core.db.codes import LabelledEnum
from tracker.year.measures.made import Made, Rows

__all__ = ["CATALOGUE", "Catalogue", "Made", "Measure", "NotReportedError", "Reading", "Rows"]


class SubjectKind(StrEnum):
    """What a measure describes; a sheet `enclave.income` is scored on `ENCLAVE` measures."""

    COUNTY = "county"
    ENCLAVE = "enclave"
    PARK = "park"
    VILLAGE = "village"
    CITY = "city"
    PAIR = "pair"


class Nothing(LabelledEnum):
    """What it means that nothing is on record for a subject."""

    UNKNOWN = "unknown", "未报"
    IF_FILED = "if_filed", "已报送第四季度季报或年报的为0，否则为未报"
    IF_KNOWN = "if_known", "参加山海协作的县为0，其他的为未报"
    NONE = "none", "0"
    NOT_SET = "not_set", "没有下达，计算时取0"
    FULL = "full", "1，不打折扣"


# The words by which a definition says so; the first that it has.
_SAID = (
    (Nothing.NOT_SET, r"没有(下达|规定)的为0"),
    (Nothing.FULL, r"没有抽查的为1"),
    (Nothing.IF_KNOWN, r"从未有结对关系的县为未报"),
    (
        Nothing.NONE,
        r"没有的为0。$|没有这样的(结对|产业合作园)的为0|没有登记的为0，没有未报|否则为0",
    ),
    (Nothing.IF_FILED, r"季报或年报(已报送)?的为0"),
    (Nothing.UNKNOWN, r"为未报"),
)


def _not_set(definition: str) -> str:
    found = re.search(r"没有(下达|规定)的为0", definition)
    return f"未{found[1]}" if found else ""


def _not_done(definition: str) -> str:
    found = re.search(r"没有(抽查)的为1", definition)
    return f"未{found[1]}" if found else ""


def said(definition: str) -> Nothing:
    """What a definition says of nothing on record; raises ValueError where it says nothing."""
    for nothing, words in _SAID:
        if re.search(words, definition):
            return nothing
    raise ValueError(f"does not say what nothing on record means: {definition}")


class NotReportedError(Exception):
    """Raised by a measure's function: the value is not reported, and this is why, in Chinese."""


@dataclass(frozen=True)
class Reading:
    """Statements by the name of the table whose rows they return, and what to make of the rows.

    `value` gets the rows of one subject by table name, and returns a finite Decimal or an int in
    the measure's unit, or a `Made` with the rows that made it where not every row did. It is
    called for every subject, also without any row, and raises NotReportedError where the value is
    not reported. `instead`: the rows of a table are those of subjects that have none in the others
    that it names.
    """

    statements: Mapping[str, Select]
    value: Callable[[Rows], Made | Decimal | int]
    instead: Mapping[str, Collection[str]] = field(default_factory=dict)

    def rows(self, rows: Rows) -> Rows:
        """What `value` gets of the rows that the statements give for a subject."""
        out = {t for t, others in self.instead.items() if any(rows[other] for other in others)}
        return {table: [] if table in out else of for table, of in rows.items()} if out else rows


@dataclass(frozen=True)
class Measure:
    """One entry of the catalogue.

    `unit` is 万元, 个, 亩, m² and the like; "比例" for a share (0.1 is 10 %), "是否" for a yes or
    no (1 or 0), "" for a plain number. `records` says in Chinese which records are read. `nothing`
    is what it means that nothing is on record. `nought` is what people read in place of a 0 that is
    none: a rulebook needs a number to ask whether anything was agreed or issued (未约定, 未下达).
    `undone` is what they read in place of a full value that rests on no record (未抽查).
    """

    name: str
    label: str
    unit: str
    subject: SubjectKind
    definition: str
    records: str
    read: Callable[[int], Reading]
    nothing: Nothing
    nought: str = ""
    undone: str = ""


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
    name: str,
    *,
    label: str,
    unit: str,
    subject: SubjectKind,
    definition: str,
    records: str,
    nothing: Nothing | None = None,
    nought: str = "",
) -> Callable[[Callable[[int], Reading]], Callable[[int], Reading]]:
    """Declare the decorated function of the year as the measure `name`. What nothing on record
    means is what the definition says, unless it says more than one thing: then `nothing`. Where it
    means that nobody set a goal, `nought` is 未下达 or 未规定."""

    def declare(read: Callable[[int], Reading]) -> Callable[[int], Reading]:
        means = nothing or said(definition)
        word = nought or _not_set(definition)
        undone = _not_done(definition)
        CATALOGUE.add(
            Measure(name, label, unit, subject, definition, records, read, means, word, undone)
        )
        return read

    return declare
