"""The filings that wait for somebody's review, those that wait longest first."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from tracker.records.accounts.models import User
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.scopes import is_province
from tracker.records.submissions.models import Filing, FilingState
from tracker.records.submissions.queries import WITH_PLACE, filed_by
from tracker.records.submissions.waiting import LONG, waiting_words
from tracker.site.work_lists import Row, Todo, todo_of, unless
from tracker.web.kit.kinds import name_of
from tracker.web.ways import way


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
