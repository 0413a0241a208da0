"""Measures of 乡村振兴示范点; the subject is the demonstration village."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import in_wan
from tracker.records.exchanges.models import ConsumptionAid
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.projects.models import Project
from tracker.records.villages.models import DemonstrationVillage, VillageIncome
from tracker.year.measures.catalogue.enclave_projects import IN_SCOPE, linked
from tracker.year.measures.catalogue.left_out import terminated
from tracker.year.measures.catalogue.site_readings import (
    NOUGHT_IF_COUNTY_FILED,
    count_or_filed,
    in_year,
    ranked,
    reports_for_demonstrations,
    sum_or_filed,
)
from tracker.year.measures.declare import (
    Made,
    NotReportedError,
    Reading,
    Rows,
    SubjectKind,
    measure,
)
from tracker.year.measures.made import ONLY_PROOF, shares
from tracker.year.measures.readings import column, standing, yes_or_no

demonstration_measure = partial(measure, subject=SubjectKind.VILLAGE)


def own(attribute: InstrumentedAttribute) -> Select[Any]:
    """One column of the demonstration village itself, as `value`, where it is filled in."""
    return select(
        DemonstrationVillage.id.label("subject_id"),
        DemonstrationVillage.id.label("record_id"),
        attribute.label("value"),
    ).where(attribute.is_not(None))


@demonstration_measure(
    "demonstration.accepted",
    label="示范点是否通过验收",
    unit="是否",
    definition="验收日期不晚于当年12月31日的为1；晚于，或者已登记申报、立项、计划验收年度而没有验收的为0；"
    "都没有登记的为未报。",
    records="乡村振兴示范点：申报、立项、验收日期，计划验收年度",
)
def accepted(year: int) -> Reading:
    village = DemonstrationVillage
    stages = select(
        village.id.label("subject_id"), village.id.label("record_id"), village.accepted_on
    ).where(
        or_(
            village.applied_on.is_not(None),
            village.approved_on.is_not(None),
            village.accepted_on.is_not(None),
            village.acceptance_year.is_not(None),
        )
    )

    def value(rows: Rows) -> int:
        if not rows["demonstration_villages"]:
            raise NotReportedError("未登记示范点的申报、立项和验收")
        day = rows["demonstration_villages"][0].accepted_on
        return yes_or_no(day is not None and day <= last_day(year))

    return Reading({"demonstration_villages": stages}, value)


_AID = (
    (
        "demonstration.aid_received",
        "示范点收到的援建资金",
        "当年到账的援建资金合计，以入库凭证为准。",
        EntryKind.AID_RECEIVED,
    ),
    (
        "demonstration.aid_used",
        "示范点使用的援建资金",
        "当年（截至12月31日）使用的援建资金合计，以支付凭证为准。",
        EntryKind.AID_USED,
    ),
)


def _aid(kind: EntryKind, year: int) -> Reading:
    paid = in_year(standing(LedgerEntry.demonstration_village_id), year)
    return sum_or_filed(
        {"ledger_entries": paid.where(LedgerEntry.kind == kind)},
        reports_for_demonstrations(year),
        nothing=f"台账中没有{year}年的{kind.label}记录",
    )


def _declare_aid(name: str, label: str, meaning: str, kind: EntryKind) -> None:
    demonstration_measure(
        name,
        label=label,
        unit="万元",
        definition=f"{meaning}{NOUGHT_IF_COUNTY_FILED}",
        records=f"台账：{kind.label}；报送",
    )(lambda year: _aid(kind, year))


for _row in _AID:
    _declare_aid(*_row)


@demonstration_measure(
    "demonstration.operating_income",
    label="示范点村集体经营性收入",
    unit="万元",
    definition="示范点所在行政村当年的村集体经营性收入，以农村三资平台为准；没有填报的为未报。",
    records="村集体收入；乡村振兴示范点：行政村",
)
def operating_income(year: int) -> Reading:
    incomes = (
        select(
            DemonstrationVillage.id.label("subject_id"),
            VillageIncome.id.label("record_id"),
            VillageIncome.operating.label("value"),
        )
        .join(DemonstrationVillage, DemonstrationVillage.village_id == VillageIncome.village_id)
        .where(VillageIncome.year == year)
    )
    nothing = f"未填报{year}年村集体经营性收入"
    return column("village_incomes", incomes, nothing=nothing, convert=in_wan)


@demonstration_measure(
    "demonstration.low_income_households",
    label="带动低收入农户数",
    unit="户",
    definition="示范点带动增收的低收入农户数，以名单为准；没有填报的为未报。",
    records="乡村振兴示范点：带动低收入农户数",
)
def low_income_households(year: int) -> Reading:
    return column(
        "demonstration_villages",
        own(DemonstrationVillage.low_income_households),
        nothing="未填报带动的低收入农户数",
    )


@demonstration_measure(
    "demonstration.projects",
    label="示范点落地运营的项目数",
    unit="个",
    definition="示范点的项目中，截至12月31日已竣工或投产的个数，年末前终止的不计。"
    f"{IN_SCOPE}登记了项目而没有符合的为0；没有登记的，所在县已报送当年第四季度季报或年报的为0，否则为未报。",
    records="项目：示范点、竣工、投产、终止日期；报送",
)
def projects(year: int) -> Reading:
    last = last_day(year)
    runs = and_(
        or_(Project.completed_on <= last, Project.in_production_on <= last),
        or_(Project.terminated_on.is_(None), Project.terminated_on > last),
    )
    return count_or_filed(
        "projects",
        linked(Project.demonstration_village_id),
        runs,
        reports_for_demonstrations(year),
        nothing="没有登记示范点的项目",
        why=lambda row: terminated(row, year) or "年末前没有竣工，也没有投产",
    )


@demonstration_measure(
    "demonstration.sales",
    label="示范点产销对接额",
    unit="万元",
    definition=f"当年结对方采购和帮助销售示范点产品的金额，以发票或平台订单为准。{NOUGHT_IF_COUNTY_FILED}",
    records="消费帮扶：示范点；报送",
)
def sales(year: int) -> Reading:
    bought = select(
        ConsumptionAid.demonstration_village_id.label("subject_id"),
        ConsumptionAid.id.label("record_id"),
        ConsumptionAid.amount.label("amount"),
    ).where(
        ConsumptionAid.demonstration_village_id.is_not(None),
        ConsumptionAid.bought_on.between(first_day(year), last_day(year)),
    )
    return sum_or_filed(
        {"consumption_aids": bought},
        reports_for_demonstrations(year),
        nothing=f"没有登记{year}年示范点的产销对接",
    )


@demonstration_measure(
    "demonstration.fund_ledger",
    label="示范点是否建立资金台账",
    unit="是否",
    definition="截至当年12月31日，援建资金的到账或者使用登记在示范点台账中的为1；没有登记的，"
    "所在县已报送当年第四季度季报或年报的为0，否则为未报。",
    records="台账：援建资金到账、使用；报送",
)
def fund_ledger(year: int) -> Reading:
    kept = standing(LedgerEntry.demonstration_village_id).where(
        LedgerEntry.kind.in_((EntryKind.AID_RECEIVED, EntryKind.AID_USED)),
        LedgerEntry.occurred_on <= last_day(year),
    )

    def value(rows: Rows) -> Made:
        made = [share for table in found for share in shares(table, rows[table])]
        if not made:
            raise NotReportedError("台账中没有示范点的援建资金记录")
        site = [("demonstration_villages", row) for row in rows["demonstration_villages"]]
        answer = yes_or_no(bool(rows["ledger_entries"]))
        return Made(answer, made, site, lambda *_: ONLY_PROOF)

    found = ranked({"ledger_entries": kept, "filings": reports_for_demonstrations(year)})
    site = own(DemonstrationVillage.id)
    return Reading({**found, "demonstration_villages": site}, value)


@demonstration_measure(
    "demonstration.disclosure",
    label="示范点是否村务公开",
    unit="是否",
    definition="援建资金使用和项目收益在村内公开的为1，没有的为0；没有填报的为未报。"
    "公开在村里进行，系统没有记录，由县里填报，以公开记录为佐证。",
    records="乡村振兴示范点：村务公开",
)
def disclosure(year: int) -> Reading:
    return column(
        "demonstration_villages",
        own(DemonstrationVillage.has_village_disclosure),
        nothing="未填报是否村务公开",
        convert=yes_or_no,
    )
