"""The six figures of a year, each with the year before and the tasks that were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, case, extract, func, select

from tracker.core.db import db
from tracker.core.quantities.days import last_day
from tracker.core.quantities.units import WAN
from tracker.overview import progress
from tracker.overview.enclaves import Settled, settled
from tracker.overview.progress import Progress
from tracker.records.exchanges.models import Training
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.sums import YearSums, by_year_and_kind
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.records.submissions.parts import Part

MONEY = (EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT, EntryKind.AID_SENT)


@dataclass(frozen=True)
class Task:
    """What was asked of the counties that have reported, and what these did by the task's own
    `measure`; 元 for money. `reached` of `given` counties did all of theirs, `silent` have reported
    nothing: their tasks, `unknown` together, are in neither sum."""

    measure: str
    asked: Decimal
    done: Decimal
    given: int
    reached: int
    silent: int
    unknown: Decimal

    @property
    def reporting(self) -> int:
        """How many counties the two sums are of."""
        return self.given - self.silent

    @property
    def share(self) -> Decimal | None:
        """The part that was done."""
        return self.done / self.asked if self.asked else None


@dataclass(frozen=True)
class Figure:
    """A figure of the year: money in 元 where `unit` is 元, else a count. `now` is its value in the
    part of the year that is compared, `before` that of the same part of the year before. None:
    nothing is on record. `rest` is what an address needs beside the year."""

    label: str
    value: Decimal | None
    now: Decimal | None
    before: Decimal | None
    unit: str
    endpoint: str
    rest: Mapping[str, str]
    precision: str = ""
    task: Task | None = None
    settled: Settled | None = None

    @property
    def change(self) -> Decimal | None:
        """The change against the year before as a part of it; None where there is none."""
        if self.now is None or not self.before:
            return None
        return (self.now - self.before) / self.before


def figures_of(
    regions: Select[int],
    year: int,
    found: Sequence[Progress],
    returns: Sequence[ReturnOfYear],
    part: Part,
) -> list[Figure]:
    """The figures of `regions` (ids): money from the ledger, counts from the records; compared by
    `part` of the year."""
    whole = Part(year, last_day(year), None, 0, 0)
    sums = _money(regions, whole)
    compared = sums if part.whole else _money(regions, part)
    given = [one for one in found if one.asked is not None]
    tasks = {name: _task(of) for name, of in progress.by_measure(given).items()}
    large, trained = _large_signed(regions, whole), _trained(regions, whole)
    large_now = large if part.whole else _large_signed(regions, part)
    trained_now = trained if part.whole else _trained(regions, part)

    def money(
        kind: EntryKind, task: str = "", settled: Settled | None = None, label: str = ""
    ) -> Figure:
        value = sums.get(year, {}).get(kind)
        now, before = compared.get(year, {}).get(kind), compared.get(year - 1, {}).get(kind)
        return Figure(
            label or kind.label,
            value.amount if value else None,
            now.amount if now else None,
            before.amount if before else None,
            "元",
            "ledger.index",
            {"kind": kind.value},
            value.precision if value else "",
            tasks.get(task),
            settled,
        )

    return [
        money(EntryKind.FUNDS_IN_PLACE, progress.FUNDS),
        money(EntryKind.COMPLETED_INVESTMENT),
        Figure(
            "新签亿元以上项目",
            large.get(year),
            large_now.get(year),
            large_now.get(year - 1),
            "个",
            "projects.index",
            {"large": "1", "signed": str(year)},
        ),
        money(EntryKind.REBATE, settled=settled(returns), label="飞地返利"),
        money(EntryKind.AID_SENT, progress.AID),
        Figure(
            "培训",
            trained.get(year),
            trained_now.get(year),
            trained_now.get(year - 1),
            "人次",
            "exchanges.index",
            {},
            task=tasks.get(progress.TRAINED),
        ),
    ]


def _money(regions: Select[int], part: Part) -> YearSums:
    return by_year_and_kind(
        ledger.touching(regions),
        LedgerEntry.kind.in_([*MONEY, EntryKind.REBATE]),
        part.holds(LedgerEntry.occurred_on),
    )


def _large_signed(regions: Select[int], part: Part) -> dict[int, Decimal]:
    """Year → how many large projects were signed; nothing of a year in which none at all was."""
    signed = extract("year", Project.signed_on)
    statement = (
        select(signed, func.sum(case((Project.is_large, 1), else_=0)))
        .where(projects.touching(regions))
        .where(part.holds(Project.signed_on))
        .group_by(signed)
    )
    return {int(row[0]): Decimal(row[1]) for row in db.session.execute(statement)}


def _trained(regions: Select[int], part: Part) -> dict[int, Decimal]:
    held = extract("year", Training.held_on)
    statement = (
        select(held, func.sum(Training.people))
        .where(Training.pairing_id.in_(select(Pairing.id).where(pairings.touching(regions))))
        .where(part.holds(Training.held_on))
        .group_by(held)
    )
    return {int(row[0]): Decimal(row[1]) for row in db.session.execute(statement)}


def _task(found: Sequence[Progress]) -> Task:
    factor = WAN if found[0].measure.unit == "万元" else Decimal(1)
    nothing = Decimal(0)
    told = [(one.done, one.asked or nothing) for one in found if one.done is not None]
    silent = [one for one in found if one.done is None]
    return Task(
        found[0].measure.name,
        factor * sum((asked for _, asked in told), nothing),
        factor * sum((done for done, _ in told), nothing),
        len(found),
        sum(1 for done, asked in told if done >= asked),
        len(silent),
        factor * sum((one.asked or nothing for one in silent), nothing),
    )
