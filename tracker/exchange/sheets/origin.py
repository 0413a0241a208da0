"""What a workbook says of where it comes from: of which kind, of whom, as of when. It is a claim
like all of it, and only used to say in one sentence why nothing of it is taken."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.days import QUARTER_NAMES
from tracker.exchange.sheets.columns import VERSION
from tracker.exchange.sheets.entering import kind_called
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.web.tables import visible

AGAIN = "请重新下载模板，把内容填进去再导入。"
_QUARTER = re.compile(r"quarter:([0-9]{6,12}):([0-9]{4}):([1-4])")
_LONGEST = 30  # characters of a claim that are repeated


def quarter_named(key: str) -> tuple[Region, int, int] | None:
    """The place, the year and the quarter that the key of a template names."""
    named = _QUARTER.fullmatch(key)
    place = db.session.scalar(select(Region).filter_by(code=named[1])) if named else None
    return (place, int(named[2]), int(named[3])) if named and place is not None else None


def quarter_label(place: Region, year: int, quarter: int) -> str:
    """The grid of a quarter in words."""
    return f"{place.name} {year} 年{QUARTER_NAMES[quarter]}填报表"


def label_of(told: dict[str, str]) -> str:
    """What the template is of, in words."""
    key = told.get("kind", "")
    quarter = quarter_named(key)
    if quarter is not None:
        return f"“{quarter_label(*quarter)}”"
    kind = kind_called(key)
    return f"“{kind.label}”" if kind is not None else "其他内容"


def too_old(told: dict[str, str], mark: str) -> str:
    """Why the template is of before, "" if it is as it is now; `mark`: that of its columns."""
    if told.get("version") == str(VERSION) and told.get("columns", "") == mark:
        return ""
    made = visible(told.get("made", ""))[:_LONGEST]
    return f"模板已经更新，这份是旧的{f'（{made} 下载）' if made else ''}。{AGAIN}"


def of_others(told: dict[str, str], user: Any) -> str:
    """Why the template is of another place than those that `user` enters for, "" if it is not: its
    rows are that place's records, and each of them would be a fault of its own."""
    code = told.get("place", "")
    if not code or user.region_id is None:
        return ""
    within = select(Region.id).where(Region.code == code, Region.id.in_(regions_of(user)))
    if db.session.scalar(within) is not None:
        return ""
    name = db.session.scalar(select(Region.name).filter_by(code=code)) or "别处"
    return (
        f"这是{name}的模板，列的是{name}的记录；您登记的是{user.region.name}的。"
        "请用自己的账号下载模板，把内容填进去再导入。"
    )
