"""Measures of both sides: findings, samplings, and practices that a higher level took up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import Select, case, func, or_, select

from tracker.core.db.searchable import key_of
from tracker.core.quantities.days import first_day, last_day
from tracker.records.enclaves.models import Direction, Enclave
from tracker.records.findings.models import Adoption, Finding, FindingKind, Level
from tracker.records.parks.models import Park, ParkKind
from tracker.year.measures.catalogue.counties import county_measure
from tracker.year.measures.catalogue.site_readings import quotient
from tracker.year.measures.declare import Made, Reading, Rows
from tracker.year.measures.made import distinct
from tracker.year.measures.reported import NOUGHT_IF_KNOWN, nought_if_known, number

COUNTED_IN = "在飞地发生的计入受援县；认定后又撤销的不计。"
# Sheets of their own already take these off (rule R9: never twice).
PARKS_WITH_A_SHEET = (ParkKind.INDUSTRIAL, ParkKind.TOURISM)
NATIONAL = "国家级推广，不是省级推广"
LISTS_SAMPLED = ("", "training.placed", "support.training")


def _findings(kind: FindingKind, year: int, level: Level | None) -> Select:
    """Standing findings of the county, of the mountain county's enclaves and of its parks."""
    recipient = case(
        (Enclave.direction == Direction.INBOUND, Enclave.host_id), else_=Enclave.origin_id
    )
    subject = func.coalesce(Finding.region_id, recipient, Park.recipient_id)
    statement = (
        select(subject.label("subject_id"), Finding.id.label("record_id"))
        .select_from(Finding)
        .outerjoin(Enclave, Enclave.id == Finding.enclave_id)
        .outerjoin(Park, Park.id == Finding.park_id)
        .where(
            Finding.kind == kind,
            Finding.withdrawn_on.is_(None),
            Finding.found_on.between(first_day(year), last_day(year)),
        )
    )
    if level is not None:
        statement = statement.where(Finding.level == level)
    if kind is not FindingKind.FALSE_DATA:
        scored_there = Park.kind.in_(PARKS_WITH_A_SHEET)
        statement = statement.where(or_(Park.id.is_(None), ~scored_there))
    return statement


# Name, label, unit, definition, kind, level.
_FINDINGS = (
    (
        "findings.false_data",
        "弄虚作假数据项数",
        "项",
        "该县上报（含飞地、产业园数据）中，当年经核定为弄虚作假的数据项数，以认定日期为准；"
        "飞地、产业园的计入受援县；认定后又撤销的不计。",
        FindingKind.FALSE_DATA,
        None,
    ),
    (
        "findings.inspection_central",
        "中央督察通报问题数",
        "项",
        "当年山海协作事项被中央生态环境保护督察通报的问题数；产业园评分表已扣分的不计。"
        + COUNTED_IN,
        FindingKind.INSPECTION,
        Level.CENTRAL,
    ),
    (
        "findings.inspection_provincial",
        "省级督察通报问题数",
        "项",
        "当年山海协作事项被省级生态环境保护督察通报的问题数；产业园评分表已扣分的不计。"
        + COUNTED_IN,
        FindingKind.INSPECTION,
        Level.PROVINCE,
    ),
    (
        "findings.case_central",
        "国家级反面典型案例数",
        "件",
        "当年山海协作事项被国家点名列为反面典型案例的件数；产业园评分表已扣分的不计。" + COUNTED_IN,
        FindingKind.BAD_CASE,
        Level.CENTRAL,
    ),
    (
        "findings.case_provincial",
        "省级反面典型案例数",
        "件",
        "当年山海协作事项被省点名列为反面典型案例的件数；产业园评分表已扣分的不计。" + COUNTED_IN,
        FindingKind.BAD_CASE,
        Level.PROVINCE,
    ),
    (
        "findings.accidents",
        "较大以上生产安全事故数",
        "起",
        "当年山海协作项目和飞地发生的较大以上生产安全事故数，以认定日期为准；"
        "产业园评分表已扣分的不计。" + COUNTED_IN,
        FindingKind.ACCIDENT,
        None,
    ),
)


