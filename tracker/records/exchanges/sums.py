"""How much pairs did in a span of days: one statement for all kinds of exchange."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Select,
    SQLColumnExpression,
    cast,
    extract,
    func,
    literal,
    select,
    union_all,
)

from tracker.core.db import db
from tracker.core.quantities.figure import YUAN, Figure
from tracker.records.exchanges.models import (
    ConsumptionAid,
    InstitutionPair,
    JointEvent,
    JointMeeting,
    OfPairing,
    Secondment,
    Side,
    SpecialistPosting,
    Training,
    Visit,
)


@dataclass(frozen=True)
class ExchangeKind:
    """One kind of exchange: what it is called, the day that puts it into a year, and what is added
    (`amount`; None counts the records)."""

    key: str
    label: str
    unit: str
    model: type[OfPairing]
    day: SQLColumnExpression
    amount: SQLColumnExpression | None = None


KINDS: tuple[ExchangeKind, ...] = (
    ExchangeKind("visits", "高层互访", "次", Visit, Visit.visited_on),
    ExchangeKind("meetings", "联席会议", "次", JointMeeting, JointMeeting.met_on),
    ExchangeKind("events", "联合活动", "场", JointEvent, JointEvent.held_on),
    ExchangeKind("cadres", "新派挂职干部", "人", Secondment, Secondment.starts_on),
    ExchangeKind(
        "specialists",
        "新派专技人才",
        "人次",
        SpecialistPosting,
        SpecialistPosting.starts_on,
        SpecialistPosting.people,
    ),
    ExchangeKind("trained", "培训", "人次", Training, Training.held_on, Training.people),
    ExchangeKind("employed", "培训后就业", "人次", Training, Training.held_on, Training.employed),
    ExchangeKind(
        "institutions", "新结对学校、医院", "对", InstitutionPair, InstitutionPair.signed_on
    ),
    ExchangeKind(
        "consumption",
        "消费帮扶",
        "元",
        ConsumptionAid,
        ConsumptionAid.bought_on,
        ConsumptionAid.amount,
    ),
)


def visits_by_side(pairing_ids: Select[int], year: int) -> dict[Side, int]:
    """How many visits each side paid in `year`."""
    statement = (
        select(Visit.visitor, func.count())
        .where(Visit.pairing_id.in_(pairing_ids), extract("year", Visit.visited_on) == year)
        .group_by(Visit.visitor)
    )
    return dict(db.session.execute(statement).all())


def by_kind(pairing_ids: Iterable[int] | Select[int], first: date, last: date) -> dict[str, Figure]:
    """Kind's key → how much the pairings did from `first` to `last`, in the kind's unit. A kind of
    which nothing is on record is left out. One statement."""
    ids = pairing_ids if isinstance(pairing_ids, Select) else list(pairing_ids)
    parts = [
        select(literal(number), _added(kind))
        .select_from(kind.model)
        .where(kind.model.pairing_id.in_(ids), kind.day.between(first, last))
        .having(func.count() > 0)
        for number, kind in enumerate(KINDS)
    ]
    return {
        KINDS[number].key: _amount(KINDS[number], amount)
        for number, amount in db.session.execute(union_all(*parts))
        if amount is not None
    }


def by_month(
    pairing_ids: Iterable[int], first: date, last: date
) -> list[tuple[int, str, int, int, Figure]]:
    """(pairing, kind's key, year, month, how much) of each month from `first` to `last` of which
    anything is on record. One statement."""
    ids = list(pairing_ids)
    parts = [
        select(
            literal(number),
            kind.model.pairing_id,
            extract("year", kind.day),
            extract("month", kind.day),
            _added(kind),
        )
        .select_from(kind.model)
        .where(kind.model.pairing_id.in_(ids), kind.day.between(first, last))
        .group_by(kind.model.pairing_id, extract("year", kind.day), extract("month", kind.day))
        for number, kind in enumerate(KINDS)
    ]
    return [
        (pairing, KINDS[number].key, int(year), int(month), _amount(KINDS[number], amount))
        for number, pairing, year, month, amount in db.session.execute(union_all(*parts))
        if amount is not None
    ]


def _added(kind: ExchangeKind) -> SQLColumnExpression:
    return func.count() if kind.amount is None else func.sum(cast(kind.amount, BigInteger))


def _amount(kind: ExchangeKind, added: int) -> Figure:
    # Money is added as 分: one column holds counts and money alike.
    return Figure(Decimal(int(added)).scaleb(-2 if kind.unit == YUAN else 0), kind.unit)
