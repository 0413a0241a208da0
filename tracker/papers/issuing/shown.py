"""What pages of other features show of issuing: the paper of a card, of a snapshot, of a place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from flask_login import current_user
from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.papers.common.head import PaperHead, PaperKind, PaperStatus
from tracker.papers.issuing import queries
from tracker.papers.issuing.models import IssuedPaper, PaperIssue, PaperTask, TaskState
from tracker.papers.issuing.numbers import beginning_of
from tracker.papers.issuing.queries import of_assessments, papers_for, signed_count
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.year.assessments.models import ScorecardRow
from tracker.year.procedure.sight import public_sight
from tracker.year.procedure.sights import Sight


@dataclass(frozen=True)
class CardPapers:
    """The papers of a subject's card: `own` was issued from the card's snapshot, `standing` is the
    one that none supersedes, from whatever snapshot of the year."""

    own: IssuedPaper | None
    standing: IssuedPaper | None

    def marks(self, head: PaperHead) -> str:
        """The marks of a card that is shown as it was computed anew, with what was issued of it."""
        return replace(head, status=PaperStatus.FINAL).marks if self.own else head.marks


@dataclass(frozen=True)
class SnapshotPapers:
    """The issue of a snapshot: how many papers are issued and how many of it still wait."""

    issue: PaperIssue
    done: int
    waiting: int

    @property
    def beginning(self) -> str:
        """How the numbers of its papers begin."""
        return beginning_of(self.issue.year, self.issue.ordinal, self.issue.city)


def card_papers(row: ScorecardRow) -> CardPapers | None:
    """What was issued of the subject of a card, as the present user may see it."""
    if not current_user.may(Permission.PAPERS_VIEW):
        return None
    found = db.session.scalars(
        select(IssuedPaper)
        .options(joinedload(IssuedPaper.issue), joinedload(IssuedPaper.superseded_by))
        .where(
            IssuedPaper.year == row.snapshot.year,
            IssuedPaper.kind == PaperKind.SCORECARD,
            IssuedPaper.sheet == row.sheet,
            IssuedPaper.subject_code == row.subject_code,
            of_assessments(row.snapshot.owner_region_id),
            papers_for(current_user),
        )
    ).all()
    own = (paper for paper in found if paper.issue.snapshot_id == row.snapshot_id)
    standing = (paper for paper in found if paper.superseded_by is None)
    return CardPapers(next(own, None), next(standing, None))


def snapshot_papers(snapshot_ids: Collection[int]) -> dict[int, SnapshotPapers]:
    """The issues of snapshots, by the snapshot; one statement."""
    done, waiting = (
        func.sum(case((PaperTask.state.in_(states), 1), else_=0))
        for states in ((TaskState.DONE,), (TaskState.WAITING, TaskState.FAILED))
    )
    rows = db.session.execute(
        select(PaperIssue, done, waiting)
        .join(PaperTask, PaperTask.issue_id == PaperIssue.id)
        .where(PaperIssue.snapshot_id.in_(snapshot_ids))
        .group_by(PaperIssue.id)
    )
    return {issue.snapshot_id: SnapshotPapers(issue, *counts) for issue, *counts in rows}


def papers_about(user: User, year: int, codes: Collection[str]) -> list[IssuedPaper]:
    """The papers of the province's assessment of a year about the subjects `codes` that stand and
    that `user` may see."""
    later = aliased(IssuedPaper)
    return list(
        db.session.scalars(
            select(IssuedPaper)
            .where(
                IssuedPaper.year == year,
                IssuedPaper.subject_code.in_(codes),
                of_assessments(None),
                ~exists().where(later.supersedes_id == IssuedPaper.id),
                papers_for(user),
            )
            .order_by(IssuedPaper.position)
        )
    )


def is_public(paper: IssuedPaper) -> bool:
    """Whether anybody may read the points and grades that a paper prints: once they were
    circulated (通报)."""
    return Sight.GRADES in public_sight(paper.issue.snapshot)


def public_card(paper: IssuedPaper) -> ScorecardRow | None:
    """The points and grade that a paper prints, as far as anybody may read them; None before the
    circular of its year, for a superseded paper, and for one that is no card."""
    if (
        paper.kind is not PaperKind.SCORECARD
        or paper.superseded_by is not None
        or not is_public(paper)
    ):
        return None
    return db.session.scalars(
        select(ScorecardRow).filter_by(
            snapshot_id=paper.issue.snapshot_id,
            sheet=paper.sheet,
            subject_code=paper.subject_code,
        )
    ).one_or_none()


def signed_words(issue_id: int, done: int) -> str:
    """How many of the `done` papers of an issue are signed electronically; "" of none."""
    if not done:
        return ""
    signed = signed_count(issue_id)
    if not signed:
        return "均未加电子签名"
    return "均有电子签名" if signed == done else f"其中 {signed} 份有电子签名"


def superseded_words(paper: IssuedPaper) -> str:
    """By what a paper was superseded, and what stands now; "" if it stands itself."""
    later = paper.superseded_by
    if later is None:
        return ""
    newest = queries.newest_of(paper)
    now = f"，现行的是 {newest.number}" if newest is not later else ""
    return f"已被 {later.number} 取代（{day_of(later.issued_at)}）{now}。"
