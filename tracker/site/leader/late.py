"""What is late: how many orders, key works, plans of large projects, filings, milestones and
returns, and of what nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day_yet
from tracker.core.quantities.shown import in_words, money
from tracker.overview.enclaves import settled
from tracker.records.annual.queries import late_milestones, number_of_milestones
from tracker.records.ledger.dispatched import dispatched
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.projects import queries as projects
from tracker.records.projects.milestones import has_late
from tracker.records.submissions.models import Filing
from tracker.records.submissions.queries import filed_by, overdue
from tracker.records.supervision import queries as supervision
from tracker.records.works import queries as works
from tracker.records.works.models import KeyWork
from tracker.site.leader.words import Said, Sentence, joined
from tracker.web.ways import way


def returned_in(year: int) -> int:
    """The year whose returns may be late in `year`: what a running year owes is not due before it
    ends, so that it is the one before."""
    return year - 1 if year == today().year else year


def is_late(
    regions: Select[int], year: int, returns: Sequence[ReturnOfYear], returned_year: int
) -> Sentence:
    """The second sentence. `returns` are those of `returned_year`, the last one that is over."""
    filings = db.session.execute(
        select(Filing.year, func.count())
        .where(filed_by(regions), Filing.year.between(year - 1, year), overdue())
        .group_by(Filing.year)
        .order_by(Filing.year.desc())
    ).all()
    late = late_milestones(regions, year, today())
    milestones = sum(number for _, number, _ in late)
    owed = settled(returns)
    short = owed.short if owed else 0
    by_day = _by_day(regions, year)
    said = [
        Said(f"{of.name} {number} {of.unit}", way(of.page, year=year, **of.rest))
        for of in by_day
        if (number := db.session.scalar(of.number))
    ]
    for of, number in filings:
        page = way("submissions.index", year=of, state="overdue")
        said.append(Said(f"{'' if of == year else f'{of} 年度'}报送 {number} 件", page))
    if milestones:
        page = way("task_parts.index", year=year, due="over")
        said.append(Said(f"事项任务 {milestones} 项", page))
    if owed and short:
        words = f"{short} 个飞地尚欠 {returned_year} 年返利 {in_words(money(owed.owing))}"
        words += f"（{owed.unnoted} 个台账中没有返利）" if owed.unnoted else ""
        said.append(Said(words, way("enclaves.index", year=returned_year)))
    known, unknown = _known(regions, year, returns, returned_year)
    end = f"；{'，'.join(unknown)}。" if unknown else "。"
    if said:
        return Sentence("逾期", joined(said, end))
    if not known:
        return Sentence("逾期", [Said("，".join(unknown) + "。")])
    words = "、".join([*(each.name for each in by_day), *known])
    return Sentence("逾期", [Said(f"{words}按已有记录没有逾期"), Said(end)])


@dataclass(frozen=True)
class _Late:
    """What is late by the day that the year of the page has come to: how many there are, and the
    list that has them."""

    name: str
    unit: str
    number: Select[int]
    page: str
    rest: Mapping[str, str]


def _by_day(regions: Select[int], year: int) -> list[_Late]:
    day = last_day_yet(year)
    orders = select(func.count()).where(supervision.touching(regions), supervision.overdue())
    due = select(func.count()).where(
        KeyWork.region_id.in_(regions), works.in_year(year), works.lights(day)["red"]
    )
    planned = select(func.count()).where(projects.touching(regions), dispatched(), has_late(day))
    return [
        _Late("督办", "件", orders, "supervision.index", {"light": "red"}),
        _Late("重点工作", "项", due, "key_works.index", {"light": "red"}),
        _Late("大项目计划", "个", planned, "projects.index", {"large": "1", "plan": "late"}),
    ]


def _known(
    regions: Select[int], year: int, returns: Sequence[ReturnOfYear], returned_year: int
) -> tuple[list[str], list[str]]:
    """What can be late at all, and of what nobody can tell: that is never said as none."""
    known, unknown = [], []
    planned = select(Filing.id).where(filed_by(regions), Filing.year == year)
    if db.session.scalar(select(planned.exists())):
        known.append("报送")
    else:
        unknown.append(f"{year} 年度没有安排报送，不能判断")
    if number_of_milestones(regions, year):
        known.append("事项任务")
    else:
        unknown.append("没有下达事项任务，不能判断")
    agreed = [one for one in returns if one.agreed]
    untold = sum(1 for one in agreed if one.due is None)
    if len(agreed) > untold:
        known.append(f"{returned_year} 年返利")
    if untold:
        unknown.append(f"另有 {untold} 个飞地 {returned_year} 年应返算不出，不能判断")
    elif not agreed:
        unknown.append(f"没有 {returned_year} 年的返利约定，不能判断")
    return known, unknown
