"""Measures of how an enclave runs: output, taxes and their shares, space, tenants, reports."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.db.searchable import key_of
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import QUARTER_NAMES, first_day, last_day
from tracker.core.quantities.units import in_wan
from tracker.records.enclaves.agreements import EnclaveAgreement, EnclaveSpace, SpaceStep, TaxSplit
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.operations.items import Item
from tracker.records.operations.models import OperatingFigure, Tenant
from tracker.records.projects.models import Project
from tracker.records.submissions.models import Filing, FilingKind, days_late
from tracker.year.measures.catalogue.enclave_contracts import CONFIRMED
from tracker.year.measures.catalogue.enclave_projects import OWN_FIRST, of_projects
from tracker.year.measures.catalogue.enclave_sites import land, land_by
from tracker.year.measures.catalogue.enclaves import enclave_measure, entries
from tracker.year.measures.catalogue.left_out import not_of_the_year
from tracker.year.measures.catalogue.site_readings import (
    amount_of,
    figure,
    figures,
    figures_of,
    quotient,
    ranked,
    reports_of_enclaves,
    sum_or_filed,
    year_of,
)
from tracker.year.measures.declare import Made, Nothing, NotReportedError, Reading, Rows
from tracker.year.measures.made import Share, distinct, only, shares
from tracker.year.measures.readings import standing, sum_of, yes_or_no
from tracker.year.measures.reported import NOUGHT_IF_FILED

FEN = Decimal("0.01")
NO_LAND = "未登记已供地面积，无法计算亩均"
ROUNDED = "四舍五入到8位小数。"


@enclave_measure(
    "output.value",
    label="产值",
    unit="万元",
    definition="飞地内企业当年总产值，为各季之和；当年没有企业投产的报0。季报中都没有的为未报。",
    records="季报：产值",
)
def output_value(year: int) -> Reading:
    return figure(OperatingFigure.enclave_id, Item.OUTPUT, year)


def _land_supplied(year: int) -> Select:
    return land(SpaceStep.DELIVERED).where(EnclaveSpace.on <= last_day(year))


def _per_mu(amount: Decimal, made: list[Share], rows: Rows, year: int) -> Made:
    """万元 a 亩, the amount being `made` of these; no amount is none a 亩, whatever the land."""
    if not amount:
        return Made(0, made, why=lambda *_: "没有金额，不需除以面积")
    area = land_by(rows, year)
    if not area.value:
        raise NotReportedError(NO_LAND)
    return Made(quotient(amount, area.value), [*made, *area.shares], why=area.why)


@enclave_measure(
    "tax_per_mu",
    label="亩均税收",
    unit="万元/亩",
    definition="飞地内企业当年入库税收÷截至年末已供地面积，"
    f"{ROUNDED}{OWN_FIRST}没有税收记录而当年第四季度季报或年报已报送的为0，未报送的为未报。",
    records="台账：税收；飞地供地：交付；报送",
)
def tax_per_mu(year: int) -> Reading:
    sources = {
        "ledger_entries": entries(EntryKind.TAX, year),
        "ledger_entries#projects": of_projects(Project.enclave_id, EntryKind.TAX, year),
    }
    statements = ranked({**sources, "filings": reports_of_enclaves(year)})

    def value(rows: Rows) -> Made:
        if not any(rows[table] for table in statements):
            raise NotReportedError(f"台账中没有{year}年的税收记录")
        made = [share for table in statements for share in shares(table, rows[table])]
        return _per_mu(in_wan(amount_of(rows, sources)), made, rows, year)

    return Reading({**statements, "enclave_spaces": _land_supplied(year)}, value)


@enclave_measure(
    "added_value_per_mu",
    label="亩均增加值",
    unit="万元/亩",
    definition="飞地内企业当年增加值（各季之和）÷截至年末已供地面积，"
    f"{ROUNDED}该年没有企业投产的报0，没有填报的为未报。",
    records="季报：增加值；飞地供地：交付",
)
def added_value_per_mu(year: int) -> Reading:
    def value(rows: Rows) -> Made:
        added = year_of(Item.VALUE_ADDED, rows["operating_figures"], year)
        return _per_mu(added, figures_of(Item.VALUE_ADDED, rows), rows, year)

    return Reading(
        {
            "operating_figures": figures(OperatingFigure.enclave_id, year, Item.VALUE_ADDED),
            "enclave_spaces": _land_supplied(year),
        },
        value,
    )


@enclave_measure(
    "shares.due",
    label="当年应付协议分成",
    unit="万元",
    definition="当年台账中地方留存税收×共建协议约定的当年飞出地分成比例，四舍五入到分；"
    "约定不含当年，或者没有地方留存记录而当年第四季度季报或年报已报送的为0；没有登记分成约定的为未报。"
    + CONFIRMED,
    records="共建协议：税收分成；台账：地方留存；报送",
    nothing=Nothing.UNKNOWN,
)
def shares_due(year: int) -> Reading:
    splits = (
        select(
            EnclaveAgreement.enclave_id.label("subject_id"),
            TaxSplit.id.label("record_id"),
            TaxSplit.from_year.label("from_year"),
            TaxSplit.to_year.label("to_year"),
            TaxSplit.origin_share.label("share"),
        )
        .join(EnclaveAgreement, EnclaveAgreement.id == TaxSplit.agreement_id)
        .where(TaxSplit.confirmed_at.is_not(None))
        .order_by(TaxSplit.from_year)
    )
    retained = {"ledger_entries": entries(EntryKind.RETAINED_TAX, year)}

    def value(rows: Rows) -> Made:
        splits = rows["tax_splits"]
        if not splits:
            raise NotReportedError("未登记税收分成约定，或者约定尚未经合同另一方确认")
        valid = [
            row
            for row in splits
            if row.from_year <= year and (row.to_year is None or row.to_year >= year)
        ]
        if not valid:
            return Made(0, shares("tax_splits", splits), why=lambda *_: f"没有{year}年的分成约定")
        if not rows["ledger_entries"] and not rows["filings"]:
            raise NotReportedError(f"台账中没有{year}年的地方留存记录")
        due = amount_of(rows, retained) * valid[-1].share
        made = [
            share for table in ("ledger_entries", "filings") for share in shares(table, rows[table])
        ]
        return Made(
            in_wan(due.quantize(FEN, ROUND_HALF_UP)),
            [*made, Share("tax_splits", valid[-1], valid[-1].share)],
            why=lambda *_: f"不是{year}年的约定",
        )

    return Reading(
        {"tax_splits": splits, **ranked({**retained, "filings": reports_of_enclaves(year)})}, value
    )


@enclave_measure(
    "shares.paid_on_time",
    label="按期到账的协议分成",
    unit="万元",
    definition="到期日在当年的税收分成中，到账不晚于到期日的合计；没有登记到期日的，"
    f"当年12月31日前到账即为按期。逾期到账的不计，只有逾期到账的为0。{NOUGHT_IF_FILED}",
    records="台账：税收分成（到账日期、到期日）；报送",
)
def shares_paid_on_time(year: int) -> Reading:
    due_on = func.coalesce(LedgerEntry.due_on, LedgerEntry.occurred_on)
    due = standing(LedgerEntry.enclave_id).where(
        LedgerEntry.kind == EntryKind.TAX_SHARE,
        due_on.between(first_day(year), last_day(year)),
    )
    on_time = or_(LedgerEntry.due_on.is_(None), LedgerEntry.occurred_on <= LedgerEntry.due_on)

    def value(rows: Rows) -> Made:
        if not any(rows.values()):
            raise NotReportedError(f"台账中没有{year}年到期的税收分成记录")
        in_time = [row for row in rows["ledger_entries"] if row.on_time]
        made = shares("ledger_entries", in_time) + shares("filings", rows["filings"])
        return Made(sum_of(in_time), made, why=lambda _, row: f"{row.day}到账，逾期")

    entries_due = due.add_columns(on_time.label("on_time"))
    return Reading(
        ranked({"ledger_entries": entries_due, "filings": reports_of_enclaves(year)}), value
    )


@enclave_measure(
    "tax.origin",
    label="飞出地税收所得",
    unit="万元",
    definition=f"飞出地当年从飞地取得的税收分成，以财政结算单为准。{NOUGHT_IF_FILED}",
    records="台账：税收分成；报送",
)
def tax_of_origin(year: int) -> Reading:
    return sum_or_filed(
        {"ledger_entries": entries(EntryKind.TAX_SHARE, year)},
        reports_of_enclaves(year),
        nothing=f"台账中没有{year}年的税收分成记录",
    )


@enclave_measure(
    "occupancy.rate",
    label="出租率",
    unit="比例",
    definition="当年最后一个填报季度的季末已出租面积÷可出租面积，以小数计；季报中都没有的为未报。",
    records="季报：出租率",
)
def occupancy_rate(year: int) -> Reading:
    return figure(
        OperatingFigure.enclave_id, Item.OCCUPANCY_RATE, year, convert=lambda value: value / 100
    )


@enclave_measure(
    "floor.occupancy",
    label="载体投用率",
    unit="比例",
    definition="已入驻面积÷可用面积，取当年两项都已填报的最后一个季度，以小数计，"
    f"{ROUNDED}没有这样的季度，或者可用面积为0的为未报。",
    records="季报：可用面积、入驻面积",
)
def floor_occupancy(year: int) -> Reading:
    both = (Item.FLOOR_USABLE, Item.FLOOR_OCCUPIED)

    def value(rows: Rows) -> Made:
        found = {(row.quarter, row.item): row for row in rows["operating_figures"]}
        for quarter in (4, 3, 2, 1):
            usable, occupied = (found.get((quarter, item)) for item in both)
            if usable is None or occupied is None:
                continue
            if not usable.value:
                raise NotReportedError("可用面积为0，无法计算投用率")
            made = shares("operating_figures", (occupied, usable), lambda row: row.value)
            rate = quotient(occupied.value, usable.value)
            return Made(rate, made, why=lambda *_: "取两项都已填报的最后一个季度")
        raise NotReportedError(f"{year}年没有同时填报可用面积和入驻面积的季度")

    return Reading({"operating_figures": figures(OperatingFigure.enclave_id, year, *both)}, value)


_STOCKS_AND_FLOWS = (
    (
        "floor.usable",
        "可用面积",
        "m²",
        "年末科创飞地可供企业和团队使用的建筑面积，在建的不计，取最后一个填报季度",
        Item.FLOOR_USABLE,
    ),
    (
        "incubated.projects",
        "孵化项目数",
        "个",
        "当年在科创飞地内新孵化的项目数，以孵化协议为准，当年退出的也计入，为各季之和",
        Item.INCUBATED_PROJECTS,
    ),
    (
        "talents.senior",
        "副高职称及硕士以上人才数",
        "人",
        "年末在科创飞地工作、具有副高以上职称或硕士以上学历的人数，一人只计一次，取最后一个填报季度",
        Item.SENIOR_TALENTS,
    ),
    (
        "talents.provincial",
        "省级以上人才数",
        "人",
        "年末在科创飞地工作、入选省级以上人才计划的人数，一人只计一次，取最后一个填报季度",
        Item.PROVINCIAL_TALENTS,
    ),
)


def _declare_figure(name: str, label: str, unit: str, meaning: str, item: Item) -> None:
    enclave_measure(
        name,
        label=label,
        unit=unit,
        definition=f"{meaning}；季报中都没有的为未报。",
        records=f"季报：{item.label}",
    )(lambda year: figure(OperatingFigure.enclave_id, item, year))


for _row in _STOCKS_AND_FLOWS:
    _declare_figure(*_row)


@enclave_measure(
    "tenants.new",
    label="新入驻企业数",
    unit="家",
    definition="当年新入驻飞地的企业数，当年又迁出的也计入，同一企业（信用代码相同，没有代码的名称相同）只计一次；登记了企业而当年没有新入驻的为0；"
    "没有登记的，第四季度季报或年报已报送的为0，否则为未报。",
    records="入驻企业：入驻日期；报送",
)
def tenants_new(year: int) -> Reading:
    tenants = select(
        Tenant.enclave_id.label("subject_id"),
        Tenant.id.label("record_id"),
        Tenant.credit_code,
        Tenant.name,
        Tenant.moved_in_on.label("day"),
    ).where(Tenant.enclave_id.is_not(None))

    def value(rows: Rows) -> Made:
        if not any(rows.values()):
            raise NotReportedError("没有登记入驻企业")
        made = distinct(
            rows,
            ["tenants"],
            firm_of,
            lambda row: row.day is not None and row.day.year == year,
            same="与已计入的是同一企业",
            why=lambda row: not_of_the_year(row.day, "入驻", year),
        )
        return replace(made, shares=[*made.shares, *shares("filings", rows["filings"])])

    return Reading(ranked({"tenants": tenants, "filings": reports_of_enclaves(year)}), value)


def firm_of(row: Row) -> str:
    """What tells a firm from another: its credit code, else its name."""
    return row.credit_code or key_of(row.name)


def _filed_on_time(kind: FilingKind, year: int) -> Reading:
    filings = select(
        Filing.enclave_id.label("subject_id"),
        Filing.id.label("record_id"),
        Filing.due_on.label("due_on"),
        Filing.filed_at.label("filed_at"),
    ).where(Filing.enclave_id.is_not(None), Filing.year == year, Filing.kind == kind)

    def value(rows: Rows) -> int:
        if not rows["filings"]:
            raise NotReportedError(f"未登记{year}年的{kind.label}")
        filing = rows["filings"][0]
        if filing.filed_at is None:
            if today() <= filing.due_on:
                raise NotReportedError(f"{kind.label}尚未报送，未到期限")
            return 0
        return yes_or_no(days_late(filing.due_on, filing.filed_at) <= 0)

    return Reading({"filings": filings}, value)


def _declare_report(kind: FilingKind) -> None:
    enclave_measure(
        f"enclave_reports.{kind.value}",
        label="飞地年报是否按时报送"
        if kind is FilingKind.ANNUAL
        else f"{QUARTER_NAMES[int(kind.value[1])]}飞地季报是否按时报送",
        unit="是否",
        definition=f"{kind.label}在规定日期（默认期后10日）前报送的为1，迟报，或者过期没有报送的为0；"
        "没有登记期限，或者未到期限而没有报送的为未报。",
        records="报送：期限、报送时间",
    )(lambda year: _filed_on_time(kind, year))


for _kind in (FilingKind.Q1, FilingKind.Q2, FilingKind.Q3, FilingKind.Q4, FilingKind.ANNUAL):
    _declare_report(_kind)


def _operated(answer: InstrumentedAttribute, said: ColumnElement[bool], year: int) -> Reading:
    answers = select(
        EnclaveAgreement.enclave_id.label("subject_id"),
        EnclaveAgreement.id.label("record_id"),
        answer.label("value"),
    ).where(said)

    def value(rows: Rows) -> Made | int:
        if not any(rows.values()):
            raise NotReportedError("未填报运营主体或专职人员")
        table = "enclave_agreements"
        found = sorted(rows[table], key=lambda row: row.record_id)
        yes = [(table, row) for row in found if row.value]
        return only(1, *yes[0], *yes[1:], why="一份写明即为“是”，已有一份") if yes else 0

    return Reading(
        ranked({"enclave_agreements": answers, "filings": reports_of_enclaves(year)}), value
    )


@enclave_measure(
    "operation.entity",
    label="是否有运营主体",
    unit="是否",
    definition=f"登记了签订运营协议或自行设立的运营主体的为1。{NOUGHT_IF_FILED}",
    records="共建协议：运营主体；报送",
)
def operation_entity(year: int) -> Reading:
    return _operated(EnclaveAgreement.operator, EnclaveAgreement.operator != "", year)


@enclave_measure(
    "operation.staff",
    label="是否有专职人员",
    unit="是否",
    definition=f"专职从事飞地运营管理的工作人员1人及以上的为1，填报0人的为0。{NOUGHT_IF_FILED}",
    records="共建协议：专职人员数；报送",
)
def operation_staff(year: int) -> Reading:
    staff = EnclaveAgreement.full_time_staff
    return _operated(staff, staff.is_not(None), year)
