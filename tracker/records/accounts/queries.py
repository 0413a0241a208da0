"""Reads of users and of failed attempts to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from tracker.core.db import db, key_of
from tracker.records.accounts.models import SignInAttempt, User
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region, RegionLevel
from tracker.web.search import found_in

SORTS = {"name": User.display_name, "username": User.username, "region": Region.code}


@dataclass(frozen=True)
class UserFilter:
    """What the list is narrowed to; the empty value of each leaves it alone."""

    text: str = ""
    role: Role | None = None
    active: bool | None = None


def listing(wanted: UserFilter, order: SQLColumnExpression) -> Select[User]:
    """The accounts of `wanted` in `order`, with their region."""
    statement = (
        select(User)
        .outerjoin(User.region)
        .options(contains_eager(User.region))
        .order_by(order, User.id)
    )
    if wanted.text:
        columns = (User.username, User.username_key, Region.name)
        statement = statement.where(found_in(wanted.text, columns, (User.display_name,)))
    if wanted.role:
        statement = statement.where(User.role == wanted.role)
    if wanted.active is not None:
        statement = statement.where(User.active == wanted.active)
    return statement


def get(user_id: int) -> User | None:
    """The account with its region."""
    return db.session.scalar(
        select(User).where(User.id == user_id).options(joinedload(User.region))
    )


def region_choices(present: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the regions that people work for: province, cities, counties by code; with the
    region `present`, which is a user's now, though it be abolished."""
    upper = aliased(Region)
    levels = (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY)
    statement = (
        select(Region.id, Region.name, upper.name)
        .outerjoin(upper, (upper.id == Region.parent_id) & (upper.level == RegionLevel.CITY))
        .where(
            Region.level.in_(levels),
            or_(Region.abolished_on.is_(None), Region.id == present),
        )
        .order_by(Region.code)
    )
    return [(id_, f"{city or ''}{name}") for id_, name, city in db.session.execute(statement)]


def by_username(username: str) -> User | None:
    """The user who signs in as `username`."""
    return db.session.scalar(select(User).where(User.username == username))


def like_username(username: str) -> User | None:
    """An account whose name reads as `username` does: width, letter case and blanks aside."""
    found = select(User).where(User.username_key == key_of(username)).order_by(User.id)
    return db.session.scalars(found.limit(1)).first()


def failures_since(start: datetime, *, username: str, address: str) -> tuple[int, int]:
    """(failures of the name, failures from the address) since `start`."""
    recent = select(func.count()).where(SignInAttempt.at >= start)
    return (
        db.session.scalar(recent.where(SignInAttempt.username == username)) or 0,
        db.session.scalar(recent.where(SignInAttempt.address == address)) or 0,
    )


def failures_of(username: str, since: datetime) -> list[datetime]:
    """When somebody failed to sign in as `username` since then, the latest first."""
    statement = select(SignInAttempt.at).where(
        SignInAttempt.username == username, SignInAttempt.at >= since
    )
    return list(db.session.scalars(statement.order_by(SignInAttempt.at.desc())))


def count_by_role() -> dict[Role, int]:
    """Number of active accounts of each role, none left out."""
    rows = db.session.execute(
        select(User.role, func.count()).where(User.active).group_by(User.role)
    )
    counted = {row[0]: row[1] for row in rows}
    return {role: counted.get(role, 0) for role in Role}
