"""Reads of enclaves within a user's regions."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, case, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.core.provenance.models import SourcedValue
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Direction, Enclave, ReturnTerm
from tracker.records.places.models import Platform
from tracker.records.places.queries import regions_of


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Whether one of `regions` (ids) runs or hosts the enclave."""
    return or_(Enclave.origin_id.in_(regions), Enclave.host_id.in_(regions))


def own_of(region_id: int) -> ColumnElement[bool]:
    """Whether the enclave is the mountain or island county's own: run by it elsewhere, or by the
    strong side in it."""
    return case(
        (Enclave.direction == Direction.INBOUND, Enclave.host_id == region_id),
        else_=Enclave.origin_id == region_id,
    )


def visible(user: User) -> Select[Enclave]:
    """The enclaves that a region of `user` runs or hosts."""
    return select(Enclave).where(touching(regions_of(user)))


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


def platform_choices(user: User) -> list[tuple[int, str]]:
    """(id, name) of the platforms on the provincial list."""
    statement = select(Platform.id, Platform.name).order_by(Platform.name)
    return [(number, name) for number, name in db.session.execute(statement)]
