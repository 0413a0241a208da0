"""What people are reminded of about supervision orders: what they have to answer and by when, what
they have to review, and what has risen to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.clock import day_of, written
from tracker.core.quantities.shown import days_left
from tracker.records.accounts.permissions import Permission
from tracker.records.accounts.takers import city_above
from tracker.records.places.models import Region, RegionLevel
from tracker.records.reminders.occasions import (
    WEEK,
    Found,
    Occasion,
    _of,
    declare,
    late_stage,
    stage_before,
)
from tracker.records.supervision.models import WAITING, OrderState, Rise, SupervisionOrder
from tracker.records.supervision.queries import WITH_PLACES, latest
from tracker.records.supervision.steps import RISES, A, risen_by

BEFORE = (5, 2)  # days before the last day of an answer
_ANSWER = (Permission.SUPERVISION_ANSWER,)
_ISSUE = (Permission.SUPERVISION_ISSUE,)


def _orders(*which: Any) -> Iterator[SupervisionOrder]:
    statement = select(SupervisionOrder).where(*which).options(*WITH_PLACES)
    yield from db.session.scalars(
        statement.order_by(SupervisionOrder.due_on, SupervisionOrder.id)
    ).unique()


def _due(on: date) -> Iterator[Found]:
    """What a place has to answer: when it comes or comes back, some days before its last day, on
    it, and after it."""
    for order in _orders(SupervisionOrder.state.in_(WAITING)):
        left = (order.due_on - on).days
        stage = late_stage(on, order.due_on) if left < 0 else stage_before(on, order.due_on, BEFORE)
        back = order.state is OrderState.RETURNED
        title = "督办逾期未答复" if left < 0 else "督办退回重办" if back else "督办待答复"
        returned = latest(order, A.RETURNED) if back else None
        reason = f"退回的理由：{returned.reason}。" if returned is not None else ""
        yield Found(
            f"order {order.id}",
            stage or f"{order.state.value} {order.due_on}",
            (order.county_id, *([order.helper_id] if order.helper_id else [])),
            _ANSWER,
            f"{title}：{order.name}",
            f"{order.issuer.name}下达，应于 {order.due_on} 前答复，{days_left(left)}。{reason}",
            _of(order),
            order.due_on,
        )


def _answered(on: date) -> Iterator[Found]:
    """What was answered and waits for those who issued it: at once, and each week."""
    for order in _orders(SupervisionOrder.state == OrderState.ANSWERED):
        weeks = (on - day_of(order.state_at)).days // WEEK
        yield Found(
            f"order {order.id}",
            f"answered {weeks} {written(order.state_at)}",
            (order.issuer_id,),
            _ISSUE,
            f"督办已答复，待审核：{order.name}",
            f"{order.county.name}于 {written(order.state_at)} 答复，请审核：同意办结，或退回重办。",
            _of(order),
        )


def _risen(on: date) -> Iterator[Found]:
    """What nobody answered in time: told to those who issued it on the day after, and to whom it
    rises on the day of its rule."""
    province = db.session.scalar(select(Region.id).where(Region.level == RegionLevel.PROVINCE))
    overdue = (SupervisionOrder.state.in_(WAITING), SupervisionOrder.due_on < on)
    for order in _orders(*overdue):
        late = (on - order.due_on).days
        above = city_above(order.county)
        places = {Rise.CITY: above.id if above is not None else None, Rise.PROVINCE: province}
        told = {order.issuer_id: "issuer"}
        for rise in risen_by(order, on):
            place = places[rise]
            if place is not None and place != order.county_id:
                told[place] = rise.value
        for place, stage in told.items():
            yield Found(
                f"order {order.id} {place}",
                f"{stage} {order.due_on}",
                (place,),
                _ISSUE,
                f"督办逾期 {late:,} 天：{order.name}",
                f"{order.issuer.name}下达，{order.county.name}应于 {order.due_on} 前答复，"
                f"至今没有答复。",
                _of(order),
                order.due_on,
            )


_RISING = "、".join(f"{days} 天报{rise.label}" for rise, days in RISES)
declare(
    Occasion(
        "order_due",
        "督办待答复",
        "下达、退回时，期限前 5 天、2 天，当天，逾期后每周一次",
        _due,
    ),
    Occasion("order_answered", "督办待审核", "答复时，其后每周一次", _answered),
    Occasion("order_risen", "督办逾期上报", f"逾期次日报下达单位，逾期 {_RISING}", _risen),
)
