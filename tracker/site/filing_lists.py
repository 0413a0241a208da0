"""The filings that came back to their place, with the reason; and those that wait for somebody's
review, those that wait longest first."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.scopes import is_province
from tracker.records.submissions.models import (
    QUARTERS,
    Filing,
    FilingEvent,
    FilingState,
)
from tracker.records.submissions.queries import WITH_PLACE, filed_by, reasons_of
from tracker.records.submissions.queries import given_back as came_back
from tracker.records.submissions.waiting import LONG, LONG_RETURNED, reason_words, waiting_words
from tracker.site.work_lists import Row, Todo, most, todo_of, unless
from tracker.web.kit.kinds import name_of
from tracker.web.ways import way


def given_back(regions: Select[int]) -> Todo:
    """What came back to the people of `regions`: returned, sent back by their leader, or opened
    again; each with who gave which reason, when."""
    wanted = (came_back(), filed_by(regions))
    statement = (
        select(Filing).where(*wanted).options(*WITH_PLACE).order_by(Filing.due_on, Filing.id)
    )
    found = list(db.session.scalars(statement.limit(most("given-back"))))
    reasons = reasons_of(found)
    total = db.session.scalar(select(func.count()).select_from(Filing).where(*wanted)) or 0
    return Todo(
        "given-back",
        "退回和限期开锁",
        [_back(filing, reasons.get(filing.id, [])) for filing in found],
        total,
        "审核单位退回、领导发回和省级限期开锁的报送会列在这里，写明理由。目前没有。",
        way("submissions.index"),
    )


def _back(filing: Filing, reasons: list[FilingEvent]) -> Row:
    said = [reason_words(each) for each in reasons]
    if filing.is_open_again:
        assert filing.reopened_until is not None, "it is open until a day"
        left = (filing.reopened_until - today()).days
        said.append(f"还有 {left} 天" if left else "今天截止")
    elif filing.state is FilingState.RETURNED:
        waited = waiting_words(filing, LONG_RETURNED)
        said.append("，".join(filter(None, ("已退回", waited, "请修改后再次报送"))))
    else:
        said.append(f"现在是“{filing.state.label}”")
    page = way("submissions.detail", filing_id=filing.id)
    where, step = page, "去补改" if filing.is_open_again else "去修改"
    if filing.kind in QUARTERS and filing.place.code:
        quarter = QUARTERS.index(filing.kind) + 1
        at = {"code": filing.place.code, "year": filing.year, "quarter": quarter}
        where = way("quarters.page", **at) or page
    return Row(name_of(filing), page, "；".join(filter(None, said)), step, where)


def to_review(user: User) -> Todo:
    """What waits for a review by the people of `user`: of a city, what its counties filed; of the
    province, what a city has looked at, what has no city above, and what is to be locked."""
    wanted = (_for_province() if is_province(user) else _for_city(user.region_id),)

    def row(filing: Filing) -> Row:
        page = way("submissions.detail", filing_id=filing.id)
        words = "，".join(filter(None, (filing.state.label, waiting_words(filing, LONG))))
        step = "去锁定" if filing.state is FilingState.REVIEWED else "去审核"
        return Row(name_of(filing), page, words, step, page)

    statement = (
        select(Filing).where(*wanted).options(*WITH_PLACE).order_by(Filing.state_at, Filing.id)
    )
    return todo_of(
        "to-review",
        "待审核的报送",
        statement,
        wanted,
        row,
        "已报送、等待本级审核的材料会列在这里。目前没有。",
        way("submissions.index"),
        unless("没有安排过报送任务，不能判断有没有待审核的。", Filing),
    )


def _for_city(region_id: int | None) -> ColumnElement[bool]:
    below = select(Region.id).where(Region.parent_id == region_id)
    return and_(Filing.state == FilingState.SUBMITTED, filed_by(below))


def _for_province() -> ColumnElement[bool]:
    above = aliased(Region)
    in_city = select(Region.id).join(above, above.id == Region.parent_id)
    in_city = in_city.where(above.level == RegionLevel.CITY)
    return or_(
        Filing.state.in_((FilingState.CITY_REVIEWED, FilingState.REVIEWED)),
        and_(Filing.state == FilingState.SUBMITTED, ~filed_by(in_city)),
    )
