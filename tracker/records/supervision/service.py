"""Acts on supervision orders, one step at a time. The acting user is given; nothing commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.db.audit import because
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.core.told import ToldError
from tracker.engine.typeset.gate import refusal
from tracker.records.accounts.models import User
from tracker.records.places.models import Region
from tracker.records.supervision import queries, steps
from tracker.records.supervision.models import (
    WAITING,
    CardLine,
    OrderAct,
    OrderState,
    SupervisionEvent,
    SupervisionOrder,
)

A, S = OrderAct, OrderState


class OrderError(ToldError):
    """The step cannot be taken; the message says why, `field` what of the form it is about."""

    status = 409

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Demanded:
    """What an order demands: its matter, the demand in words, of whom, with whose help, by when,
    and whether with files."""

    name: str
    demand: str
    county_id: int
    due_on: date
    helper_id: int | None = None
    needs_proof: bool = True


def issue(
    actor: User,
    about: Any,
    demanded: Demanded,
    *,
    address: str | None = None,
    at: datetime | None = None,
) -> SupervisionOrder:
    """Issue an order about `about`: a record or a line of a card (a place itself where it is a
    Region, or None).

    Raises OrderError.
    """
    own = db.session.get(Region, actor.region_id) if actor.region_id else None
    if own is None or not steps.issues(actor, own):
        raise OrderError("督办单由省、设区市的领导和考核、审核人员下达，您的账户不能下达。")
    county = next(
        (each for each in queries.recipients(actor, about) if each.id == demanded.county_id), None
    )
    if county is None:
        raise OrderError("承办单位须是您的地区内与此事有关的市、县。", "county_id")
    if demanded.helper_id is not None and demanded.helper_id not in {
        each.id for each in queries.recipients(actor, None)
    }:
        raise OrderError("协办单位须是您的地区内的市、县。", "helper_id")
    if demanded.helper_id == county.id:
        raise OrderError("协办单位与承办单位相同，请改选或留空。", "helper_id")
    for sentence, field in _faults_of_words(
        (("督办事项", "name"), ("办理要求", "demand")), demanded
    ):
        raise OrderError(sentence, field)
    if demanded.due_on < today():
        raise OrderError(f"办理期限 {demanded.due_on} 早于今天({today()})。", "due_on")
    moment = at or now()
    order = SupervisionOrder(
        name=demanded.name.strip(),
        demand=demanded.demand.strip(),
        due_on=demanded.due_on,
        issuer=own,
        county=county,
        helper_id=demanded.helper_id,
        needs_proof=demanded.needs_proof,
        state=S.ISSUED,
        state_at=moment,
    )
    _be_about(order, about)
    db.session.add(order)
    db.session.flush()
    _note(order, A.ISSUED, None, actor, "", demanded.due_on, address, moment)
    return order


def _be_about(order: SupervisionOrder, about: Any) -> None:
    if isinstance(about, CardLine):
        order.snapshot_id, order.card_words = about.snapshot_id, about.name
        order.card_sheet, order.card_subject = about.sheet, about.subject_code
        order.card_line = about.line
    elif about is not None and (column := queries.column_of(about)):
        setattr(order, column, about.id)


def why_not(user: User, order: SupervisionOrder, act: OrderAct) -> str:
    """Why `user` cannot do `act` now; "" where nothing stands against it."""
    if said := steps.why_not(user, order, steps.STEPS[act]):
        return said
    return lacking(order) if act is A.ANSWERED else ""


def lacking(order: SupervisionOrder) -> str:
    """What an answer still lacks; "" if nothing."""
    if not order.needs_proof or queries.proofs_of(order):
        return ""
    return "缺佐证材料：请先在“佐证材料”中上传证明办理情况的文件，再答复。"


def act(
    actor: User,
    order: SupervisionOrder,
    what: OrderAct,
    reason: str = "",
    due_on: date | None = None,
    *,
    address: str | None = None,
    at: datetime | None = None,
) -> SupervisionEvent:
    """Take a step with `order`, and note who took it when, why and from where. Raises
    OrderError."""
    step = steps.STEPS[what]
    rise(order)
    if said := why_not(actor, order, what):
        raise OrderError(said)
    reason = reason.strip()
    if step.must and not reason:
        raise OrderError(f"请写明{step.reason}。", "reason")
    if fault := refusal(step.reason, reason):
        raise OrderError(fault, "reason")
    if step.dated:
        _check_day(order, what, due_on)
    moment, before = at or now(), order.state
    to = step.to or before
    with because(db.session, reason or what.label):
        if step.dated:
            assert due_on is not None, "checked"
            order.due_on, order.risen = due_on, None
        if before is not to:
            order.state, order.state_at = to, moment
        event = _note(
            order, what, before, actor, reason, due_on if step.dated else None, address, moment
        )
        db.session.flush()
    return event


def rise(order: SupervisionOrder, on: date | None = None) -> list[SupervisionEvent]:
    """Let an order that nobody answered in time rise to all to whom it has to by `on`, with an
    event each; what rose before rises no second time."""
    made = []
    wanted = steps.risen_by(order, on or today())
    done = queries.raised(order)
    for to in wanted:
        if to in done:
            continue
        with because(db.session, A.RAISED.label):
            order.risen = to
            event = SupervisionEvent(
                order=order,
                act=A.RAISED,
                from_state=order.state,
                to_state=order.state,
                at=now(),
                due_on=order.due_on,
                rise=to,
            )
            db.session.add(event)
            db.session.flush()
        made.append(event)
    return made


def rise_all(on: date | None = None) -> int:
    """Let all overdue orders rise; how many rose."""
    day = on or today()
    statement = select(SupervisionOrder).where(
        SupervisionOrder.state.in_(WAITING), SupervisionOrder.due_on < day
    )
    found = db.session.scalars(statement.options(*queries.WITH_PLACES)).unique().all()
    return sum(bool(rise(order, day)) for order in found)


def _check_day(order: SupervisionOrder, what: OrderAct, due_on: date | None) -> None:
    if due_on is None:
        raise OrderError("请填写新的办理期限。", "due_on")
    if due_on < today():
        raise OrderError(f"办理期限 {due_on} 早于今天({today()})。", "due_on")
    if what is A.EXTENDED and due_on <= order.due_on:
        raise OrderError(f"新的期限应晚于现在的期限 {order.due_on}。", "due_on")


def _faults_of_words(
    fields: tuple[tuple[str, str], ...], given: Demanded
) -> Iterator[tuple[str, str]]:
    for label, field in fields:
        words = getattr(given, field).strip()
        if not words:
            yield f"请填写{label}。", field
        elif fault := refusal(label, words):
            yield fault, field


def _note(
    order: SupervisionOrder,
    what: OrderAct,
    before: OrderState | None,
    actor: User,
    reason: str,
    due_on: date | None,
    address: str | None,
    at: datetime,
) -> SupervisionEvent:
    event = SupervisionEvent(
        order=order,
        act=what,
        from_state=before,
        to_state=order.state,
        at=at,
        actor_id=actor.id,
        reason=reason,
        due_on=due_on,
        address=address[:64] if address else None,
    )
    db.session.add(event)
    db.session.flush()
    return event
