"""What there is to do, as short lists: each with what it is, who it is about and the next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import has_request_context, request
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.clock import day_of, today
from tracker.core.quantities.days import last_day
from tracker.core.quantities.shown import in_words, money
from tracker.overview.ranking.firsts import page_of_card
from tracker.records.accounts.models import User
from tracker.records.determinations.fact_rules import ruling_over
from tracker.records.enclaves.binding import BOUND, awaiting, enclave_of, state_words
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.sums import has_entry
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.pairings.models import Pairing
from tracker.records.projects import queries as projects
from tracker.records.projects.models import PartnerView, Project, ProjectStage
from tracker.records.projects.queries import at_stage
from tracker.records.quarters.noughts import projects_without
from tracker.records.submissions.models import IN_HAND, QUARTERS, Filing, FilingState
from tracker.records.submissions.queries import (
    WITH_PLACE,
    awaited,
    filed_by,
    given_back,
    never_filed,
)
from tracker.web.kit.kinds import kind_of
from tracker.web.ways import way
from tracker.year.procedure.sight import SeenCard

SHOWN = 8
ALL = "all"  # of the address: the key of the one list that is wanted whole
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """One thing to do: its name and page, how it stands, and the next step with its page."""

    name: str
    href: str | None
    state: str
    step: str = ""
    step_href: str | None = None


@dataclass(frozen=True)
class Todo:
    """Things to do of one sort: the first of them, or all where that is asked for, and how many
    there are. `empty` says what will appear here; `records_href` is the list of such records, among
    which these are. `unknown` says why nobody can tell whether there are any: that is never said as
    none."""

    key: str
    title: str
    rows: Sequence[Row]
    total: int
    empty: str
    records_href: str | None = None
    unknown: str = ""

    @property
    def others(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)

    @property
    def all_href(self) -> str | None:
        """Where exactly these stand, all of them."""
        return way("pages.home", **{ALL: self.key})


def most(key: str) -> int | None:
    """How many of the list `key` are shown: the first, or all where the address asks for it."""
    whole = has_request_context() and request.args.get(ALL) == key
    return None if whole else SHOWN


def filings_due(regions: Select[int], *, by_county: bool = False, told: Sequence[int] = ()) -> Todo:
    """What is to be filed within 30 days, and what is late, of the counties and their enclaves.
    What came back to whoever files it is told by itself, with the reason (`filing_lists`), as are
    the filings of `told` (ids)."""
    own = filed_by(regions)
    begun = or_(~never_filed(), Filing.state == FilingState.APPROVED)
    wanted = [awaited(), or_(Filing.due_on <= today() + SOON, begun), own]
    if not by_county:
        wanted += [~given_back(), Filing.id.not_in(told)]

    def row(filing: Filing) -> Row:
        late = filing.days_late
        if filing.filed_at is not None:
            how = f"迟报 {late} 天" if late > 0 else "按时"
            state = f"第一次于 {day_of(filing.filed_at)} 报送（{how}）"
        else:
            left = f"已逾期 {late:,} 天" if late > 0 else f"还有 {-late} 天"
            state = f"应于 {filing.due_on} 前报送，{left}"
        if filing.state is not FilingState.NOT_STARTED:
            state = f"{filing.state.label}，{state}"
        of: Any = filing.region or filing.enclave
        name, place = of.name, filing.place
        page = (
            way("counties.detail", code=place.code)
            if filing.region
            else way("enclaves.detail", enclave_id=filing.enclave_id)
        )
        step = f"待{place.name}报送" if by_county else "去报送"
        where = way("submissions.detail", filing_id=filing.id)
        if not by_county and filing.kind in QUARTERS and filing.state in IN_HAND and place.code:
            quarter = QUARTERS.index(filing.kind) + 1
            step = "去填报"
            where = way("quarters.page", code=place.code, year=filing.year, quarter=quarter)
        return Row(f"{name} {filing.year} 年{filing.kind.label}", page, state, step, where)

    statement = (
        select(Filing).where(*wanted).options(*WITH_PLACE).order_by(Filing.due_on, Filing.id)
    )
    return todo_of(
        "filings",
        "其他待报送和逾期的报表" if told else "待报送和逾期的报表",
        statement,
        wanted,
        row,
        f"30 天内应报和已逾期的报表会列在这里。目前没有{'其他的' if told else ''}。",
        way("submissions.index"),
        unless(
            "没有安排过报送任务，不能判断有没有待报或逾期的。",
            Filing,
            own,
            Filing.year >= today().year - 1,
        ),
    )


def drafts(regions: Select[int]) -> Todo:
    """Entries of the ledger that nobody has submitted yet: they count nowhere."""
    waiting = (ledger.touching(regions), LedgerEntry.submitted_at.is_(None))

    def row(entry: LedgerEntry) -> Row:
        return Row(
            f"{_subject(entry)} {entry.kind.label} {in_words(money(entry.figure))}",
            _page_of(entry),
            f"{entry.occurred_on}，草稿，不计入合计",
            "去提交",
            way("ledger.index", year=entry.occurred_on.year, kind=entry.kind.value),
        )

    statement = (
        select(LedgerEntry)
        .where(*waiting)
        .options(
            joinedload(LedgerEntry.project),
            joinedload(LedgerEntry.enclave),
            joinedload(LedgerEntry.park),
            joinedload(LedgerEntry.demonstration_village),
            joinedload(LedgerEntry.pairing).joinedload(Pairing.supporter),
            joinedload(LedgerEntry.pairing).joinedload(Pairing.recipient),
        )
        .order_by(LedgerEntry.occurred_on, LedgerEntry.id)
    )
    return todo_of(
        "drafts",
        "台账草稿",
        statement,
        waiting,
        row,
        "保存而未提交的台账会列在这里。目前没有草稿。",
    )


def without_money(regions: Select[int], year: int) -> Todo:
    """Running projects of the counties of whose completed investment in the year nobody has said
    anything: what was stated to be nought is known."""
    invested = has_entry(LedgerEntry.project_id, Project.id, EntryKind.COMPLETED_INVESTMENT, year)
    running = or_(at_stage(ProjectStage.SIGNED), at_stage(ProjectStage.STARTED))
    return _projects(
        "without-money",
        f"{year} 年度没有报完成投资的已签约和在建项目",
        (
            Project.region_id.in_(regions),
            running,
            func.coalesce(Project.signed_on, Project.started_on) <= last_day(year),
            ~invested,
            ~projects_without(EntryKind.COMPLETED_INVESTMENT, year),
        ),
        "登记资金",
        lambda project: way("ledger.new_of_project", project_id=project.id),
        "签约或开工、当年没有报完成投资（各季报过 0 的除外）的项目会列在这里。目前没有。",
        Project.region_id.in_(regions),
    )


def without_total(regions: Select[int]) -> Todo:
    """Projects of the counties whose planned investment nobody has entered."""
    return _projects(
        "without-total",
        "未填总投资的项目",
        (Project.region_id.in_(regions), Project.total_investment.is_(None)),
        "补填",
        lambda project: way("projects.edit", project_id=project.id),
        "未填总投资的项目会列在这里。目前所有项目都填了。",
        Project.region_id.in_(regions),
    )


def awaiting_partner(regions: Select[int]) -> Todo:
    """Projects that name one of `regions` as partner, on which it has not said anything."""
    return _projects(
        "partner",
        "待我方确认的协作项目",
        (
            Project.partner_id.in_(regions),
            Project.partner_view == PartnerView.PENDING,
            Project.terminated_on.is_(None),
        ),
        "去确认",
        lambda project: way("projects.detail", project_id=project.id),
        "对方登记、以本地为协作方的项目会列在这里。目前没有待确认的。",
    )


def unconfirmed(hosts: Select[int] | None) -> Todo:
    """Promises of contracts that wait for the answer of one of `hosts`; of the province where that
    is None."""
    rows: list[Row] = []
    total = 0
    bound: tuple[type[Any], ...] = BOUND
    for model in bound:
        waiting = awaiting(model, hosts)
        total += db.session.scalar(select(func.count()).select_from(model).where(*waiting)) or 0
        room = most("promises")
        left = None if room is None else room - len(rows)
        for record in db.session.scalars(select(model).where(*waiting).limit(left)):
            kind, enclave = kind_of(record), enclave_of(record)
            assert kind is not None
            answer = way(f"promises.answer_{kind.key}", **{kind.argument: record.id})
            said = f"{enclave.origin_region.name}登记的{kind.label}，{state_words(record)}"
            rows.append(
                Row(
                    enclave.name,
                    way("enclaves.detail", enclave_id=enclave.id),
                    said,
                    "核对并答复",
                    answer,
                )
            )
    return Todo(
        "promises",
        "待确认的约定",
        rows,
        total,
        "须由本单位对照合同确认的返利、税收分成、空间约定会列在这里。目前没有待答复的。",
    )


def disputed(regions: Select[int]) -> Todo:
    """Projects on which the two sides do not agree."""
    return _projects(
        "disputed",
        "双方有异议、待裁定的项目",
        (Project.region_id.in_(regions), Project.partner_view == PartnerView.DISPUTED),
        "查看",
        lambda project: way("projects.detail", project_id=project.id),
        "协作双方说法不一的项目会列在这里。目前没有。",
        projects.touching(regions),
    )


def owing(returns: Sequence[ReturnOfYear], region_id: int | None, year: int) -> Todo:
    """The county's own enclaves of which less was paid in the year than is due."""
    short = [one for one in returns if one.owes and one.enclave.origin_id == region_id]
    over = year < today().year  # until then it is no debt

    def row(one: ReturnOfYear) -> Row:
        paid = in_words(money(one.paid.figure)) if one.paid else "未报"
        return Row(
            one.enclave.name,
            way("enclaves.detail", enclave_id=one.enclave.id),
            f"{'' if over else '全年'}应返 {in_words(money(one.due))}，实返 {paid}",
            "登记资金",
            way("ledger.new_of_enclave", enclave_id=one.enclave.id),
        )

    return Todo(
        "arrears",
        f"{year} 年度返利{'未足额' if over else '尚未返足'}的飞地",
        [row(one) for one in short[: most("arrears")]],
        len(short),
        "按约定应返而台账中不足的飞地会列在这里。目前没有。",
        way("enclaves.index"),
        ""
        if any(one.due is not None for one in returns if one.enclave.origin_id == region_id)
        else "没有能算出应返的飞地，不能判断有没有未足额的。",
    )


