"""Reads of users and of failed attempts to sign in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from tracker.accounts.models import SignInAttempt, User
from tracker.accounts.permissions import Role
from tracker.db import db


def by_username(username: str) -> User | None:
    """The user who signs in as `username`."""
    return db.session.scalar(select(User).where(User.username == username))


def by_session_id(session_id: str) -> User | None:
    """The user of a session cookie; None once that user was signed out everywhere."""
    number, _, version = session_id.partition(":")
    if not all(part.isdecimal() and len(part) < 10 for part in (number, version)):
        return None
    user = db.session.get(User, int(number))
    return user if user and user.session_version == int(version) else None


def failures_since(start: datetime, *, username: str, address: str) -> tuple[int, int]:
    """(failures of the name, failures from the address) since `start`."""
    recent = select(func.count()).where(SignInAttempt.at >= start)
    return (
        db.session.scalar(recent.where(SignInAttempt.username == username)),
        db.session.scalar(recent.where(SignInAttempt.address == address)),
    )


def count_by_role() -> dict[Role, int]:
    """Number of active accounts of each role, none left out."""
    rows = db.session.execute(
        select(User.role, func.count()).where(User.active).group_by(User.role)
    )
    counted = dict(tuple(row) for row in rows)
    return {role: counted.get(role, 0) for role in Role}
