"""The six figures of a year, each with the year before and the tasks that were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, extract, func, select

from tracker.db import db
from tracker.exchanges.models import Training
from tracker.ledger import queries as ledger
from tracker.ledger.models import EntryKind, LedgerEntry
from tracker.ledger.queries import Sum
from tracker.ledger.sums import YearSums, by_year_and_kind
from tracker.ledger.yearly_returns import ReturnOfYear
from tracker.overview import progress
from tracker.overview.progress import Progress
from tracker.pairings import queries as pairings
from tracker.pairings.models import Pairing
from tracker.projects import queries as projects
from tracker.projects.models import Project
from tracker.web.reading import WAN

MONEY = (EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT, EntryKind.AID_SENT)


@dataclass(frozen=True)
class Task:
    """What was asked of all counties together, and what they did by the task's own measure;
    元 for money. `reached` of `given` counties did all of theirs."""

    asked: Decimal
    done: Decimal
    given: int
    reached: int

    @property
    def share(self) -> Decimal | None:
        """The part that was done."""
        return self.done / self.asked if self.asked else None


@dataclass(frozen=True)
class Figure:
    """A figure of the year: money in 元 where `unit` is 元, else a count; `before` is the year
    before. None: nothing is on record. `rest` is what an address needs beside the year."""

    label: str
    value: Decimal | None
    before: Decimal | None
    unit: str
    endpoint: str
    rest: Mapping[str, str]
    precision: str = ""
    task: Task | None = None
    due: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        """The change against the year before as a part of it; None where there is none."""
        if self.value is None or not self.before:
            return None
        return (self.value - self.before) / self.before


def figures_of(
    regions: Select[tuple[int]],
    year: int,
    found: Sequence[Progress],
    returns: Sequence[ReturnOfYear],
) -> list[Figure]:
    """The figures of `regions` (ids): money from the ledger, counts from the records."""
    sums = _money(regions, year)
    given = [one for one in found if one.asked is not None]
    tasks = {name: _task(of) for name, of in progress.by_measure(given).items()}
    large = _large_signed(regions, year)
    trained = _trained(regions, year)
    due = [one.due for one in returns if one.due is not None]

    def money(kind: EntryKind, task: str = "") -> Figure:
        now, before = sums.get(year, {}).get(kind), sums.get(year - 1, {}).get(kind)
        return Figure(
            kind.label,
            now.amount if now else None,
            before.amount if before else None,
            "元",
            "ledger.index",
            {"kind": kind.value},
            _mark(now),
            tasks.get(task),
        )

    rebate = sums.get(year, {}).get(EntryKind.REBATE)
    rebate_before = sums.get(year - 1, {}).get(EntryKind.REBATE)
    return [
        money(EntryKind.FUNDS_IN_PLACE, progress.FUNDS),
        money(EntryKind.COMPLETED_INVESTMENT),
        Figure(
            "新签亿元以上项目",
            large.get(year, Decimal(0)),
            large.get(year - 1, Decimal(0)),
            "个",
            "projects.index",
            {"large": "1", "signed": str(year)},
        ),
        Figure(
            "飞地返利",
            rebate.amount if rebate else None,
            rebate_before.amount if rebate_before else None,
            "元",
            "ledger.index",
            {"kind": EntryKind.REBATE.value},
            _mark(rebate),
            due=sum(due, Decimal(0)) if due else None,
        ),
        money(EntryKind.AID_SENT, progress.AID),
        Figure(
            "培训",
            trained.get(year),
            trained.get(year - 1),
            "人次",
            "exchanges.index",
            {},
            task=tasks.get(progress.TRAINED),
        ),
    ]


def _mark(found: Sum | None) -> str:
    return found.precision if found else ""


def _money(regions: Select[tuple[int]], year: int) -> YearSums:
    return by_year_and_kind(
        ledger.touching(regions),
        LedgerEntry.kind.in_([*MONEY, EntryKind.REBATE]),
        LedgerEntry.occurred_on.between(date(year - 1, 1, 1), date(year, 12, 31)),
    )


def _large_signed(regions: Select[tuple[int]], year: int) -> dict[int, Decimal]:
    signed = extract("year", Project.signed_on)
    statement = (
        select(signed, func.count())
        .where(projects.touching(regions), Project.is_large)
        .where(Project.signed_on.between(date(year - 1, 1, 1), date(year, 12, 31)))
        .group_by(signed)
    )
    return {int(row[0]): Decimal(row[1]) for row in db.session.execute(statement)}


def _trained(regions: Select[tuple[int]], year: int) -> dict[int, Decimal]:
    held = extract("year", Training.held_on)
    statement = (
        select(held, func.sum(Training.people))
        .where(Training.pairing_id.in_(select(Pairing.id).where(pairings.touching(regions))))
        .where(Training.held_on.between(date(year - 1, 1, 1), date(year, 12, 31)))
        .group_by(held)
    )
    return {int(row[0]): Decimal(row[1]) for row in db.session.execute(statement)}


def _task(found: Sequence[Progress]) -> Task:
    factor = WAN if found[0].measure.unit == "万元" else Decimal(1)
    return Task(
        factor * sum((one.asked for one in found), Decimal(0)),
        factor * sum((one.done or Decimal(0) for one in found), Decimal(0)),
        len(found),
        sum(1 for one in found if one.done is not None and one.done >= one.asked),
    )
