"""The applications that wait for somebody, those that wait longest first: each told to whoever acts
next, in the words of that act, and why it came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.applications import turns
from tracker.records.applications.days import word_of
from tracker.records.applications.models import (
    BUILDING,
    IN_HAND,
    Application,
    ApplicationAct,
    ApplicationState,
)
from tracker.records.applications.queries import WITH_PLACES, waits_for_city, waits_for_province
from tracker.records.applications.steps import STEPS, onward, why_not
from tracker.records.applications.turns import Turn
from tracker.records.places.scopes import is_province
from tracker.site.work_lists import Row, Todo, most, todo_of_rows
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
        _of_staff,
        "草拟中、已退回、待申报的申报，和 60 天内应验收、已逾期的项目会列在这里。目前没有。",
    )


def to_approve(user: User) -> list[Todo]:
    """What waits for the leader `user` of the applying place, where something does: what is whole,
    and what came back and was changed since."""
    mine = select(Application).where(
        Application.county_id == user.region_id, Application.state.in_(IN_HAND)
    )
    in_hand = db.session.scalars(_in_order(mine)).all()
    all_turns = turns.turns_of(in_hand)
    step = STEPS[ApplicationAct.APPROVED]
    found = [
        each
        for each in in_hand
        if not why_not(user, each, step) and not all_turns[each.id].is_filled_in
    ]
    if not found:
        return []
    key = "applications"
    rows = [_row(each, "等待审核", "去审核") for each in found[: most(key)]]
    return [Todo(key, "待审核的项目申报", rows, len(found), "", way("applications.index"))]


def to_decide(user: User) -> Todo:
    """What waits for the people of `user`: of a city, what was filed below it; of the province,
    what is to be approved, established or inspected."""
    wanted = (waits_for_province() if is_province(user) else waits_for_city(user.region_id),)
    return _todo(
        "applications",
        "待审的项目申报",
        wanted,
        _of_those_above,
        "等待本级审核、审批、立项、验收的申报会列在这里。目前没有。",
    )


def _of_staff(application: Application, turn: Turn) -> Row:
    """What the people who fill it in do next, or for whom it waits."""
    wanting = "、".join(turn.lacking)
    if application.state in BUILDING and application.acceptance_due_on is not None:
        left = (application.acceptance_due_on - today()).days
        how = f"已逾期 {-left:,} 天" if left < 0 else f"还有 {left} 天"
        said = f"应于 {application.acceptance_due_on} 前验收，{how}"
        if wanting:
            return _row(application, f"{said}，缺{wanting}", "去补材料")
        return _row(application, said, "去申请验收")
    if application.state not in IN_HAND:
        return _row(application, "", "去申报")
    said = f"{turns.reason_words(turn.back)}；" if turn.back is not None else ""
    if not turn.is_filled_in:
        return _row(application, f"{said}已齐备，等{application.county.name}领导审核", "查看")
    if turn.back is not None and not turn.mended:
        edit = way("applications.edit", application_id=application.id)
        return _row(application, f"{said}请修改后再由领导审核", "去修改", edit)
    return _row(
        application, f"{said}内容或材料还不齐{f'，缺{wanting}' if wanting else ''}", "去补齐"
    )


def _of_those_above(application: Application, turn: Turn) -> Row:
    step = onward(application)
    assert step is not None, "it waits for them"
    lacking = f"缺{'、'.join(turn.lacking)}" if turn.lacking else ""
    return _row(application, lacking, f"去{word_of(step.act)}")


def _row(application: Application, said: str, step: str, where: str | None = None) -> Row:
    page = way("applications.detail", application_id=application.id)
    words = (application.county.name, application.state.label, said)
    return Row(application.name, page, "，".join(filter(None, words)), step, where or page)


def _in_order(statement: Select) -> Select:
    return statement.options(*WITH_PLACES).order_by(
        Application.state_at.nulls_last(), Application.id
    )


def _todo(
    key: str,
    title: str,
    wanted: tuple[ColumnElement[bool], ...],
    row: Callable[[Application, Turn], Row],
    empty: str,
) -> Todo:
    def rows(shown: Sequence[Application]) -> list[Row]:
        all_turns = turns.turns_of(shown)
        return [row(each, all_turns[each.id]) for each in shown]

    statement = _in_order(select(Application).where(*wanted))
    return todo_of_rows(key, title, statement, wanted, rows, empty, way("applications.index"))