def unfinished_facts(regions: Select[int]) -> Todo:
    """Enclaves of the counties that lack what the rulebooks ask first: kind, start, capital."""
    lacking = (
        Enclave.origin_id.in_(regions),
        Enclave.closed_on.is_(None),
        or_(Enclave.kind.is_(None), Enclave.signed_on.is_(None), Enclave.total_capital.is_(None)),
    )
    names = (("kind", "类型"), ("signed_on", "签约日期"), ("total_capital", "总出资"))

    def row(enclave: Enclave) -> Row:
        missing = "、".join(label for name, label in names if getattr(enclave, name) is None)
        return Row(
            enclave.name,
            way("enclaves.detail", enclave_id=enclave.id),
            f"缺{missing}",
            "补填",
            way("enclaves.edit", enclave_id=enclave.id)
            or way("enclaves.detail", enclave_id=enclave.id),
        )

    statement = select(Enclave).where(*lacking).order_by(Enclave.code)
    return todo_of(
        "unfinished",
        "缺考核所需内容的飞地",
        statement,
        lacking,
        row,
        "缺类型、签约日期或总出资的飞地会列在这里。目前没有。",
        way("enclaves.index"),
        unless("没有登记飞地。", Enclave, Enclave.origin_id.in_(regions)),
    )


