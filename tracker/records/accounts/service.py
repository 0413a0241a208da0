"""Acts on accounts: making them and signing in.

Hashing a password takes long by design and is done before a unit of work begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete

from tracker.core.db import Origin, db, units
from tracker.core.db.events import EventKind, note
from tracker.core.db.records import now
from tracker.core.told import ToldError
from tracker.engine.typeset.gate import refusal
from tracker.records.accounts import queries, sessions
from tracker.records.accounts.models import EndReason, SignInAttempt, User
from tracker.records.accounts.permissions import Role
from tracker.web.transactions import ConflictError

WINDOW = timedelta(minutes=15)
MOST_OF_A_NAME = 5
MOST_OF_AN_ADDRESS = 20
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
_KEPT = timedelta(days=7)

_hasher = PasswordHasher()


class AccountError(ToldError):
    """An account that cannot be made so; the message is for the operator."""


class WrongPasswordError(AccountError):
    """The present password is another."""


class LockedOutError(Exception):
    """Too many failures of this name or from this address within `WINDOW`."""


@dataclass(frozen=True)
class Lock:
    """What stands against signing in by a name: `failures` within `WINDOW`, and until when it is
    locked, None where it is not."""

    failures: int
    until: datetime | None


@dataclass(frozen=True)
class Caller:
    """Who asks to be let in: the network address, the browser's own name for itself, and the
    session that the browser had until now, by (user, number)."""

    address: str
    browser: str = ""
    before: tuple[int, int] | None = None


def sign_in(
    username: str,
    password: str,
    caller: Caller,
    let_in: Callable[[User], bool] = lambda user: True,
) -> tuple[User, str] | None:
    """The user and the token of a new session, or None after one more counted failure; so too for
    one whom `let_in` refuses.

    An unknown name costs the same work as a wrong password. Raises LockedOutError, before any
    password is looked at, while the name or the address has failed too often; and afterwards, where
    it did so meanwhile: many tries at once find out no more than one after another.
    """
    username, address = username.strip()[:64], caller.address[:64]
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
            if fresh != seen:
                user.password_hash = fresh
            return user, _let_in(user, caller)
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < now() - _KEPT))
        db.session.add(SignInAttempt(username=username, address=address, at=now()))
        db.session.flush()
        _note_lock(username, address, user)
        return None


def _let_in(user: User, caller: Caller) -> str:
    """The token of a new session; the one that the browser had ends."""
    _forgive(user.username)
    if caller.before:
        user_id, session_id = caller.before
        sessions.end(user_id, EndReason.REPLACED, only=session_id)
    token = sessions.begin(user, caller.address, caller.browser)
    about = sessions.in_short(caller.browser)
    note(EventKind.SIGNED_IN, about, address=caller.address, actor_id=user.id)
    return token


def sign_out(user: User, session_id: int, address: str) -> None:
    """End the session, within a writing unit."""
    if sessions.end(user.id, EndReason.SIGNED_OUT, only=session_id):
        note(EventKind.SIGNED_OUT, "", address=address, actor_id=user.id)


def end_elsewhere(user: User, session_id: int, address: str) -> bool:
    """End another session of the user's own, within a writing unit; whether it stood."""
    ended = sessions.end(user.id, EndReason.ELSEWHERE, only=session_id)
    if ended:
        note(EventKind.SIGNED_OUT, "结束了在别处的登录", address=address, actor_id=user.id)
    return bool(ended)


def lock_of(username: str) -> Lock:
    """What stands against signing in as `username` at this moment."""
    failures = queries.failures_of(username, now() - WINDOW)
    locked = len(failures) >= MOST_OF_A_NAME
    return Lock(len(failures), failures[MOST_OF_A_NAME - 1] + WINDOW if locked else None)


def unlock(user: User) -> bool:
    """Let the user try again at once, within a writing unit; whether anything stood against it."""
    forgiven = _forgive(user.username)
    if forgiven:
        note(EventKind.UNLOCKED, f"{forgiven} 次失败不再计", record=("users", user.id))
    return bool(forgiven)


def _forgive(username: str) -> int:
    """Forget the failures of a name; how many there were."""
    statement = delete(SignInAttempt).where(SignInAttempt.username == username)
    forgotten: Any = db.session.execute(statement)
    return forgotten.rowcount


def _note_lock(username: str, address: str, user: User | None) -> None:
    """Write that a name or an address is locked from now on: once, not for each try after that.

    What was typed as a name that nobody has may be a password, and is not written.
    """
    of_name, of_address = queries.failures_since(now() - WINDOW, username=username, address=address)
    record = ("users", user.id) if user else None
    if of_name == MOST_OF_A_NAME:
        about = f"{of_name} 次密码不正确" if user else f"{of_name} 次用同一个不存在的用户名"
        note(EventKind.LOCKED, about, record=record, address=address, actor_id=None)
    if of_address == MOST_OF_AN_ADDRESS:
        about = f"同一网络地址 {of_address} 次失败"
        note(EventKind.LOCKED, about, address=address, actor_id=None)


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
    _check_printable(username=username, display_name=display_name)
    if twin := queries.like_username(username):
        raise AccountError(f"用户名 {twin.username} 已被使用")
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


def _check_printable(username: str = "", display_name: str = "") -> None:
    fault = refusal("用户名", username) + refusal("姓名", display_name.strip())
    if fault:
        raise AccountError(fault.rstrip("。"))


def hashed(password: str, username: str) -> str:
    """What is kept of a password. Raises AccountError for a weak one. Takes some 50 ms."""
    check_password(password, username.strip())
    return _hasher.hash(password)


def set_password(user: User, password_hash: str, *, but: int | None = None) -> None:
    """A new password, by what `hashed` made of it. The user is signed out everywhere `but` in one
    session; failures to name the old password count no more."""
    user.password_hash = password_hash
    db.session.flush()
    sessions.end(user.id, EndReason.PASSWORD, but=but)
    unlock(user)


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
    if display_name != user.display_name:
        _check_printable(display_name=display_name)
    if actor.id == user.id and (role is not user.role or not active):
        raise AccountError("不能停用自己的账户，也不能更改自己的角色；请由另一位系统管理员办理")
    if user.active and not active:
        sessions.end(user.id, EndReason.SWITCHED_OFF)
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
