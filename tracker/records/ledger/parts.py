"""Which part of a year its figures tell of, the same part of the year before, and who has reported.

A running year is compared by its last quarter that is over and that somebody has reported; until
its first quarter is over, by its days. A year that is over is compared as a whole, once somebody
has reported its last quarter or that quarter is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, or_, select, union

from tracker.core.db import aside, db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import (
    days_of,
    ends_year,
    first_day,
    quarter_end,
    quarter_of,
    quarters_over,
    within,
)
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import LedgerEntry
from tracker.records.ledger.standing import counted
from tracker.records.places.models import CountyListing
from tracker.records.projects.models import Project
from tracker.records.submissions.models import QUARTERS, Filing, FilingKind
from tracker.records.submissions.queries import standing


@dataclass(frozen=True)
class Span:
    """A column of a table that sets years side by side: the days from `first` to `last`, told as
    `label`. `listed`: a list of the year shows the records of these days and no others; `minor`:
    left out where there is no room."""

    label: str
    first: date
    last: date
    listed: bool = False
    minor: bool = False

    @property
    def year(self) -> int:
        """The year of its days."""
        return self.first.year

    def holds(self, column: SQLColumnExpression) -> ColumnElement[bool]:
        """Whether the day `column` is one of its days."""
        return column.between(self.first, self.last)


@dataclass(frozen=True)
class Part:
    """From 1 January to `until` of `year`. `reported` of the `obliged` counties have filed their
    `kind`; without one, nothing was planned to be filed, and they are those with entries."""

    year: int
    until: date
    kind: FilingKind | None
    reported: int
    obliged: int
    ended: bool = False  # whether the year is over, though its last quarter be not reported yet

    @property
    def whole(self) -> bool:
        """Whether it is the whole year."""
        return ends_year(self.until)

    @property
    def until_before(self) -> date:
        """The same day of the year before; 28 February for the 29th."""
        return same_day(self.until, self.year - 1)

    @property
    def before_words(self) -> str:
        """What it is compared with."""
        return "上年" if self.whole else "上年同期"

    @property
    def words(self) -> str:
        """Up to when, and how many have reported: 截至 2026-09-30，24 / 26 县已报第三季度季报."""
        said = f"截至 {self.until}"
        if not self.obliged:
            return said
        what = f"已报{self.kind.label}" if self.kind else "台账已有记录"
        return f"{said}，{self.reported} / {self.obliged} 县{what}"

    @property
    def told(self) -> str:
        """`words` as a sentence, with what a running year is compared with."""
        if self.whole:
            return f"{self.words}。"
        before = self.until_before
        return f"{self.words}。与上年比较的是 {before.year} 年同期（至 {before}）。"

    def holds(self, column: SQLColumnExpression) -> ColumnElement[bool]:
        """Whether the day `column` lies in this part or in the same part of the year before."""
        days = column.between(first_day(self.year - 1), self.until)
        if self.whole:
            return days
        return and_(days, or_(column <= self.until_before, column >= first_day(self.year)))

    def spans(self, years: int) -> list[Span]:
        """The columns that compare the year with those before it: `years` whole ones; of a running
        year all so far, this part of it, and the same part of the year before."""
        if self.whole:
            return [whole_year(self.year - back, minor=back > 1) for back in range(years)]
        before = self.until_before
        so_far = whole_year(self.year, f"{self.year} {'全年' if self.ended else '至今'}", True)
        own = Span(_until(self.until), first_day(self.year), self.until)
        return [so_far, own, Span(_until(before), first_day(before.year), before)]


def _until(day: date) -> str:
    return f"{day.year} 至 {day.isoformat()[5:]}"


def whole_year(year: int, label: str = "", minor: bool = False) -> Span:
    """All days of `year`, as a list of the year has them."""
    return Span(label or str(year), *days_of(year), True, minor)


def same_day(day: date, year: int) -> date:
    """`day` in another year; 28 February for the 29th where that year has none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def part_of(regions: Select[int], year: int, day: date | None = None) -> Part:
    """What of `year` the figures of `regions` (ids) tell on `day` (today)."""
    day = day or today()
    over = quarters_over(year, day)
    listings = _listings(regions)
    states = _filings(regions, year, listings)
    ended = over == 4
    last = states.get(FilingKind.Q4)
    if not ended or (last and day <= last.due):
        # Nobody can compare a quarter that nobody has reported yet.
        planned = [number for number in range(1, over + 1) if QUARTERS[number - 1] in states]
        told = [number for number in planned if states[QUARTERS[number - 1]].filed]
        over = max(told, default=min(planned) - 1 if planned else over)
    until = quarter_end(year, over) if over else within(day, year)
    kind = QUARTERS[over - 1] if over else None
    listed = _listed(listings, until)
    entered = _entered(regions, year, until) & listed
    if kind in states:
        return Part(year, until, kind, states[kind].filed, states[kind].obliged, ended)
    return Part(year, until, None, len(entered), len(listed), ended)


