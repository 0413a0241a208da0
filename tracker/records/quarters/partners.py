"""Projects that other counties entered and this one is the partner of: shown beside its quarter,
and in none of its sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.core.quantities.days import first_day
from tracker.core.quantities.figure import Figure, added
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry, figure_of
from tracker.records.projects.models import PartnerView, Project
from tracker.records.projects.sharing import shared_in, view_words
from tracker.records.quarters.cells import Sheet

KINDS = (EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT)


@dataclass(frozen=True)
class Partnered:
    """A project of another county: what its owner posted of the quarter, and of the year so far,
    by kind (None: nothing); `waits`: whether this county has not said anything yet."""

    project: Project
    words: str
    waits: bool
    quarter: Mapping[EntryKind, Figure | None]
    year: Mapping[EntryKind, Figure | None]


def partnered(sheet: Sheet) -> list[Partnered]:
    """Those of a sheet's quarter; two statements, however many there are."""
    found = [
        project
        for project in shared_in(sheet.region.id, sheet.first, sheet.last)
        if project.partner_id == sheet.region.id
    ]
    now: dict[tuple[int, EntryKind], list[Figure]] = defaultdict(list)
    year: dict[tuple[int, EntryKind], list[Figure]] = defaultdict(list)
    ids = [project.id for project in found]
    rows = ledger.submitted(LedgerEntry.project_id, ids, first_day(sheet.year), sheet.last)
    for row in rows:
        key = (row.owner_id, row.kind)
        year[key].append(figure_of(row))
        if row.occurred_on >= sheet.first:
            now[key].append(figure_of(row))
    return [
        Partnered(
            project,
            view_words(project),
            project.partner_view is PartnerView.PENDING,
            {kind: added(now[project.id, kind]) for kind in KINDS},
            {kind: added(year[project.id, kind]) for kind in KINDS},
        )
        for project in found
    ]


def own_words(sheet: Sheet) -> dict[int, str]:
    """Project (id) → what the partner says of it, of the sheet's own projects that have one."""
    return {
        row.subject.id: view_words(row.subject)
        for section in sheet.sections
        for row in section.rows
        if isinstance(row.subject, Project) and row.subject.partner_id is not None
    }
