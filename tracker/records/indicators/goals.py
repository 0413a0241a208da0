"""The goals of plans: how their words are read, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import or_, select

from tracker.core.db import db
from tracker.engine.scoring import strict
from tracker.records.indicators.models import PlanGoal

LISHUI_PLAN = "丽水市公布的指标表（67项）"
LISHUI_ITEMS = 67  # of its numbered indicators; two of them have a second row
WHOLE_PROVINCE = "全省"  # the scope of what a plan asks of the province as a whole
LISTED = "山区海岛县"  # of the counties of the list together

_BOUND = re.compile(
    r"(?P<sign>≥|≤|>=|<=|>|<|＞|＜|≈|约|不低于|不高于|大于|小于)?\s*(?P<number>-?[0-9]+(?:\.[0-9]+)?)"
)
_SIGNS = {
    "≥": ">=",
    "不低于": ">=",
    "≤": "<=",
    "不高于": "<=",
    "＞": ">",
    "大于": ">",
    "＜": "<",
    "小于": "<",
    "约": "≈",
    None: "=",
}


def read_goal(text: str) -> tuple[str | None, Decimal | None]:
    """(sign, number) of a goal as a plan writes it: ≥68, >95, 9.24; (None, None) of words, also
    where a number stands among them."""
    found = _BOUND.fullmatch(text.strip())
    if found is None:
        return None, None
    return _SIGNS.get(found["sign"], found["sign"]), strict.decimal(found["number"])


_SHOWN = {">": "> ", ">=": "≥ ", "<": "< ", "<=": "≤ ", "≈": "≈ "}


def goal_words(goal: PlanGoal) -> str:
    """A goal in its plan's words, without the unit, with the sign that stands beside them: ≥ 68."""
    found = _BOUND.fullmatch(goal.text)
    signed = found is not None and found["sign"] is not None
    return goal.text if signed else _SHOWN.get(goal.operator or "", "") + goal.text


def goals_of(places: Iterable[int]) -> Sequence[PlanGoal]:
    """The goals of `places` (ids) and those that are set for the counties of the list together, by
    number and the order in which they came."""
    statement = (
        select(PlanGoal)
        .where(or_(PlanGoal.region_id.in_(list(places)), PlanGoal.scope == LISTED))
        .order_by(PlanGoal.id)
    )
    return db.session.scalars(statement).all()
