"""Measures of the projects in a park: whose money, how far they are."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, or_

from tracker.core.quantities.days import last_day
from tracker.records.ledger.models import EntryKind
from tracker.records.projects.models import Project, ProjectCategory, SourceSide
from tracker.year.measures.catalogue.enclave_projects import IN_SCOPE, linked, of_projects
from tracker.year.measures.catalogue.left_out import not_of_the_supporter, terminated
from tracker.year.measures.catalogue.parks import ROUNDED, park_measure
from tracker.year.measures.catalogue.site_readings import (
    amount_of,
    count_or_filed,
    quotient,
    ranked,
    reports_for_parks,
)
from tracker.year.measures.declare import Made, NotReportedError, Reading, Rows
from tracker.year.measures.made import shares
from tracker.year.measures.readings import sum_of

NO_PROJECTS = "没有登记园区内的项目"


def _standing_on(year: int) -> ColumnElement[bool]:
    return or_(Project.terminated_on.is_(None), Project.terminated_on > last_day(year))


def _begun_by(year: int) -> ColumnElement[bool]:
    last = last_day(year)
    return or_(
        Project.started_on <= last, Project.completed_on <= last, Project.in_production_on <= last
    )


def _built_by(year: int) -> ColumnElement[bool]:
    return or_(Project.completed_on <= last_day(year), Project.in_production_on <= last_day(year))


@park_measure(
    "park.leading_funds_share",
    label="主导产业到位资金占比",
    unit="比例",
    definition="主导产业项目当年到位资金÷园区全部产业合作项目当年到位资金，以小数计（87.5%为0.875），"
    f"{ROUNDED}{IN_SCOPE}未注明是否属主导产业的项目不计入分子；都没有注明，或者当年没有到位资金的为未报。",
    records="台账：项目到位资金；项目：产业园、主导产业",
)
def leading_funds_share(year: int) -> Reading:
    funds = (
        of_projects(Project.park_id, EntryKind.FUNDS_IN_PLACE, year)
        .where(Project.category == ProjectCategory.INDUSTRY)
        .add_columns(Project.is_leading_industry.label("leading"))
    )

    def value(rows: Rows) -> Decimal:
        paid = rows["ledger_entries"]
        if not paid:
            raise NotReportedError(f"台账中没有{year}年园区产业项目的到位资金记录")
        if all(row.leading is None for row in paid):
            raise NotReportedError("项目未注明是否属主导产业")
        leading = sum((row.amount for row in paid if row.leading), Decimal(0))
        return quotient(leading, amount_of(rows, ("ledger_entries",)))

    return Reading({"ledger_entries": funds}, value)


@park_measure(
    "park.partner_funds",
    label="结对方来源项目到位资金",
    unit="万元",
    definition="来自结对方的企业在园区投资的项目当年到位资金，以银行回单为准。"
    f"{IN_SCOPE}园区项目当年有到位资金而没有来自结对方的为0；都没有的，"
    "所在县已报送当年第四季度季报或年报的为0，否则为未报。",
    records="台账：项目到位资金；项目：产业园、投资方来源；报送",
)
def partner_funds(year: int) -> Reading:
    funds = of_projects(Project.park_id, EntryKind.FUNDS_IN_PLACE, year)

    def value(rows: Rows) -> Made:
        if not any(rows.values()):
            raise NotReportedError(f"台账中没有{year}年园区项目的到位资金记录")
        theirs = [row for row in rows["ledger_entries"] if row.side is SourceSide.SUPPORTER]
        made = shares("ledger_entries", theirs) + shares("filings", rows["filings"])
        return Made(sum_of(theirs), made, why=lambda _, row: not_of_the_supporter(row))

    funds = funds.add_columns(Project.source_side.label("side"))
    return Reading(ranked({"ledger_entries": funds, "filings": reports_for_parks(year)}), value)


@park_measure(
    "park.partner_projects",
    label="结对方来源项目数",
    unit="个",
    definition="年末在建和运营的、由来自结对方的企业投资的园区项目数，年末前终止的不计。"
    f"{IN_SCOPE}登记了园区项目而没有符合的为0；没有登记的，所在县已报送当年第四季度季报或年报的为0，否则为未报。",
    records="项目：产业园、投资方来源、日期；报送",
)
def partner_projects(year: int) -> Reading:
    return count_or_filed(
        "projects",
        linked(Project.park_id),
        and_(Project.source_side == SourceSide.SUPPORTER, _begun_by(year), _standing_on(year)),
        reports_for_parks(year),
        nothing=NO_PROJECTS,
        why=lambda row: not_of_the_supporter(row) or terminated(row, year) or "年末前没有开工",
    )


def _share_of_projects(
    year: int, part: ColumnElement[bool], whole: ColumnElement[bool], *, nothing: str
) -> Reading:
    """Projects that satisfy `part` ÷ those that satisfy `whole`; every part is of the whole."""
    projects = linked(Project.park_id).where(_standing_on(year), whole)
    projects = projects.add_columns(part.label("counted"))

    def value(rows: Rows) -> Made:
        if not rows["projects"]:
            raise NotReportedError(nothing)
        counted = sum(1 for row in rows["projects"] if row.counted)
        # All of them are the denominator; those of the numerator stand first.
        made = shares("projects", rows["projects"], lambda row: 1 + bool(row.counted))
        return Made(quotient(counted, len(rows["projects"])), made)

    return Reading({"projects": projects}, value)


@park_measure(
    "park.start_rate",
    label="项目开工率",
    unit="比例",
    definition="截至12月31日已开工（含已竣工、投产）项目数÷园区计划项目数，以小数计（76%为0.76），"
    f"{ROUNDED}计划项目为年末前已登记任一进度日期或者尚无日期的项目，年末前终止的不计；"
    f"没有登记项目的为未报。{IN_SCOPE}",
    records="项目：产业园、日期",
)
def start_rate(year: int) -> Reading:
    first_seen = func.coalesce(
        Project.planned_on,
        Project.negotiated_on,
        Project.signed_on,
        Project.started_on,
        Project.completed_on,
        Project.in_production_on,
    )
    planned = or_(first_seen.is_(None), first_seen <= last_day(year))
    return _share_of_projects(year, _begun_by(year), planned, nothing=NO_PROJECTS)


@park_measure(
    "park.completion_rate",
    label="项目建成率",
    unit="比例",
    definition="截至12月31日已建成（竣工或投产）项目数÷已开工项目数，以小数计（42%为0.42），"
    f"{ROUNDED}年末前终止的不计；没有已开工项目的为未报。{IN_SCOPE}",
    records="项目：产业园、日期",
)
def completion_rate(year: int) -> Reading:
    return _share_of_projects(
        year, _built_by(year), _begun_by(year), nothing="园区没有已开工的项目"
    )
