"""Reads of supervision orders: about what, for whom, and how they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.evidence.models import EvidenceLink
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_of
from tracker.records.projects.models import Project
from tracker.records.submissions.models import Filing
from tracker.records.supervision.models import (
    OPEN,
    WAITING,
    CardLine,
    OrderAct,
    OrderState,
    Rise,
    SupervisionEvent,
    SupervisionOrder,
)
from tracker.records.supervision.steps import RISES, issues
from tracker.records.works.models import KeyWork

Order = SupervisionOrder
# Loads what `Order.subject` and the steps ask for.
WITH_PLACES = (
    joinedload(Order.issuer),
    joinedload(Order.county).joinedload(Region.parent),
    joinedload(Order.helper),
    joinedload(Order.pairing).joinedload(Pairing.supporter),
    joinedload(Order.pairing).joinedload(Pairing.recipient),
    joinedload(Order.enclave),
    joinedload(Order.park),
    joinedload(Order.project),
    joinedload(Order.key_work),
    joinedload(Order.filing).joinedload(Filing.region),
    joinedload(Order.filing).joinedload(Filing.enclave).joinedload(Enclave.origin_region),
)
# What an order may be about, beside a place itself, with the column that names it.
ABOUT: Mapping[type[Any], InstrumentedAttribute[int | None]] = {
    Pairing: Order.pairing_id,
    Enclave: Order.enclave_id,
    Park: Order.park_id,
    Project: Order.project_id,
    Filing: Order.filing_id,
    KeyWork: Order.key_work_id,
}
_ASKED = (RegionLevel.CITY, RegionLevel.COUNTY)


def column_of(about: Any) -> str:
    """The column of an order that names `about`; "" of a place, which is the one that answers."""
    column = ABOUT.get(type(about))
    return column.key if column is not None else ""


def sides_of(about: Any) -> Iterator[int]:
    """The places (ids) that have a part in what an order is about."""
    if isinstance(about, Region):
        yield about.id
    elif isinstance(about, CardLine):
        yield from about.places
    elif isinstance(about, Pairing | Park):
        yield from (each for each in (about.recipient_id, about.supporter_id) if each)
    elif isinstance(about, Enclave):
        yield from (about.origin_id, about.host_id)
    elif isinstance(about, Filing):
        yield about.place.id
    elif isinstance(about, KeyWork):
        yield about.region_id
    elif isinstance(about, Project):
        yield about.region_id
        if about.partner_id:
            yield about.partner_id
        for each in (about.pairing, about.enclave, about.park):
            if each is not None:
                yield from sides_of(each)


def recipients(user: User, about: Any) -> list[Region]:
    """The cities and counties that `user` may give an order about something to, the first place
    that it names first: of their regions, not their own place, and with a part in it."""
    statement = select(Region).where(
        Region.id.in_(regions_of(user)),
        Region.id != user.region_id,
        Region.level.in_(_ASKED),
        Region.abolished_on.is_(None),
    )
    sides = list(sides_of(about)) if about is not None else None
    if sides is None:
        return list(db.session.scalars(statement.order_by(Region.code)))
    found = {each.id: each for each in db.session.scalars(statement.where(Region.id.in_(sides)))}
    return [found[each] for each in dict.fromkeys(sides) if each in found]


def orders_to(user: User) -> frozenset[int]:
    """The places (ids) that `user` may give an order to; none to whom does not issue any."""
    own = db.session.get(Region, user.region_id) if user.region_id else None
    if not issues(user, own):
        return frozenset()
    return frozenset(each.id for each in recipients(user, None))


def proofs_of(order: SupervisionOrder) -> int:
    """How many files stand that prove what was done."""
    statement = select(func.count(EvidenceLink.id)).where(
        EvidenceLink.supervision_order_id == order.id, EvidenceLink.withdrawn_at.is_(None)
    )
    return db.session.scalar(statement) or 0


def events_of(order: SupervisionOrder) -> Sequence[SupervisionEvent]:
    """The events of `order`, the latest first."""
    statement = (
        select(SupervisionEvent)
        .where(SupervisionEvent.order_id == order.id)
        .options(joinedload(SupervisionEvent.actor))
        .order_by(SupervisionEvent.id.desc())
    )
    return db.session.scalars(statement).all()


def raised(order: SupervisionOrder) -> set[Rise]:
    """To whom it has risen for the last day that it has now."""
    statement = select(SupervisionEvent.rise).where(
        SupervisionEvent.order_id == order.id,
        SupervisionEvent.act == OrderAct.RAISED,
        SupervisionEvent.due_on == order.due_on,
    )
    return {rise for rise in db.session.scalars(statement) if rise is not None}


# -- as conditions of statements


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Whether one of `regions` (ids) issued it, answers it or helps."""
    return or_(
        Order.county_id.in_(regions), Order.helper_id.in_(regions), Order.issuer_id.in_(regions)
    )


def waiting() -> ColumnElement[bool]:
    """Whether it waits for the answer of its place."""
    return Order.state.in_(WAITING)


def is_open() -> ColumnElement[bool]:
    """Whether it is not over."""
    return Order.state.in_(OPEN)


def overdue(on: date | None = None) -> ColumnElement[bool]:
    """Whether nobody answered by its last day."""
    return and_(waiting(), Order.due_on < (on or today()))


def risen_to(rise: Rise, on: date | None = None) -> ColumnElement[bool]:
    """Whether it has waited for so long that it is the business of `rise` by now."""
    days = dict(RISES)[rise]
    return and_(waiting(), Order.due_on <= (on or today()) - timedelta(days))


def to_review(user: User) -> ColumnElement[bool]:
    """What was answered to the place of `user`."""
    return and_(Order.state == OrderState.ANSWERED, Order.issuer_id == user.region_id)


# -- counted


@dataclass(frozen=True)
class Counted:
    """How many orders there are: all that were issued, those that are open, overdue, waiting for
    review, and done."""

    total: int
    open: int
    overdue: int
    answered: int
    done: int


def counted(condition: ColumnElement[bool]) -> Counted:
    """The orders of a condition, by how they stand; those that were taken back are in none."""

    def of(each: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((each, 1), else_=0)), 0)

    row = db.session.execute(
        select(
            func.count(),
            of(is_open()),
            of(overdue()),
            of(Order.state == OrderState.ANSWERED),
            of(Order.state == OrderState.ACCEPTED),
        ).where(condition, Order.state != OrderState.CANCELLED)
    ).one()
    return Counted(*(int(each) for each in row))


def latest(order: SupervisionOrder, act: OrderAct) -> SupervisionEvent | None:
    """The last event of one sort."""
    statement = select(SupervisionEvent).where(
        SupervisionEvent.order_id == order.id, SupervisionEvent.act == act
    )
    return db.session.scalar(statement.order_by(SupervisionEvent.id.desc()).limit(1))