def incomplete_cards(cards: Sequence[SeenCard], year: int) -> Todo:
    """Cards with lines that cannot be scored."""
    waiting = (card for card in cards if not card.complete and not card.by_gaps)
    missing = sorted(waiting, key=lambda c: -c.unscorable)

    def row(card: SeenCard) -> Row:
        page = page_of_card(card)
        said = card.lacking or "资料不全"
        return Row(card.subject_name, page, said, "看缺什么", page)

    return Todo(
        "incomplete",
        f"{year} 年度资料不全的评分表",
        [row(card) for card in missing[: most("incomplete")]],
        len(missing),
        "计分后，有指标不可计分的评分表会列在这里。目前没有。",
        way("scorecards.index", year=year),
        "" if cards else f"{year} 年度没有评分表，不能判断资料是否齐全。",
    )


def undetermined_cards(cards: Sequence[SeenCard], year: int, user: User) -> Todo:
    """Cards with facts on which nobody ruled, or that changed since."""
    waiting = sorted((card for card in cards if card.undetermined), key=lambda c: -c.undetermined)
    rulings = way("determinations.index", year=year)
    step = "看核定" if ruling_over(user, year) else "去核定"

    def row(card: SeenCard) -> Row:
        said = f"{card.undetermined} 个指标值各级都未核定，或核定后记录有变"
        facts = way(
            "determinations.subject",
            year=year,
            sheet=card.sheet,
            subject_code=card.subject_code,
        )
        return Row(card.subject_name, page_of_card(card), said, step, facts)

    return Todo(
        "undetermined",
        f"{year} 年度待核定的评分表",
        [row(card) for card in waiting[: most("undetermined")]],
        len(waiting),
        "计分后，有指标值各级都未核定、或核定后记录有变的评分表会列在这里。目前没有。",
        rulings,
        "" if cards else f"{year} 年度没有评分表，不能判断有没有待核定的。",
    )


