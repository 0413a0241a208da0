"""Collect facts: every measure asked for, for every subject, with the records behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, select, true

from tracker.core.db import db
from tracker.core.db.reading import rows as rows_of
from tracker.core.quantities.figure import Figure
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import BASE_YEAR, Park
from tracker.records.targets.models import Target
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.declare import Measure, NotReportedError, Reading, Rows, SubjectKind
from tracker.year.measures.made import Made, all_of
from tracker.year.measures.numbers import decimal_string


@dataclass(frozen=True)
class Fact:
    """A measure of one subject: its value in the measure's unit, or why it is not reported.

    `value` is a decimal string, as a facts file has it. `records` are references such as
    "ledger_entries:12", exactly of those that made the value, the weightiest first. `uncounted` are
    those that were looked at and not counted, each with why; `alike` those of them that tell the
    same as a counted one, so that their files prove it too.
    """

    value: str | None
    records: tuple[str, ...] = ()
    reason: str = ""
    uncounted: tuple[tuple[str, str], ...] = ()
    alike: tuple[str, ...] = ()

    @property
    def number(self) -> Decimal | None:
        """The value to reckon with, in the measure's unit."""
        return None if self.value is None else Decimal(self.value)

    def figure(self, unit: str) -> Figure | None:
        """The value as pages and papers take it; `unit` is the measure's."""
        return None if self.number is None else Figure(self.number, unit)

    @property
    def provable(self) -> tuple[str, ...]:
        """The records whose files prove the fact."""
        return (*self.records, *self.alike)


Facts = dict[int, dict[str, Fact]]

MOST_NAMED = 30  # subjects that a statement names; for more of them it reads the rows of all
READINGS_KEPT = 2_000

# Whose targets are their own rows alone.
_TARGETED = {
    SubjectKind.CITY: Target.region_id,
    SubjectKind.ENCLAVE: Target.enclave_id,
    SubjectKind.PARK: Target.park_id,
    SubjectKind.PAIR: Target.pairing_id,
}


def collect(
    year: int,
    subject: SubjectKind,
    names: Iterable[str],
    ids: Iterable[int],
    *,
    with_records: bool = True,
) -> Facts:
    """Facts of `year` for the subjects `ids` (of records of `subject`), by id and measure name.

    `names` may carry `target.`, `prior.` or `baseline.`; a name that the catalogue lacks for this
    subject is left out, and so not reported. The number of statements does not depend on `ids`.
    Who shows values alone asks for them without the records behind them, in half of the time.
    """
    told = _fact if with_records else _value
    subjects = list(ids)
    asked: _Asked = {}
    measures = {m.name: m for m in CATALOGUE.of(subject)}
    facts: Facts = {subject_id: {} for subject_id in subjects}
    wanted = sorted(names)
    targets = None
    for name in wanted:
        prefix, _, rest = name.partition(".")
        if prefix == "target" and rest in measures:
            if targets is None:
                targets = _targets(year, subject, wanted, subjects)
            found = _target_facts(targets[rest], subjects, year)
        elif prefix == "prior" and rest in measures:
            found = _read(measures[rest], year - 1, subjects, told, asked)
        elif prefix == "baseline" and rest in measures:
            found = {}
            for base_year, of_year in _by_base_year(subject, subjects).items():
                found |= _read(measures[rest], base_year, of_year, told, asked)
        elif name in measures:
            found = _read(measures[name], year, subjects, told, asked)
        else:
            continue
        for subject_id, fact in found.items():
            facts[subject_id][name] = fact
    return facts


def _by_base_year(subject: SubjectKind, subjects: list[int]) -> dict[int, list[int]]:
    """Subjects by the year that they are measured against; a park may have one of its own."""
    own: dict[int, int] = {}
    if subject is SubjectKind.PARK:
        own = {row.id: row.base_year for row in db.session.execute(select(Park.id, Park.base_year))}
    found: dict[int, list[int]] = defaultdict(list)
    for subject_id in subjects:
        found[own.get(subject_id, BASE_YEAR)].append(subject_id)
    return found


def _read(
    measure: Measure, year: int, subjects: list[int], told: Told, asked: _Asked
) -> dict[int, Fact]:
    few = len(subjects) <= MOST_NAMED
    reading = _reading(measure, year, few)
    named = tuple(subjects) if few else None
    grouped = {
        table: _grouped(statement, named, asked) for table, statement in reading.statements.items()
    }
    facts = {}
    for subject_id in subjects:
        rows = reading.rows({table: by_id.get(subject_id, []) for table, by_id in grouped.items()})
        try:
            made = reading.value(rows)
        except NotReportedError as error:
            facts[subject_id] = Fact(None, reason=str(error))
            continue
        facts[subject_id] = told(made, rows)
    return facts


@lru_cache(maxsize=READINGS_KEPT)
def _reading(measure: Measure, year: int, few: bool) -> Reading:
    """The reading of a year, kept because composing its statements takes longer than asking them;
    `few`: of the subjects that the parameter `subjects` names."""
    reading = measure.read(year)
    if not few:
        return reading
    narrowed = {table: _of_named(statement) for table, statement in reading.statements.items()}
    return replace(reading, statements=narrowed)


