"""Acts on accounts: making them and signing in.

Hashing a password takes long by design and is done before a unit of work begins.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete

from tracker.accounts import queries
from tracker.accounts.models import SignInAttempt, User
from tracker.accounts.permissions import Role
from tracker.db import Origin, db, units
from tracker.db.records import now
from tracker.web.transactions import ConflictError

WINDOW = timedelta(minutes=15)
MOST_OF_A_NAME = 5
MOST_OF_AN_ADDRESS = 20
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
_KEPT = timedelta(days=7)

_hasher = PasswordHasher()


class AccountError(Exception):
    """An account that cannot be made so; the message is for the operator."""


class WrongPasswordError(AccountError):
    """The present password is another."""


class LockedOutError(Exception):
    """Too many failures of this name or from this address within `WINDOW`."""


def sign_in(
    username: str,
    password: str,
    address: str,
    let_in: Callable[[User], bool] = lambda user: True,
) -> User | None:
    """The user, or None after one more counted failure; so too for one whom `let_in` refuses.

    An unknown name costs the same work as a wrong password. Raises LockedOutError, before any
    password is looked at, while the name or the address has failed too often; and afterwards, where
    it did so meanwhile: many tries at once find out no more than one after another.
    """
    username, address = username.strip()[:64], address[:64]
    _refuse_locked_out(username, address)
    user = queries.by_username(username)
    seen = user.password_hash if user else _unknown()
    known = _matches(seen, password)
    fresh = _hasher.hash(password) if known and _hasher.check_needs_rehash(seen) else seen
    with units.writing():
        _refuse_locked_out(username, address)
        user = queries.by_username(username)
        # Whoever got a new password in this moment signs in with that one.
        if known and user and user.password_hash == seen and user.active and let_in(user):
            db.session.execute(delete(SignInAttempt).where(SignInAttempt.username == username))
            if fresh != seen:
                user.password_hash = fresh
            return user
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < now() - _KEPT))
        db.session.add(SignInAttempt(username=username, address=address, at=now()))
        return None


def _refuse_locked_out(username: str, address: str) -> None:
    start = now() - WINDOW
    of_name, of_address = queries.failures_since(start, username=username, address=address)
    if of_name >= MOST_OF_A_NAME or of_address >= MOST_OF_AN_ADDRESS:
        raise LockedOutError


def create(
    username: str,
    display_name: str,
    password_hash: str,
    role: Role,
    region_id: int | None,
    *,
    origin: Origin = Origin.ENTERED,
) -> User:
    """A new account with what `hashed` made of its password.

    Raises AccountError for a taken name or a missing region.
    """
    username = username.strip()
    if not username or len(username) > 64 or not username.isprintable():
        raise AccountError("用户名应为 1 至 64 个可见字符")
    if queries.by_username(username):
        raise AccountError(f"用户名 {username} 已被使用")
    if role is not Role.ADMINISTRATOR and region_id is None:
        raise AccountError(f"{role.label}须指定所在地区")
    user = User(
        username=username,
        display_name=display_name.strip()[:64] or username,
        password_hash=password_hash,
        role=role,
        region_id=region_id,
        origin=origin,
    )
    db.session.add(user)
    db.session.flush()
    return user


def hashed(password: str, username: str) -> str:
    """What is kept of a password. Raises AccountError for a weak one. Takes some 50 ms."""
    check_password(password, username.strip())
    return _hasher.hash(password)


def set_password(user: User, password_hash: str) -> None:
    """A new password, by what `hashed` made of it; the user is signed out everywhere."""
    user.password_hash = password_hash
    user.session_version += 1
    db.session.flush()


def update(
    actor: User,
    user: User,
    version: int | None,
    *,
    display_name: str,
    role: Role,
    region_id: int | None,
    active: bool,
) -> None:
    """Change what differs. Whoever is switched off is signed out everywhere.

    Raises ConflictError if the record is no longer at `version`, and AccountError for a missing
    region, or if actors would lock themselves out.
    """
    if version != user.version:
        raise ConflictError
    if role is not Role.ADMINISTRATOR and region_id is None:
        raise AccountError(f"{role.label}须指定所在地区")
    if actor.id == user.id and (role is not user.role or not active):
        raise AccountError("不能停用自己的账户，也不能更改自己的角色；请由另一位系统管理员办理")
    if user.active and not active:
        user.session_version += 1
    values = {"display_name": display_name, "role": role, "region_id": region_id, "active": active}
    for name, value in values.items():
        if getattr(user, name) != value:
            setattr(user, name, value)
    db.session.flush()


def hashed_for_owner(user: User, present: str, new: str) -> str:
    """What is kept of a new password, for one who knows the present one.

    Raises WrongPasswordError, and AccountError for a weak new one.
    """
    if not _matches(user.password_hash, present):
        raise WrongPasswordError("现用密码不正确")
    return hashed(new, user.username)


def check_password(password: str, username: str) -> None:
    """Raises AccountError if `password` is too short, too long or the user's own name."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"密码应为 {SHORTEST_PASSWORD} 至 {LONGEST_PASSWORD} 个字符")
    if password.casefold() == username.casefold():
        raise AccountError("密码不能与用户名相同")


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _unknown() -> str:
    return _hasher.hash("nobody has this password")