def _projects(
    key: str,
    title: str,
    conditions: tuple[ColumnElement[bool], ...],
    step: str,
    step_href: Callable[[Project], str | None],
    empty: str,
    of: ColumnElement[bool] | None = None,
) -> Todo:
    def row(project: Project) -> Row:
        return Row(
            project.name,
            way("projects.detail", project_id=project.id),
            f"{project.region.name}，{project.stage.label}",
            step,
            step_href(project),
        )

    statement = (
        select(Project)
        .where(*conditions)
        .options(joinedload(Project.region))
        .order_by(Project.total_investment.desc().nulls_last(), Project.name, Project.id)
    )
    unknown = "" if of is None else unless("没有登记项目。", Project, of)
    return todo_of(key, title, statement, conditions, row, empty, way("projects.index"), unknown)


def unless(words: str, model: type[Any], *conditions: ColumnElement[bool]) -> str:
    """`words` where there is no record that the question could be about."""
    return "" if db.session.scalar(select(select(model.id).where(*conditions).exists())) else words


def todo_of(
    key: str,
    title: str,
    statement: Select,
    conditions: Sequence[ColumnElement[bool]],
    row: Callable[..., Row],
    empty: str,
    records_href: str | None = None,
    unknown: str = "",
) -> Todo:
    return todo_of_rows(
        key,
        title,
        statement,
        conditions,
        lambda found: [row(one) for one in found],
        empty,
        records_href,
        unknown,
    )


def todo_of_rows(
    key: str,
    title: str,
    statement: Select,
    conditions: Sequence[ColumnElement[bool]],
    rows: Callable[[Sequence[Any]], list[Row]],
    empty: str,
    records_href: str | None = None,
    unknown: str = "",
) -> Todo:
    """As `todo_of`, where the rows of all that is shown are made at once."""
    found = db.session.scalars(statement.limit(most(key))).all()
    model = statement.column_descriptions[0]["entity"]
    total = db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
    return Todo(key, title, rows(found), total, empty, records_href, unknown)


def _subject(entry: LedgerEntry) -> str:
    subject = entry.subject
    if isinstance(subject, Pairing):
        return f"{subject.supporter.name}支援{subject.recipient.name}"
    return subject.name


def _page_of(entry: LedgerEntry) -> str | None:
    if entry.project_id:
        return way("projects.detail", project_id=entry.project_id)
    if entry.enclave_id:
        return way("enclaves.detail", enclave_id=entry.enclave_id)
    if entry.pairing_id:
        return way("pages.pair", pairing_id=entry.pairing_id)
    return None
