"""What a year's subjects hold behind their facts: the large projects, and the ledger by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select

from tracker.db import Precision, db
from tracker.ledger.models import EntryKind, LedgerEntry
from tracker.measures.numbers import decimal_string
from tracker.measures.readings import first_day, in_wan, last_day, standing
from tracker.projects.models import Project, ProjectStage

# Facts of other years rest on other years' projects.
OF_OTHER_YEARS = ("prior.", "baseline.")
_IN_PLACE, _COMPLETED = EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT


def joint_precision(marks: Iterable[str]) -> str:
    """The sign before a figure made of several: one kind of bound stays, a mixture is about."""
    signs = {mark for mark in marks if mark}
    if not signs:
        return ""
    return signs.pop() if len(signs) == 1 else Precision.ABOUT.label


@dataclass
class _Sum:
    amount: Decimal = Decimal(0)
    marks: set[str] = field(default_factory=set)
    entries: int = 0

    def add(self, entry: Row) -> None:
        self.amount += entry.amount
        self.marks.add(entry.precision.label)
        self.entries += 1

    def as_json(self) -> dict[str, Any]:
        return {
            "amount": decimal_string(in_wan(self.amount)),
            "precision": joint_precision(self.marks),
            "entries": self.entries,
        }


def holdings(year: int, sheets: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What stands behind the facts of `sheets` (see `freeze`), for the snapshot's annex:

        projects    {reference: {name, stage, total, in_place, completed}}: from 1 亿元 on; the
                    stage on 31 December, sums of the year (None where the ledger has none)
        of          {subject of the sheet: {code: {projects: [reference],
                    ledger: {kind of entry: sum}}}}

    A sum is {amount (万元), precision, entries}. Only records that a fact of the year rests on
    count. Two statements, whatever the number of subjects.
    """
    entries = {entry.record_id: entry for entry in db.session.execute(_entries(year))}
    projects = {
        project.id: project
        for project in db.session.scalars(
            select(Project).where(Project.is_large).order_by(Project.id)
        )
    }
    of: dict[str, dict[str, Any]] = {}
    named: set[int] = set()
    for kind, sheet in sheets.items():
        for code, by_measure in sheet["records"].items():
            behind = _behind(by_measure)
            paid = [entries[i] for i in behind["ledger_entries"] if i in entries]
            large = (behind["projects"] | {entry.project_id for entry in paid}) & projects.keys()
            if not large and not paid:
                continue
            named |= large
            of.setdefault(kind, {})[code] = {
                "projects": [f"projects:{i}" for i in sorted(large)],
                "ledger": _by_kind(paid),
            }
    sums = _of_projects(entries.values(), named)
    return {
        "projects": {f"projects:{i}": _project(projects[i], year, sums[i]) for i in sorted(named)},
        "of": of,
    }


def _entries(year: int):
    """The standing entries of the year, with their project."""
    return (
        standing(LedgerEntry.id)
        .add_columns(LedgerEntry.project_id, LedgerEntry.precision)
        .where(LedgerEntry.occurred_on.between(first_day(year), last_day(year)))
        .order_by(LedgerEntry.id)
    )


def _behind(by_measure: Mapping[str, Iterable[str]]) -> dict[str, set[int]]:
    """The records behind the facts of the year: their ids by table."""
    found: dict[str, set[int]] = defaultdict(set)
    for name, references in by_measure.items():
        if not name.startswith(OF_OTHER_YEARS):
            for reference in references:
                table, _, record_id = reference.partition(":")
                found[table].add(int(record_id))
    return found


def _by_kind(entries: Iterable[Row]) -> dict[str, Any]:
    sums: dict[str, _Sum] = defaultdict(_Sum)
    for entry in entries:
        sums[entry.kind.value].add(entry)
    return {kind: total.as_json() for kind, total in sums.items()}


def _of_projects(entries: Iterable[Row], wanted: set[int]) -> dict[int, dict[EntryKind, _Sum]]:
    sums: dict[int, dict[EntryKind, _Sum]] = defaultdict(dict)
    for entry in entries:
        if entry.project_id in wanted and entry.kind in (_IN_PLACE, _COMPLETED):
            sums[entry.project_id].setdefault(entry.kind, _Sum()).add(entry)
    return sums


def _project(project: Project, year: int, sums: Mapping[EntryKind, _Sum]) -> dict[str, Any]:
    def of_year(kind: EntryKind) -> dict[str, Any] | None:
        return sums[kind].as_json() if kind in sums else None

    return {
        "name": project.name,
        "stage": _stage(project, last_day(year)).label,
        "total": decimal_string(in_wan(project.total_investment)),
        "in_place": of_year(_IN_PLACE),
        "completed": of_year(_COMPLETED),
    }


def _stage(project: Project, on: date) -> ProjectStage:
    """The furthest stage that the project had reached on a day."""
    for stage in reversed(ProjectStage):
        reached = getattr(project, f"{stage.value}_on")
        if reached is not None and reached <= on:
            return stage
    return ProjectStage.PLANNED
