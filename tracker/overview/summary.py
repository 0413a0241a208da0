"""总表: a year on one sheet of paper, by unit: each figure against its task and against the same
part of the year before, with the pace that it needs to arrive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, extract, func, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day
from tracker.core.quantities.figure import YUAN, Figure
from tracker.overview import progress
from tracker.overview.figures import OfYear, Task
from tracker.records.enclaves import queries as enclaves
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.enclaves.stood import UNNAMED
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.ledger.parts import Part
from tracker.records.ledger.standing import counted
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project

COUNT = "个"


@dataclass(frozen=True)
class Line:
    """A figure with its task. `pace`: how much a month is needed from now on to do all that was
    asked of those that have reported; None where the year is over, or nothing was asked. `note`
    says of what more nobody can tell."""

    of: OfYear
    pace: Figure | None
    note: str = ""

    @property
    def stands(self) -> bool:
        """Whether it is what there is on a day, and not what came within the year."""
        return self.of.endpoint in ("parks.index", "enclaves.index")

    @property
    def task(self) -> Task | None:
        """The task, where anybody who has one has reported."""
        return self.of.task if self.of.task and self.of.task.reporting else None


@dataclass(frozen=True)
class Block:
    """The lines of one unit: every column of a table has one."""

    key: str
    title: str
    unit: str
    lines: Sequence[Line]


def blocks_of(
    regions: Select[int],
    year: int,
    part: Part,
    figures: Sequence[OfYear],
    tasks: Mapping[str, Task],
) -> list[Block]:
    """The year in `regions` (ids). `figures` are those of `figures_of`, `tasks` by measure."""
    funds, completed, large, rebate, aid, trained = figures
    whole = Part(year, last_day(year), None, 0, 0)
    signed, signed_now = _signed(regions, whole), _signed(regions, part)
    number, invested, untold = (
        [of.get(y, (None, None, 0))[place] for y, of in _years(year, signed, signed_now)]
        for place in range(3)
    )
    villages, villages_now = _to_villages(regions, whole), _to_villages(regions, part)
    to_villages = [of.get(y) for y, of in _years(year, villages, villages_now)]
    lines = [
        funds,
        completed,
        _line("新签项目总投资", invested, "projects.index", {"signed": str(year)}),
        rebate,
        _line("其中返到村", to_villages, "ledger.index", {"kind": EntryKind.REBATE.value}),
        aid,
    ]
    silent = f"{untold[0]} 个未报总投资，不在其内" if untold[0] else ""
    notes = {"新签项目总投资": silent}
    counted_task = tasks.get(progress.COUNTED)
    signed_line = _line(
        "新签项目", number, "projects.index", {"signed": str(year)}, task=counted_task
    )
    return [
        Block("money", "资金", "万元", [_paced(one, year, notes) for one in lines]),
        Block(
            "count",
            "项目与平台",
            COUNT,
            [
                _paced(one, year)
                for one in (signed_line, large, _parks(regions, part), *_kinds(regions, part))
            ],
        ),
        Block(
            "people",
            "人员",
            trained.value.unit if trained.value is not None else "人次",
            [_paced(trained, year)],
        ),
    ]


def _years(year: int, all_of: Mapping, part_of: Mapping) -> list[tuple[int, Mapping]]:
    """This year so far, this year's part that is compared, and that of the year before."""
    return [(year, all_of), (year, part_of), (year - 1, part_of)]


def _line(
    label: str,
    three: Sequence[Figure | None],
    endpoint: str,
    rest: Mapping[str, str],
    task: Task | None = None,
) -> OfYear:
    value, now, before = three
    return OfYear(label, value, now, before, endpoint, rest, task)


def _paced(of: OfYear, year: int, notes: Mapping[str, str] | None = None) -> Line:
    return Line(of, pace(of, year), (notes or {}).get(of.label, ""))


def pace(of: OfYear, year: int) -> Figure | None:
    """What lacks, by the months that are left with this one; see `Line`."""
    left = months_left(year)
    if not left:
        return None
    if of.settled is not None:
        return of.settled.owing * (Decimal(1) / left)
    if of.task is None or not of.task.reporting:
        return None
    return (of.task.asked - of.task.done).above_nought() * (Decimal(1) / left)


def months_left(year: int, day: date | None = None) -> int:
    """How many months of `year` are left on `day` (today), this one among them."""
    day = day or today()
    if day > last_day(year):
        return 0
    return 12 if day.year < year else 13 - day.month


def _signed(regions: Select[int], part: Part) -> dict[int, tuple[Figure, Figure | None, int]]:
    """Year → how many projects were signed, what is to be invested in those that say it, and how
    many do not."""
    signed = extract("year", Project.signed_on)
    rows = db.session.execute(
        select(
            signed,
            func.count(),
            func.sum(Project.total_investment),
            func.count(Project.total_investment),
        )
        .where(projects.touching(regions), part.holds(Project.signed_on))
        .group_by(signed)
    )
    return {
        int(year): (
            Figure(Decimal(number), COUNT),
            None if total is None else Figure(Decimal(total), YUAN),
            number - told,
        )
        for year, number, total, told in rows
    }


def _to_villages(regions: Select[int], part: Part) -> dict[int, Figure]:
    """Year → the parts of returns that are told by village."""
    on = extract("year", LedgerEntry.occurred_on)
    rows = db.session.execute(
        select(on, func.sum(VillagePayment.amount))
        .join(LedgerEntry, LedgerEntry.id == VillagePayment.entry_id)
        .where(ledger.touching(regions), LedgerEntry.kind == EntryKind.REBATE, *counted())
        .where(part.holds(LedgerEntry.occurred_on))
        .group_by(on)
    )
    return {int(year): Figure(Decimal(total or 0), YUAN) for year, total in rows}


def _stood(sites: Iterable[Any], day: date) -> list[Any]:
    """The parks or enclaves that stood on a day, as far as is known."""
    return [
        each
        for each in sites
        if (each.signed_on or date.min) <= day <= (each.closed_on or date.max)
    ]


def _parks(regions: Select[int], part: Part) -> OfYear:
    rows = db.session.execute(
        select(Park.signed_on, Park.closed_on).where(parks.touching(regions))
    ).all()
    now, before = (
        Figure(Decimal(len(_stood(rows, day))), COUNT) for day in (part.until, part.until_before)
    )
    return OfYear("产业园", now, now, before, "parks.index", {})


def _kinds(regions: Select[int], part: Part) -> list[OfYear]:
    """The enclaves by the kind that they were on the day, those that nobody has named last."""
    every = db.session.scalars(select(Enclave).where(enclaves.touching(regions))).all()
    now, before = (
        Counter(each.kind_on(day) for each in _stood(every, day))
        for day in (part.until, part.until_before)
    )
    lines = []
    for kind in [*EnclaveKind, None]:
        if kind in now or kind in before:
            one, other = (Figure(Decimal(of[kind]), COUNT) for of in (now, before))
            label = kind.label if kind else "类型未报的飞地"
            key = kind.value if kind else UNNAMED
            lines.append(OfYear(label, one, one, other, "enclaves.index", {"stood": key}))
    return lines