def _declare_finding(
    name: str, label: str, unit: str, definition: str, kind: FindingKind, level: Level | None
) -> None:
    county_measure(
        name,
        label=label,
        unit=unit,
        definition=definition + NOUGHT_IF_KNOWN,
        records="问题与抽查",
    )(
        lambda year: nought_if_known(
            year, {"findings": _findings(kind, year, level)}, number("findings")
        )
    )


for _row in _FINDINGS:
    _declare_finding(*_row)


@county_measure(
    "sample.pass_rate",
    label="抽查合格率",
    unit="比例",
    definition="当年对该县培训就业名单类数据抽查的合格率（属实的份数÷抽查的份数），以小数表示；"
    "没有注明所抽查的指标的也计；抽查几次的取平均，四舍五入到八位；抽查结果撤销的不计，当年没有抽查的为1。",
    records="问题与抽查：抽查合格率",
)
def pass_rate(year: int) -> Reading:
    samplings = select(
        Finding.region_id.label("subject_id"),
        Finding.id.label("record_id"),
        Finding.pass_rate.label("pass_rate"),
    ).where(
        Finding.region_id.is_not(None),
        Finding.kind == FindingKind.SAMPLING,
        Finding.measure.in_(LISTS_SAMPLED),
        Finding.withdrawn_on.is_(None),
        Finding.found_on.between(first_day(year), last_day(year)),
    )

    def value(rows: Rows) -> Decimal | int:
        rates = [row.pass_rate for row in rows["findings"]]
        if not rates:
            return 1
        return quotient(sum(rates, Decimal(0)), len(rates))

    return Reading({"findings": samplings}, value)


def _adoptions(level: Level, year: int) -> Select:
    return select(
        Adoption.region_id.label("subject_id"),
        Adoption.id.label("record_id"),
        Adoption.title.label("title"),
    ).where(Adoption.level == level, Adoption.adopted_on.between(first_day(year), last_day(year)))


def _practices(statement: Select, year: int) -> Reading:
    def titles(rows: Rows) -> Made:
        same = "与已计入的同名"
        return distinct(rows, ["adoptions"], lambda row: key_of(row.title), same=same)

    return nought_if_known(year, {"adoptions": statement}, titles)


@county_measure(
    "practices.national",
    label="获国家级推广的做法数",
    unit="项",
    definition="当年被中央和国家机关发文推广的山海协作做法数，同名的做法只计一次。"
    + NOUGHT_IF_KNOWN,
    records="经验推广",
)
def practices_national(year: int) -> Reading:
    return _practices(_adoptions(Level.CENTRAL, year), year)


@county_measure(
    "practices.provincial",
    label="获省级推广的做法数",
    unit="项",
    definition="当年被省委、省政府或其工作部门发文推广的山海协作做法数，同名的做法只计一次；"
    "当年或以前已获国家级推广的不再计。" + NOUGHT_IF_KNOWN,
    records="经验推广",
)
def practices_provincial(year: int) -> Reading:
    higher = select(
        Adoption.region_id.label("subject_id"),
        Adoption.id.label("record_id"),
        Adoption.title.label("title"),
    ).where(Adoption.level == Level.CENTRAL, Adoption.adopted_on <= last_day(year))

    def titles(rows: Rows) -> Made:
        above = {key_of(row.title) for row in rows["adoptions#national"]}
        return distinct(
            rows,
            ["adoptions"],
            lambda row: key_of(row.title),
            lambda row: key_of(row.title) not in above,
            same="与已计入的同名",
            why=lambda row: "已获国家级推广",
        )

    def counted(rows: Rows) -> Made:
        made = titles(rows)
        return replace(made, why=lambda t, row: made.why(t, row) if t == "adoptions" else NATIONAL)

    own = {"adoptions": _adoptions(Level.PROVINCE, year)}
    return nought_if_known(
        year, own, counted, {"adoptions#national": higher}, why=lambda *_: NATIONAL
    )
