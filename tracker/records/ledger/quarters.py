"""The money of a project by year and quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.core.quantities.days import QUARTER_NAMES, quarter_of
from tracker.core.quantities.figure import Figure
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.parts import Part, Span
from tracker.records.ledger.queries import Sum, standing_of, sum_of
from tracker.records.projects.models import Project


@dataclass(frozen=True)
class Quarter:
    """The sums of one quarter by kind; `name` is 第三季度."""

    name: str
    sums: dict[EntryKind, Sum]


@dataclass(frozen=True)
class Same:
    """What was put in until the same day of the year before."""

    name: str
    sums: dict[EntryKind, Sum]


@dataclass(frozen=True)
class Year:
    """The sums of one year by kind, and of its quarters that have money, the latest first. A year
    that is not over stands to `part` of it as the year before to `same`."""

    year: int
    sums: dict[EntryKind, Sum]
    quarters: list[Quarter]
    name: str
    part: Same | None = None
    same: Same | None = None


def years_of(project: Project, kinds: Iterable[EntryKind], now: Part) -> list[Year]:
    """The standing entries of `project` added up, the latest year first; cumulative ones aside.
    `now` is the part of the running year that is compared."""
    standing = standing_of(project, kinds)
    parts: dict[tuple[int, int], dict[EntryKind, list[Figure]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for entry in standing:
        quarter = quarter_of(entry.occurred_on)
        for of in (0, quarter):
            parts[entry.occurred_on.year, of][entry.kind].append(entry.figure)
    sums = {when: {kind: sum_of(found) for kind, found in of.items()} for when, of in parts.items()}
    years = sorted({year for year, _ in sums}, reverse=True)
    return [
        Year(
            year,
            sums[year, 0],
            [
                Quarter(QUARTER_NAMES[quarter], sums[year, quarter])
                for quarter in sorted(QUARTER_NAMES, reverse=True)
                if (year, quarter) in sums
            ],
            f"{year} 年至今" if year == now.year and not now.ended else f"{year} 年全年",
            *(_compared(standing, now) if year == now.year and year - 1 in years else ()),
        )
        for year in years
    ]


def _compared(standing: Iterable[LedgerEntry], now: Part) -> tuple[Same, Same] | tuple[()]:
    """This part of the running year and the same part of the year before."""
    if now.whole:
        return ()
    _, own, same = now.spans(1)
    return _within(standing, own), _within(standing, same)


def _within(standing: Iterable[LedgerEntry], span: Span) -> Same:
    found: dict[EntryKind, list[Figure]] = defaultdict(list)
    for entry in standing:
        if span.first <= entry.occurred_on <= span.last:
            found[entry.kind].append(entry.figure)
    return Same(
        f"{span.year} 年至 {span.last.isoformat()[5:]}", {k: sum_of(of) for k, of in found.items()}
    )
