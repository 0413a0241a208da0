"""What changed this month: what was filed, entered and signed, and how the trial moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, func, select

from tracker.core.db import db
from tracker.core.quantities.clock import CHINA, today
from tracker.core.quantities.shown import in_words, money
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.sums import together, totals
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.records.submissions.models import Filing
from tracker.records.submissions.queries import filed_by
from tracker.site.leader.words import Said, Sentence, joined
from tracker.web.ways import way


def _mending(since: datetime) -> Select[int]:
    """What corrects money that was entered before `since`, by however many corrections: it puts
    right what came before, and nothing new came by it."""
    chain = (
        select(LedgerEntry.id.label("id"), LedgerEntry.corrects_id.label("mended"))
        .where(LedgerEntry.corrects_id.is_not(None), LedgerEntry.submitted_at >= since)
        .cte("mending", recursive=True)
    )
    further = select(chain.c.id, LedgerEntry.corrects_id).join(
        LedgerEntry, LedgerEntry.id == chain.c.mended
    )
    chain = chain.union_all(further.where(LedgerEntry.corrects_id.is_not(None)))
    found = select(chain.c.id).join(LedgerEntry, LedgerEntry.id == chain.c.mended)
    return found.where(LedgerEntry.submitted_at < since)


def has_changed(regions: Select[int], year: int, moved: str) -> Sentence:
    """The third sentence: since the first of this month. `moved`: how the trial moved, in words."""
    if year != today().year:
        return Sentence("本月", [Said(f"{year} 年度已经结束，本月变化见今年的首页。")])
    return changed_within(regions, today().replace(day=1), today(), "本月", moved)


def changed_within(
    regions: Select[int], first: date, last: date, label: str, moved: str
) -> Sentence:
    """What came from `first` to `last`, days of one year; see `has_changed`."""
    year = first.year
    since, end = _begin_of(first), _begin_of(last + timedelta(days=1))
    when = f"{first.month} 月 {first.day} 日以来"
    if last < today():
        when = f"{first.month} 月 {first.day} 日至 {last.month} 月 {last.day} 日"
    said = []
    filed = db.session.scalar(
        select(func.count()).where(
            filed_by(regions), Filing.filed_at >= since, Filing.filed_at < end
        )
    )
    if filed:
        said.append(Said(f"报送 {filed} 件", way("submissions.index", year=year)))
    money_in = totals(
        ledger.touching(regions),
        LedgerEntry.kind == EntryKind.FUNDS_IN_PLACE,
        LedgerEntry.submitted_at >= since,
        LedgerEntry.submitted_at < end,
        LedgerEntry.id.not_in(_mending(since)),
        by=(LedgerEntry.kind,),
    )
    if money_in:
        amount = in_words(money(together(money_in.values()).figure))
        page = way("ledger.index", year=year, kind=EntryKind.FUNDS_IN_PLACE.value)
        said.append(Said(f"新登记到位资金 {amount}", page))
    signed = db.session.scalar(
        select(func.count()).where(
            projects.touching(regions), Project.signed_on.between(first, last)
        )
    )
    if signed:
        page = way("projects.index", year=year, signed=str(year))
        said.append(Said(f"新签约项目 {signed} 个", page))
    if moved:
        said.append(Said(moved, way("trials.index", year=year)))
    if not said:
        return Sentence(label, [Said(f"{when}没有新的报送、到位资金和签约。")])
    return Sentence(label, [Said(f"{when}，"), *joined(said)])


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, CHINA).astimezone(UTC)
