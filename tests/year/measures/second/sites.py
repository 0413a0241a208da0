"""The measures of parks and demonstration villages, from their definitions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from tests.year.measures.second.enclaves import last_quarter, year_sum, yes
from tests.year.measures.second.records import (
    Row,
    World,
    by_end,
    in_scope,
    in_year,
    or_filed,
    rounded,
    wan,
)

PARK: dict[str, Callable[[World, Row, int], object]] = {}
VILLAGE: dict[str, Callable[[World, Row, int], object]] = {}


def park(name: str):
    def enter(function):
        PARK[name] = function
        return function

    return enter


def village(name: str):
    def enter(function):
        VILLAGE[name] = function
        return function

    return enter


def filed(world: World, of: Row, year: int) -> bool:
    """所在县已报送当年第四季度季报或年报."""
    return world.filed(year, region_id=of.recipient_id)


def of_park(world: World, of: Row) -> list[Row]:
    return [row for row in world.of("projects", park_id=of.id) if in_scope(row)]


def money(world: World, of: Row, year: int, kind: str) -> list[Row]:
    """园区台账有记录的以园区台账为准，没有的为园区各项目台账之和。"""
    rows = list(world.money(kind, year, park_id=of.id))
    return rows or [
        entry
        for project in of_park(world, of)
        for entry in world.money(kind, year, project_id=project.id)
    ]


def _sum(kind: str):
    def read(world, of, year):
        rows = money(world, of, year, kind)
        return or_filed(rows, wan(rows), filed(world, of, year))

    return read


PARK["park.government_investment"] = _sum("government_investment")
PARK["park.social_investment"] = _sum("social_investment")
PARK["park.tax"] = _sum("tax")
PARK["park.industrial_output"] = year_sum("output", "park_id")
PARK["park.land_supplied"] = last_quarter("land_supplied", "park_id")
PARK["park.land_developed"] = last_quarter("land_developed", "park_id")
PARK["park.revenue"] = year_sum("revenue", "park_id")
PARK["park.farmer_income"] = year_sum("farmers_income", "park_id")


@park("park.visitors")
def _(world, of, year):
    value = year_sum("visitors", "park_id")(world, of, year)
    return None if value is None else value / 10_000


@park("park.tax_per_mu")
def _(world, of, year):
    rows = money(world, of, year, "tax")
    if not rows:
        return 0 if filed(world, of, year) else None
    land = last_quarter("land_supplied", "park_id")(world, of, year)
    return rounded(wan(rows) / land, 8) if land else None


@park("park.added_value_per_mu")
def _(world, of, year):
    value = year_sum("value_added", "park_id")(world, of, year)
    if value is None:
        return None
    if not value:
        return 0
    land = last_quarter("land_supplied", "park_id")(world, of, year)
    return rounded(value / land, 8) if land else None


def park_goal(measure: str):
    def read(world, of, year):
        for row in world.of("targets", park_id=of.id, year=year, measure=measure):
            return Fraction(row.value)
        return 0

    return read


PARK["goal.park_tax_per_mu"] = park_goal("goal.park_tax_per_mu")
PARK["goal.park_added_value_per_mu"] = park_goal("goal.park_added_value_per_mu")


@park("park.joint_events")
def _(world, of, year):
    rows = [row for row in world.of("joint_events", park_id=of.id) if in_year(row.held_on, year)]
    return or_filed(rows, len(rows), filed(world, of, year))


@park("park.market_sales")
def _(world, of, year):
    rows = [
        row for row in world.of("consumption_aids", park_id=of.id) if in_year(row.bought_on, year)
    ]
    if rows:
        return wan(rows)
    told = year_sum("trade", "park_id")(world, of, year)
    if told is not None:
        return told
    return 0 if filed(world, of, year) else None


def _found(kind: str, level: str | None):
    def read(world, of, year):
        return sum(
            row.kind == kind
            and (level is None or row.level == level)
            and in_year(row.found_on, year)
            and row.withdrawn_on is None
            for row in world.of("findings", park_id=of.id)
        )

    return read


PARK["park.inspection_central"] = _found("inspection", "central")
PARK["park.inspection_provincial"] = _found("inspection", "province")
PARK["park.case_central"] = _found("bad_case", "central")
PARK["park.case_provincial"] = _found("bad_case", "province")
PARK["park.accidents"] = _found("accident", None)


def _funds(world: World, of: Row, year: int, counts: Callable[[Row], bool]) -> list[Row]:
    return [
        entry
        for project in of_park(world, of)
        if counts(project)
        for entry in world.money("funds_in_place", year, project_id=project.id)
    ]


def _industry(project: Row) -> bool:
    return project.category == "industry"


@park("park.leading_funds_share")
def _(world, of, year):
    rows = _funds(world, of, year, _industry)
    marked = any(
        world.get("projects", row.project_id).is_leading_industry is not None for row in rows
    )
    whole = wan(rows)
    if not marked or not whole:
        return None
    leading = _funds(
        world, of, year, lambda project: _industry(project) and project.is_leading_industry is True
    )
    return rounded(wan(leading) / whole, 8)


@park("park.partner_funds")
def _(world, of, year):
    rows = _funds(world, of, year, lambda project: True)
    partner = _funds(world, of, year, lambda project: project.source_side == "supporter")
    return or_filed(rows, wan(partner), filed(world, of, year))


@park("park.partner_projects")
def _(world, of, year):
    rows = of_park(world, of)
    value = sum(
        row.source_side == "supporter"
        and not by_end(row.terminated_on, year)
        and any(by_end(d, year) for d in (row.started_on, row.completed_on, row.in_production_on))
        for row in rows
    )
    return or_filed(rows, value, filed(world, of, year))


STEPS = (
    "planned_on",
    "negotiated_on",
    "signed_on",
    "started_on",
    "completed_on",
    "in_production_on",
)


def planned(world: World, of: Row, year: int) -> list[Row]:
    """计划项目为年末前已登记任一进度日期或者尚无日期的项目，年末前终止的不计."""
    found = []
    for row in of_park(world, of):
        days = [getattr(row, step) for step in STEPS if getattr(row, step) is not None]
        if not by_end(row.terminated_on, year) and (not days or min(days) <= date(year, 12, 31)):
            found.append(row)
    return found


def _by(row: Row, year: int, *steps: str) -> bool:
    return any(by_end(getattr(row, step), year) for step in steps)


@park("park.start_rate")
def _(world, of, year):
    rows = planned(world, of, year)
    started = sum(_by(row, year, "started_on", "completed_on", "in_production_on") for row in rows)
    return rounded(Fraction(started, len(rows)), 8) if rows else None


@park("park.completion_rate")
def _(world, of, year):
    rows = [
        row
        for row in planned(world, of, year)
        if _by(row, year, "started_on", "completed_on", "in_production_on")
    ]
    built = sum(_by(row, year, "completed_on", "in_production_on") for row in rows)
    return rounded(Fraction(built, len(rows)), 8) if rows else None


# 乡村振兴示范点.


def of_county(world: World, of: Row, year: int) -> bool:
    return world.filed(year, region_id=of.county_id)


@village("demonstration.accepted")
def _(world, of, year):
    if of.accepted_on is not None:
        return int(by_end(of.accepted_on, year))
    registered = of.applied_on, of.approved_on, of.acceptance_year
    return 0 if any(value is not None for value in registered) else None


def _aid(kind: str):
    def read(world, of, year):
        rows = list(world.money(kind, year, demonstration_village_id=of.id))
        return or_filed(rows, wan(rows), of_county(world, of, year))

    return read


VILLAGE["demonstration.aid_received"] = _aid("aid_received")
VILLAGE["demonstration.aid_used"] = _aid("aid_used")


@village("demonstration.operating_income")
def _(world, of, year):
    for row in world.of("village_incomes", village_id=of.village_id, year=year):
        return Fraction(row.operating) / 10_000
    return None


@village("demonstration.low_income_households")
def _(world, of, year):
    return of.low_income_households


@village("demonstration.projects")
def _(world, of, year):
    rows = [row for row in world.of("projects", demonstration_village_id=of.id) if in_scope(row)]
    value = sum(
        not by_end(row.terminated_on, year) and _by(row, year, "completed_on", "in_production_on")
        for row in rows
    )
    return or_filed(rows, value, of_county(world, of, year))


@village("demonstration.sales")
def _(world, of, year):
    rows = [
        row
        for row in world.of("consumption_aids", demonstration_village_id=of.id)
        if in_year(row.bought_on, year)
    ]
    return or_filed(rows, wan(rows), of_county(world, of, year))


@village("demonstration.fund_ledger")
def _(world, of, year):
    rows = [
        row
        for kind in ("aid_received", "aid_used")
        for row in world.money(kind, None, date(year, 12, 31), demonstration_village_id=of.id)
    ]
    return or_filed(rows, 1, of_county(world, of, year))


@village("demonstration.disclosure")
def _(world, of, year):
    return yes(of.has_village_disclosure)
