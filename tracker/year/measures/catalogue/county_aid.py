"""Measures of 受援县: aid money, 乡村振兴示范点, and what its villages earn."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Row, Select, and_, func, select

from tracker.core.quantities.days import first_day, last_day
from tracker.records.exchanges.models import Side
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.targets.models import Target
from tracker.records.villages.models import DemonstrationVillage, Village, VillageIncome
from tracker.year.measures.catalogue.counties import county_measure
from tracker.year.measures.catalogue.paired import money_of
from tracker.year.measures.catalogue.site_readings import goal, quotient
from tracker.year.measures.declare import Made, NotReportedError, Reading, Rows
from tracker.year.measures.made import shares
from tracker.year.measures.readings import standing
from tracker.year.measures.reported import (
    NOUGHT_IF_FILED,
    amounts,
    filed,
    nought_if_filed,
    number_that,
)

OPERATING_INCOME_MET = Decimal(500_000)  # 元 a year: the 2025 task for a village
BOTH_LEVELS = "记在结对上的和记在示范点上的都计，一笔资金只登记一次。"


def _aid(kind: EntryKind, year: int) -> Reading:
    of_villages = (
        standing(DemonstrationVillage.county_id)
        .join(DemonstrationVillage, DemonstrationVillage.id == LedgerEntry.demonstration_village_id)
        .where(
            LedgerEntry.kind == kind,
            LedgerEntry.occurred_on.between(first_day(year), last_day(year)),
        )
    )
    return nought_if_filed(
        year,
        {
            "ledger_entries": money_of(kind, year, Side.RECIPIENT),
            "ledger_entries#villages": of_villages,
        },
        amounts,
        nothing=f"台账中没有{year}年的{kind.label}记录",
    )


@county_measure(
    "aid.received",
    label="收到的援建资金",
    unit="万元",
    definition="该县当年收到各支援方拨付的援建资金合计，以入库凭证为准，社会帮扶资金不计。"
    + BOTH_LEVELS
    + NOUGHT_IF_FILED,
    records="台账：援建资金到账；报送",
)
def aid_received(year: int) -> Reading:
    return _aid(EntryKind.AID_RECEIVED, year)


@county_measure(
    "aid.spent",
    label="已支出的援建资金",
    unit="万元",
    definition="当年收到的援建资金中，截至12月31日国库已支付到项目的合计，取台账中当年的援建资金使用；"
    "台账不分资金年度，以前年度结转的支出不计，由核定扣除。" + BOTH_LEVELS + NOUGHT_IF_FILED,
    records="台账：援建资金使用；报送",
)
def aid_spent(year: int) -> Reading:
    return _aid(EntryKind.AID_USED, year)


def _demonstrations(year: int) -> Select:
    planned = and_(
        DemonstrationVillage.acceptance_year.is_not(None),
        DemonstrationVillage.acceptance_year == year,
    )
    return select(
        DemonstrationVillage.county_id.label("subject_id"),
        DemonstrationVillage.id.label("record_id"),
        planned.label("planned"),
        DemonstrationVillage.acceptance_year.label("acceptance_year"),
        and_(
            planned,
            DemonstrationVillage.accepted_on.is_not(None),
            DemonstrationVillage.accepted_on <= last_day(year),
        ).label("accepted"),
    )


def _not_accepted(row: Row) -> str:
    if row.planned:
        return "年末前没有通过验收"
    return f"安排{row.acceptance_year}年验收" if row.acceptance_year else "没有安排验收年度"


def _demonstrations_that_are(mark: str, year: int) -> Reading:
    return nought_if_filed(
        year,
        {"demonstration_villages": _demonstrations(year)},
        number_that("demonstration_villages", mark, _not_accepted),
        nothing="没有登记乡村振兴示范点",
    )


NO_DEMONSTRATIONS = (
    "登记了示范点而没有安排当年验收的为0；没有登记示范点的，已报送第四季度季报或年报的为0，"
    "否则为未报。"
)


@county_measure(
    "demonstrations.planned",
    label="计划验收的乡村振兴示范点数",
    unit="个",
    definition=f"年度任务安排当年验收的乡村振兴示范点数。{NO_DEMONSTRATIONS}",
    records="乡村振兴示范点：计划验收年度；报送",
)
def demonstrations_planned(year: int) -> Reading:
    return _demonstrations_that_are("planned", year)


@county_measure(
    "demonstrations.accepted",
    label="通过验收的乡村振兴示范点数",
    unit="个",
    definition=f"安排当年验收的示范点中，12月31日前取得验收文件的个数。{NO_DEMONSTRATIONS}",
    records="乡村振兴示范点：计划验收年度、验收日期；报送",
)
def demonstrations_accepted(year: int) -> Reading:
    return _demonstrations_that_are("accepted", year)


@county_measure(
    "village_income.met_share",
    label="村集体经营性收入达标村占比",
    unit="比例",
    definition="当年村集体经营性收入达到50万元及以上的行政村数÷全县登记的行政村总数，以小数表示"
    "（55%为0.55），四舍五入到八位。有的村没有填报的，已报送第四季度季报或年报的按未达标计，"
    "否则为未报；没有登记行政村的为未报。",
    records="村集体收入；行政村；报送",
)
def met_share(year: int) -> Reading:
    incomes = (
        select(
            Village.county_id.label("subject_id"),
            VillageIncome.id.label("record_id"),
            VillageIncome.operating.label("operating"),
        )
        .join(Village, Village.id == VillageIncome.village_id)
        .where(VillageIncome.year == year)
    )
    villages = select(
        Village.county_id.label("subject_id"),
        Village.county_id.label("record_id"),
        func.count().label("villages"),
    ).group_by(Village.county_id)

    def value(rows: Rows) -> Made:
        if not rows["regions"]:
            raise NotReportedError("没有登记行政村")
        total, reported = rows["regions"][0].villages, len(rows["village_incomes"])
        if reported < total and not rows["filings"]:
            raise NotReportedError(
                f"全县 {total} 个行政村中有 {total - reported} 个未填报{year}年经营性收入"
            )
        met = [row for row in rows["village_incomes"] if row.operating >= OPERATING_INCOME_MET]
        made = shares("village_incomes", met, lambda row: row.operating)
        basis = shares("regions", rows["regions"], lambda row: total)
        if reported < total:
            basis += shares("filings", rows["filings"])
        return Made(quotient(len(met), total), made + basis, why=_not_met)

    return Reading({"village_incomes": incomes, "regions": villages, "filings": filed(year)}, value)


def _not_met(table: str, row: Row) -> str:
    return "经营性收入不足 50 万元" if table == "village_incomes" else "各村都已填报，不需依据报送"


@county_measure(
    "goal.village_income_share",
    label="下达的达标村占比目标",
    unit="比例",
    definition="当年任务书向该县下达的达标村占比目标，以小数表示；没有下达的为0，由评分细则取默认值。",
    records="年度任务",
)
def goal_village_income_share(year: int) -> Reading:
    return goal(Target.region_id, "goal.village_income_share", year)
