"""The accounts of a demonstration: known names and passwords, never for real use."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tracker.core.db import Origin, db, units
from tracker.records.accounts import queries, service
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region


@dataclass(frozen=True)
class DemoAccount:
    """One account; `region` is a GB/T 2260 code, "" for none."""

    username: str
    password: str
    display_name: str
    role: Role
    region: str


ACCOUNTS = (
    DemoAccount("jinyun", "shanhai-jinyun", "缙云县工作人员", Role.STAFF, "331122"),
    DemoAccount("jinyun-ld", "shanhai-jinyun", "缙云县领导", Role.LEADER, "331122"),
    DemoAccount("longyou", "shanhai-longyou", "龙游县工作人员", Role.STAFF, "330825"),
    DemoAccount("longyou-ld", "shanhai-longyou", "龙游县领导", Role.LEADER, "330825"),
    DemoAccount("lishui-gz", "shanhai-lishui", "丽水市工作人员", Role.STAFF, "331100"),
    DemoAccount("lishui", "shanhai-lishui", "丽水市审核人员", Role.REVIEWER, "331100"),
    DemoAccount("lishui-ld", "shanhai-lishui", "丽水市领导", Role.LEADER, "331100"),
    DemoAccount("kaohe", "shanhai-kaohe", "省考核人员", Role.ASSESSOR, "330000"),
    DemoAccount("lingdao", "shanhai-lingdao", "省领导", Role.LEADER, "330000"),
    DemoAccount("guanli", "shanhai-guanli", "系统管理员", Role.ADMINISTRATOR, ""),
)


def is_demo(user: User) -> bool:
    """Whether `user` is one whose password everybody knows."""
    return user.origin is Origin.SAMPLE


def create_missing() -> list[DemoAccount]:
    """Make those accounts that are not there yet and return them.

    Raises AccountError if a region is missing.
    """
    missing = [account for account in ACCOUNTS if not queries.by_username(account.username)]
    kept = {each: service.hashed(each.password, each.username) for each in missing}
    with units.writing():
        for account in missing:
            service.create(
                account.username,
                account.display_name,
                kept[account],
                account.role,
                _region_id(account.region),
                origin=Origin.SAMPLE,
            )
    return missing


def shown() -> list[DemoAccount]:
    """The demonstration accounts that exist, for the page where people sign in."""
    statement = select(User.username).where(User.origin == Origin.SAMPLE, User.active)
    names = set(db.session.scalars(statement))
    return [account for account in ACCOUNTS if account.username in names]


def _region_id(code: str) -> int | None:
    if not code:
        return None
    region_id = db.session.scalar(select(Region.id).where(Region.code == code))
    if region_id is None:
        raise service.AccountError(f"没有编码为 {code} 的地区，请先运行 tracker public-data load")
    return region_id
