"""What a brief shows, as plain frozen values. Money is 元; None is 未报."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.quantities.figure import Figure


@dataclass(frozen=True, slots=True)
class Head:
    """Of which region (code, name) and period (2025年6月) it is, up to which day (`until`), and the
    day on which it was printed. `sample`: a record behind it is an invented one."""

    title: str
    period: str
    code: str
    name: str
    until: date
    printed_on: date
    sample: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A figure: within the period (`own`), from 1 January until its end (`now`), the same part of
    the year before (`before`). `asked` of the ones that have reported and what these did (`done`);
    `tasked` where anything was asked at all, of whom `who` says; `stands`: it is what there is on a
    day, and nothing of it came within a period. `pace`: how much a month is needed."""

    label: str
    own: Figure | None
    now: Figure | None
    before: Figure | None
    change: Figure | None
    stands: bool
    tasked: bool
    asked: Figure | None
    done: Figure | None
    share: Figure | None
    pace: Figure | None
    who: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one unit."""

    title: str
    unit: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar: `value` None where nothing is reported; `asked` None where nothing was asked."""

    label: str
    value: Figure | None
    asked: Figure | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one unit, in their order. `asks`: whether they are compared with tasks. `note` says
    what they and their marks are."""

    title: str
    bars: Sequence[ChartBar]
    note: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A county's points: the title, what it has, and when and by what that was made."""

    title: str
    words: str
    reasons: Sequence[str]
    said: str


@dataclass(frozen=True, slots=True)
class Urgent:
    """One of the most urgent things: what, who does it, and by when; `late` since how long it is
    late in words, "" where it is not."""

    what: str
    who: str
    by: date
    late: str


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that needs attention, and who does what next."""

    name: str
    words: str
    next: str


@dataclass(frozen=True, slots=True)
class Concern:
    """Things of one sort, the first of them; `total` is how many there are. `unknown`: why nobody
    can tell (of how many more)."""

    title: str
    rule: str
    total: int
    unknown: str
    first: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Brief:
    """工作简报. `own`: what the column of the period is called; `task`: of which days what was done
    is, `done` the same in short; `left`: how many months of the year are left, 0 where it is over.
    `years`: the same part of some years; `course`: who, or what, has come how far with tasks."""

    head: Head
    sentences: Sequence[tuple[str, str]]
    told: str
    own: str
    before: str
    task: str
    done: str
    left: int
    blocks: Sequence[Block]
    years: Sequence[Chart]
    course: Sequence[Chart]
    score: Score | None
    urgent: Sequence[Urgent]
    concerns: Sequence[Concern]
