"""The list of supervision orders and the page of one. They are issued by a form of their own, and
changed by acts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from flask import url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, extract, or_

from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.evidence.kinds import asked_for, held_by
from tracker.records.evidence.models import EvidenceLink
from tracker.records.places.models import Region
from tracker.records.places.scopes import within
from tracker.records.supervision import lines, queries, service, steps
from tracker.records.supervision.models import OPEN, CardLine, OrderState, Rise, SupervisionOrder
from tracker.records.supervision.steps import STEPS, Step, is_one_of
from tracker.web.kit import (
    Action,
    Blocked,
    Column,
    Field,
    Filter,
    Kind,
    Show,
    flag,
    looks,
    one_of,
    through,
)
from tracker.web.kit.kinds import kind_of, link_to, name_of
from tracker.web.period import selected_year

S = OrderState
_SCOPE = within(queries.touching, "county_id", "helper_id")


def _not_to_prove(user: User, order: SupervisionOrder) -> Blocked | None:
    """Why `user` adds no files to an order: another place's, or over, so that what was accepted
    rests on what was there."""
    assert _SCOPE.foreign is not None, "of all that `within` makes"
    if said := _SCOPE.foreign(user, order):
        return said
    if order.state not in OPEN:
        return Blocked(f"这件督办{order.state.label}，不再补充或撤回佐证。")
    return None


def _held(order: SupervisionOrder, link: EvidenceLink) -> str:
    if order.state in (S.ANSWERED, S.ACCEPTED):
        return f"这件督办现在是“{order.state.label}”，答复所附的佐证不能撤回。"
    return ""


def _action(step: Step) -> Action:
    """The button of a step for those who ever take it, while it may still come."""

    def blocked(user: User, order: SupervisionOrder) -> Blocked | None:
        said = service.why_not(user, order, step.act)
        return Blocked(said) if said else None

    def address(order: SupervisionOrder) -> str:
        return url_for(f"supervision.{step.act.value}", supervision_order_id=order.id)

    def fits(user: User, order: SupervisionOrder) -> bool:
        return is_one_of(user, order, step) and order.state in step.of

    return Action(
        step.act.label,
        step.icon,
        step.permission,
        address,
        blocked,
        primary=step.act in _FIRST,
        fits=fits,
    )


_FIRST = (steps.A.ANSWERED, steps.A.ACCEPTED)


def light(order: SupervisionOrder) -> Markup:
    """The light of an order, as a word with its shape."""
    return looks.light(*steps.signal(order))


def subject_link(order: SupervisionOrder) -> Markup | str:
    """What the order is about, as a link where the user sees it."""
    about: Any = order.subject
    if isinstance(about, CardLine):
        address = lines.address(current_user, about)
        return Markup('<a href="{}">{}</a>').format(address, about.name) if address else about.name
    kind = kind_of(about)
    if isinstance(about, Region):
        return Markup('<a href="{}">{}</a>').format(
            url_for("counties.detail", code=about.code), about.name
        )
    seen = kind is not None and kind.get(current_user, about.id) is not None
    return link_to(about) if seen else name_of(about)


def _subject_words(order: SupervisionOrder) -> str:
    about: Any = order.subject
    return about.name if isinstance(about, Region | CardLine) else name_of(about)


def _days(order: SupervisionOrder) -> int | None:
    return steps.days_late(order) or None


def _of_light(value: str) -> ColumnElement[bool] | None:
    order, day = SupervisionOrder, today()
    soon = date.fromordinal(day.toordinal() + steps.SOON)
    return {
        "red": queries.overdue(),
        "yellow": and_(queries.waiting(), order.due_on.between(day, soon)),
        "green": or_(order.state == S.ANSWERED, and_(queries.waiting(), order.due_on > soon)),
        "city": queries.risen_to(Rise.CITY),
        "province": queries.risen_to(Rise.PROVINCE),
    }.get(value)


def _of_year(value: str) -> ColumnElement[bool] | None:
    if value == "all":
        return None
    # What is open is shown whatever its year: nobody is done with it.
    in_year = extract("year", SupervisionOrder.due_on) == selected_year()
    return or_(in_year, queries.is_open())


_STATE = partial(looks.badge, family="order")

SUPERVISION = Kind(
    "supervision",
    SupervisionOrder,
    "督办",
    view=Permission.SUPERVISION_VIEW,
    scope=replace(_SCOPE, foreign=_not_to_prove),
    load=queries.WITH_PLACES,
    actions=(
        *(_action(step) for step in STEPS.values()),
        Action(
            "督办单（PDF）",
            "download",
            Permission.PAPERS_VIEW,
            lambda order: url_for("order_forms.form", supervision_order_id=order.id),
        ),
    ),
    columns=(
        Column("name", "督办事项", sort=True),
        Column("subject", "督办对象", value=_subject_words, show=Show.DESK),
        Column("county", sort=through(SupervisionOrder.county_id, Region.code), phone=True),
        Column("helper", show=Show.WIDE),
        Column("issuer", sort=through(SupervisionOrder.issuer_id, Region.code)),
        Column("due_on", sort=True, phone=False),
        Column("state", sort=True, look=_STATE, phone=True),
        Column("light", "亮灯", value=light, look=lambda said, order: said, phone=True),
        Column("late", "逾期天数", value=_days, number=True, show=Show.WIDE),
        Column("risen", "已上报", show=Show.DESK),
        Column("waiting", "待谁办理", value=steps.waits_for, show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.WIDE),
    ),
    filters=(
        Filter(
            "span",
            "年度",
            [("all", "全部年度")],
            _of_year,
            blank="本年及未办结",
        ),
        flag("open", "办结", "未办结", queries.is_open()),
        one_of(SupervisionOrder.state, "进度"),
        Filter(
            "light",
            "亮灯",
            [
                ("red", "红灯（逾期）"),
                ("yellow", "黄灯"),
                ("green", "绿灯"),
                *((rise.value, f"逾期 {days} 天以上") for rise, days in steps.RISES),
            ],
            _of_light,
        ),
    ),
    search=(
        SupervisionOrder.name,
        SupervisionOrder.demand,
        through(SupervisionOrder.county_id, Region.name),
    ),
    search_label="事项、要求或承办单位",
    order="due_on",
    subline=(
        Field("state", look=_STATE),
        Field("light", value=light, look=lambda said, order: said),
        Field("origin", look=looks.origin),
    ),
    groups=(
        (
            "督办单",
            (
                Field("subject", "督办对象", value=subject_link, look=lambda said, order: said),
                "issuer",
                "county",
                "helper",
                Field("demand", look=looks.quoted),
                "due_on",
                "needs_proof",
            ),
        ),
    ),
    empty="省、市下达的督办单列在这里。从县、结对、飞地、产业园、项目、报送、重点工作的页面和评分表的指标用“督办”下达。",
    list_template="supervision/list.html",
    detail_template="supervision/detail.html",
)

asked_for(SupervisionOrder, lambda user, order: ("办理情况佐证",))
held_by(SupervisionOrder, _held)
