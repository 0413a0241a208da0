"""Which period is locked for whom: asked by what is entered in one, in the words of its refusal.

The database asks the same by itself, of the ledger, of operating figures and of what else is
reported (migrations 0021, 0024, 0027, 0039 and 0044).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import QUARTER_NAMES, quarter_begin
from tracker.records.submissions.models import QUARTERS, Filing, FilingKind, FilingState
from tracker.records.submissions.workdays import kind_of_day

_ORDER = {kind: place for place, kind in enumerate((*QUARTERS, FilingKind.ANNUAL), 1)}


@dataclass(frozen=True)
class Shut:
    """What a locked period keeps: what it is called, and how a fault in it is mended."""

    what: str
    figures: str
    mended: str


MONEY = Shut("新增、修改或提交这一期的资金", "金额", "有误的请用“更正”")
REPORTED = Shut(
    "新增、修改或删除这一期的记录", "日期、人数、金额等数字", "确需改动的，请省级限期开锁"
)
WORDS = Shut("文字说明也", "", "确需改动的，请省级限期开锁")
FIGURES = Shut("新增、修改或删除这一期的运营数", "运营数", "确需改动的，请省级限期开锁")


def not_begun(year: int, quarter: int) -> str:
    """Why nothing of a quarter can be told yet; "" once it has begun."""
    begin = quarter_begin(year, quarter)
    if begin <= today():
        return ""
    return f"{year}年{QUARTER_NAMES[quarter]}从 {begin} 开始，现在还不能填报。"


def locked_on(day: date, region_id: int, enclave_id: int | None = None, shut: Shut = MONEY) -> str:
    """Why nothing of `day` changes for a county, or for one of its enclaves; "" while it may: the
    quarter or the year is locked and not opened again, or a later one is locked."""
    kinds = (kind_of_day(day), FilingKind.ANNUAL)
    return _why(_locked(day.year, kinds, region_id, enclave_id), shut)


def locked_year(year: int, region_id: int, shut: Shut = REPORTED) -> str:
    """As `locked_on`, of what is reported once a year: the annual filing alone locks it."""
    return _why(_locked(year, (FilingKind.ANNUAL,), region_id, None), shut)


def words_locked_on(day: date, region_id: int, enclave_id: int | None = None) -> str:
    """Why not even the words of what is reported of `day` change: its quarter or year is locked,
    and neither is opened again; "" where they may."""
    found = _locked(day.year, (kind_of_day(day), FilingKind.ANNUAL), region_id, enclave_id)
    opened = {_whose(filing) for filing in found if filing.is_open_again}
    for filing in found:
        if _whose(filing) not in opened:
            return f"{_called(filing)}已锁定，{WORDS.what}不能改；{WORDS.mended}。"
    return ""


def opened_on(day: date, region_id: int, enclave_id: int | None = None) -> str:
    """Up to when the locked period of `day` is opened again for its words, in words; "" where it
    is not."""
    kinds = (kind_of_day(day), FilingKind.ANNUAL)
    found = _locked(day.year, kinds, region_id, enclave_id)
    opened = [filing for filing in found if filing.is_open_again]
    if not opened or words_locked_on(day, region_id, enclave_id):
        return ""
    until = min(filing.reopened_until for filing in opened if filing.reopened_until)
    return f"{'、'.join(map(_called, opened))}限期开锁至 {until}"


def _locked(
    year: int, kinds: tuple[FilingKind, ...], region_id: int, enclave_id: int | None
) -> list[Filing]:
    """The locked filings of these kinds of a county, or of one of its enclaves."""
    whose = or_(
        Filing.region_id == region_id,
        Filing.enclave_id == enclave_id if enclave_id is not None else Filing.id.is_(None),
    )
    own = select(Filing).where(
        Filing.state == FilingState.LOCKED, Filing.year == year, Filing.kind.in_(kinds), whose
    )
    return list(db.session.scalars(own.order_by(Filing.id)))


def _whose(filing: Filing) -> tuple[int | None, int | None]:
    return filing.region_id, filing.enclave_id


def _why(locked: list[Filing], shut: Shut) -> str:
    for filing in locked:
        if not filing.is_open_again:
            return f"{_called(filing)}已锁定，不能再{shut.what}；{shut.mended}。"
        if (later := _later_locked(filing)) is not None:
            after = _called(later)
            said = f"{_called(filing)}虽已开锁，但其后的{after}已锁定，{shut.figures}不能改"
            return f"{said}；{shut.mended}。"
    return ""


def _called(filing: Filing) -> str:
    return f"{filing.year} 年{filing.kind.label}"


def _later_locked(filing: Filing) -> Filing | None:
    later = select(Filing).where(
        Filing.state == FilingState.LOCKED,
        or_(Filing.reopened_until.is_(None), Filing.reopened_until < today()),
        Filing.region_id == filing.region_id
        if filing.region_id is not None
        else Filing.enclave_id == filing.enclave_id,
        Filing.year >= filing.year,
        Filing.kind != FilingKind.PLAN,
    )
    own = (filing.year, _ORDER[filing.kind])
    after = (f for f in db.session.scalars(later) if (f.year, _ORDER[f.kind]) > own)
    return min(after, key=lambda each: (each.year, _ORDER[each.kind]), default=None)
