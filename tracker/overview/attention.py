"""What needs attention, as sentences with the rule that picked them and who is next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day_yet
from tracker.core.quantities.figure import WAN_YUAN, Figure
from tracker.core.quantities.printed import percent, trimmed
from tracker.core.quantities.shown import in_words, money
from tracker.overview.course import RULE, course_of_counties
from tracker.overview.progress import Progress
from tracker.overview.ranking.firsts import page_of_card
from tracker.records.annual.queries import late_milestones, number_of_milestones
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger import stalled
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.places.models import Region
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.records.quarters.noughts import without_investment
from tracker.records.submissions.models import Filing
from tracker.records.submissions.queries import overdue, past_due
from tracker.records.supervision import queries as supervision
from tracker.records.supervision.models import SupervisionOrder
from tracker.records.supervision.steps import days_late
from tracker.web.ways import way
from tracker.year.procedure.sight import SeenCard

SHOWN = 4


@dataclass(frozen=True)
class Sentence:
    """One thing: its name, the page of its record, what is wrong, and who does what next."""

    name: str
    href: str | None
    words: str
    next: str


@dataclass(frozen=True)
class Concern:
    """Things of one sort: the rule in words, the first of them, how many there are in all, and
    the list that has them. `unknown` says why nobody can tell whether there are any, or of how many
    more nobody can: that is never said as none."""

    key: str
    title: str
    rule: str
    sentences: Sequence[Sentence]
    total: int
    all_href: str | None
    unknown: str = ""

    @property
    def others(self) -> int:
        """How many are not shown."""
        return self.total - len(self.sentences)


def concerns_of(
    regions: Select[int],
    year: int,
    returns: Iterable[ReturnOfYear],
    cards: Iterable[SeenCard],
    found: Iterable[Progress],
) -> list[Concern]:
    """What may need attention in `regions` (ids), the most pressing sort first: each sort, also
    one of which there is nothing, or of which nobody can tell."""
    return [
        _orders(regions),
        _returns(list(returns), year),
        _filings(regions, year),
        _tasks(list(found), year),
        _milestones(regions, year),
        _not_started(regions, year),
        _without_progress(regions, year),
        _incomplete(list(cards), year),
    ]


def _concern(
    key: str,
    title: str,
    rule: str,
    things: Sequence,
    words: Callable[..., Sentence],
    all_href: str | None,
    total: int | None = None,
    unknown: str = "",
) -> Concern:
    shown = [words(thing) for thing in things[:SHOWN]]
    total = len(things) if total is None else total
    return Concern(key, title, rule, shown, total, all_href, unknown)


def _orders(regions: Select[int]) -> Concern:
    """Orders that nobody answered in time, whatever the year: they stay until they are answered."""
    wanted = and_(supervision.overdue(), SupervisionOrder.county_id.in_(regions))
    statement = select(SupervisionOrder).where(wanted).options(*supervision.WITH_PLACES)
    shown = _first(statement.order_by(SupervisionOrder.due_on, SupervisionOrder.id))
    asked = and_(supervision.is_open(), SupervisionOrder.county_id.in_(regions))

    def words(order: SupervisionOrder) -> Sentence:
        late = trimmed(days_late(order))
        return Sentence(
            order.name,
            way("supervision.detail", supervision_order_id=order.id),
            f"{order.issuer.name}督办{order.county.name}，应于 {order.due_on} 前答复，"
            f"已逾期 {late} 天。",
            f"{order.county.name}答复，{order.issuer.name}催办。",
        )

    number = _number(SupervisionOrder, asked)
    return _concern(
        "orders",
        "督办逾期",
        f"办理期限已过、承办单位没有答复的督办；未办结的共 {number} 件。",
        shown,
        words,
        way("supervision.index", light="red"),
        _number(SupervisionOrder, wanted),
    )


def _returns(returns: Sequence[ReturnOfYear], year: int) -> Concern:
    over = year < today().year
    agreed = [one for one in returns if one.agreed]
    untold = sum(1 for one in agreed if one.due is None)
    if not over:
        unknown = f"{year} 年度没有结束，应返还没有到期。"
    elif not agreed:
        unknown = "没有登记返利约定，不能判断。"
    else:
        unknown = f"{untold} 个飞地的应返算不出，不能判断。" if untold else ""
    owing = sorted((one for one in returns if one.owes and over), key=lambda one: -one.owing.value)

    def words(one: ReturnOfYear) -> Sentence:
        enclave = one.enclave
        paid = f"实返 {_words(one.paid.figure)}" if one.paid else "台账中没有返利"
        assert one.due is not None, "who owes nothing known is not named"
        return Sentence(
            enclave.name,
            way("enclaves.detail", enclave_id=enclave.id),
            f"应返 {_words(one.due)}，{paid}，尚欠 {_words(one.owing)}。",
            f"{enclave.host_region.name}兑付，{enclave.origin_region.name}登记到账。",
        )

    return _concern(
        "returns",
        "返利逾期",
        "年度已结束，台账中的返利少于按约定计算的应返金额。",
        owing,
        words,
        way("enclaves.index"),
        unknown=unknown,
    )


def _filings(regions: Select[int], year: int) -> Concern:
    place = func.coalesce(Filing.region_id, Enclave.origin_id)
    planned, due = db.session.execute(
        select(func.count(), func.sum(case((past_due(), 1), else_=0)))
        .select_from(Filing)
        .outerjoin(Enclave, Enclave.id == Filing.enclave_id)
        .where(Filing.year == year, place.in_(regions))
    ).one()
    unknown = "" if due else f"{year} 年度的报送都还没有到期。"
    if not planned:
        unknown = f"没有安排 {year} 年度的报送，不能判断。"
    rows = db.session.execute(
        select(Region, func.count(), func.min(Filing.due_on))
        .select_from(Filing)
        .outerjoin(Enclave, Enclave.id == Filing.enclave_id)
        .join(Region, Region.id == place)
        .where(Filing.year == year, overdue())
        .where(place.in_(regions))
        .group_by(Region.id)
        .order_by(func.min(Filing.due_on), Region.code)
    ).all()

    def words(row: Row) -> Sentence:
        county, number, first = row
        return Sentence(
            county.name,
            way("counties.detail", code=county.code),
            f"本县及其飞地有 {number} 件报表未报，最早的应于 {first} 前报送，"
            f"已逾期 {trimmed((today() - first).days)} 天。",
            f"{county.name}报送。",
        )

    return _concern(
        "filings",
        "报送逾期",
        "应报日期已过，平台没有收到的季报、计划和年报，按县合计。",
        rows,
        words,
        way("submissions.index", year=year, state="overdue"),
        unknown=unknown,
    )


def _tasks(found: Sequence[Progress], year: int) -> Concern:
    given = [one for one in found if one.asked is not None]
    silent = sum(1 for one in given if one.done is None)
    unknown = f"{silent} 项任务没有报完成数，不能判断。" if silent else ""
    if not given:
        unknown = "没有下达任务，不能判断。"
    behind = [
        sorted((one for one in tasks if one.behind), key=lambda one: one.part)
        for tasks in course_of_counties(found).of["behind"]
    ]

    def words(tasks: list[Progress]) -> Sentence:
        county = tasks[0].region
        said = "、".join(_done_of(one) for one in tasks)
        return Sentence(
            county.name,
            way("counties.detail", code=county.code),
            f"{len(tasks)} 项任务差距大，完成{said}。",
            f"{county.name}说明原因并报送后续安排。",
        )

    return _concern(
        "tasks",
        "任务差距大",
        RULE,
        behind,
        words,
        way("overview.tasks", year=year, _anchor="behind"),
        unknown=unknown,
    )


def _milestones(regions: Select[int], year: int) -> Concern:
    late = late_milestones(regions, year, today())
    given = number_of_milestones(regions, year)

    def words(row: tuple[Region, int, date]) -> Sentence:
        place, number, first = row
        return Sentence(
            place.name,
            way("counties.detail", code=place.code),
            f"{number} 项事项任务到期没有报告完成，最早的应于 {first} 前完成，"
            f"已过 {trimmed((today() - first).days)} 天。",
            f"{place.name}报告完成，或由下达单位调整。",
        )

    return _concern(
        "milestones",
        "事项任务逾期",
        "年度任务清单中没有指标的事项，期限已过而承担的市、县没有报告完成；有指标的见任务差距大。",
        late,
        words,
        way("task_parts.index", year=year, due="over"),
        unknown="" if given else f"{year} 年度没有下达事项任务，不能判断。",
    )


def _not_started(regions: Select[int], year: int) -> Concern:
    day = last_day_yet(year)
    waiting = and_(projects.touching(regions), stalled.not_started(year))

    def words(project: Project) -> Sentence:
        size = f"总投资 {_words(project.total_investment)}，" if project.total_investment else ""
        return Sentence(
            project.name,
            _page(project),
            f"{size}{project.signed_on} 签约，至 {day} 未开工。",
            f"{project.region.name}补报开工日期，或登记终止。",
        )

    return _concern(
        "not-started",
        "签约满一年未开工",
        f"截至 {day}，签约满 365 天、没有开工日期、也未终止的项目。",
        _first(_largest(waiting)),
        words,
        way("projects.index", year=year, stalled=stalled.NOT_STARTED),
        _number(Project, waiting),
        _undated(regions, Project.signed_on, "签约"),
    )


def _without_progress(regions: Select[int], year: int) -> Concern:
    day = last_day_yet(year)
    still = and_(projects.touching(regions), stalled.without_progress(year))
    shown = _first(_largest(still))
    known = without_investment([project.id for project in shown], year)

    def words(project: Project) -> Sentence:
        if project.id in known:
            return Sentence(
                project.name,
                _page(project),
                f"{project.started_on} 开工，{year} 年已结束的各季都报完成投资为 0。",
                f"{project.region.name}说明停工原因，已终止的登记终止。",
            )
        return Sentence(
            project.name,
            _page(project),
            f"{project.started_on} 开工，台账中没有 {year} 年的完成投资。",
            f"{project.region.name}补报完成投资，或说明停工原因。",
        )

    return _concern(
        "no-progress",
        "在建项目没有进度",
        f"截至 {day} 开工满 183 天、未竣工，当年没有完成投资的项目。",
        shown,
        words,
        way("projects.index", year=year, stalled=stalled.NO_PROGRESS),
        _number(Project, still),
        _undated(regions, Project.started_on, "开工"),
    )


def _undated(regions: Select[int], on: InstrumentedAttribute, what: str) -> str:
    """Why nothing can be told where no project has the day `on`."""
    dated = select(Project.id).where(projects.touching(regions), on.is_not(None))
    return (
        "" if db.session.scalar(select(dated.exists())) else f"没有登记{what}日期的项目，不能判断。"
    )


def _incomplete(cards: Sequence[SeenCard], year: int) -> Concern:
    waiting = (card for card in cards if not card.complete and not card.by_gaps)
    missing = sorted(waiting, key=lambda c: -c.unscorable)

    def words(card: SeenCard) -> Sentence:
        said = f"有 {card.lacking}" if card.lacking else "资料不全"
        return Sentence(
            card.subject_name,
            page_of_card(card),
            f"{year} 年度评分表{said}，暂不评定等次。",
            "补齐资料后由省级重新计分。",
        )

    return _concern(
        "incomplete",
        "评分资料不全",
        "最近一次计分中有指标不可计分的评分表。",
        missing,
        words,
        way("scorecards.index", year=year),
        unknown="" if cards else f"{year} 年度没有评分表，不能判断。",
    )


def _largest(condition: ColumnElement[bool]) -> Select[Project]:
    return (
        select(Project)
        .where(condition)
        .options(joinedload(Project.region))
        .order_by(Project.total_investment.desc().nulls_last(), Project.id)
    )


def _first(statement: Select) -> list:
    return list(db.session.scalars(statement.limit(SHOWN)))


def _number(model: type[Any], condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(condition)) or 0


def _page(project: Project) -> str | None:
    return way("projects.detail", project_id=project.id)


def _done_of(one: Progress) -> str:
    """A task with both its numbers: 培训就业人次 45人次 / 98人次（45.9%）."""
    assert one.done is not None
    assert one.asked is not None
    assert one.share is not None
    done, asked = (_of_measure(each) for each in (one.done, one.asked))
    return f"{one.measure.label} {done} / {asked}（{percent(one.share)}）"


def _of_measure(of: Figure) -> str:
    return _words(of) if of.unit == WAN_YUAN else f"{trimmed(of.value)} {of.unit}"


def _words(amount: Figure | Decimal) -> str:
    """Money within a sentence, without markup."""
    return in_words(money(amount))
