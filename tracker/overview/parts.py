"""Which part of a year its figures tell of, the same part of the year before, and who has reported.

A running year is compared by its last quarter that is over and that somebody has reported; until
its first quarter is over, by its days. A year that is over is compared as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from tracker.db import aside, db
from tracker.enclaves.models import Enclave
from tracker.ledger.models import LedgerEntry
from tracker.ledger.standing import counted
from tracker.projects.models import Project
from tracker.regions.models import CountyListing
from tracker.submissions.models import Filing, FilingKind
from tracker.web.clock import today

QUARTERS = (FilingKind.Q1, FilingKind.Q2, FilingKind.Q3, FilingKind.Q4)


@dataclass(frozen=True)
class Part:
    """From 1 January to `until` of `year`. `reported` of the `obliged` counties have filed their
    `kind`; without one, nothing was planned to be filed, and they are those with entries."""

    year: int
    until: date
    kind: FilingKind | None
    reported: int
    obliged: int

    @property
    def whole(self) -> bool:
        """Whether it is the whole year."""
        return (self.until.month, self.until.day) == (12, 31)

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

    def holds(self, column: InstrumentedAttribute) -> ColumnElement[bool]:
        """Whether the day `column` lies in this part or in the same part of the year before."""
        days = column.between(date(self.year - 1, 1, 1), self.until)
        if self.whole:
            return days
        return and_(days, or_(column <= self.until_before, column >= date(self.year, 1, 1)))


def same_day(day: date, year: int) -> date:
    """`day` in another year; 28 February for the 29th where that year has none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def quarters_over(year: int, day: date) -> int:
    """How many quarters of `year` are over on `day`."""
    return sum(1 for number in range(1, 5) if quarter_end(year, number) < day)


def quarter_end(year: int, number: int) -> date:
    """The last day of a quarter (1 to 4)."""
    return date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(days=1)


def part_of(regions: Select[tuple[int]], year: int, day: date | None = None) -> Part:
    """What of `year` the figures of `regions` (ids) tell on `day` (today)."""
    day = day or today()
    over = quarters_over(year, day)
    listed = _listed(regions, min(day, date(year, 12, 31)))
    states = _filings(regions, year, listed)
    if over < 4:
        # Nobody can compare a quarter that nobody has reported yet.
        planned = [number for number in range(1, over + 1) if QUARTERS[number - 1] in states]
        told = [number for number in planned if states[QUARTERS[number - 1]][0]]
        over = max(told, default=min(planned) - 1 if planned else over)
    until = quarter_end(year, over) if over else max(min(day, date(year, 12, 31)), date(year, 1, 1))
    entered = _entered(regions, year, until) & listed
    kind = QUARTERS[over - 1] if over else None
    if kind in states:
        return Part(year, until, kind, *states[kind])
    return Part(year, until, None, len(entered), len(listed))


def _filings(
    regions: Select[tuple[int]], year: int, listed: set[int]
) -> dict[FilingKind, tuple[int, int]]:
    """Kind → how many counties filed it and how many had to; of the listed ones where any is."""
    rows = db.session.execute(
        select(Filing.kind, Filing.region_id, Filing.filed_at.is_not(None)).where(
            Filing.region_id.in_(regions), Filing.year == year, Filing.kind.in_(QUARTERS)
        )
    ).all()
    found: dict[FilingKind, tuple[int, int]] = {}
    for kind, region_id, filed in rows:
        if region_id in listed or not listed:
            so_far = found.get(kind, (0, 0))
            found[kind] = (so_far[0] + bool(filed), so_far[1] + 1)
    return found


def _listed(regions: Select[tuple[int]], day: date) -> set[int]:
    """The counties among `regions` that stand on the list on `day`."""
    statement = select(CountyListing.region_id).where(
        CountyListing.region_id.in_(regions),
        or_(CountyListing.joined_on.is_(None), CountyListing.joined_on <= day),
        or_(CountyListing.left_on.is_(None), CountyListing.left_on > day),
    )
    return set(db.session.scalars(statement))


def _entered(regions: Select[tuple[int]], year: int, until: date) -> set[int]:
    """The counties with an entry that counts, of a project or an enclave of their own."""
    days = aside(LedgerEntry.occurred_on).between(date(year, 1, 1), until)
    of = [
        select(owner).join(LedgerEntry, link).where(owner.in_(regions), days, *counted())
        for owner, link in (
            (Project.region_id, Project.id == LedgerEntry.project_id),
            (Enclave.origin_id, Enclave.id == LedgerEntry.enclave_id),
        )
    ]
    return set(db.session.scalars(union(*of)))
