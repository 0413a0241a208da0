"""The quarters and years of one measure: money of the ledger, projects that were signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, extract, func, or_, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import QUARTERS, days_of, first_day, quarters_over
from tracker.core.quantities.figure import Figure, added
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.parts import Part, same_day
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.sums import YEAR, totals
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project

YEARS = 4
KINDS = (EntryKind.FUNDS_IN_PLACE, EntryKind.REBATE, EntryKind.TAX)
COUNT = "个"
_MONTH = extract("month", LedgerEntry.occurred_on)


@dataclass(frozen=True)
class YearOf:
    """A year of a measure: its quarters (1 to 4), the part of it that is compared and all of it so
    far. None: nothing is on record, which is not nought."""

    year: int
    quarters: Sequence[Figure | None]
    part: Figure | None
    whole: Figure | None

    def is_over(self, quarter: int) -> bool:
        """Whether a quarter is over, so that something of it should be on record."""
        return quarters_over(self.year, today()) >= quarter


@dataclass(frozen=True)
class Series:
    """A measure over `years`, the earliest first; `change` of the latest one's part against the
    same part of the year before, over `common` subjects that have records in both (None: over
    all), from `before` to `now`."""

    key: str
    label: str
    unit: str
    years: Sequence[YearOf]
    before: Figure | None
    now: Figure | None
    common: int | None = None

    @property
    def latest(self) -> YearOf:
        """The year in view."""
        return self.years[-1]

    @property
    def change(self) -> Figure | None:
        """The change as a part of what was before; None where there is nothing to compare."""
        if self.now is None or self.before is None:
            return None
        return self.now.change_from(self.before)

    @property
    def is_known(self) -> bool:
        """Whether anything of it is on record."""
        return any(each.whole is not None for each in self.years)


def years_to(year: int) -> list[int]:
    """The years that are shown beside `year`, the earliest first."""
    return list(range(year - YEARS + 1, year + 1))


def money_series(regions: Select[int], year: int, part: Part) -> list[Series]:
    """到位资金, 返利 and 税收 of `regions` (ids), as the ledger's lists of a year and a quarter
    have them. 税收 is compared over those of whom both parts have records."""
    years = years_to(year)
    mine = ledger.touching(regions)
    of_kinds = LedgerEntry.kind.in_(KINDS)
    span = LedgerEntry.occurred_on.between(first_day(years[0]), days_of(year)[1])
    by_month = totals(mine, of_kinds, span, by=(LedgerEntry.kind, YEAR, _MONTH))
    same = _same_part(LedgerEntry.occurred_on, years, part)
    by_part = totals(mine, of_kinds, same, by=(LedgerEntry.kind, YEAR))
    common, before, now = _in_both(mine, year, part)
    found = []
    for kind in KINDS:
        quarters: dict[tuple[int, int], list[Figure]] = defaultdict(list)
        for (of, on, month), amount in by_month.items():
            if of is kind:
                quarters[int(on), (int(month) + 2) // 3].append(amount.figure)
        parts = {int(on): amount.figure for (of, on), amount in by_part.items() if of is kind}
        rows = [_year(each, quarters, parts) for each in years]
        is_tax = kind is EntryKind.TAX
        found.append(
            Series(
                kind.value,
                "飞地返利" if kind is EntryKind.REBATE else kind.label,
                "万元",
                rows,
                before if is_tax else parts.get(year - 1),
                now if is_tax else parts.get(year),
                common if is_tax else None,
            )
        )
    return found


def _year(
    year: int, quarters: Mapping[tuple[int, int], Sequence[Figure]], parts: Mapping[int, Figure]
) -> YearOf:
    four = [added(quarters.get((year, quarter), ())) for quarter in QUARTERS]
    return YearOf(year, four, parts.get(year), added(four))


def _same_part(
    column: SQLColumnExpression, years: Iterable[int], part: Part
) -> ColumnElement[bool]:
    """Whether a day lies in the part of its year that is compared."""
    return or_(*(column.between(first_day(y), same_day(part.until, y)) for y in years))


def _in_both(
    mine: ColumnElement[bool], year: int, part: Part
) -> tuple[int, Figure | None, Figure | None]:
    """The tax of those that have records in this part and in the same part of the year before: how
    many, and what they paid then and now."""
    owners = (LedgerEntry.enclave_id, LedgerEntry.park_id, LedgerEntry.project_id)
    is_tax = LedgerEntry.kind == EntryKind.TAX
    found = totals(mine, is_tax, part.holds(LedgerEntry.occurred_on), by=(YEAR, *owners))
    of_year: dict[int, dict[tuple, Sum]] = defaultdict(dict)
    for (on, *owner), amount in found.items():
        of_year[int(on)][tuple(owner)] = amount
    both = of_year[year - 1].keys() & of_year[year].keys()
    before, now = (
        added(of_year[each][owner].figure for owner in both) for each in (year - 1, year)
    )
    return len(both), before, now


def signed_series(regions: Select[int], year: int, part: Part) -> list[Series]:
    """新签项目, and of these the large ones, by the day of signing. Of a year in which any is on
    record a quarter without one is 0; of a year without any nothing is known."""
    years = years_to(year)
    mine, on = projects.touching(regions), Project.signed_on
    large = func.sum(case((Project.is_large, 1), else_=0))
    span = on.between(first_day(years[0]), days_of(year)[1])
    months = db.session.execute(
        select(extract("year", on), extract("month", on), func.count(), large)
        .where(mine, span)
        .group_by(extract("year", on), extract("month", on))
    ).all()
    same = db.session.execute(
        select(extract("year", on), func.count(), large)
        .where(mine, _same_part(on, years, part))
        .group_by(extract("year", on))
    ).all()
    found = []
    for key, label, place in (("signed", "新签项目", 0), ("large", "其中亿元以上项目", 1)):
        counted: dict[tuple[int, int], int] = defaultdict(int)
        for of, month, *numbers in months:
            counted[int(of), (int(month) + 2) // 3] += int(numbers[place])
        known = {of for of, _ in counted}
        parts = {int(of): int(numbers[place]) for of, *numbers in same}
        rows = [_counted(each, counted, parts, is_known=each in known) for each in years]
        found.append(Series(key, label, COUNT, rows, rows[-2].part, rows[-1].part))
    return found


def _counted(
    year: int, counted: Mapping[tuple[int, int], int], parts: Mapping[int, int], *, is_known: bool
) -> YearOf:
    if not is_known:
        return YearOf(year, [None] * 4, None, None)
    over = quarters_over(year, today())
    four = [
        Figure(Decimal(number), COUNT) if number or quarter <= over else None
        for quarter in QUARTERS
        for number in [counted.get((year, quarter), 0)]
    ]
    return YearOf(year, four, Figure(Decimal(parts.get(year, 0)), COUNT), added(four))
