"""The money of a project by year and quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.ledger.models import EntryKind
from tracker.ledger.queries import Sum, standing_of, sum_of
from tracker.projects.models import Project

NAMES = {1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}


@dataclass(frozen=True)
class Quarter:
    """The sums of one quarter by kind; `name` is 第三季度."""

    name: str
    sums: dict[EntryKind, Sum]


@dataclass(frozen=True)
class Year:
    """The sums of one year by kind, and of its quarters that have money, the latest first."""

    year: int
    sums: dict[EntryKind, Sum]
    quarters: list[Quarter]


def years_of(project: Project, kinds: Iterable[EntryKind]) -> list[Year]:
    """The standing entries of `project` added up, the latest year first; cumulative ones aside."""
    parts: dict[tuple[int, int], dict[EntryKind, list]] = defaultdict(lambda: defaultdict(list))
    for entry in standing_of(project, kinds):
        part = (entry.amount, entry.precision)
        quarter = (entry.occurred_on.month + 2) // 3
        for of in (0, quarter):
            parts[entry.occurred_on.year, of][entry.kind].append(part)
    sums = {when: {kind: sum_of(found) for kind, found in of.items()} for when, of in parts.items()}
    return [
        Year(
            year,
            sums[year, 0],
            [
                Quarter(NAMES[quarter], sums[year, quarter])
                for quarter in sorted(NAMES, reverse=True)
                if (year, quarter) in sums
            ],
        )
        for year in sorted({year for year, _ in sums}, reverse=True)
    ]
