"""What the forms on paper show, as plain frozen values. Money is in 元; None is 未报."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.core.quantities.figure import Figure
from tracker.papers.common.form import FormHead


@dataclass(frozen=True, slots=True)
class Flow:
    """Money of the quarter, and from the year's beginning to the quarter's end."""

    quarter: Figure | None
    year: Figure | None


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project with the dates of its stages and its money; `terminated_on`: within the year.
    `owner`: the county that entered it, where that is another; `shared`: what the other county of
    a project of two says of it."""

    name: str
    category: str
    total: Figure | None
    signed_on: date | None
    started_on: date | None
    completed_on: date | None
    in_production_on: date | None
    funds: Flow
    completed: Flow
    terminated_on: date | None = None
    owner: str = ""
    shared: str = ""


@dataclass(frozen=True, slots=True)
class EnclaveLine:
    """An enclave: investment, and the year's return by contract against what was paid. `reason`
    says why `due` cannot be known, or up to when it is reckoned where it grows with what is
    received."""

    name: str
    kind: str
    host: str
    completed: Flow
    due: Figure | None
    reason: str
    paid: Flow


@dataclass(frozen=True, slots=True)
class ParkLine:
    """A park of the county with its investment and tax."""

    name: str
    kind: str
    partner: str
    funds: Flow
    infrastructure: Flow
    tax: Flow


@dataclass(frozen=True, slots=True)
class AidLine:
    """A pairing's aid money."""

    partner: str
    scheme: str
    received: Flow
    used: Flow
    social: Flow


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """How much of one kind of exchange there was, in `unit`."""

    label: str
    unit: str
    quarter: Figure | None
    year: Figure | None


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A sum of a locked period that was corrected on `booked_on`: `now` is None where it was taken
    back. It counts in the year of `day`."""

    name: str
    kind: str
    day: date
    was: Figure
    now: Figure | None
    booked_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class QuarterForm:
    """季度报送表. `drafts` counts ledger entries of the quarter that are not submitted yet and so
    not counted; `partnered` are projects that other counties entered with this one as their
    partner, which count there; `corrections` were made in the quarter, of earlier ones, and
    `corrected` of it since it was locked, the latest first; `before` is the form of the same
    quarter of the year before, as its records stand now, itself without one."""

    head: FormHead
    projects: tuple[ProjectLine, ...]
    enclaves: tuple[EnclaveLine, ...]
    parks: tuple[ParkLine, ...]
    aid: tuple[AidLine, ...]
    exchanges: tuple[ExchangeLine, ...]
    drafts: int = 0
    partnered: tuple[ProjectLine, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
    corrected: tuple[CorrectionLine, ...] = ()
    before: QuarterForm | None = None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One target: `value` and `done` are in one unit; `reason` says why `done` is None. `parent` is
    the task of the level above that this one is a part of."""

    task: str
    value: Figure
    done: Figure | None
    reason: str
    responsible: str
    due_on: date | None
    parent: str
    document: str


@dataclass(frozen=True, slots=True)
class TaskForm:
    """年度任务清单."""

    head: FormHead
    tasks: tuple[TaskLine, ...]
