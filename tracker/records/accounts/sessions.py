"""Sessions: a row for each place where somebody has signed in, ended on the server.

The cookie holds a random token, the row its sha256: who reads the database signs in as nobody, and
a copied cookie is worth nothing once its session has ended.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, delete, or_, select, update

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.records.accounts.models import EndReason, User, UserSession

SEEN_EVERY = timedelta(minutes=1)  # the row is written no more often
_KEPT = timedelta(days=30)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class Limit(StrEnum):
    """What ends a session that nobody ends."""

    IDLE = "idle"
    ABSOLUTE = "absolute"


@dataclass(frozen=True)
class Standing:
    """A session that stands: what of its row a request needs."""

    id: int
    begun_at: datetime
    last_seen_at: datetime

    @property
    def left(self) -> tuple[timedelta, Limit]:
        """How long it stands if nothing more is done in it, and which limit then ends it."""
        settings = current_app.config["TRACKER"]
        idle = self.last_seen_at + settings.idle - now()
        absolute = self.begun_at + settings.absolute - now()
        return (idle, Limit.IDLE) if idle < absolute else (absolute, Limit.ABSOLUTE)

    @property
    def unseen(self) -> bool:
        """Whether it is time to write that it was seen."""
        return now() - self.last_seen_at >= SEEN_EVERY


def begin(user: User, address: str, browser: str) -> str:
    """Add a session of `user` within a writing unit and give its token; old rows are dropped.

    `browser`: the name that the browser gives itself; it is kept in short.
    """
    token, moment = secrets.token_urlsafe(32), now()
    db.session.execute(delete(UserSession).where(UserSession.last_seen_at < moment - _KEPT))
    db.session.add(
        UserSession(
            user_id=user.id,
            token_sha256=_digest(token),
            begun_at=moment,
            last_seen_at=moment,
            address=address[:64],
            browser=in_short(browser),
        )
    )
    db.session.flush()
    return token


def cookie(user: User, token: str) -> dict[str, object]:
    """What the cookie of a session holds.

    The token of its forms belongs to the person and the password: a form that was left open while
    the session ended is good again once the same person has signed in, and nobody else's is.
    """
    secret = current_app.secret_key
    assert isinstance(secret, str)
    key = secret.encode()
    words = f"csrf:{user.id}:{user.password_hash}".encode()
    forms = hmac.new(key, words, hashlib.sha256).hexdigest()
    return {"_user_id": token, "_fresh": True, "csrf_token": forms}


def found(token: str) -> tuple[User, Standing] | None:
    """The user and the session of a cookie's token; None where it does not stand (any more)."""
    moment, settings = now(), current_app.config["TRACKER"]
    asked = {
        "digest": _digest(token),
        "seen_since": moment - settings.idle,
        "begun_since": moment - settings.absolute,
    }
    row = db.session.execute(_of_token(), asked).one_or_none()
    if row is None:
        return None
    user, number, begun_at, last_seen_at = row
    return user, Standing(number, begun_at, last_seen_at)


@cache
def _of_token() -> Select[User, int, datetime, datetime]:
    """Composed once: every request asks it."""
    return (
        select(User, UserSession.id, UserSession.begun_at, UserSession.last_seen_at)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_sha256 == bindparam("digest"),
            UserSession.ended_at.is_(None),
            UserSession.last_seen_at > bindparam("seen_since"),
            UserSession.begun_at > bindparam("begun_since"),
            User.active,
        )
    )


def lapsed(token: str) -> User | None:
    """Whose session of a cookie's token reached its limit by itself, while it is remembered; None
    of one that stands, was ended by somebody or is not known. It signs nobody in."""
    moment, settings = now(), current_app.config["TRACKER"]
    statement = (
        select(User)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_sha256 == _digest(token),
            UserSession.ended_at.is_(None),
            or_(
                UserSession.last_seen_at <= moment - settings.idle,
                UserSession.begun_at <= moment - settings.absolute,
            ),
            User.active,
        )
    )
    return db.session.scalar(statement)


def of_user(user_id: int) -> list[UserSession]:
    """The sessions of a user that stand, the last seen first."""
    moment, settings = now(), current_app.config["TRACKER"]
    statement = select(UserSession).where(
        UserSession.user_id == user_id,
        UserSession.ended_at.is_(None),
        UserSession.last_seen_at > moment - settings.idle,
        UserSession.begun_at > moment - settings.absolute,
    )
    return list(db.session.scalars(statement.order_by(UserSession.last_seen_at.desc())))


def seen(session_id: int) -> None:
    """Write that something was done in a session just now, within a writing unit."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(last_seen_at=now())
    )


def end(user_id: int, why: EndReason, *, only: int | None = None, but: int | None = None) -> int:
    """End the sessions of a user within a writing unit: all, `only` one, or all `but` one. How
    many stood until then."""
    ending = update(UserSession).where(
        UserSession.user_id == user_id, UserSession.ended_at.is_(None)
    )
    if only is not None:
        ending = ending.where(UserSession.id == only)
    if but is not None:
        ending = ending.where(UserSession.id != but)
    ended: Any = db.session.execute(ending.values(ended_at=now(), ended_why=why))
    return ended.rowcount


def in_short(browser: str) -> str:
    """What a person needs to tell one browser from another: "Chrome，Windows"."""
    parts = (_first(_BROWSERS, browser), _first(_SYSTEMS, browser))
    return "，".join(part for part in parts if part) or "其他"


def _first(known: Iterable[tuple[str, str]], text: str) -> str:
    return next((name for sign, name in known if sign in text), "")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
