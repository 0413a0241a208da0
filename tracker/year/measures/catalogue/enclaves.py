"""Measures of an enclave, except for what its contract says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import in_wan
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.targets.models import Target
from tracker.year.measures.catalogue.site_readings import ranked, reports_of_enclaves
from tracker.year.measures.declare import (
    Made,
    NotReportedError,
    Reading,
    Rows,
    SubjectKind,
    measure,
)
from tracker.year.measures.made import ONLY_PROOF, distinct, only, shares
from tracker.year.measures.readings import column, standing, total, yes_or_no

enclave_measure = partial(measure, subject=SubjectKind.ENCLAVE)


def entries(kind: EntryKind, year: int, *, since_beginning: bool = False) -> Select:
    """Standing ledger entries of `kind` of `year` (or until its end): no reversals, nothing that
    was reversed, no cumulative figures."""
    statement = standing(LedgerEntry.enclave_id).where(
        LedgerEntry.kind == kind, LedgerEntry.occurred_on <= last_day(year)
    )
    if not since_beginning:
        statement = statement.where(LedgerEntry.occurred_on >= first_day(year))
    return statement


def own(attribute: InstrumentedAttribute) -> Select:
    """One column of the enclave itself, as `value`."""
    return select(
        Enclave.id.label("subject_id"), Enclave.id.label("record_id"), attribute.label("value")
    )


@enclave_measure(
    "capital.agreed",
    label="约定出资总额",
    unit="万元",
    definition="合同约定的出资总额（村集体出资与其他出资合计）。没有填报的为未报。",
    records="飞地：总出资",
)
def capital_agreed(year: int) -> Reading:
    return column("enclaves", own(Enclave.total_capital), nothing="未填报总出资", convert=in_wan)


@enclave_measure(
    "capital.paid",
    label="已到位出资",
    unit="万元",
    definition="截至当年12月31日台账中资本金到位的合计，已冲销的不计。没有记录的为未报。",
    records="台账：资本金到位",
)
def capital_paid(year: int) -> Reading:
    paid = entries(EntryKind.CAPITAL_PAID, year, since_beginning=True)
    return total("ledger_entries", paid, nothing="台账中没有资本金到位记录")


@enclave_measure(
    "stage.in_use",
    label="是否建成投用",
    unit="是否",
    definition="投用日期不晚于当年12月31日为1，晚于为0；没有投用日期的为未报。",
    records="飞地：投用日期",
)
def in_use(year: int) -> Reading:
    return column(
        "enclaves",
        own(Enclave.in_use_on),
        nothing="未填报投用日期",
        convert=lambda day: yes_or_no(day <= last_day(year)),
    )


@enclave_measure(
    "returns.paid",
    label="当年返利到账额",
    unit="万元",
    definition="当年台账中返利的合计，已冲销的不计；累计数不计入任何一年。没有记录的为未报。",
    records="台账：返利",
)
def returns_paid(year: int) -> Reading:
    paid = entries(EntryKind.REBATE, year)
    return total("ledger_entries", paid, nothing=f"台账中没有{year}年的返利记录")


@enclave_measure(
    "villages.listed",
    label="参股村数",
    unit="个",
    definition="参股村名单上的村数。没有填报的为未报。",
    records="飞地：参股村数",
)
def villages_listed(year: int) -> Reading:
    return column("enclaves", own(Enclave.villages), nothing="未填报参股村数")


FEWER = "惠及村数较少，各笔不相加"


@enclave_measure(
    "villages.paid",
    label="当年收到返利的村数",
    unit="个",
    definition="当年返利已分到村的，为收到返利的不同村数；没有分完的，各笔不相加，"
    "取惠及村数最多的一笔，以免重复；两者取多者。都没有的为未报。",
    records="台账：返利（到村明细、惠及村数）",
)
def villages_paid(year: int) -> Reading:
    rebates = entries(EntryKind.REBATE, year)
    split = rebates.join(VillagePayment, VillagePayment.entry_id == LedgerEntry.id).add_columns(
        VillagePayment.village_id.label("village_id")
    )
    # One that is split in part still says by its number how many villages it is for.
    parts = (
        select(func.sum(VillagePayment.amount))
        .where(VillagePayment.entry_id == LedgerEntry.id)
        .correlate(LedgerEntry)
        .scalar_subquery()
    )
    whole = rebates.add_columns(LedgerEntry.villages.label("number")).where(
        LedgerEntry.villages.is_not(None), func.coalesce(parts, 0) < LedgerEntry.amount
    )

    def value(rows: Rows) -> Made:
        if not any(rows.values()):
            raise NotReportedError(f"{year}年的返利记录未注明惠及村数")
        same = "所到的村都已计入"
        named = distinct(rows, ["ledger_entries"], lambda row: row.village_id, same=same)
        table = "ledger_entries#whole"
        widest = max(rows[table], key=lambda row: (row.number, -row.record_id), default=None)
        if widest is None or widest.number <= named.value:
            return replace(named, why=lambda t, row: same if t == "ledger_entries" else FEWER)
        return only(widest.number, table, widest, why=FEWER)

    return Reading({"ledger_entries": split, "ledger_entries#whole": whole}, value)


@enclave_measure(
    "goal.per_village",
    label="下达的村均增收目标",
    unit="万元",
    definition="当年任务书下达的村均增收目标；没有下达的为0，由评分细则取默认值。",
    records="年度任务",
)
def goal_per_village(year: int) -> Reading:
    goals = select(
        Target.enclave_id.label("subject_id"),
        Target.id.label("record_id"),
        Target.value.label("value"),
    ).where(
        Target.enclave_id.is_not(None), Target.year == year, Target.measure == "goal.per_village"
    )

    def value(rows: Rows) -> Any:
        return rows["targets"][0].value if rows["targets"] else 0

    return Reading({"targets": goals}, value)


@enclave_measure(
    "villages.fund_ledger",
    label="是否建立资金台账",
    unit="是否",
    definition="当年返利每一笔都在台账中分到了村的为1，有一笔没有分到村的为0；"
    "当年没有返利的，已报送第四季度季报或年报的为0，否则为未报。",
    records="台账：返利（到村明细）；报送",
)
def fund_ledger(year: int) -> Reading:
    split = exists().where(VillagePayment.entry_id == LedgerEntry.id)
    rebates = entries(EntryKind.REBATE, year).add_columns(split.label("split"))

    def value(rows: Rows) -> Made:
        paid = rows["ledger_entries"]
        if not paid and not rows["filings"]:
            raise NotReportedError(f"台账中没有{year}年的返利记录")
        kept = [row for row in paid if row.split]
        if paid and len(kept) == len(paid):
            site = [("enclaves", row) for row in rows["enclaves"]]
            return Made(1, shares("ledger_entries", paid), site, lambda *_: ONLY_PROOF)
        # One that was not shared among its villages is what makes the answer no.
        loose = [row for row in paid if not row.split]
        made = shares("ledger_entries", loose) + shares("filings", rows["filings"])
        shared = "这一笔已分到村"
        return Made(0, made, why=lambda t, _: ONLY_PROOF if t == "enclaves" else shared)

    found = ranked({"ledger_entries": rebates, "filings": reports_of_enclaves(year)})
    return Reading({**found, "enclaves": own(Enclave.id)}, value)


@enclave_measure(
    "villages.disclosure",
    label="是否村务公开",
    unit="是否",
    definition="返利分配在参股村公开为1，没有为0。没有填报的为未报。公开在村里进行，系统没有记录，由县里填报，"
    "以公开记录为佐证。",
    records="飞地：村务公开",
)
def village_disclosure(year: int) -> Reading:
    return column(
        "enclaves",
        own(Enclave.has_village_disclosure),
        nothing="未填报是否村务公开",
        convert=yes_or_no,
    )
