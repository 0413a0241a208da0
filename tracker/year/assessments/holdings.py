"""What a year's subjects hold behind their facts: the large projects, and the ledger by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select

from tracker.core.db.reading import Shelf, rows
from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import in_wan
from tracker.records.ledger.models import EntryKind, LedgerEntry, figure_of
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.sums import together
from tracker.records.projects.models import Project, ProjectStage
from tracker.year.assessments.writing import money
from tracker.year.measures.numbers import decimal_string
from tracker.year.measures.readings import standing

# Facts of other years rest on other years' projects.
OF_OTHER_YEARS = ("prior.", "baseline.")
_IN_PLACE, _COMPLETED = EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT


def holdings(year: int, sheets: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What stands behind the facts of `sheets` (see `freeze`), for the snapshot's annex:

        projects    {reference: {name, stage, total, in_place, completed}}: from 1 亿元 on; the
                    stage on 31 December, sums of the year (None where the ledger has none)
        of          {subject of the sheet: {code: {projects: [reference],
                    ledger: {kind of entry: sum}}}}

    A sum is {amount (万元), precision, entries}. Only records that a fact of the year rests on
    count. Two statements, whatever the number of subjects.
    """
    entries = {entry.record_id: entry for entry in rows(_entries(year))}
    projects = {
        project.id: project
        for project in Shelf().those(select(Project).where(Project.is_large).order_by(Project.id))
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
        "projects": {
            f"projects:{i}": _project(projects[i], year, sums.get(i, {})) for i in sorted(named)
        },
        "of": of,
    }


def _entries(year: int) -> Select[Any]:
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
    sums: dict[EntryKind, list[Sum]] = defaultdict(list)
    for entry in entries:
        sums[entry.kind].append(_sum_of(entry))
    return {kind.value: _as_json(together(found)) for kind, found in sums.items()}


def _of_projects(entries: Iterable[Row], wanted: set[int]) -> dict[int, dict[EntryKind, Sum]]:
    sums: dict[int, dict[EntryKind, list[Sum]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if entry.project_id in wanted and entry.kind in (_IN_PLACE, _COMPLETED):
            sums[entry.project_id][entry.kind].append(_sum_of(entry))
    return {
        project_id: {kind: together(found) for kind, found in by_kind.items()}
        for project_id, by_kind in sums.items()
    }


def _sum_of(entry: Row) -> Sum:
    return Sum(figure_of(entry), 1)


def _as_json(total: Sum) -> dict[str, Any]:
    return {**money(total.figure), "entries": total.count}


def _project(project: Project, year: int, sums: Mapping[EntryKind, Sum]) -> dict[str, Any]:
    def of_year(kind: EntryKind) -> dict[str, Any] | None:
        return _as_json(sums[kind]) if kind in sums else None

    total = project.total_investment
    assert total is not None, "only large projects are held"
    return {
        "name": project.name,
        "stage": _stage(project, last_day(year)).label,
        "total": decimal_string(in_wan(total)),
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
