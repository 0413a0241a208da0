"""The goals of published plans, and those that a document sets for a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.indicators.goal_forms import GOAL_CONSTRAINTS, GoalForm
from tracker.records.indicators.goals import goal_words, read_goal
from tracker.records.indicators.models import PlanGoal
from tracker.records.places.models import Region
from tracker.records.places.scopes import everybodys, places
from tracker.web.kit import Column, Field, Kind, Show, acts, in_year, looks, one_of, through
from tracker.web.period import selected_year


def _goal(text: str, goal: PlanGoal) -> Markup:
    """A plan's goal in its own words, with the sign that they stand for."""
    return _quoted(text, goal) + goal.unit


def _quoted(text: str, goal: PlanGoal) -> Markup:
    """As `_goal`, without the unit, for a list that has a column of them."""
    return looks.quoted(goal_words(goal))


def _create(user: User, parent: None, values: Mapping[str, Any]) -> PlanGoal:
    operator, value = read_goal(values["text"])
    goal = PlanGoal(**values, operator=operator, value=value)
    db.session.add(goal)
    return goal


def _update(user: User, goal: PlanGoal, values: Mapping[str, Any], version: int | None) -> None:
    """A plan's sign may stand beside its number; only other words are read anew."""
    read: dict[str, Any] = {}
    if values["text"] != goal.text:
        read = dict(zip(("operator", "value"), read_goal(values["text"]), strict=True))
    acts.change(goal, {**values, **read}, version)


PLAN_GOALS = Kind(
    "plan_goals",
    PlanGoal,
    "规划目标",
    view=Permission.TARGETS_VIEW,
    edit=Permission.TARGETS_EDIT,
    scope=everybodys(),
    load=(joinedload(PlanGoal.region), joinedload(PlanGoal.source)),
    name=lambda goal: goal.indicator,
    columns=(
        Column("indicator", sort=True),
        Column("scope", sort=True),
        Column("region", sort=through(PlanGoal.region_id, Region.code), show=Show.WIDE),
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
                "region",
                "group",
                "number",
                "indicator",
                "kind",
                "year",
                Field("text", look=_goal),
                "source",
            ),
        ),
    ),
    form=GoalForm,
    constraints=GOAL_CONSTRAINTS,
    choices={"region_id": places},
    create=_create,
    update=_update,
    defaults=lambda user, parent: {"year": selected_year()},
    menu="targets.index",
    list_template="targets/list.html",
    empty="这里将列出规划和方案提出的目标。公开资料中的已载入；文件另有目标的，由省级考核人员登记。",
)
