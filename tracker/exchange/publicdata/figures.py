"""Public indicators, totals and goals: kept as stated, never added to each other."""

from __future__ import annotations

import re
from decimal import Decimal

from tracker.core.db import db
from tracker.engine.scoring import strict
from tracker.exchange.publicdata import reading
from tracker.exchange.publicdata.store import Store
from tracker.records.indicators.goals import LISHUI_PLAN, WHOLE_PROVINCE, read_goal
from tracker.records.indicators.models import CountyIndicator, GoalKind, PlanGoal, PublishedTotal
from tracker.records.places.queries import by_code
from tracker.records.submissions.queries import locked_years

PUBLISHED = "载入公开资料"  # why something of a locked year comes
LISHUI, LISHUI_CODE = "丽水市", "331100"
PROVINCE_CODE = "330000"
GOAL_KINDS = {member.label: member for member in GoalKind}
OPERATORS = {"约": "≈"}
_BOUND = re.compile(r"(?P<sign>[≥≤]?)(?P<number>-?[0-9]+(?:\.[0-9]+)?)")
_YEAR = re.compile("[0-9]{4}")


def load_indicators(store: Store) -> None:
    """GDP, revenue, income and the like, by place and year."""
    regions, shut = by_code(), locked_years()
    for row in reading.rows("indicators"):
        source = store.source(reading.citation(row))
        db.session.flush()
        store.put(
            "县域指标",
            CountyIndicator,
            {
                "region_id": regions[row["code"]].id,
                "year": reading.whole(row["year"]),
                "indicator": row["indicator"],
            },
            {
                "value": reading.number(row["value"]),
                "unit": row["unit"],
                # Only a note that names its bound speaks of the figure's precision.
                "precision": reading.precision(row["note"] if "限" in row["note"] else ""),
                "note": row["note"],
                "source_id": source.id,
            },
            changing={"reason": PUBLISHED}
            if (regions[row["code"]].id, reading.whole(row["year"])) in shut
            else {},
        )


def load_totals(store: Store) -> None:
    """Totals of the province, cities and counties; `period` says what each of them covers."""
    regions = by_code()
    for row in reading.rows("aggregates"):
        region = regions.get(row["scope_code"])
        source = store.source(reading.citation(row))
        db.session.flush()
        store.put(
            "公布的汇总数",
            PublishedTotal,
            {
                "scope": row["scope_name"],
                "period": row["period"],
                "indicator": row["indicator"],
                "text": row["value"],
                "source_id": source.id,
            },
            {
                "region_id": region.id if region else None,
                "year": reading.whole(row["year"]) if _YEAR.fullmatch(row["year"]) else None,
                "value": _number(row["value"]),
                "unit": row["unit"],
                "note": row["note"],
            },
        )


def load_group_returns(store: Store) -> None:
    """Returns of several enclaves together, or of one village: totals, and no ledger entries."""
    for row in reading.rows("returns"):
        if row["subject_type"] == "enclave":
            continue
        source = store.source(reading.citation(row))
        db.session.flush()
        store.put(
            "公布的汇总数",
            PublishedTotal,
            {
                "scope": row["subject"],
                "period": "累计" if row["cumulative"] == "是" else f"{row['year']}年",
                "indicator": row["kind"],
                "text": f"{reading.precision(row['precision']).label}{row['amount_wan']}",
                "source_id": source.id,
            },
            {
                "region_id": None,
                "year": reading.whole(row["year"]),
                "value": reading.number(row["amount_wan"]),
                "unit": "万元",
                "note": row["note"],
            },
        )
        store.report.note(
            f"未入台账：{row['subject']} {row['kind']}，不是单个飞地的数据，列为汇总数"
        )


def load_goals(store: Store) -> None:
    """Goals of the plans of 2020–2025, and 丽水's table with its goals of two years."""
    regions = by_code()
    province, lishui = regions[PROVINCE_CODE].id, regions[LISHUI_CODE].id
    for row in reading.rows("goals"):
        store.put(
            "规划目标",
            PlanGoal,
            {
                "plan": row["source"],
                "scope": row["scope"],
                "number": "",
                "indicator": row["indicator"],
                "year": reading.whole(row["year"]),
            },
            {
                "region_id": province if row["scope"] == WHOLE_PROVINCE else None,
                "group": "",
                "kind": None,
                "operator": OPERATORS.get(row["operator"], row["operator"]) or None,
                "value": _number(row["value"]),
                "text": row["value"],
                "unit": row["unit"],
            },
        )
    for row in reading.rows("lishui-indicators"):
        for year in (2022, 2025):
            _lishui_goal(store, row, year, lishui)


def _lishui_goal(store: Store, row: dict[str, str], year: int, region_id: int) -> None:
    text = row[f"target_{year}"]
    operator, value = read_goal(text)
    store.put(
        "规划目标",
        PlanGoal,
        {
            "plan": LISHUI_PLAN,
            "scope": LISHUI,
            "number": row["no"],
            "indicator": row["indicator"],
            "year": year,
        },
        {
            "region_id": region_id,
            "group": row["group"],
            "kind": GOAL_KINDS[row["kind"]],
            "operator": operator,
            "value": value,
            "text": text,
            "unit": row["unit"],
        },
    )


def _number(text: str) -> Decimal | None:
    bound = _BOUND.fullmatch(text)
    return strict.decimal(bound["number"]) if bound else None
