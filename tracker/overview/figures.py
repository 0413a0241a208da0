"""The six figures of a year, each with the year before and the tasks that were given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, case, extract, func, select

from tracker.core.db import db
from tracker.core.quantities.days import last_day
from tracker.core.quantities.figure import WAN_YUAN, YUAN, Figure, added
from tracker.overview import progress
from tracker.overview.enclaves import Settled, settled
from tracker.overview.progress import Progress
from tracker.records.exchanges.models import Training
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.parts import Part
from tracker.records.ledger.sums import YearSums, by_year_and_kind
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project

MONEY = (EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT, EntryKind.AID_SENT)


@dataclass(frozen=True)
class Task:
    """What was asked of the counties that have reported, and what these did by the task's own
    `measure`. `reached` of `given` counties did all of theirs, `silent` have reported nothing:
    their tasks, `unknown` together, are in neither sum."""

    measure: str
    asked: Figure
    done: Figure
    given: int
    reached: int
    silent: int
    unknown: Figure

    @property
    def reporting(self) -> int:
        """How many counties the two sums are of."""
        return self.given - self.silent

    @property
    def share(self) -> Figure | None:
        """The part that was done."""
        return self.done.over(self.asked)


@dataclass(frozen=True)
class OfYear:
    """A figure of the year, of one unit: money in 元, or a count. `now` is its value in the part of
    the year that is compared, `before` that of the same part of the year before. None: nothing is
    on record. `rest` is what an address needs beside the year."""

    label: str
    value: Figure | None
    now: Figure | None
    before: Figure | None
    endpoint: str
    rest: Mapping[str, str]
    task: Task | None = None
    settled: Settled | None = None

    @property
    def change(self) -> Figure | None:
        """The change against the year before as a part of it; None where there is none."""
        if self.now is None or self.before is None:
            return None
        return self.now.change_from(self.before)


def figures_of(
    regions: Select[int],
    year: int,
    found: Sequence[Progress],
    returns: Sequence[ReturnOfYear],
    part: Part,
) -> list[OfYear]:
    """The figures of `regions` (ids): money from the ledger, counts from the records; compared by
    `part` of the year."""
    whole = Part(year, last_day(year), None, 0, 0)
    sums = _money(regions, whole)
    compared = sums if part.whole else _money(regions, part)
    tasks = tasks_of(found)
    large, trained = _large_signed(regions, whole), _trained(regions, whole)
    large_now = large if part.whole else _large_signed(regions, part)
    trained_now = trained if part.whole else _trained(regions, part)

    def money(
        kind: EntryKind, task: str = "", settled: Settled | None = None, label: str = ""
    ) -> OfYear:
        value = sums.get(year, {}).get(kind)
        now, before = compared.get(year, {}).get(kind), compared.get(year - 1, {}).get(kind)
        return OfYear(
            label or kind.label,
            value.figure if value else None,
            now.figure if now else None,
            before.figure if before else None,
            "ledger.index",
            {"kind": kind.value},
            tasks.get(task),
            settled,
        )

    return [
        money(EntryKind.FUNDS_IN_PLACE, progress.FUNDS),
        money(EntryKind.COMPLETED_INVESTMENT),
        OfYear(
            "新签亿元以上项目",
            large.get(year),
            large_now.get(year),
            large_now.get(year - 1),
            "projects.index",
            {"large": "1", "signed": str(year)},
        ),
        money(EntryKind.REBATE, settled=settled(returns), label="飞地返利"),
        money(EntryKind.AID_SENT, progress.AID),
        OfYear(
            "培训",
            trained.get(year),
            trained_now.get(year),
            trained_now.get(year - 1),
            "trainings.index",
            {},
            task=tasks.get(progress.TRAINED),
        ),
    ]


def tasks_of(found: Iterable[Progress]) -> dict[str, Task]:
    """The tasks by the name of their measure."""
    given = [one for one in found if one.asked is not None]
    return {name: _task(of) for name, of in progress.by_measure(given).items()}


def _money(regions: Select[int], part: Part) -> YearSums:
    return by_year_and_kind(
        ledger.touching(regions),
        LedgerEntry.kind.in_([*MONEY, EntryKind.REBATE]),
        part.holds(LedgerEntry.occurred_on),
    )


def _large_signed(regions: Select[int], part: Part) -> dict[int, Figure]:
    """Year → how many large projects were signed; nothing of a year in which none at all was."""
    signed = extract("year", Project.signed_on)
    statement = (
        select(signed, func.sum(case((Project.is_large, 1), else_=0)))
        .where(projects.touching(regions))
        .where(part.holds(Project.signed_on))
        .group_by(signed)
    )
    return {int(year): Figure(Decimal(n), "个") for year, n in db.session.execute(statement)}


def _trained(regions: Select[int], part: Part) -> dict[int, Figure]:
    held = extract("year", Training.held_on)
    statement = (
        select(held, func.sum(Training.people))
        .where(Training.pairing_id.in_(select(Pairing.id).where(pairings.touching(regions))))
        .where(part.holds(Training.held_on))
        .group_by(held)
    )
    return {int(year): Figure(Decimal(n), "人次") for year, n in db.session.execute(statement)}


def _task(found: Sequence[Progress]) -> Task:
    unit = found[0].measure.unit
    nothing = Figure(Decimal(0), unit)
    told = [
        (one.done, nothing if one.asked is None else one.asked)
        for one in found
        if one.done is not None
    ]
    silent = [one for one in found if one.done is None]

    def whole(figures: Iterable[Figure | None]) -> Figure:
        added_up = added(figures)
        return (nothing if added_up is None else added_up).to(YUAN if unit == WAN_YUAN else unit)

    return Task(
        found[0].measure.name,
        whole(asked for _, asked in told),
        whole(done for done, _ in told),
        len(found),
        sum(1 for done, asked in told if done.value >= asked.value),
        len(silent),
        whole(one.asked for one in silent),
    )
