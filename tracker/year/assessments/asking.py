"""What is said before a year is frozen and scored."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.quantities.days import days_of
from tracker.core.quantities.printed import trimmed
from tracker.core.quantities.shown import moment
from tracker.records.accounts.owners import of
from tracker.records.ledger.models import LedgerEntry
from tracker.web.asking import Act
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.state import YearState


def scoring(state: YearState) -> Act:
    """Freezing and scoring the year of `state`: how much of it is frozen, and what is not."""
    year, before = state.year, _snapshots(state.year, state.owner)
    kept, drafts = _entries(year)
    says = [
        f"将冻结 {year} 年度此刻的全部事实（其中已提交的台账 {trimmed(kept)} 笔），"
        f"按 {state.books} 本细则计分，生成新的快照和评分表，此后的核定和签发以它为准。"
    ]
    if state.latest:
        says.append(
            f"{year} 年度已有 {before} 个快照，最近一个冻结于 {moment(state.latest.frozen_at)}，"
            f"有 {trimmed(state.cards)} 份评分表。事实和细则都没有变的，沿用它，不另生成。"
        )
    else:
        says.append(f"{year} 年度还没有快照，这是第一次。")
    if drafts:
        says.append(f"{year} 年度另有 {trimmed(drafts)} 笔台账草稿尚未提交，不计入。")
    if state.unsound:
        says.append(f"有 {len(state.unsound)} 件佐证的文件与上传时不符，不作为证明。")
    says.append("快照生成后不能修改、删除或撤回；事实有误的，更正后再计一次分。")
    return Act(
        f"计分 {year} 年度",
        says,
        "计分",
        url_for("assessments.index", year=year),
        "assessments.index",
        busy="正在计分，约需十秒，请勿关闭页面",
    )


def _snapshots(year: int, owner: int | None) -> int:
    wanted = select(func.count()).where(Snapshot.year == year, of(Snapshot.owner_region_id, owner))
    return db.session.scalar(wanted) or 0


def _entries(year: int) -> tuple[int, int]:
    """How many entries and drafts the ledger has of a year."""
    within = LedgerEntry.occurred_on.between(*days_of(year))
    statement = select(func.count(), func.count(LedgerEntry.submitted_at)).where(within)
    every, submitted = db.session.execute(statement).one()
    return submitted, every - submitted
