"""The applications that wait for somebody, those that wait longest first."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.applications.models import (
    BUILDING,
    IN_HAND,
    Application,
    ApplicationState,
)
from tracker.records.applications.queries import WITH_PLACES, waits_for_city, waits_for_province
from tracker.records.applications.steps import ONWARD
from tracker.records.places.scopes import is_province
from tracker.site.work_lists import Row, Todo, todo_of
from tracker.web.ways import way

SOON = timedelta(days=60)  # before the day by which 验收 is due


def own(regions: Select[int]) -> Todo:
    """What the places have in hand: to fill in, to file, and to be built by a day that is near."""
    due = and_(Application.state.in_(BUILDING), Application.acceptance_due_on <= today() + SOON)
    mine: ColumnElement[bool] = Application.county_id.in_(regions)
    wanted = (mine, or_(Application.state.in_((*IN_HAND, ApplicationState.APPROVED)), due))
    return _todo(
        "applications",
        "待办的项目申报",
        wanted,
        "草拟中、已退回、待申报的申报，和 60 天内应验收、已逾期的项目会列在这里。目前没有。",
    )


def to_decide(user: User) -> Todo:
    """What waits for the people of `user`: of a city, what was filed below it; of the province,
    what is to be approved, established or inspected."""
    wanted = (waits_for_province() if is_province(user) else waits_for_city(user.region_id),)
    return _todo(
        "applications",
        "待审的项目申报",
        wanted,
        "等待本级审核、审批、立项、验收的申报会列在这里。目前没有。",
    )


def _todo(key: str, title: str, wanted: tuple[ColumnElement[bool], ...], empty: str) -> Todo:
    def row(application: Application) -> Row:
        page = way("applications.detail", application_id=application.id)
        state = application.state.label
        if application.state in BUILDING and application.acceptance_due_on is not None:
            left = (application.acceptance_due_on - today()).days
            how = f"已逾期 {-left:,} 天" if left < 0 else f"还有 {left} 天"
            state = f"{state}，应于 {application.acceptance_due_on} 前验收，{how}"
        act = ONWARD.get(application.state)
        step = f"去{act.label.removesuffix('同意')}" if act else "查看"
        return Row(application.name, page, f"{application.county.name}，{state}", step, page)

    statement = (
        select(Application)
        .where(*wanted)
        .options(*WITH_PLACES)
        .order_by(Application.state_at.nulls_last(), Application.id)
    )
    return todo_of(key, title, statement, wanted, row, empty, way("applications.index"))
