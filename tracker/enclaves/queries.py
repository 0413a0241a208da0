"""Reads of enclaves within a user's regions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.accounts.models import User
from tracker.db import db
from tracker.enclaves.models import Enclave, EnclaveKind, ReturnTerm
from tracker.provenance.models import SourcedValue
from tracker.regions.models import Region
from tracker.regions.queries import regions_in_view, regions_of
from tracker.web.tables import contains

_Origin = aliased(Region)

SORTS = {
    "code": Enclave.code,
    "name": Enclave.name,
    "origin": _Origin.code,
    "area": Enclave.area_mu,
    "capital": Enclave.total_capital,
}


@dataclass(frozen=True)
class EnclaveFilter:
    """What the list is narrowed to; the empty value of each leaves it alone."""

    text: str = ""
    kind: EnclaveKind | None = None


def touching(regions: Select[tuple[int]]) -> ColumnElement[bool]:
    """Whether one of `regions` (ids) runs or hosts the enclave."""
    return or_(Enclave.origin_id.in_(regions), Enclave.host_id.in_(regions))


def visible(user: User) -> Select[tuple[Enclave]]:
    """The enclaves that a region of `user` runs or hosts."""
    return select(Enclave).where(touching(regions_of(user)))


def listing(user: User, wanted: EnclaveFilter, order: ColumnElement) -> Select[tuple[Enclave]]:
    """The enclaves of `wanted` in `order`, with both their sides."""
    statement = (
        select(Enclave)
        .where(touching(regions_in_view(user)))
        .join(_Origin, _Origin.id == Enclave.origin_id)
        .options(joinedload(Enclave.origin_region), joinedload(Enclave.host_region))
        .order_by(order, Enclave.id)
    )
    if wanted.text:
        statement = statement.where(
            or_(contains(Enclave.name, wanted.text), contains(Enclave.platform, wanted.text))
        )
    if wanted.kind:
        statement = statement.where(Enclave.kind == wanted.kind)
    return statement


def get(user: User, enclave_id: int) -> Enclave | None:
    """The enclave with all that its page shows; None outside the regions of `user`."""
    return db.session.scalar(
        visible(user)
        .where(Enclave.id == enclave_id)
        .options(
            joinedload(Enclave.origin_region),
            joinedload(Enclave.host_region),
            selectinload(Enclave.return_terms).joinedload(ReturnTerm.source),
            selectinload(Enclave.sourced_values).joinedload(SourcedValue.source),
        )
    )


def of_origin(region_id: int) -> list[Enclave]:
    """The enclaves that the county runs, by code."""
    statement = select(Enclave).where(Enclave.origin_id == region_id).order_by(Enclave.code)
    return list(db.session.scalars(statement.options(joinedload(Enclave.host_region))))
