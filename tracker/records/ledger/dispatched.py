"""How a project of 1 亿元 and more stands against its days: a light by declared rules.

No project has planned days on record; by which day a step is due follows from the rules, and what
has no day at all is not judged. The list of projects can be narrowed to a light.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, or_

from tracker.core.quantities.days import last_day_yet
from tracker.records.ledger import stalled
from tracker.records.projects.models import Project

SOON = timedelta(days=183)  # after signing, from which a project that has not begun is yellow
DUE = timedelta(days=365)  # after signing, by which it should have begun
RULES = (
    ("red", "红灯", "签约满 365 天未开工，或开工满 183 天未竣工而当年没有完成投资。"),
    ("yellow", "黄灯", "签约满 183 天、不满 365 天未开工。"),
    ("green", "绿灯", "已签约或已开工，不在红灯、黄灯之列。"),
    ("done", "已竣工", "有竣工或投产日期。"),
    ("unknown", "不能判断", "截至该日没有签约、开工、竣工日期。"),
)


def dispatched() -> ColumnElement[bool]:
    """Whether a project is one that this is about."""
    return and_(Project.is_large, Project.terminated_on.is_(None))


def lights(year: int) -> dict[str, ColumnElement[bool]]:
    """The condition of each light; every project has exactly one of them."""
    day = last_day_yet(year)
    done = or_(Project.completed_on <= day, Project.in_production_on <= day)
    red = or_(stalled.not_started(year), stalled.without_progress(year))
    begun = Project.started_on <= day
    signed = Project.signed_on <= day
    waits = and_(Project.signed_on <= day - SOON, or_(~begun, Project.started_on.is_(None)))
    conditions = {"done": done, "red": red, "yellow": waits, "green": or_(begun, signed)}
    found: dict[str, ColumnElement[bool]] = {}
    earlier: list[ColumnElement[bool]] = []
    for key, condition in conditions.items():
        # A day that is not on record makes no condition unknown: it is not met.
        known = case((condition, 1), else_=0) == 1
        found[key] = and_(known, *(~each for each in earlier))
        earlier.append(known)
    return {**found, "unknown": and_(*(~each for each in earlier))}
