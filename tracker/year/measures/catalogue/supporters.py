"""Measures of 支援县, gathered over all its pairs: money and projects."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Row, Select, case, select, union

from tracker.core.db import aside
from tracker.core.quantities.days import last_day
from tracker.records.exchanges.models import Side
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.projects.models import Project
from tracker.records.targets.models import Target
from tracker.year.measures.catalogue.counties import (
    COUNTED,
    KNOWN_PROJECTS,
    county_measure,
    funds_in_place,
    projects_counted,
    why_not,
)
from tracker.year.measures.catalogue.paired import money_of, pairings_of
from tracker.year.measures.declare import Made, Reading, Rows
from tracker.year.measures.made import shares
from tracker.year.measures.readings import sum_of
from tracker.year.measures.reported import NOUGHT_IF_FILED, amounts, nought_if_filed, number_that

AID_TASK = "support.aid_paid"
ATTRIBUTED = (
    "登记了结对关系的归其支援方；没有登记而协作县与所在县有结对关系的，归其中的支援方。"
    "同一项目只计一次。"
)


def _no_entries(kind: EntryKind, year: int) -> str:
    return f"台账中没有{year}年的{kind.label}记录"


def _paid(kind: EntryKind, year: int) -> Reading:
    entries = {"ledger_entries": money_of(kind, year, Side.SUPPORTER)}
    return nought_if_filed(year, entries, amounts, nothing=_no_entries(kind, year))


@county_measure(
    "support.aid_paid",
    label="拨付的援建资金",
    unit="万元",
    definition="支援县当年向所有结对县财政拨付的援建资金合计，以拨付凭证为准，社会帮扶资金不计。"
    + NOUGHT_IF_FILED,
    records="台账：援建资金拨付；报送",
)
def aid_paid(year: int) -> Reading:
    return _paid(EntryKind.AID_SENT, year)


@county_measure(
    "support.aid_on_time",
    label="按期拨付的援建资金",
    unit="万元",
    definition="当年拨付的援建资金中，拨付日期不晚于规定日期的合计；规定日期依次取该笔的应付日期、"
    "结对任务的完成期限、支援县任务的完成期限，都没有的为12月31日。" + NOUGHT_IF_FILED,
    records="台账：援建资金拨付（应付日期）；年度任务：完成期限；报送",
)
def aid_on_time(year: int) -> Reading:
    kind = EntryKind.AID_SENT
    sent = money_of(kind, year, Side.SUPPORTER).add_columns(
        LedgerEntry.due_on.label("due_on"), LedgerEntry.pairing_id.label("pairing_id")
    )
    reading = nought_if_filed(
        year,
        {"ledger_entries": sent},
        lambda rows: _on_time(rows, year),
        nothing=_no_entries(kind, year),
        why=lambda _, row: _only_a_deadline(row),
    )
    return replace(reading, statements={**reading.statements, "targets": _deadlines(year)})


def _deadlines(year: int) -> Select:
    """The days by which the year's task for aid is due, by supporter; of a pair or of its own."""
    pairings = pairings_of(year)
    holder = case((Target.region_id.is_not(None), Target.region_id), else_=pairings.c.supporter_id)
    return (
        select(
            holder.label("subject_id"),
            Target.id.label("record_id"),
            Target.pairing_id.label("pairing_id"),
            Target.due_on.label("due_on"),
        )
        .select_from(Target)
        .outerjoin(pairings, pairings.c.id == Target.pairing_id)
        .where(
            Target.year == year,
            Target.measure == AID_TASK,
            Target.due_on.is_not(None),
            holder.is_not(None),
        )
    )


def _only_a_deadline(row: Row) -> str:
    return f"完成期限{row.due_on}，只用来判断是否按期"


def _on_time(rows: Rows, year: int) -> Made:
    deadlines = {row.pairing_id: row.due_on for row in rows["targets"]}

    def due(pairing_id: int) -> date:
        return deadlines.get(pairing_id) or deadlines.get(None) or last_day(year)

    def why(table: str, row: Row) -> str:
        if table == "targets":
            return _only_a_deadline(row)
        return f"{row.day}拨付，晚于{row.due_on or due(row.pairing_id)}"

    entries = rows["ledger_entries"]
    in_time = [row for row in entries if row.day <= (row.due_on or due(row.pairing_id))]
    return Made(sum_of(in_time), shares("ledger_entries", in_time), why=why)


@county_measure(
    "support.social_aid",
    label="社会帮扶资金",
    unit="万元",
    definition="支援县的企业、社会组织和个人当年向结对县捐赠的资金和物资折价，以捐赠票据为准。"
    + NOUGHT_IF_FILED,
    records="台账：社会帮扶资金；报送",
)
def social_aid(year: int) -> Reading:
    return _paid(EntryKind.SOCIAL_AID, year)


def _supported(year: int, rows: Select) -> Select:
    """The rows of projects between a supporter and its counties, with the supporter as subject.

    A pairing is looked up for each row, by its key or by its sides: a join with a list of all
    projects of all pairings has no index.
    """
    pairings = pairings_of(year)
    kept = [column for column in rows.selected_columns if column.key != "subject_id"]
    supporters = rows.with_only_columns(pairings.c.supporter_id.label("subject_id"), *kept)
    supporter, recipient = pairings.c.supporter_id, pairings.c.recipient_id
    unpaired = aside(Project.pairing_id).is_(None)
    ways = (
        (pairings.c.id == Project.pairing_id,),
        (unpaired, Project.region_id == recipient, Project.partner_id == supporter),
        (unpaired, Project.region_id == supporter, Project.partner_id == recipient),
    )
    return select(union(*(supporters.where(*way) for way in ways)).subquery())


def _projects(year: int, mark: str) -> Reading:
    counted = projects_counted(year).statements["projects"]
    return nought_if_filed(
        year,
        {"projects": _supported(year, counted)},
        number_that("projects", mark, why_not(mark, year)),
        nothing="没有登记与结对县的山海协作产业合作项目",
    )


@county_measure(
    "support.projects",
    label="结对产业合作项目数",
    unit="个",
    definition=f"支援县所有结对的、{COUNTED}{ATTRIBUTED}{KNOWN_PROJECTS}",
    records="项目：类别、日期、结对关系、协作县；报送",
)
def projects(year: int) -> Reading:
    return _projects(year, "counted")


@county_measure(
    "support.projects_large",
    label="结对亿元以上项目数",
    unit="个",
    definition=f"支援县所有结对的、{COUNTED}其中计划总投资10000万元及以上的。{ATTRIBUTED}{KNOWN_PROJECTS}",
    records="项目：类别、日期、总投资、结对关系、协作县；报送",
)
def projects_large(year: int) -> Reading:
    return _projects(year, "large")


@county_measure(
    "support.funds_in_place",
    label="结对项目到位资金",
    unit="万元",
    definition="支援县所有结对的产业合作项目当年到位资金合计，同一笔资金只计一次。项目"
    + ATTRIBUTED
    + NOUGHT_IF_FILED,
    records="台账：到位资金；项目：结对关系、协作县；报送",
)
def support_funds_in_place(year: int) -> Reading:
    entries = _supported(year, funds_in_place(year).statements["ledger_entries"])
    nothing = _no_entries(EntryKind.FUNDS_IN_PLACE, year)
    return nought_if_filed(year, {"ledger_entries": entries}, amounts, nothing=nothing)
