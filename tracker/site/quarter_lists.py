"""The quarters that a county has in hand: which, what is left of each, and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import QUARTER_NAMES, quarter_begin
from tracker.records.accounts.models import User
from tracker.records.places.models import Region
from tracker.records.quarters.queries import due
from tracker.records.quarters.shown import View
from tracker.records.submissions.models import IN_HAND, QUARTERS, Filing
from tracker.records.submissions.queries import WITH_PLACE, awaited, filed_by, given_back
from tracker.records.submissions.service import parts_out
from tracker.records.submissions.steps import waits_for
from tracker.web.ways import way

_MOST = 2  # quarters whose grid is reckoned for a first page


@dataclass(frozen=True)
class InHand:
    """A quarter: what it is called, how far its filing is, what is left to do, in sentences, by
    when, whether that is over, where it goes on and what that step is called, and its page."""

    filing: Filing
    name: str
    state: str
    left: Sequence[str]
    by: str
    late: bool
    step: str
    href: str | None
    page: str | None


@dataclass(frozen=True)
class Quarters:
    """The quarters in hand, the earliest due first, and how many more there are."""

    rows: Sequence[InHand]
    others: int


def in_hand(user: User) -> Quarters:
    """The quarters of the user's own place that have begun and are not filed; what came back is
    told by itself, with the reason (`filing_lists`)."""
    own = select(Filing).where(
        Filing.region_id == user.region_id, Filing.kind.in_(QUARTERS), awaited(), ~given_back()
    )
    found = [
        filing
        for filing in db.session.scalars(
            own.options(*WITH_PLACE).order_by(Filing.due_on, Filing.id)
        )
        if quarter_begin(filing.year, _number(filing)) <= today()
    ]
    return Quarters([_row(filing) for filing in found[:_MOST]], max(len(found) - _MOST, 0))


def _number(filing: Filing) -> int:
    return QUARTERS.index(filing.kind) + 1


def _row(filing: Filing) -> InHand:
    place, quarter = filing.place, _number(filing)
    page = way("submissions.detail", filing_id=filing.id)
    grid = page
    if place.code:
        at = {"code": place.code, "year": filing.year, "quarter": quarter}
        grid = way("quarters.page", **at) or page
    left = []
    if filing.state in IN_HAND:
        said = View(due(place, filing.year, quarter)).left()
        left.append(f"填报表{said.rstrip('。')}" if "格" in said else said.rstrip("。"))
    if out := len(parts_out(filing)):
        left.append(f"分办 {out} 项没有办回")
    if number := _of_enclaves(filing, place):
        left.append(f"飞地的同期季报 {number} 份没有报送")
    left.append(f"下一步由{waits_for(filing)}办理")
    late = filing.days_late
    when = f"已逾期 {late:,} 天" if late > 0 else ("今天截止" if late == 0 else f"还有 {-late} 天")
    going = filing.state in IN_HAND
    return InHand(
        filing,
        f"{filing.year} 年{QUARTER_NAMES[quarter]}",
        filing.state.label,
        left,
        f"{filing.due_on}，{when}",
        late > 0,
        "去填报" if going else "去报送",
        grid if going else page,
        page,
    )


def _of_enclaves(filing: Filing, place: Region) -> int:
    """How many enclaves of the place have not filed the same."""
    own = filed_by(select(Region.id).where(Region.id == place.id))
    same = (Filing.year == filing.year, Filing.kind == filing.kind, Filing.enclave_id.is_not(None))
    return db.session.scalar(select(func.count(Filing.id)).where(own, awaited(), *same)) or 0
