"""Measures of the projects in an enclave, and of those that came back from it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import in_wan
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.projects.models import Project, ProjectCategory
from tracker.year.measures.catalogue.counties import is_kind
from tracker.year.measures.catalogue.enclaves import enclave_measure, entries
from tracker.year.measures.catalogue.left_out import (
    TOLD,
    not_large,
    not_newly_signed,
    not_of_the_year,
)
from tracker.year.measures.catalogue.site_readings import (
    amount_of,
    count_or_filed,
    in_year,
    ranked,
    reports_of_enclaves,
    sum_or_filed,
)
from tracker.year.measures.declare import NotReportedError, Reading, Rows
from tracker.year.measures.readings import standing
from tracker.year.measures.reported import NOUGHT_IF_FILED

NO_PROJECTS = "没有登记飞地内的产业项目"
KNOWN = (
    "登记了飞地内产业项目而没有符合的为0；没有登记的，第四季度季报或年报已报送的为0，否则为未报。"
)
IN_SCOPE = "注明不属于山海协作的项目不计，尚未认定的计入。"
OWN_FIRST = f"飞地台账有记录的以飞地台账为准，没有的为飞地内各项目台账之和，以免重复。{IN_SCOPE}"


def linked(subject: InstrumentedAttribute) -> Select:
    """Projects that are not outside 山海协作, by the site that `subject` names."""
    return select(subject.label("subject_id"), Project.id.label("record_id"), *TOLD).where(
        subject.is_not(None), Project.in_scope.is_not(False)
    )


def of_projects(subject: InstrumentedAttribute, kind: EntryKind, year: int) -> Select:
    """The year's standing entries of `kind` of the projects linked by `subject`."""
    paid = standing(subject).join(Project, Project.id == LedgerEntry.project_id)
    return in_year(paid, year).where(LedgerEntry.kind == kind, Project.in_scope.is_not(False))


def _introduced(year: int, *conditions: Any, why: Callable[[Row], str]) -> Reading:
    return count_or_filed(
        "projects",
        linked(Project.enclave_id).where(Project.category == ProjectCategory.INDUSTRY),
        and_(*conditions),
        reports_of_enclaves(year),
        nothing=NO_PROJECTS,
        why=why,
    )


def _signed_and_kept(year: int) -> tuple:
    return (
        Project.signed_on.between(first_day(year), last_day(year)),
        or_(Project.terminated_on.is_(None), Project.terminated_on > last_day(year)),
    )


@enclave_measure(
    "introduced.projects",
    label="引进产业项目数",
    unit="个",
    definition=f"当年新签约落户飞地的产业项目数，当年签约又终止的不计。{IN_SCOPE}{KNOWN}",
    records="项目：飞地、类别、签约和终止日期；报送",
)
def introduced(year: int) -> Reading:
    return _introduced(year, *_signed_and_kept(year), why=lambda row: not_newly_signed(row, year))


@enclave_measure(
    "introduced.large",
    label="引进亿元以上项目数",
    unit="个",
    definition=f"当年新签约落户飞地的产业项目中，计划总投资10000万元及以上的个数。{IN_SCOPE}{KNOWN}",
    records="项目：飞地、类别、日期、总投资；报送",
)
def introduced_large(year: int) -> Reading:
    return _introduced(
        year,
        *_signed_and_kept(year),
        Project.is_large,
        why=lambda row: not_newly_signed(row, year) or not_large(row),
    )


@enclave_measure(
    "introduced.in_production",
    label="当年投产项目数",
    unit="个",
    definition=f"当年内正式投产的飞地产业项目数，不论何年签约。{IN_SCOPE}{KNOWN}",
    records="项目：飞地、类别、投产日期；报送",
)
def introduced_in_production(year: int) -> Reading:
    return _introduced(
        year,
        Project.in_production_on.between(first_day(year), last_day(year)),
        why=lambda row: not_of_the_year(row.in_production_on, "投产", year),
    )


