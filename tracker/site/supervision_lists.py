"""The supervision orders that wait for somebody, the most overdue first."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.places.queries import regions_of
from tracker.records.places.scopes import is_province
from tracker.records.supervision import queries, steps
from tracker.records.supervision.models import OrderState, Rise, SupervisionOrder
from tracker.site.work_lists import Row, Todo, todo_of
from tracker.web.ways import way

Order = SupervisionOrder


def of_user(user: User) -> list[Todo]:
    """What `user` has to answer or help with, and what they have to review or to follow up; a list
    that is empty is not shown, since orders are not everyday work."""
    found = []
    if user.may(Permission.SUPERVISION_ANSWER):
        found.append(_to_answer(user))
    if user.may(Permission.SUPERVISION_ISSUE):
        found.append(_to_follow(user))
    return [each for each in found if each.total]


def _to_answer(user: User) -> Todo:
    mine = or_(Order.county_id == user.region_id, Order.helper_id == user.region_id)
    return _todo(
        "orders",
        "待答复的督办",
        and_(queries.waiting(), mine),
        "上级下达、等待本单位答复或协办的督办会列在这里。目前没有。",
        way("supervision.index", open=1),
    )


def _to_follow(user: User) -> Todo:
    """What was answered to the own place, what it issued that is overdue, and what has risen."""
    wanted = [
        queries.to_review(user),
        and_(queries.overdue(), Order.issuer_id == user.region_id),
    ]
    within = Order.county_id.in_(regions_of(user))
    if is_province(user):
        wanted.append(queries.risen_to(Rise.PROVINCE))
    elif user.region_id is not None:
        own = Order.county_id == user.region_id
        wanted.append(and_(queries.risen_to(Rise.CITY), within, ~own))
    return _todo(
        "orders-issued",
        "待审核和逾期的督办",
        or_(*wanted),
        "已答复、待本单位审核的督办，和逾期未答复的督办会列在这里。目前没有。",
        way("supervision.index", open=1),
    )


def _todo(
    key: str, title: str, wanted: ColumnElement[bool], empty: str, all_href: str | None
) -> Todo:
    def row(order: Order) -> Row:
        page = way("supervision.detail", supervision_order_id=order.id)
        _, light = steps.signal(order)
        state = f"{order.issuer.name}督办{order.county.name}，应于 {order.due_on} 前答复，{light}"
        step = "去审核" if order.state is OrderState.ANSWERED else "查看"
        if order.state is not OrderState.ANSWERED and key == "orders":
            step = "去答复"
        return Row(order.name, page, state, step, page)

    statement = select(Order).where(wanted).options(*queries.WITH_PLACES)
    statement = statement.order_by(Order.due_on, Order.id)
    return todo_of(key, title, statement, (wanted,), row, empty, all_href)
