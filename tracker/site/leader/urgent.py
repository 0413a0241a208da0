"""What is most urgent: each with who has to do it and by when, and a way to where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day
from tracker.core.quantities.printed import percent, trimmed
from tracker.core.quantities.shown import in_words, money
from tracker.overview.progress import Progress
from tracker.records.annual.queries import late_milestones
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.dispatched import dispatched
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.places.models import Region
from tracker.records.projects.milestones import first_waiting, has_soon
from tracker.records.projects.milestones import next_of as next_planned
from tracker.records.projects.models import Project
from tracker.records.submissions.models import Filing
from tracker.records.submissions.queries import never_filed
from tracker.records.supervision import queries as supervision
from tracker.records.supervision.models import SupervisionOrder
from tracker.records.works.models import KeyWork
from tracker.records.works.queries import WHOLE, lights
from tracker.records.works.steps import next_of
from tracker.web.ways import way

SHOWN = 5
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Item:
    """One thing: what, who does it, by when, and its page. `key` is its sort."""

    key: str
    what: str
    who: str
    by: date
    href: str | None

    @property
    def late(self) -> int:
        """By how many days it is late; 0 where it is not."""
        return max((today() - self.by).days, 0)

    @property
    def when(self) -> str:
        """In words: by which day (of the running year without it), or since when it is late."""
        if self.late:
            return f"逾期 {trimmed(self.late)} 天"
        return f"{self.by.isoformat()[5:] if self.by.year == today().year else self.by} 前"


def orders(regions: Select[int]) -> list[Item]:
    """Supervision orders to places among `regions` (ids) that nobody has answered, the first due
    first."""
    wanted = (
        select(SupervisionOrder)
        .where(supervision.waiting(), SupervisionOrder.county_id.in_(regions))
        .order_by(SupervisionOrder.due_on, SupervisionOrder.id)
        .options(*supervision.WITH_PLACES)
        .limit(SHOWN)
    )
    return [
        Item(
            "order",
            f"督办：{each.name}",
            each.county.name,
            each.due_on,
            way("supervision.detail", supervision_order_id=each.id),
        )
        for each in db.session.scalars(wanted)
    ]


def most_urgent(*sorts: Iterable[Item]) -> list[Item]:
    """Of each sort the one that is due first, then the second of each, and so on, so that one sort
    with many never hides the others, nor an old debt an order: of a turn the sorts that were named
    first. The first `SHOWN` of them, those due first before."""
    ordered = [sorted(items, key=lambda item: item.by) for items in sorts]
    turns = zip_longest(*ordered)
    found = [item for turn in turns for item in turn if item is not None][:SHOWN]
    return sorted(found, key=lambda item: item.by)


def in_regions(
    regions: Select[int],
    year: int,
    found: Sequence[Progress],
    returned: Sequence[ReturnOfYear],
    returned_year: int,
) -> list[Item]:
    """The most urgent of all sorts in `regions` (ids): `found` are the tasks of `year`, `returned`
    the returns of `returned_year` (`late.returned_in`)."""
    return most_urgent(
        orders(regions),
        filings(regions, year),
        returns(returned, returned_year),
        works(regions),
        plans(regions),
        milestones(regions, year),
        tasks(found, year),
    )


def filings(regions: Select[int], year: int) -> list[Item]:
    """What is late of `year` and the one before, and what is due within `SOON`, of each county with
    its enclaves."""
    place = func.coalesce(Filing.region_id, Enclave.origin_id)
    rows = db.session.execute(
        select(Region, func.count(), func.min(Filing.due_on))
        .select_from(Filing)
        .outerjoin(Enclave, Enclave.id == Filing.enclave_id)
        .join(Region, Region.id == place)
        .where(never_filed(), Filing.due_on <= today() + SOON, place.in_(regions))
        .where(Filing.year.between(year - 1, year))
        .group_by(Region.id)
        .order_by(func.min(Filing.due_on), Region.code)
        .limit(SHOWN)
    )
    return [
        Item(
            "filings",
            f"{county.name} {number} 件报表未报",
            county.name,
            first,
            way("counties.detail", code=county.code, year=year),
        )
        for county, number, first in rows
    ]


def works(regions: Select[int]) -> list[Item]:
    """Key work of which something is late or due within its days, the first due first."""
    of = lights()
    wanted = (
        select(KeyWork)
        .where(KeyWork.region_id.in_(regions), of["red"] | of["yellow"])
        .options(*WHOLE)
    )
    found = [(each, step) for each in db.session.scalars(wanted) if (step := next_of(each))]
    found.sort(key=lambda pair: (pair[1].due_on, pair[0].id))
    return [
        Item(
            "works",
            f"重点工作：{each.name}，{step.words}",
            each.region.name,
            step.due_on,
            way("key_works.detail", key_work_id=each.id),
        )
        for each, step in found[:SHOWN]
    ]


def plans(regions: Select[int]) -> list[Item]:
    """Planned milestones of large projects of `regions` (ids) that are late or soon due, the first
    due first."""
    day = today()
    wanted = (
        select(Project)
        .where(Project.region_id.in_(regions), dispatched(), has_soon(day))
        .options(joinedload(Project.region), selectinload(Project.milestones))
        .order_by(first_waiting(day), Project.id)
        .limit(SHOWN)
    )
    found = [
        (each, planned)
        for each in db.session.scalars(wanted)
        if (planned := next_planned(each, day)) is not None
    ]
    return [
        Item(
            "plans",
            f"{each.name}计划{planned.stage.label}",
            each.region.name,
            planned.planned_on,
            way("projects.detail", project_id=each.id),
        )
        for each, planned in found
    ]


def milestones(regions: Select[int], year: int) -> list[Item]:
    """Milestones past their last day, of each place."""
    return [
        Item(
            "milestones",
            f"{place.name} {number} 项事项任务没有报告完成",
            place.name,
            first,
            way("counties.detail", code=place.code, year=year),
        )
        for place, number, first in late_milestones(regions, year, today())[:SHOWN]
    ]


def returns(found: Sequence[ReturnOfYear], year: int) -> list[Item]:
    """What enclaves still owe of a year that is over, the most first."""
    owing = sorted((one for one in found if one.owes), key=lambda one: -one.owing.value)
    return [
        Item(
            "returns",
            f"{one.enclave.name}尚欠 {year} 年返利 {in_words(money(one.owing))}"
            + ("" if one.paid else "（台账中没有返利）"),
            one.enclave.host_region.name,
            last_day(year),
            way("enclaves.detail", enclave_id=one.enclave.id),
        )
        for one in owing[:SHOWN]
    ]


def tasks(found: Iterable[Progress], year: int) -> list[Item]:
    """Tasks that are far off, the farthest first."""
    behind = sorted((one for one in found if one.behind), key=lambda one: one.part)
    return [
        Item(
            "tasks",
            f"{one.region.name}{one.measure.label}完成 {percent(one.share)}",
            one.region.name,
            last_day(year),
            way("overview.tasks", year=year, measure=one.measure.name),
        )
        for one in behind[:SHOWN]
        if one.share is not None
    ]
