"""Measures of a county that receives: its projects, its place on the list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from tracker.core.quantities.days import first_day, last_day
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.places.models import CountyListing
from tracker.records.projects.models import Project, ProjectCategory
from tracker.year.measures.catalogue.left_out import TOLD, built_before, not_large, terminated
from tracker.year.measures.declare import Made, Reading, Rows, SubjectKind, measure
from tracker.year.measures.made import only, shares
from tracker.year.measures.readings import number_where, standing
from tracker.year.measures.reported import NOUGHT_IF_FILED, amounts, nought_if_filed, number_that

county_measure = partial(measure, subject=SubjectKind.COUNTY)

CONTINUED_YEARS = 3
NO_PROJECTS = "没有登记山海协作产业合作项目"


def _projects(year: int) -> Select:
    """The county's industrial cooperation projects in scope; `counted` marks those of the year.

    Rule R15 (Ningbo's reporting, 浙江日报 2019-07-24): signed in the year, or signed within the
    three years before it and still being built when it began.
    """
    first, last = first_day(year), last_day(year)
    still_going = and_(
        or_(Project.completed_on.is_(None), Project.completed_on >= first),
        or_(Project.in_production_on.is_(None), Project.in_production_on >= first),
    )
    counted = and_(
        Project.signed_on.is_not(None),
        Project.signed_on <= last,
        Project.signed_on >= first_day(year - CONTINUED_YEARS),
        or_(Project.signed_on >= first, still_going),
        or_(Project.terminated_on.is_(None), Project.terminated_on > last),
    )
    begun = or_(
        Project.started_on <= last, Project.completed_on <= last, Project.in_production_on <= last
    )
    return select(
        Project.region_id.label("subject_id"),
        Project.id.label("record_id"),
        counted.label("counted"),
        and_(counted, Project.is_large).label("large"),
        and_(counted, begun).label("started"),
        and_(counted, Project.in_production_on <= last).label("in_production"),
        *TOLD,
    ).where(Project.category == ProjectCategory.INDUSTRY, Project.in_scope.is_(True))


LACKS: dict[str, Callable[[Row], str]] = {
    "large": not_large,
    "started": lambda row: "年末前没有开工",
    "in_production": lambda row: "年末前没有投产",
}


def why_not(mark: str, year: int) -> Callable[[Row], str]:
    """Why a project of `_projects` is not one of those that `mark` tells."""

    def why(row: Row) -> str:
        if row.counted:
            return LACKS[mark](row)
        if row.signed_on is None:
            return "没有签约日期"
        if row.signed_on > last_day(year):
            return f"{row.signed_on}签约，晚于年末"
        if ended := terminated(row, year):
            return ended
        if row.signed_on < first_day(year - CONTINUED_YEARS):
            return f"{row.signed_on}签约，早于此前三年"
        return built_before(row, first_day(year))

    return why


def _projects_that_are(mark: str, year: int) -> Reading:
    return nought_if_filed(
        year,
        {"projects": _projects(year)},
        number_that("projects", mark, why_not(mark, year)),
        nothing=NO_PROJECTS,
    )


KNOWN_PROJECTS = (
    "登记了这样的合作项目而没有符合的为0；没有登记的，已报送第四季度季报或年报的为0，否则为未报。"
)
COUNTED = (
    "认定为山海协作项目的产业合作项目（尚未认定的不计），当年签约，或此前三年内签约且当年初仍在续建；"
    "年末前终止的不计。"
)


@county_measure(
    "projects.counted",
    label="产业合作项目数",
    unit="个",
    definition=COUNTED + KNOWN_PROJECTS,
    records="项目：类别、签约、竣工、投产、终止日期；报送",
)
def projects_counted(year: int) -> Reading:
    return _projects_that_are("counted", year)


@county_measure(
    "projects.large",
    label="亿元以上产业合作项目数",
    unit="个",
    definition=f"{COUNTED}其中计划总投资10000万元及以上的。{KNOWN_PROJECTS}",
    records="项目：类别、日期、总投资；报送",
)
def projects_large(year: int) -> Reading:
    return _projects_that_are("large", year)


@county_measure(
    "projects.started",
    label="已开工项目数",
    unit="个",
    definition=f"{COUNTED}其中年末前已开工（或已竣工、投产）的。{KNOWN_PROJECTS}",
    records="项目：类别、日期；报送",
)
def projects_started(year: int) -> Reading:
    return _projects_that_are("started", year)


@county_measure(
    "projects.in_production",
    label="已投产项目数",
    unit="个",
    definition=f"{COUNTED}其中年末前已投产的。{KNOWN_PROJECTS}",
    records="项目：类别、日期；报送",
)
def projects_in_production(year: int) -> Reading:
    return _projects_that_are("in_production", year)


@county_measure(
    "projects.funds_in_place",
    label="项目到位资金",
    unit="万元",
    definition="认定为山海协作项目的产业合作项目（尚未认定的不计）当年台账中到位资金的合计，已冲销的不计。"
    + NOUGHT_IF_FILED,
    records="台账：到位资金；报送",
)
def funds_in_place(year: int) -> Reading:
    paid = (
        standing(Project.region_id)
        .join(Project, Project.id == LedgerEntry.project_id)
        .where(
            LedgerEntry.kind == EntryKind.FUNDS_IN_PLACE,
            LedgerEntry.occurred_on.between(first_day(year), last_day(year)),
            Project.category == ProjectCategory.INDUSTRY,
            Project.in_scope.is_(True),
        )
    )
    return nought_if_filed(
        year, {"ledger_entries": paid}, amounts, nothing=f"台账中没有{year}年的到位资金记录"
    )


@county_measure(
    "listing.left",
    label="是否年内调出",
    unit="是否",
    definition="当年内调出山区海岛县名单、12月31日不在名单上的为1，否则为0；年内由一类转入另一类的为0。",
    records="山区海岛县名单",
)
def left_in_year(year: int) -> Reading:
    def value(rows: Rows) -> Made:
        table = "county_listings"
        left = [row for row in rows[table] if row.left_on and row.left_on <= last_day(year)]
        if left and len(left) == len(rows[table]):
            return only(1, table, left[0], *((table, row) for row in left[1:]), why="当年没有调出")
        return Made(0, shares(table, rows[table]))

    listings = select(
        CountyListing.region_id.label("subject_id"),
        CountyListing.id.label("record_id"),
        CountyListing.left_on,
    ).where(
        or_(CountyListing.joined_on.is_(None), CountyListing.joined_on <= last_day(year)),
        or_(CountyListing.left_on.is_(None), CountyListing.left_on >= first_day(year)),
    )
    return Reading({"county_listings": listings}, value)


def is_kind(kind: EnclaveKind, year: int) -> ColumnElement[bool]:
    """Whether an enclave is of `kind` on 31 December of `year`: it may have become a 发展飞地."""
    became = and_(
        Enclave.development_since.is_not(None), Enclave.development_since <= last_day(year)
    )
    if kind is EnclaveKind.DEVELOPMENT:
        return became
    return and_(Enclave.kind == kind, ~became)


def _enclaves_of(kind: EnclaveKind, year: int) -> Reading:
    enclaves = select(
        Enclave.origin_id.label("subject_id"),
        Enclave.id.label("record_id"),
        is_kind(kind, year).label("counted"),
    ).where(
        or_(Enclave.signed_on.is_(None), Enclave.signed_on <= last_day(year)),
        or_(Enclave.closed_on.is_(None), Enclave.closed_on >= first_day(year)),
    )
    return number_where(
        "enclaves",
        enclaves,
        lambda row: bool(row.counted),
        nothing="没有登记任何飞地",
        why=lambda row: f"年末不是{kind.label}",
    )


def _declare_enclave_count(kind: EnclaveKind) -> None:
    county_measure(
        f"enclaves.{kind.value}",
        label=f"{kind.label}数",
        unit="个",
        definition=f"该县为飞出地、当年存续的{kind.label}数；登记了其他飞地而没有{kind.label}的为0，"
        "没有登记任何飞地的为未报。",
        records="飞地",
    )(lambda year: _enclaves_of(kind, year))


for _kind in EnclaveKind:
    _declare_enclave_count(_kind)
