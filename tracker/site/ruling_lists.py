"""Rulings that wait for an answer of the place whose figure it is, or for a second look."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import NAME
from tracker.records.accounts.owners import of as owned_by
from tracker.records.determinations.kinds import RULINGS
from tracker.records.determinations.levels import level_of
from tracker.records.determinations.models import Determination, RulingLevel
from tracker.records.determinations.queries import about, objected, objected_below, unanswered
from tracker.records.determinations.service import why_not_ruled
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.site.work_lists import Row, Todo, todo_of
from tracker.web.kit.kinds import name_of
from tracker.web.ways import way

_OF_CITIES = "市级初审结束后，对市级核定的异议也列在这里。"


def to_answer(regions: Select[int], year: int) -> Todo:
    """Corrections and refusals of figures of `regions` for the year that nobody has answered."""
    wanted = (about(regions), Determination.year == year, *unanswered())

    def row(ruling: Determination) -> Row:
        reason = f"：{ruling.reason}" if ruling.reason else ""
        whose = f"{NAME}，" if ruling.owner_region_id else ""
        return Row(
            name_of(ruling),
            way("rulings.detail", determination_id=ruling.id),
            f"{whose}{ruling.ruling.label}{reason}",
            "去答复",
            way("rulings.answer", determination_id=ruling.id),
        )

    return todo_of(
        "to-answer",
        f"{year} 年度待答复的更正和不予认定",
        _newest(wanted),
        wanted,
        row,
        "市级、省级更正或不予认定的本地数据会列在这里，可以答复无异议或有异议。目前没有。",
        way("rulings.index", answer="own", whose="all", year=year),
    )


def objections(user: User, owner: Region | None = None) -> Todo:
    """Rulings of the user's level in the assessment of `owner`, on figures of the places below,
    that a place speaks against; those of cities too where the province alone may still rule."""
    of_owner = owner.id if owner else None
    level = level_of(user, of_owner)
    assert level is not None, "asked of those who rule"
    mine = owned_by(Determination.owner_region_id, of_owner)
    against = and_(*objected(level))
    if level is RulingLevel.PROVINCE and owner is None:
        against = or_(against, and_(*objected_below(_left_to_the_province())))
    wanted = (against, mine, about(regions_of(user)))

    def row(ruling: Determination) -> Row:
        page = way("rulings.detail", determination_id=ruling.id)
        step = "看核定" if why_not_ruled(ruling.year, level, of_owner) else "去复看"
        return Row(name_of(ruling), page, f"有异议：{ruling.answers[-1].words}", step, page)

    return todo_of(
        "city-objections" if owner else "objections",
        f"{NAME}：填报单位有异议的核定" if owner else "填报单位有异议的核定",
        _newest(wanted),
        wanted,
        row,
        "填报单位对本级核定的异议会列在这里，重新核定后不再列出。"
        f"{_OF_CITIES if level is RulingLevel.PROVINCE and owner is None else ''}目前没有。",
        way(
            "rulings.index",
            answer="objected",
            span="all",
            owner=owner.code if owner else None,
        ),
    )


def _left_to_the_province() -> list[int]:
    """The years of which the province may rule and the cities, whose rulings somebody speaks
    against, no longer do."""
    years = db.session.scalars(
        select(Determination.year).where(*objected(RulingLevel.CITY)).distinct()
    )
    return [
        year
        for year in years
        if why_not_ruled(year, RulingLevel.CITY) and not why_not_ruled(year, RulingLevel.PROVINCE)
    ]


def _newest(wanted: tuple[ColumnElement[bool], ...]) -> Select:
    statement = select(Determination).where(*wanted).options(*RULINGS.load)
    return statement.order_by(Determination.ruled_at.desc(), Determination.id.desc())
