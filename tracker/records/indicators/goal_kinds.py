"""The goals of published plans."""

from __future__ import annotations

from markupsafe import Markup

from tracker.records.accounts.permissions import Permission
from tracker.records.indicators.models import PlanGoal
from tracker.records.places.scopes import everybodys
from tracker.web.kit import Column, Field, Kind, Show, in_year, looks, one_of

_SIGNS = {">": "> ", ">=": "≥ ", "<": "< ", "<=": "≤ ", "≈": "≈ "}


def _goal(text: str, goal: PlanGoal) -> Markup:
    """A plan's goal in its own words, with the sign that they stand for."""
    return _quoted(text, goal) + goal.unit


def _quoted(text: str, goal: PlanGoal) -> Markup:
    """As `_goal`, without the unit, for a list that has a column of them."""
    sign = _SIGNS.get(goal.operator or "", "")
    sign = "" if text.startswith(sign.strip() or " ") else sign
    return looks.quoted(f"{sign}{text}")


PLAN_GOALS = Kind(
    "plan_goals",
    PlanGoal,
    "规划目标",
    view=Permission.TARGETS_VIEW,
    scope=everybodys(),
    name=lambda goal: goal.indicator,
    columns=(
        Column("indicator", sort=True),
        Column("scope", sort=True),
        Column("year", sort=True),
        Column("text", look=_quoted),
        Column("unit", phone=True),
        Column("kind", show=Show.DESK),
        Column("plan", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(in_year(PlanGoal.year), one_of(PlanGoal.kind)),
    search=(PlanGoal.indicator, PlanGoal.scope, PlanGoal.plan, PlanGoal.group),
    search_label="指标、范围或规划",
    order="indicator",
    groups=(
        (
            "目标",
            (
                "plan",
                "scope",
                "group",
                "number",
                "indicator",
                "kind",
                "year",
                Field("text", look=_goal),
            ),
        ),
    ),
    menu="targets.index",
    list_template="targets/list.html",
    empty="这里将列出规划和方案提出的目标，随公开资料载入。",
)
