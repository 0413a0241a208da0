"""Reads what a supervision order shows on paper, from the order and its events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tracker.core.db import Origin
from tracker.core.quantities.clock import day_of, written
from tracker.papers.common.form import FormHead
from tracker.papers.order.model import OrderForm, Said
from tracker.records.places.models import Region
from tracker.records.supervision import queries, steps
from tracker.records.supervision.models import CardLine, SupervisionEvent, SupervisionOrder
from tracker.web.kit.kinds import name_of


def order_form(order: SupervisionOrder, printed_at: datetime) -> OrderForm:
    """`order` as it stands."""
    about: Any = order.subject
    day = day_of(printed_at)
    _, light = steps.signal(order, day)
    return OrderForm(
        head=FormHead(
            title="督办单",
            period=f"{order.due_on.year}年",
            subject_code=order.county.code or "",
            subject_name=order.county.name,
            printed_at=written(printed_at),
            sample=order.origin is Origin.SAMPLE,
        ),
        number=order.id,
        name=order.name,
        about=about.name if isinstance(about, Region | CardLine) else name_of(about),
        issuer=order.issuer.name,
        helper=order.helper.name if order.helper is not None else "",
        demand=order.demand,
        due_on=order.due_on,
        proof="须附佐证材料" if order.needs_proof else "不要求佐证材料",
        state=f"{order.state.label}（{light}）" if order.state in steps.WAITING else light,
        rule=steps.RULE,
        events=tuple(_said(each, order) for each in reversed(queries.events_of(order))),
    )


def _said(event: SupervisionEvent, order: SupervisionOrder) -> Said:
    act = event.act.label
    if event.rise is not None:
        act = f"{act}：{event.rise.label}"
    elif event.due_on is not None:
        act = f"{act}，期限 {event.due_on.isoformat()}"
    system = "示例数据" if order.origin is Origin.SAMPLE else "系统"
    by = event.actor.display_name if event.actor is not None else system
    return Said(act, by, day_of(event.at), event.reason)
