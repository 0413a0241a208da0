"""How a project of 1 亿元 and more stands against its days: a light by declared rules.

Its planned milestones are held against the days on which it reached its stages. By which day a step
without a plan is due follows from the rules; a plan never takes such a day away, since whoever is
obliged never sets the obligation. What has no day at all is not judged. The list of projects can be
narrowed to a light.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, or_

from tracker.core.quantities.days import last_day_yet
from tracker.records.ledger import stalled
from tracker.records.projects import milestones
from tracker.records.projects.models import Project

SOON = timedelta(days=183)  # after signing, from which a project that has not begun is yellow
DUE = timedelta(days=365)  # after signing, by which it should have begun
RULES = (
    (
        "red",
        "红灯",
        "计划节点的日期已过而没有到，签约满 365 天未开工，"
        "或开工满 183 天未竣工而当年没有完成投资。",
    ),
    (
        "yellow",
        "黄灯",
        f"计划节点 {milestones.SOON.days} 天内到期，或签约满 183 天、不满 365 天未开工。",
    ),
    ("green", "绿灯", "已签约、已开工或有未到的计划节点，不在红灯、黄灯之列。"),
    ("done", "已竣工", "有竣工或投产日期，计划节点都已到。"),
    ("unknown", "不能判断", "截至该日没有签约、开工、竣工日期，也没有计划节点。"),
)


def dispatched() -> ColumnElement[bool]:
    """Whether a project is one that this is about."""
    return and_(Project.is_large, Project.terminated_on.is_(None))


def lights(year: int) -> dict[str, ColumnElement[bool]]:
    """The condition of each light; every project has exactly one of them."""
    day = last_day_yet(year)
    planned = milestones.has_waiting(day)
    finished = or_(Project.completed_on <= day, Project.in_production_on <= day)
    late = or_(milestones.has_late(day), stalled.not_started(year), stalled.without_progress(year))
    begun = Project.started_on <= day
    signed = Project.signed_on <= day
    waits = and_(Project.signed_on <= day - SOON, or_(~begun, Project.started_on.is_(None)))
    conditions = {
        "done": and_(finished, ~planned),
        "red": late,
        "yellow": or_(milestones.has_soon(day), and_(waits, ~_known(finished))),
        "green": or_(begun, signed, finished, planned),
    }
    found: dict[str, ColumnElement[bool]] = {}
    earlier: list[ColumnElement[bool]] = []
    for key, condition in conditions.items():
        known = _known(condition)
        found[key] = and_(known, *(~each for each in earlier))
        earlier.append(known)
    return {**found, "unknown": and_(*(~each for each in earlier))}


def _known(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition that is not met where a day is not on record, instead of unknown."""
    return case((condition, 1), else_=0) == 1
