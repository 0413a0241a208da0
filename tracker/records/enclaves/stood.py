"""Enclaves that stood in a year, by the kind that they were on its 31 December: as the overview
counts them, and as lists can be narrowed to them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, or_

from tracker.core.quantities.days import days_of, last_day
from tracker.records.enclaves.models import Enclave, EnclaveKind

UNNAMED, ANY = "none", "any"
KINDS = [
    *((kind.value, kind.label) for kind in EnclaveKind),
    (UNNAMED, "类型未报"),
    (ANY, "当年存续，不分类型"),
]


def standing(year: int) -> tuple[ColumnElement[bool], ...]:
    """Whether an enclave stood on a day of `year`, as far as is known."""
    first, last = days_of(year)
    return (
        or_(Enclave.signed_on.is_(None), Enclave.signed_on <= last),
        or_(Enclave.closed_on.is_(None), Enclave.closed_on >= first),
    )


def stood_as(value: str, year: int) -> ColumnElement[bool]:
    """Whether an enclave stood in `year` and was on its last day of a kind of `KINDS`; as
    `Enclave.kind_on` says it."""
    if value == ANY:
        return and_(*standing(year))
    became = and_(
        Enclave.development_since.is_not(None), Enclave.development_since <= last_day(year)
    )
    kind = case((became, EnclaveKind.DEVELOPMENT), else_=Enclave.kind)
    of_kind = kind.is_(None) if value == UNNAMED else kind == EnclaveKind(value)
    return and_(*standing(year), of_kind)
