"""The way of a supervision order: who may take which step from where, and to whom an overdue one
rises by which day.

Pure of acts: `service` takes the steps, the pages show them, and both ask here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.accounts.takers import city_above
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.scopes import is_province
from tracker.records.supervision.models import (
    OPEN,
    WAITING,
    OrderAct,
    OrderState,
    Rise,
    SupervisionOrder,
)

A, S, P = OrderAct, OrderState, Permission
# How many days after its last day an order that nobody answered rises, and to whom.
RISES = ((Rise.CITY, 3), (Rise.PROVINCE, 10))
RULE = "；".join(f"逾期 {days} 天仍未答复的上报{rise.label}" for rise, days in RISES) + "。"
ISSUING = (RegionLevel.PROVINCE, RegionLevel.CITY)  # whose people issue orders


class By(StrEnum):
    """Who takes a step."""

    OWN = "own"  # the place that answers
    HELPER = "helper"
    ISSUER = "issuer"  # the place that issued it, and the province once it has risen there


@dataclass(frozen=True)
class Step:
    """A step from one of the states `of` to `to` (None: where it is)."""

    act: OrderAct
    of: tuple[OrderState, ...]
    to: OrderState | None
    by: By
    permission: Permission
    icon: str
    reason: str = "理由"  # what its words are called
    must: bool = True  # whether it needs words
    dated: bool = False  # whether it sets a last day


STEPS = {
    step.act: step
    for step in (
        Step(A.ANSWERED, WAITING, S.ANSWERED, By.OWN, P.SUPERVISION_ANSWER, "send", "办理情况"),
        Step(A.NOTED, WAITING, None, By.HELPER, P.SUPERVISION_ANSWER, "pencil", "协办情况"),
        Step(
            A.ACCEPTED, (S.ANSWERED,), S.ACCEPTED, By.ISSUER, P.SUPERVISION_ISSUE,
            "clipboard-check", "意见", must=False,
        ),
        Step(
            A.RETURNED, (S.ANSWERED,), S.RETURNED, By.ISSUER, P.SUPERVISION_ISSUE,
            "arrow-back-up", dated=True,
        ),
        Step(
            A.EXTENDED, WAITING, None, By.ISSUER, P.SUPERVISION_ISSUE, "history", dated=True
        ),
        Step(A.CANCELLED, OPEN, S.CANCELLED, By.ISSUER, P.SUPERVISION_ISSUE, "alert-circle"),
    )
}  # fmt: skip


def issues(user: User, place: Region | None) -> bool:
    """Whether `user`, of `place`, issues orders at all: of a city or of the province."""
    return user.may(P.SUPERVISION_ISSUE) and place is not None and place.level in ISSUING


def is_one_of(user: User, order: SupervisionOrder, step: Step) -> bool:
    """Whether `user` is of those who ever take the step, by role and place."""
    if not user.may(step.permission):
        return False
    if step.by is By.OWN:
        return user.region_id == order.county_id
    if step.by is By.HELPER:
        return order.helper_id is not None and user.region_id == order.helper_id
    if user.region_id == order.issuer_id:
        return True
    return order.risen is Rise.PROVINCE and is_province(user)


def why_not(user: User, order: SupervisionOrder, step: Step) -> str:
    """Why `user` cannot take the step now; "" if they can."""
    if not is_one_of(user, order, step):
        return f"“{step.act.label}”由{_takers(order, step)}办理，您的账户不能办理。"
    return out_of_order(order, step)


def out_of_order(order: SupervisionOrder, step: Step) -> str:
    """Why nobody can take the step as things stand."""
    if order.state in step.of:
        return ""
    states = "、".join(f"“{state.label}”" for state in step.of)
    return f"现在是“{order.state.label}”，“{step.act.label}”须在{states}时进行。"


def _takers(order: SupervisionOrder, step: Step) -> str:
    if step.by is By.HELPER:
        return f"协办的{order.helper.name}" if order.helper else "协办单位"
    return {By.OWN: order.county.name, By.ISSUER: f"下达的{order.issuer.name}"}[step.by]


def waits_for(order: SupervisionOrder) -> str:
    """Who has to do something next: 缙云县答复; "" where nobody."""
    if order.state in WAITING:
        return f"{order.county.name}答复"
    return f"{order.issuer.name}审核" if order.state is S.ANSWERED else ""


# -- lateness


def days_late(order: SupervisionOrder, on: date | None = None) -> int:
    """For how many days an order has waited for its answer beyond its last day; 0 where it does
    not."""
    if order.state not in WAITING:
        return 0
    return max(0, ((on or today()) - order.due_on).days)


def rises_of(order: SupervisionOrder) -> list[tuple[Rise, date]]:
    """To whom the order rises while nobody answers, with the day on which it does: to the city
    above its place, where there is one, then to the province."""
    has_city = city_above(order.county) is not None
    return [
        (rise, order.due_on + timedelta(days))
        for rise, days in RISES
        if rise is not Rise.CITY or has_city
    ]


def risen_by(order: SupervisionOrder, on: date) -> list[Rise]:
    """To whom the order has to have risen by a day."""
    if order.state not in WAITING:
        return []
    return [rise for rise, day in rises_of(order) if day <= on]


def signal(order: SupervisionOrder, on: date | None = None) -> tuple[str, str]:
    """The light of an order by its rule: (red, 红灯：逾期 3 天), (done, …) where it waits no
    more."""
    day = on or today()
    if order.state is S.ANSWERED:
        return "green", "绿灯：已答复，待审核"
    if order.state not in WAITING:
        return "done", order.state.label
    left = (order.due_on - day).days
    if left < 0:
        return "red", f"红灯：逾期 {-left:,} 天"
    if left <= SOON:
        return "yellow", f"黄灯：{f'还有 {left} 天' if left else '今天到期'}"
    return "green", f"绿灯：还有 {left} 天"


SOON = 5  # days before the last day from which the light is yellow
LIGHTS = f"期限已过未答复为红灯，期限前 {SOON} 天内为黄灯，其余为绿灯。"
