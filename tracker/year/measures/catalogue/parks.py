"""Measures of 山海协作产业园 of both kinds: money, figures, land, findings, goals."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from sqlalchemy import Select, select

from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import WAN_PER_YI, in_wan
from tracker.records.exchanges.models import ConsumptionAid, JointEvent
from tracker.records.findings.models import Finding, FindingKind, Level
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.operations.items import Item
from tracker.records.operations.models import OperatingFigure
from tracker.records.projects.models import Project
from tracker.records.targets.models import Target
from tracker.year.measures.catalogue.enclave_projects import IN_SCOPE, of_projects
from tracker.year.measures.catalogue.site_readings import (
    LAST_QUARTER,
    NOUGHT_IF_COUNTY_FILED,
    amount_of,
    figure,
    figures,
    figures_of,
    goal,
    in_year,
    quotient,
    ranked,
    reports_for_parks,
    sum_or_filed,
    year_of,
)
from tracker.year.measures.declare import (
    Made,
    NotReportedError,
    Reading,
    Rows,
    SubjectKind,
    measure,
)
from tracker.year.measures.made import Share, shares
from tracker.year.measures.readings import standing

park_measure = partial(measure, subject=SubjectKind.PARK)

OWN_FIRST = "园区台账有记录的以园区台账为准，没有的为园区各项目台账之和，以免重复。" + IN_SCOPE
ROUNDED = "四舍五入到8位小数。"


def _money(kind: EntryKind, year: int) -> dict[str, Select]:
    own = in_year(standing(LedgerEntry.park_id), year).where(LedgerEntry.kind == kind)
    return {
        "ledger_entries": own,
        "ledger_entries#projects": of_projects(Project.park_id, kind, year),
    }


_MONEY = (
    (
        "park.government_investment",
        "政府投资完成额",
        "当年园区内政府性投资项目完成投资，以统计入库为准。",
        EntryKind.GOVERNMENT_INVESTMENT,
    ),
    (
        "park.social_investment",
        "社会投资完成额",
        "当年园区内社会性投资项目完成投资，以统计入库为准。",
        EntryKind.SOCIAL_INVESTMENT,
    ),
    (
        "park.tax",
        "税收",
        "园区内企业当年入库税收合计，以税务部门数据为准。",
        EntryKind.TAX,
    ),
)


def _declare_money(name: str, label: str, meaning: str, kind: EntryKind) -> None:
    park_measure(
        name,
        label=label,
        unit="万元",
        definition=f"{meaning}{OWN_FIRST}{NOUGHT_IF_COUNTY_FILED}",
        records=f"台账：{kind.label}；报送",
    )(
        lambda year: sum_or_filed(
            _money(kind, year),
            reports_for_parks(year),
            nothing=f"台账中没有{year}年的{kind.label}记录",
        )
    )


for _row in _MONEY:
    _declare_money(*_row)


_FIGURES = (
    (
        "park.industrial_output",
        "规上工业产值",
        "万元",
        "园区内规模以上工业企业当年总产值，以统计报表为准，为各季之和",
        Item.OUTPUT,
        1,
    ),
    (
        "park.land_supplied",
        "累计已供地面积",
        "亩",
        "截至12月31日园区累计已供应的土地面积，以供地文件为准，取最后一个填报季度",
        Item.LAND_SUPPLIED,
        1,
    ),
    (
        "park.land_developed",
        "累计已开工建设用地面积",
        "亩",
        "截至12月31日累计已供土地中，已取得施工许可并开工的面积，取最后一个填报季度",
        Item.LAND_DEVELOPED,
        1,
    ),
    (
        "park.visitors",
        "游客人次",
        "万人次",
        "园区当年接待游客人次，以文化旅游部门统计为准，为各季之和",
        Item.VISITORS,
        WAN_PER_YI,
    ),
    (
        "park.revenue",
        "园区营业收入",
        "万元",
        "园区内文化旅游经营主体当年营业收入合计，以统计报表为准，为各季之和",
        Item.REVENUE,
        1,
    ),
    (
        "park.farmer_income",
        "园区农民人均收入",
        "元",
        "园区范围内农村居民当年人均可支配收入，以统计或农业农村部门数据为准，为各季之和",
        Item.FARMERS_INCOME,
        1,
    ),
)


def _declare_figure(name: str, label: str, unit: str, meaning: str, item: Item, units: int) -> None:
    """`units` of the item's unit make one of the measure's."""
    park_measure(
        name,
        label=label,
        unit=unit,
        definition=f"{meaning}；季报中都没有的为未报。",
        records=f"季报：{item.label}",
    )(lambda year: figure(OperatingFigure.park_id, item, year, lambda value: value / units))


for _figure_row in _FIGURES:
    _declare_figure(*_figure_row)


def _per_mu(amount: Decimal, made: list[Share], rows: Rows, year: int) -> Made:
    """万元 a 亩 of the land in the rows `operating_figures`, the amount being `made` of these;
    nothing is nothing on any land."""
    if not amount:
        return Made(0, made, why=lambda *_: "没有金额，不需除以面积")
    area = year_of(Item.LAND_SUPPLIED, rows["operating_figures"], year)
    if not area:
        raise NotReportedError("已供面积为0，无法计算亩均")
    land = figures_of(Item.LAND_SUPPLIED, rows)
    return Made(quotient(amount, area), [*made, *land], why=lambda *_: LAST_QUARTER)


@park_measure(
    "park.tax_per_mu",
    label="园区亩均税收",
    unit="万元/亩",
    definition=f"园区内企业当年入库税收÷年末已供地面积，{ROUNDED}{OWN_FIRST}"
    "没有税收记录而所在县已报送当年第四季度季报或年报的为0，未报送的为未报。",
    records="台账：税收；季报：已供面积；报送",
)
def tax_per_mu(year: int) -> Reading:
    sources = _money(EntryKind.TAX, year)
    statements = ranked({**sources, "filings": reports_for_parks(year)})

    def value(rows: Rows) -> Made:
        if not any(rows[table] for table in statements):
            raise NotReportedError(f"台账中没有{year}年的税收记录")
        made = [share for table in statements for share in shares(table, rows[table])]
        return _per_mu(in_wan(amount_of(rows, sources)), made, rows, year)

    land = figures(OperatingFigure.park_id, year, Item.LAND_SUPPLIED)
    return Reading({**statements, "operating_figures": land}, value)


@park_measure(
    "park.added_value_per_mu",
    label="园区亩均增加值",
    unit="万元/亩",
    definition=f"园区内企业当年增加值（各季之和）÷年末已供地面积，{ROUNDED}该年没有企业投产的报0，没有填报的为未报。",
    records="季报：增加值、已供面积",
)
def added_value_per_mu(year: int) -> Reading:
    def value(rows: Rows) -> Made:
        added = year_of(Item.VALUE_ADDED, rows["operating_figures"], year)
        return _per_mu(added, figures_of(Item.VALUE_ADDED, rows), rows, year)

    both = figures(OperatingFigure.park_id, year, Item.VALUE_ADDED, Item.LAND_SUPPLIED)
    return Reading({"operating_figures": both}, value)


_GOALS = (
    (
        "goal.park_tax_per_mu",
        "下达的园区亩均税收目标",
        "当年任务书下达的园区亩均税收目标；没有下达的为0，由评分细则取默认值。",
    ),
    (
        "goal.park_added_value_per_mu",
        "下达的园区亩均增加值目标",
        "当年任务书下达的园区亩均增加值目标；没有下达的为0，由评分细则取默认值。",
    ),
)


def _declare_goal(name: str, label: str, definition: str) -> None:
    park_measure(name, label=label, unit="万元/亩", definition=definition, records="年度任务")(
        lambda year: goal(Target.park_id, name, year)
    )


for _goal_row in _GOALS:
    _declare_goal(*_goal_row)


@park_measure(
    "park.joint_events",
    label="联合活动次数",
    unit="次",
    definition=f"当年与结对方联合举办的文化旅游推介、展销等活动次数。{NOUGHT_IF_COUNTY_FILED}",
    records="联合活动；报送",
)
def joint_events(year: int) -> Reading:
    events = select(JointEvent.park_id.label("subject_id"), JointEvent.id.label("record_id")).where(
        JointEvent.park_id.is_not(None),
        JointEvent.held_on.between(first_day(year), last_day(year)),
    )

    def value(rows: Rows) -> int:
        if not any(rows.values()):
            raise NotReportedError(f"没有登记{year}年的联合活动")
        return len(rows["joint_events"])

    return Reading(ranked({"joint_events": events, "filings": reports_for_parks(year)}), value)


@park_measure(
    "park.market_sales",
    label="产销对接销售额",
    unit="万元",
    definition="当年通过结对方的直销中心、展销、电商等渠道销售园区产品的金额，以发票或平台订单为准；"
    "没有逐笔登记的，取各季产销对接额之和。两者都没有，"
    "而所在县已报送当年第四季度季报或年报的为0，未报送的为未报。",
    records="消费帮扶：产业园；季报：产销对接额；报送",
)
def market_sales(year: int) -> Reading:
    sales = select(
        ConsumptionAid.park_id.label("subject_id"),
        ConsumptionAid.id.label("record_id"),
        ConsumptionAid.amount.label("amount"),
    ).where(
        ConsumptionAid.park_id.is_not(None),
        ConsumptionAid.bought_on.between(first_day(year), last_day(year)),
    )

    def value(rows: Rows) -> Decimal | int:
        if not any(rows.values()):
            raise NotReportedError(f"没有登记{year}年的产销对接")
        if rows["operating_figures"]:
            return year_of(Item.TRADE, rows["operating_figures"], year)
        return in_wan(amount_of(rows, ("consumption_aids",)))

    return Reading(
        ranked(
            {
                "consumption_aids": sales,
                "operating_figures": figures(OperatingFigure.park_id, year, Item.TRADE),
                "filings": reports_for_parks(year),
            }
        ),
        value,
    )


def _findings(year: int, kind: FindingKind, level: Level | None) -> Reading:
    found = select(Finding.park_id.label("subject_id"), Finding.id.label("record_id")).where(
        Finding.park_id.is_not(None),
        Finding.kind == kind,
        Finding.found_on.between(first_day(year), last_day(year)),
        Finding.withdrawn_on.is_(None),
    )
    if level is not None:
        found = found.where(Finding.level == level)
    return Reading({"findings": found}, lambda rows: len(rows["findings"]))


_FINDINGS = (
    (
        "park.inspection_central",
        "园区中央督察通报问题数",
        "项",
        "当年园区被中央生态环境保护督察通报的问题数",
        FindingKind.INSPECTION,
        Level.CENTRAL,
    ),
    (
        "park.inspection_provincial",
        "园区省级督察通报问题数",
        "项",
        "当年园区被省级生态环境保护督察通报的问题数",
        FindingKind.INSPECTION,
        Level.PROVINCE,
    ),
    (
        "park.case_central",
        "园区国家级反面典型案例数",
        "件",
        "当年园区被国家点名列为生态环保、安全生产反面典型案例的件数",
        FindingKind.BAD_CASE,
        Level.CENTRAL,
    ),
    (
        "park.case_provincial",
        "园区省级反面典型案例数",
        "件",
        "当年园区被省点名列为生态环保、安全生产反面典型案例的件数",
        FindingKind.BAD_CASE,
        Level.PROVINCE,
    ),
    (
        "park.accidents",
        "园区较大以上生产安全事故数",
        "起",
        "当年园区内发生的较大以上生产安全事故数",
        FindingKind.ACCIDENT,
        None,
    ),
)


def _declare_finding(
    name: str, label: str, unit: str, meaning: str, kind: FindingKind, level: Level | None
) -> None:
    park_measure(
        name,
        label=label,
        unit=unit,
        definition=f"{meaning}，已撤销的不计；由核查一方登记，没有登记的为0，没有未报的情形。",
        records="核查发现的问题",
    )(lambda year: _findings(year, kind, level))


for _finding_row in _FINDINGS:
    _declare_finding(*_finding_row)
