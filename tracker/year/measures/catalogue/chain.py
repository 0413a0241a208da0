"""Measures of the province's tasks of 2025 for a pair of a 工业大县 and a 山区海岛县.

The task is set pair by pair (task figures of 2025-05-28): 10 产业链合作项目, one of them of 亿元 or
more, and one 产业合作园 of the year. A pair is two counties, however many schemes join them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    func,
    or_,
    select,
    union,
    union_all,
)

from tracker.core.db import aside
from tracker.core.quantities.days import first_day, last_day
from tracker.records.parks.models import Park, ParkKind
from tracker.records.places.models import CountyListing, IndustrialListing
from tracker.records.projects.models import Project
from tracker.year.measures.catalogue.counties import (
    COUNTED,
    county_measure,
    projects_counted,
    why_not,
)
from tracker.year.measures.catalogue.paired import pairings_of
from tracker.year.measures.declare import Made, Reading, Rows
from tracker.year.measures.made import all_of, distinct, shares
from tracker.year.measures.reported import NOUGHT_IF_FILED, nought_if_filed, nought_if_known

NO_PAIR = "没有工业大县与山区海岛县的结对，不逐对计"
OF_PAIR = "任务所及的结对，本身不计数"
NONE = "没有这样的结对的为0；"
EACH_PAIR = 10  # 产业链合作项目 that the province asks of a pair
PAIRS = "支援方12月31日在工业大县名单上、受援方在山区海岛县名单上的结对"


def _listed(
    model: type[CountyListing | IndustrialListing],
    region: SQLColumnExpression[int | None],
    year: int,
) -> ColumnElement[bool]:
    day = last_day(year)
    return exists().where(
        model.region_id == region,
        or_(model.joined_on.is_(None), model.joined_on <= day),
        or_(model.left_on.is_(None), model.left_on > day),
    )


def _sides(year: int) -> Any:
    """Each such pairing twice, with `region_id` of one side and of the other."""
    pairings = pairings_of(year)
    both = and_(
        _listed(IndustrialListing, pairings.c.supporter_id, year),
        _listed(CountyListing, pairings.c.recipient_id, year),
    )
    return union_all(
        *(
            select(side.label("region_id"), *pairings.c).where(both)
            for side in (pairings.c.supporter_id, pairings.c.recipient_id)
        )
    ).subquery()


def _pair(row: Row) -> tuple[int, int]:
    return row.supporter_id, row.recipient_id


@county_measure(
    "goal.chain_pairs",
    label="工业大县与山区海岛县结对数",
    unit="对",
    definition=f"当年{PAIRS}数，同样两个县的几种结对计一对；按全省任务逐对考核。没有的为0。",
    records="结对关系；工业大县名单；山区海岛县名单",
)
def chain_pairs(year: int) -> Reading:
    def value(rows: Rows) -> Made:
        return distinct(rows, ["pairings"], _pair, same="与已计入的是同样两个县")

    return Reading({"pairings": _pairs(year)}, value)


def _pairs(year: int) -> Select:
    sides = _sides(year)
    return select(
        sides.c.region_id.label("subject_id"),
        sides.c.id.label("record_id"),
        sides.c.supporter_id,
        sides.c.recipient_id,
    )


def _where_paired(year: int, reading: Reading) -> Reading:
    """`reading` where the county has such a pair; else 0, since nothing is asked of it."""

    def value(rows: Rows) -> Made:
        if not rows["pairings"]:
            return Made(0, (), why=lambda *_: NO_PAIR)
        made = reading.value(rows)
        if not isinstance(made, Made):
            own = {table: rows[table] for table in reading.statements}
            made = Made(made, all_of(own))
        why = made.why
        return replace(
            made, why=lambda table, row: OF_PAIR if table == "pairings" else why(table, row)
        )

    statements = {**reading.statements, "pairings": _pairs(year)}
    return replace(reading, statements=statements, value=value)


def _projects(year: int) -> Select:
    """The chain projects between the two sides of such a pair, for either side."""
    rows = projects_counted(year).statements["projects"].where(Project.is_chain.is_(True))
    sides = _sides(year)
    kept = [column for column in rows.selected_columns if column.key != "subject_id"]
    of_sides = rows.with_only_columns(
        sides.c.region_id.label("subject_id"), sides.c.supporter_id, sides.c.recipient_id, *kept
    )
    unpaired = aside(Project.pairing_id).is_(None)
    one, other = sides.c.supporter_id, sides.c.recipient_id
    ways = (
        (sides.c.id == Project.pairing_id,),
        (unpaired, Project.region_id == other, Project.partner_id == one),
        (unpaired, Project.region_id == one, Project.partner_id == other),
    )
    return select(union(*(of_sides.where(*way) for way in ways)).subquery())


NO_CHAIN = "没有登记结对双方的产业链合作项目"


@county_measure(
    "chain.projects",
    label="逐对计入的产业链合作项目数",
    unit="个",
    definition=f"{PAIRS}中，双方的产业链合作项目数（口径：{COUNTED}），"
    f"每对最多计 {EACH_PAIR} 个，各对相加。{NONE}{NOUGHT_IF_FILED}",
    records="项目：产业链、日期、结对关系、协作县；工业大县名单；报送",
)
def chain_projects(year: int) -> Reading:
    def value(rows: Rows) -> Made:
        counted: list[Any] = []
        so_many: Counter[Any] = Counter()
        for row in sorted(rows["projects"], key=lambda row: (not row.large, row.record_id)):
            if row.counted and so_many[_pair(row)] < EACH_PAIR:
                so_many[_pair(row)] += 1
                counted.append(row)
        why = why_not("counted", year)

        def reason(_: str, row: Row) -> str:
            return f"该对已计满 {EACH_PAIR} 个" if row.counted else why(row)

        return Made(len(counted), shares("projects", counted, lambda row: 1), why=reason)

    return _where_paired(
        year, nought_if_filed(year, {"projects": _projects(year)}, value, nothing=NO_CHAIN)
    )


@county_measure(
    "chain.large_pairs",
    label="有亿元以上产业链项目的结对数",
    unit="对",
    definition=f"{PAIRS}中，双方的产业链合作项目（口径：{COUNTED}）有计划总投资10000万元及以上的对数。"
    + NONE
    + NOUGHT_IF_FILED,
    records="项目：产业链、日期、总投资、结对关系、协作县；工业大县名单；报送",
)
def chain_large_pairs(year: int) -> Reading:
    def value(rows: Rows) -> Made:
        return distinct(
            rows,
            ["projects"],
            _pair,
            lambda row: row.large,
            same="该对已有亿元以上项目",
            why=why_not("large", year),
        )

    return _where_paired(
        year, nought_if_filed(year, {"projects": _projects(year)}, value, nothing=NO_CHAIN)
    )


@county_measure(
    "chain.park_pairs",
    label="当年新建产业合作园的结对数",
    unit="对",
    definition=f"{PAIRS}中，双方当年批复（没有批复日期的按签约）了产业合作园的对数。"
    "没有这样的结对，或者没有这样的产业合作园的为0。",
    records="产业园：类别、日期；工业大县名单",
)
def chain_park_pairs(year: int) -> Reading:
    sides = _sides(year)
    begun = func.coalesce(Park.approved_on, Park.signed_on)
    parks = (
        select(
            sides.c.region_id.label("subject_id"),
            Park.id.label("record_id"),
            sides.c.supporter_id,
            sides.c.recipient_id,
        )
        .join_from(
            Park,
            sides,
            and_(
                Park.supporter_id == sides.c.supporter_id,
                Park.recipient_id == sides.c.recipient_id,
            ),
        )
        .where(Park.kind == ParkKind.COOPERATION, begun.between(first_day(year), last_day(year)))
    )

    def value(rows: Rows) -> Made:
        return distinct(rows, ["parks"], _pair, same="该对已有当年新建的产业合作园")

    return _where_paired(year, nought_if_known(year, {"parks": parks}, value))