@lru_cache(maxsize=READINGS_KEPT)
def _of_named(statement: Select) -> Select:
    """The rows of `statement` of the subjects named. No measure compares subjects in its statement,
    so that a subject's rows are the same whoever else is read."""
    subject = statement.selected_columns["subject_id"]
    return statement.where(subject.in_(bindparam("subjects", expanding=True)))


def _grouped(
    statement: Select, named: tuple[int, ...] | None, asked: _Asked
) -> Mapping[int, list[Row]]:
    """The rows of a statement by subject; one that several measures have is asked once."""
    key = (statement, named)
    if key not in asked:
        asked[key] = _by_subject(rows_of(statement, {} if named is None else {"subjects": named}))
    return asked[key]


def _by_subject(rows: Sequence[Row]) -> Mapping[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    place = rows[0]._fields.index("subject_id") if rows else 0
    for row in rows:
        grouped[row[place]].append(row)
    return grouped


_Asked = dict[tuple[Select, tuple[int, ...] | None], Mapping[int, list[Row]]]
Told = Callable[[Made | Decimal | int, Rows], Fact]


def _value(made: Made | Decimal | int, rows: Rows) -> Fact:
    """The value alone."""
    return Fact(decimal_string(made.value if isinstance(made, Made) else made))


def _fact(found: Made | Decimal | int, rows: Rows) -> Fact:
    """The value with the records that made it: those of a table together, the weightiest first."""
    made = found if isinstance(found, Made) else Made(found, all_of(rows))
    weights: dict[_Record, Decimal | int] = {}
    tables: dict[str, int] = {}
    for table, row, weight in made.shares:
        record = _record(table, row)
        weights[record] = weights.get(record, 0) + weight
        tables.setdefault(record[0], len(tables))

    def place(record: _Record) -> tuple[int, Decimal | int, int]:
        table, number = record
        return tables.setdefault(table, len(tables)), -weights.get(record, 0), number

    uncounted = {
        record: made.why(table, row)
        for table, of_table in rows.items()
        for row in of_table
        if (record := _record(table, row)) not in weights
    }
    alike = {_record(table, row) for table, row in made.alike}
    return Fact(
        decimal_string(made.value),
        tuple(map(_reference, sorted(weights, key=place))),
        uncounted=tuple(
            (_reference(record), uncounted[record]) for record in sorted(uncounted, key=place)
        ),
        alike=tuple(map(_reference, sorted(alike - weights.keys(), key=place))),
    )


_Record = tuple[str, int]


def _record(table: str, row: Row) -> _Record:
    return _table(table), row.record_id


@cache
def _table(named: str) -> str:
    """The table that a statement called `named` reads: several of a measure may read one."""
    return named.partition("#")[0]


def _reference(record: _Record) -> str:
    return f"{record[0]}:{record[1]}"


def _targets(
    year: int, subject: SubjectKind, names: Iterable[str], subjects: list[int]
) -> dict[str, dict[int, list[Row]]]:
    """Targets of the year by measure and subject; `own` tells a county's own from its pairs'.

    A pair's target counts for its recipient, one of a `support.` measure for its supporter. A
    demonstration village has none: the rulebook names constants or goals.
    """
    statement = select(Target.id.label("record_id"), Target.measure, Target.value)
    if subject is SubjectKind.COUNTY:
        supports = Target.measure.startswith("support.", autoescape=True)
        side = case((supports, Pairing.supporter_id), else_=Pairing.recipient_id)
        holder: Any = func.coalesce(Target.region_id, side)
        statement = statement.outerjoin(Pairing, Pairing.id == Target.pairing_id)
        own: Any = Target.region_id.is_not(None)
    elif subject in _TARGETED:
        holder, own = _TARGETED[subject], true()
    else:
        return defaultdict(dict)
    statement = statement.add_columns(holder.label("subject_id"), own.label("own"))
    asked = [name.removeprefix("target.") for name in names if name.startswith("target.")]
    statement = statement.where(Target.year == year, Target.measure.in_(asked))
    few = len(subjects) <= MOST_NAMED
    statement = statement.where(holder.in_(subjects) if few else holder.is_not(None))
    found: dict[str, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(statement):
        found[row.measure][row.subject_id].append(row)
    return found


def _target_facts(
    by_subject: Mapping[int, list[Row]], subjects: list[int], year: int
) -> dict[int, Fact]:
    """Rule R19: a county's target is its own where the province set one, else its pairs' sum."""
    facts = {}
    for subject_id in subjects:
        rows = by_subject.get(subject_id, [])
        rows = [row for row in rows if row.own] or rows
        if rows:
            value = sum((row.value for row in rows), Decimal(0))
            references = tuple(f"targets:{row.record_id}" for row in rows)
            facts[subject_id] = Fact(decimal_string(value), references)
        else:
            facts[subject_id] = Fact(None, reason=f"{year}年未下达目标")
    return facts
