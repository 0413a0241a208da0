"""Reads of pairings within a user's regions."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.pairings.models import Pairing, PairingCitation, PairingRound
from tracker.records.places.queries import regions_of


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Whether one of `regions` (ids) is a side of the pairing."""
    return or_(Pairing.supporter_id.in_(regions), Pairing.recipient_id.in_(regions))


def visible(user: User) -> Select[Pairing]:
    """The pairings that a region of `user` is a side of."""
    return select(Pairing).where(touching(regions_of(user)))


def in_force(day: date) -> Select[Pairing]:
    """The pairings that stand on `day`.

    Open-ended until a later round names another: a pairing whose latest round is older than the
    latest round of its scheme that names anybody for the recipient has ended with it. One that no
    source puts into a round stays open, because nothing is known that ended it; one whose last day
    is known stands until that day.
    """
    last_named = (
        select(PairingCitation.pairing_id, func.max(PairingRound.starts_on).label("named_on"))
        .join(PairingRound)
        .join(Pairing, Pairing.id == PairingCitation.pairing_id)
        .where(PairingRound.starts_on <= day, PairingRound.scheme == Pairing.scheme)
        .group_by(PairingCitation.pairing_id)
        .subquery()
    )
    rival, rival_named = aliased(Pairing), aliased(last_named)
    superseded = (
        exists()
        .where(rival_named.c.pairing_id == rival.id)
        .where(rival.recipient_id == Pairing.recipient_id, rival.scheme == Pairing.scheme)
        .where(rival_named.c.named_on > last_named.c.named_on)
    )
    return (
        select(Pairing)
        .outerjoin(last_named, last_named.c.pairing_id == Pairing.id)
        .where(
            or_(Pairing.since.is_(None), Pairing.since <= day),
            or_(Pairing.until.is_(None), Pairing.until >= day),
            or_(Pairing.until.is_not(None), ~superseded),
        )
        .order_by(Pairing.id)
    )


def get(user: User, pairing_id: int) -> Pairing | None:
    """The pairing with its citations; None outside the regions of `user`."""
    return db.session.scalar(
        visible(user)
        .where(Pairing.id == pairing_id)
        .options(
            joinedload(Pairing.supporter),
            joinedload(Pairing.recipient),
            selectinload(Pairing.citations).joinedload(PairingCitation.source),
        )
    )
