"""Enclaves by kind, with what was due and what was paid in the year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.days import last_day
from tracker.core.quantities.figure import Figure, yuan
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.enclaves.queries import touching
from tracker.records.enclaves.stood import UNNAMED, standing
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.sums import together
from tracker.records.ledger.yearly_returns import ReturnOfYear, returns_of_year
from tracker.records.quarters.noughts import with_noughts


@dataclass(frozen=True)
class Settled:
    """What was due of the `number` enclaves whose due can be told: `met` of it was paid,
    `owing` was not, by `short` enclaves, of `unnoted` of which no return is on record. What an
    enclave paid beyond its own due stands apart, in `over`, and settles nobody else's. So due =
    met + owing, and paid = met + over."""

    number: int
    due: Figure
    met: Figure
    owing: Figure
    over: Figure
    short: int
    unnoted: int

    @property
    def share(self) -> Figure | None:
        """The part of what was due that was paid."""
        return self.met.over(self.due)


def settled(returns: Iterable[ReturnOfYear]) -> Settled | None:
    """The years of enclaves together, one by one; None where no due can be told."""
    told = [one for one in returns if one.due is not None]
    if not told:
        return None
    nothing = yuan(Decimal(0))
    due = yuan(sum((one.due or Decimal(0) for one in told), Decimal(0)))
    owed = sum((one.owing for one in told), nothing)
    over = (
        (one.paid.figure - yuan(one.due or Decimal(0))).above_nought() for one in told if one.paid
    )
    return Settled(
        len(told),
        due,
        due - owed,
        owed,
        sum(over, nothing),
        sum(1 for one in told if one.owes),
        sum(1 for one in told if one.owes and one.paid is None),
    )


@dataclass(frozen=True)
class KindRow:
    """The enclaves of one kind (None: nobody has said): `settled` over those whose due can be
    told, `agreed` how many have a contract, `paid` what all of them paid."""

    kind: EnclaveKind | None
    number: int
    agreed: int
    settled: Settled | None
    paid: Sum | None

    @property
    def key(self) -> str:
        """What narrows a list to them (`enclaves.stood`)."""
        return self.kind.value if self.kind else UNNAMED


def returns_in(regions: Select[int], year: int) -> list[ReturnOfYear]:
    """The year of every enclave that touches `regions` (ids) and stood in it, by code."""
    return returns_where(year, touching(regions))


def returns_where(year: int, *conditions: ColumnElement[bool]) -> list[ReturnOfYear]:
    """The year of every enclave that satisfies `conditions` and stood in it, by code."""
    which = (*conditions, *standing(year))
    enclaves = db.session.scalars(
        select(Enclave)
        .where(*which)
        .options(joinedload(Enclave.origin_region), joinedload(Enclave.host_region))
        .order_by(Enclave.code)
    ).all()
    return with_noughts(returns_of_year(enclaves, year, *which), year)


def by_kind(returns: Iterable[ReturnOfYear], year: int) -> list[KindRow]:
    """One row a kind, as the kinds are on 31 December; those that nobody has named come last."""
    found: dict[EnclaveKind | None, list[ReturnOfYear]] = {}
    for one in returns:
        found.setdefault(one.enclave.kind_on(last_day(year)), []).append(one)
    return [_row(kind, found[kind]) for kind in [*EnclaveKind, None] if kind in found]


def _row(kind: EnclaveKind | None, of: list[ReturnOfYear]) -> KindRow:
    paid = [one.paid for one in of if one.paid]
    return KindRow(
        kind,
        len(of),
        sum(1 for one in of if one.agreed),
        settled(of),
        together(paid) if paid else None,
    )
