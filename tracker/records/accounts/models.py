"""Users and their attempts to sign in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, Searchable, UtcDateTime, key_from, key_of
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.searchable import unique_key
from tracker.records.accounts.permissions import Role, permits
from tracker.records.places.models import Region


class User(RecordMixin, UserMixin, Base):
    """A person with one role in one region (none for the province-wide administrator)."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(f"role IN ({Role.sql_values()})", name="role"),
        CheckConstraint("role = 'administrator' OR region_id IS NOT NULL", name="region"),
    )

    username: Mapped[str] = mapped_column(String(64), unique=True)
    username_key: Mapped[str] = mapped_column(
        String(256), default=key_from("username"), server_default="", index=True
    )
    username_twin: Mapped[int] = mapped_column(default=0, server_default="0")
    display_name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(256))
    role: Mapped[Role] = mapped_column(Coded(Role))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)

    region: Mapped[Region | None] = relationship()

    @property
    def is_active(self) -> bool:
        return self.active

    def may(self, permission: StrEnum) -> bool:
        """Whether the user's role grants `permission` (regions are looked at apart)."""
        return self.active and permits(self.role, permission)


unique_key(User.__table__, "username_key", "username_twin")


@event.listens_for(User, "before_update")
def _follow(_mapper: Mapper, _connection: Connection, user: User) -> None:
    if (key := key_of(user.username)[:256]) != user.username_key:
        user.username_key, user.username_twin = key, 0


class SignInAttempt(Base):
    """One failed attempt to sign in; counted over all processes and machines."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "username", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EndReason(LabelledEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out", "本人退出"
    ELSEWHERE = "elsewhere", "本人在别处结束"
    REPLACED = "replaced", "同一浏览器另行登录"
    PASSWORD = "password", "密码已更改"
    SWITCHED_OFF = "switched_off", "账户已停用"


class UserSession(Base):
    """A user signed in at one place. `token_sha256`: of the token that its cookie holds.

    `address`, `browser`: from where, for the user to tell one from another. One that reaches a
    limit just stops to stand; `ended_at` and `ended_why` are of those that somebody ended.
    """

    __tablename__ = "user_sessions"
    __table_args__ = (
        CheckConstraint(f"ended_why IN ({EndReason.sql_values()})", name="ended_why"),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[EndReason | None] = mapped_column(Coded(EndReason))
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(60))


class OrganisationKind(LabelledEnum):
    """What an organisation is."""

    DEPARTMENT = "department", "党政部门"
    STATE_FIRM = "state_firm", "国有企业"
    PRIVATE_FIRM = "private_firm", "民营企业"
    UNIVERSITY = "university", "高校院所"
    HOSPITAL = "hospital", "医院"
    OTHER = "other", "其他"


class Organisation(Searchable, RecordMixin, Base):
    """A department, firm, university or hospital that takes part in helping a county."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint(f"kind IN ({OrganisationKind.sql_values()})", name="kind"),)

    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(Coded(OrganisationKind))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)

    region: Mapped[Region | None] = relationship()
