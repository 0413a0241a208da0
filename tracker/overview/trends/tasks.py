"""Years beside what was asked of them: tasks by their own measure, and the returns of contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select

from tracker.core.quantities.figure import Figure
from tracker.overview import progress
from tracker.overview.enclaves import returns_in, settled
from tracker.overview.figures import tasks_of
from tracker.overview.trends.series import years_to


@dataclass(frozen=True)
class Asked:
    """A year: what was asked of the `reporting` ones of `given`, and what of it these did. None
    where nothing was asked, or nobody has reported."""

    year: int
    done: Figure | None
    asked: Figure | None
    reporting: int
    given: int


@dataclass(frozen=True)
class AskedOverYears:
    """The years of one thing that is asked, the earliest first; `who` is asked, `measure` is the
    task's ("" for returns, which contracts ask)."""

    key: str
    label: str
    unit: str
    who: str
    measure: str
    years: Sequence[Asked]

    @property
    def is_known(self) -> bool:
        """Whether anything was asked in any of the years."""
        return any(each.given for each in self.years)


def tasks_over_years(regions: Select[int], year: int) -> list[AskedOverYears]:
    """到位资金 and 项目 (counties), 返利 (enclaves), with statements by the years alone."""
    counties = progress.counties_in(regions)
    names = (progress.FUNDS, progress.COUNTED)
    by_year = {
        each: tasks_of(progress.progress_of(counties, each, names)) for each in years_to(year)
    }
    found = []
    for name, label, unit in (
        (progress.FUNDS, "到位资金任务", "万元"),
        (progress.COUNTED, "项目任务", "个"),
    ):
        years = [
            Asked(
                each,
                task.done if task and task.reporting else None,
                task.asked if task and task.reporting else None,
                task.reporting if task else 0,
                task.given if task else 0,
            )
            for each, tasks in by_year.items()
            for task in [tasks.get(name)]
        ]
        found.append(AskedOverYears(name, label, unit, "县", name, years))
    return [*found, _returns(regions, year)]


def _returns(regions: Select[int], year: int) -> AskedOverYears:
    years = []
    for each in years_to(year):
        returns = returns_in(regions, each)
        of = settled(returns)
        agreed = sum(1 for one in returns if one.agreed)
        paid = any(one.paid for one in returns if one.due is not None)
        years.append(
            Asked(
                each,
                of.met if of and paid else None,  # of a year without any nothing is known
                of.due if of else None,
                of.number if of else 0,
                max(agreed, of.number if of else 0),
            )
        )
    return AskedOverYears("returns", "约定返利", "万元", "个飞地", "", years)
