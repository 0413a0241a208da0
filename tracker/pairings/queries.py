"""Reads of pairings within a user's regions."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from tracker.accounts.models import User
from tracker.db import db
from tracker.pairings.models import Pairing, PairingCitation
from tracker.regions.models import Region
from tracker.regions.queries import regions_of
from tracker.web.tables import contains

_Supporter, _Recipient = aliased(Region), aliased(Region)

SORTS = {"supporter": _Supporter.code, "recipient": _Recipient.code, "since": Pairing.since}


def visible(user: User) -> Select[tuple[Pairing]]:
    """The pairings that a region of `user` is a side of."""
    regions = regions_of(user)
    return select(Pairing).where(
        or_(Pairing.supporter_id.in_(regions), Pairing.recipient_id.in_(regions))
    )


def listing(user: User, text: str, order: ColumnElement) -> Select[tuple[Pairing]]:
    """The pairings with `text` in the name of a side, in `order`."""
    statement = (
        visible(user)
        .join(_Supporter, _Supporter.id == Pairing.supporter_id)
        .join(_Recipient, _Recipient.id == Pairing.recipient_id)
        .options(
            contains_eager(Pairing.supporter.of_type(_Supporter)),
            contains_eager(Pairing.recipient.of_type(_Recipient)),
            selectinload(Pairing.citations),
        )
        .order_by(order, Pairing.id)
    )
    if text:
        sides = contains(_Supporter.name, text), contains(_Recipient.name, text)
        statement = statement.where(or_(*sides))
    return statement


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