@dataclass(frozen=True)
class Stretch(Part):
    """A month or a quarter of the year, from `first` to `until`: it holds its own days and the same
    days of the year before, and nothing from 1 January to `first`."""

    first: date = date.min

    @property
    def whole(self) -> bool:
        """It never is the whole year, also where it ends with it."""
        return False

    def holds(self, column: SQLColumnExpression) -> ColumnElement[bool]:
        """Whether the day `column` lies in it or in the same days of the year before."""
        before = column.between(same_day(self.first, self.year - 1), self.until_before)
        return or_(column.between(self.first, self.until), before)


def part_until(regions: Select[int], year: int, until: date) -> Part:
    """What of `year` the figures of `regions` (ids) tell from 1 January to `until`. The counties
    are those that filed the quarter that ends on `until`; on any other day, and where nothing was
    planned to be filed, those with entries."""
    listings = _listings(regions)
    quarter = quarter_of(until)
    kind = QUARTERS[quarter - 1] if quarter_end(year, quarter) == until else None
    states = _filings(regions, year, listings) if kind else {}
    if kind in states:
        return Part(year, until, kind, states[kind].filed, states[kind].obliged)
    listed = _listed(listings, until)
    entered = _entered(regions, year, until) & listed
    return Part(year, until, None, len(entered), len(listed))


@dataclass(frozen=True)
class _Filed:
    """How many counties filed a quarter, how many had to, and by which day the last of them."""

    filed: int = 0
    obliged: int = 0
    due: date = date.min


def _filings(
    regions: Select[int], year: int, listings: list[CountyListing]
) -> dict[FilingKind, _Filed]:
    """Kind → who filed it; of the counties on the list at the quarter's end where any of `regions`
    ever is on it."""
    rows = db.session.execute(
        select(Filing.kind, Filing.region_id, standing(), Filing.due_on).where(
            Filing.region_id.in_(regions), Filing.year == year, Filing.kind.in_(QUARTERS)
        )
    ).all()
    ends = {kind: quarter_end(year, number) for number, kind in enumerate(QUARTERS, 1)}
    listed = {kind: _listed(listings, end) for kind, end in ends.items()}
    found: dict[FilingKind, _Filed] = {}
    for kind, region_id, filed, due in rows:
        if region_id in listed[kind] or not listings:
            so_far = found.get(kind, _Filed())
            found[kind] = _Filed(
                so_far.filed + bool(filed), so_far.obliged + 1, max(so_far.due, due)
            )
    return found


def _listings(regions: Select[int]) -> list[CountyListing]:
    """The times of `regions` on the list."""
    statement = select(CountyListing).where(CountyListing.region_id.in_(regions))
    return list(db.session.scalars(statement))


def _listed(listings: list[CountyListing], day: date) -> set[int]:
    """The counties that stand on the list on `day`."""
    return {
        each.region_id
        for each in listings
        if (each.joined_on or date.min) <= day < (each.left_on or date.max)
    }


def _entered(regions: Select[int], year: int, until: date) -> set[int]:
    """The counties with an entry that counts, of a project or an enclave of their own."""
    days = aside(LedgerEntry.occurred_on).between(first_day(year), until)
    of = [
        select(owner).join(LedgerEntry, link).where(owner.in_(regions), days, *counted())
        for owner, link in (
            (Project.region_id, Project.id == LedgerEntry.project_id),
            (Enclave.origin_id, Enclave.id == LedgerEntry.enclave_id),
        )
    ]
    return set(db.session.scalars(union(*of)))
