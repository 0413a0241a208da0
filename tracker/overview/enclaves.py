"""Enclaves by kind, with what was due and what was paid in the year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.enclaves.models import Enclave, EnclaveKind
from tracker.enclaves.queries import touching
from tracker.ledger.queries import Sum
from tracker.ledger.sums import together
from tracker.ledger.yearly_returns import ReturnOfYear, returns_of_year


@dataclass(frozen=True)
class KindRow:
    """The enclaves of one kind (None: nobody has said): `due` over the `agreed` ones whose due
    can be told, `short` of which less was paid than due."""

    kind: EnclaveKind | None
    number: int
    agreed: int
    due: Decimal | None
    paid: Sum | None
    short: int


def standing(year: int) -> tuple[ColumnElement[bool], ...]:
    """Whether an enclave stood on a day of `year`, as far as is known."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return (
        or_(Enclave.signed_on.is_(None), Enclave.signed_on <= last),
        or_(Enclave.closed_on.is_(None), Enclave.closed_on >= first),
    )


def returns_in(regions: Select[tuple[int]], year: int) -> list[ReturnOfYear]:
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
    return returns_of_year(enclaves, year, *which)


def by_kind(returns: Iterable[ReturnOfYear], year: int) -> list[KindRow]:
    """One row a kind, as the kinds are on 31 December; those that nobody has named come last."""
    found: dict[EnclaveKind | None, list[ReturnOfYear]] = {}
    for one in returns:
        found.setdefault(one.enclave.kind_on(date(year, 12, 31)), []).append(one)
    return [_row(kind, found[kind]) for kind in [*EnclaveKind, None] if kind in found]


def _row(kind: EnclaveKind | None, of: list[ReturnOfYear]) -> KindRow:
    due = [one.due for one in of if one.due is not None]
    paid = [one.paid for one in of if one.paid]
    return KindRow(
        kind,
        len(of),
        sum(1 for one in of if one.agreed),
        sum(due, Decimal(0)) if due else None,
        together(paid) if paid else None,
        sum(1 for one in of if one.owing),
    )