@enclave_measure(
    "investment.completed",
    label="完成投资",
    unit="万元",
    definition="飞地项目当年完成投资，以统计入库为准；科创飞地另加基础设施投资（载体建设），"
    "其他飞地不含基础设施。完成投资不同于到位资金和计划总投资。"
    f"{OWN_FIRST}{NOUGHT_IF_FILED}",
    records="台账：完成投资、基础设施投资；报送",
)
def investment_completed(year: int) -> Reading:
    innovation = is_kind(EnclaveKind.INNOVATION, year)
    projects = (
        of_projects(Project.enclave_id, EntryKind.COMPLETED_INVESTMENT, year)
        .join(Enclave, Enclave.id == Project.enclave_id)
        .where(or_(Project.category != ProjectCategory.INFRASTRUCTURE, innovation))
    )
    carrier = (
        entries(EntryKind.INFRASTRUCTURE_INVESTMENT, year)
        .join(Enclave, Enclave.id == LedgerEntry.enclave_id)
        .where(innovation)
    )
    spent = ranked(
        {
            "ledger_entries": entries(EntryKind.COMPLETED_INVESTMENT, year),
            "ledger_entries#projects": projects,
            "filings": reports_of_enclaves(year),
        }
    )

    def value(rows: Rows) -> Decimal:
        if not any(rows.values()):
            raise NotReportedError(f"台账中没有{year}年的完成投资记录")
        money = ("ledger_entries", "ledger_entries#projects", "ledger_entries#carrier")
        return in_wan(amount_of(rows, money))

    return Reading({**spent, "ledger_entries#carrier": carrier}, value)


@enclave_measure(
    "infrastructure.completed",
    label="基础设施完成投资",
    unit="万元",
    definition="当年飞地范围内道路、管网、标准厂房等基础设施完成投资，以统计入库为准。"
    f"{NOUGHT_IF_FILED}",
    records="台账：基础设施投资；报送",
)
def infrastructure_completed(year: int) -> Reading:
    return sum_or_filed(
        {"ledger_entries": entries(EntryKind.INFRASTRUCTURE_INVESTMENT, year)},
        reports_of_enclaves(year),
        nothing=f"台账中没有{year}年的基础设施投资记录",
    )


@enclave_measure(
    "returned.projects",
    label="回流产业化项目数",
    unit="个",
    definition="在科创飞地孵化后，当年回飞出地签约落地产业化的项目数，当年签约又终止的不计。"
    f"{IN_SCOPE}登记了回流项目而没有符合的为0；没有登记的，第四季度季报或年报已报送的为0，否则为未报。",
    records="项目：孵化飞地、所在地、签约和终止日期；报送",
)
def returned_projects(year: int) -> Reading:
    at_home = (
        linked(Project.incubated_in_id)
        .join(Enclave, Enclave.id == Project.incubated_in_id)
        .where(Project.region_id == Enclave.origin_id)
    )
    return count_or_filed(
        "projects",
        at_home,
        and_(*_signed_and_kept(year)),
        reports_of_enclaves(year),
        nothing="没有登记从飞地回流的项目",
        why=lambda row: not_newly_signed(row, year),
    )


@enclave_measure(
    "returned.investment",
    label="回流项目完成投资",
    unit="万元",
    definition=f"历年回流飞出地的项目当年完成投资，以统计入库为准。{IN_SCOPE}{NOUGHT_IF_FILED}",
    records="台账：完成投资；项目：孵化飞地、所在地；报送",
)
def returned_investment(year: int) -> Reading:
    spent = of_projects(Project.incubated_in_id, EntryKind.COMPLETED_INVESTMENT, year).join(
        Enclave, Enclave.id == Project.incubated_in_id
    )
    return sum_or_filed(
        {"ledger_entries": spent.where(Project.region_id == Enclave.origin_id)},
        reports_of_enclaves(year),
        nothing=f"台账中没有{year}年回流项目的完成投资记录",
    )
