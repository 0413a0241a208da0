"""Reads of issues, of what is done of them, and of issued papers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing.models import (
    IssuedPaper,
    IssuedPaperRegion,
    PaperCheck,
    PaperIssue,
    PaperTask,
    SignedPaper,
    TaskState,
)
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of as owned_by
from tracker.records.accounts.owners import seen_by
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_in_view, regions_of
from tracker.web.search import found_in


@dataclass(frozen=True)
class Progress:
    """How many papers of an issue are in which state; `busy`: somebody is working on it."""

    waiting: int
    done: int
    failed: int
    refused: int
    cancelled: int
    busy: bool

    @property
    def wanted(self) -> int:
        """The papers that the issue is to give."""
        return self.waiting + self.done + self.failed

    @property
    def finished(self) -> bool:
        return not self.waiting and not self.failed


def issue_of(snapshot_id: int) -> PaperIssue | None:
    """The issue of a snapshot."""
    return db.session.scalars(select(PaperIssue).filter_by(snapshot_id=snapshot_id)).one_or_none()


def latest_issue(year: int, owner: int | None = None) -> PaperIssue | None:
    """The newest issue of a year by `owner`."""
    newest = _newest_first(owner).where(PaperIssue.year == year)
    return db.session.scalars(newest.limit(1)).first()


def issue_by_ordinal(year: int, ordinal: int, owner: int | None = None) -> PaperIssue | None:
    """The issue of a year by `owner` with that ordinal."""
    return db.session.scalars(
        select(PaperIssue).filter_by(year=year, ordinal=ordinal, owner_region_id=owner)
    ).one_or_none()


def issues(year: int | None = None, owner: int | None = None) -> list[PaperIssue]:
    """The issues of a year, or of all, by `owner`, newest first."""
    statement = _newest_first(owner)
    return list(db.session.scalars(statement.where(PaperIssue.year == year) if year else statement))


def progress_of(issue_id: int) -> Progress:
    """What of an issue is done; one statement."""
    held = func.max(case((PaperTask.lease_until > now(), 1), else_=0))
    rows = db.session.execute(
        select(PaperTask.state, func.count(), held)
        .where(PaperTask.issue_id == issue_id)
        .group_by(PaperTask.state)
    ).all()
    counts = {state: number for state, number, _ in rows}
    return Progress(
        **{state.value: counts.get(state, 0) for state in TaskState},
        busy=any(busy for *_, busy in rows),
    )


def is_free(issue_id: int) -> bool:
    """Whether a paper of an issue waits that nobody makes."""
    waiting = exists().where(PaperTask.issue_id == issue_id, waits_free())
    return bool(db.session.scalar(select(waiting)))


def free_issues() -> list[int]:
    """The issues of which a paper waits that nobody makes, the oldest first."""
    return list(
        db.session.scalars(
            select(PaperTask.issue_id).where(waits_free()).distinct().order_by(PaperTask.issue_id)
        )
    )


def waits_free() -> ColumnElement[bool]:
    """Whether a paper waits and nobody makes it."""
    free = or_(PaperTask.lease_until.is_(None), PaperTask.lease_until < now())
    return and_(PaperTask.state == TaskState.WAITING, free)


def tasks(issue_id: int, *states: TaskState) -> list[PaperTask]:
    """The papers of an issue that are in one of `states`, in the order of the volume."""
    return list(
        db.session.scalars(
            select(PaperTask)
            .where(PaperTask.issue_id == issue_id, PaperTask.state.in_(states))
            .order_by(PaperTask.position)
        )
    )


def standing(year: int, owner: int | None = None) -> dict[tuple[PaperKind, str, str], int]:
    """The papers of a year by `owner` that none supersedes: (kind, sheet, subject's code) → id."""
    later = aliased(IssuedPaper)
    paper = IssuedPaper
    rows = db.session.execute(
        select(paper.kind, paper.sheet, paper.subject_code, paper.id).where(
            paper.year == year,
            of_assessments(owner),
            ~exists().where(later.supersedes_id == paper.id),
        )
    )
    return {(kind, sheet, code): paper_id for kind, sheet, code, paper_id in rows}


def of_assessments(owner: int | None) -> ColumnElement[bool]:
    """Whether a paper is of the assessments of `owner`."""
    of = select(PaperIssue.id).where(owned_by(PaperIssue.owner_region_id, owner))
    return IssuedPaper.issue_id.in_(of)


def settled(year: int, owner: int | None = None) -> frozenset[tuple[str, str]]:
    """The cards of a year by `owner` that were made final, by sheet and subject's code."""
    return frozenset(
        (sheet, code) for kind, sheet, code in standing(year, owner) if kind is PaperKind.SCORECARD
    )


def papers_in_view(
    user: User,
    *,
    text: str = "",
    kind: PaperKind | None = None,
    year: int | None = None,
    current: bool | None = None,
    owner: int | None = None,
) -> Select[IssuedPaper]:
    """The issued papers of `owner` that `user` has in view, without their bytes; `current`: those
    that none supersedes, or those that one does."""
    statement = (
        select(IssuedPaper)
        .options(joinedload(IssuedPaper.superseded_by))
        .where(_for(user, regions_in_view(user)), of_assessments(owner))
    )
    if text:
        named = found_in(text, (IssuedPaper.number,), (IssuedPaper.subject_name,))
        statement = statement.where(named | (IssuedPaper.subject_code == text))
    if kind is not None:
        statement = statement.where(IssuedPaper.kind == kind)
    if year is not None:
        statement = statement.where(IssuedPaper.year == year)
    if current is not None:
        later = aliased(IssuedPaper)
        superseded = exists().where(later.supersedes_id == IssuedPaper.id)
        statement = statement.where(~superseded if current else superseded)
    return statement


def paper(paper_id: int, user: User) -> IssuedPaper | None:
    """One issued paper; None if it is not there or not for `user`."""
    return db.session.scalars(
        select(IssuedPaper).where(IssuedPaper.id == paper_id, papers_for(user))
    ).one_or_none()


def papers_for(user: User) -> ColumnElement[bool]:
    """Whether `user` may open a paper."""
    issues_seen = select(PaperIssue.id).where(seen_by(user, PaperIssue.owner_region_id))
    return _for(user, regions_of(user)) & IssuedPaper.issue_id.in_(issues_seen)


def history(of: IssuedPaper) -> list[IssuedPaper]:
    """All papers of the same kind, year and subject, the newest first."""
    return list(
        db.session.scalars(
            select(IssuedPaper)
            .filter_by(year=of.year, kind=of.kind, sheet=of.sheet, subject_code=of.subject_code)
            .where(of_assessments(of.issue.owner_region_id))
            .order_by(IssuedPaper.id.desc())
        )
    )


def by_number(number: str) -> IssuedPaper | None:
    """The paper with that number, whoever asks."""
    return db.session.scalars(select(IssuedPaper).filter_by(number=number)).one_or_none()


def by_sha256(sha256: str) -> IssuedPaper | None:
    """The paper whose bytes have that digest, whoever asks."""
    return db.session.scalars(select(IssuedPaper).filter_by(sha256=sha256)).one_or_none()


def longest_of(digests: Collection[str]) -> IssuedPaper | None:
    """The largest of the papers whose bytes have one of `digests`, whoever asks."""
    if not digests:
        return None
    statement = select(IssuedPaper).where(IssuedPaper.sha256.in_(digests))
    return db.session.scalars(statement.order_by(IssuedPaper.size.desc()).limit(1)).first()


def newest_of(paper: IssuedPaper) -> IssuedPaper:
    """The paper that stands now in place of `paper`; itself if none supersedes it."""
    while paper.superseded_by is not None:
        paper = paper.superseded_by
    return paper


def content_of(paper: IssuedPaper) -> bytes:
    """The bytes that were issued."""
    return db.session.scalars(select(IssuedPaper.content).where(IssuedPaper.id == paper.id)).one()


def signed_content_of(paper: IssuedPaper) -> bytes:
    """The signed revision of a paper: the bytes that were issued and the signature behind them."""
    statement = select(SignedPaper.addition).where(SignedPaper.paper_id == paper.id)
    return content_of(paper) + db.session.scalars(statement).one()


def signed_as(sha256: str) -> SignedPaper | None:
    """The signature with which a file of that digest is kept."""
    return db.session.scalars(select(SignedPaper).filter_by(sha256=sha256)).one_or_none()


def is_own_certificate(sha256: str) -> bool:
    """Whether papers were signed here with the certificate of that digest."""
    used = exists().where(SignedPaper.certificate == sha256)
    return bool(db.session.scalar(select(used)))


def unsigned(year: int, owner: int | None = None) -> list[int]:
    """The issued papers of a year by `owner` without a signature, in the order of their making
    (ids)."""
    signed = exists().where(SignedPaper.paper_id == IssuedPaper.id)
    statement = select(IssuedPaper.id).where(
        IssuedPaper.year == year, of_assessments(owner), ~signed
    )
    return list(db.session.scalars(statement.order_by(IssuedPaper.id)))


def signed_count(issue_id: int) -> int:
    """How many papers of an issue are signed."""
    statement = select(func.count()).select_from(SignedPaper).join(SignedPaper.paper)
    return db.session.scalar(statement.where(IssuedPaper.issue_id == issue_id)) or 0


def sign_faults(issue_id: int) -> list[tuple[str, int]]:
    """Why papers of an issue were not signed though a certificate is set, each with how many."""
    statement = select(PaperTask.sign_fault, func.count()).where(
        PaperTask.issue_id == issue_id, PaperTask.sign_fault.is_not(None)
    )
    rows = db.session.execute(statement.group_by(PaperTask.sign_fault).order_by(func.count()))
    return [(fault, number) for fault, number in rows if fault]


def list_of(issue_id: int) -> list[IssuedPaper]:
    """The papers of an issue in the order of the volume, without their bytes."""
    return list(
        db.session.scalars(
            select(IssuedPaper)
            .where(IssuedPaper.issue_id == issue_id)
            .order_by(IssuedPaper.position)
        )
    )


def with_content(papers: list[IssuedPaper]) -> Iterator[tuple[IssuedPaper, bytes]]:
    """The papers with their bytes, one in memory at a time."""
    for one in papers:
        yield one, content_of(one)


def checks_since(start: datetime, address: str) -> int:
    """How many files were sent in from `address` since `start`."""
    statement = select(func.count()).where(PaperCheck.address == address, PaperCheck.at >= start)
    return db.session.scalar(statement) or 0


def years_issued(owner: int | None = None) -> list[int]:
    """Years of which `owner` issued papers, newest first."""
    found = select(IssuedPaper.year).where(of_assessments(owner)).distinct()
    return list(db.session.scalars(found.order_by(IssuedPaper.year.desc())))


def sees_province(user: User) -> bool:
    """Whether `user` belongs to the province, and so sees all of its places."""
    region = db.session.get(Region, user.region_id) if user.region_id else None
    return region is not None and region.level is RegionLevel.PROVINCE


def last_issued_at(issue_id: int) -> datetime | None:
    """When the newest paper of an issue was kept."""
    return db.session.scalar(
        select(func.max(IssuedPaper.issued_at)).where(IssuedPaper.issue_id == issue_id)
    )


def _newest_first(owner: int | None) -> Select[PaperIssue]:
    wanted = select(PaperIssue).where(owned_by(PaperIssue.owner_region_id, owner))
    return wanted.order_by(PaperIssue.year.desc(), PaperIssue.ordinal.desc())


def _for(user: User, regions: Select[int]) -> ColumnElement[bool]:
    """Papers about one of `regions` (ids); what is about no region is for the province's people."""
    places = select(IssuedPaperRegion.paper_id)
    about = IssuedPaper.id.in_(places.where(IssuedPaperRegion.region_id.in_(regions)))
    of_province = exists().where(Region.id == user.region_id, Region.level == RegionLevel.PROVINCE)
    return or_(about, of_province & IssuedPaper.id.not_in(places))
