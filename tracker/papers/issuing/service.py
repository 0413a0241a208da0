"""Beginning an issue: who is in it, under which number, and what cannot be made final."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from tracker.core.db import db, units
from tracker.core.db.events import EventKind, note
from tracker.core.db.records import now
from tracker.core.told import ToldError
from tracker.engine.typeset.gate import refusal
from tracker.papers.catalogue import PaperRef, papers_of
from tracker.papers.issuing import queries
from tracker.papers.issuing.final import paper_reasons, snapshot_reasons, why_not_on
from tracker.papers.issuing.models import PaperCheck, PaperIssue, PaperTask, TaskState
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of_owner, whose_words
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.assessments.scored import scored_of
from tracker.year.procedure.queries import final_snapshot, stage_of

WINDOW = timedelta(minutes=15)
MOST_CHECKS = 30  # files from one address within WINDOW
KEPT = timedelta(days=1)
_AGAIN = (TaskState.FAILED, TaskState.CANCELLED)


class IssueError(ToldError):
    """Papers cannot be issued; each reason is for the user."""

    status = 409

    def __init__(self, *reasons: str) -> None:
        super().__init__("".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Plan:
    """What issuing a snapshot would give: each paper with the reasons against it, in the order of
    the volume; `reasons` stand against all; `earlier` is the issue that it would revise."""

    papers: list[tuple[PaperRef, list[str]]]
    reasons: list[str]
    earlier: PaperIssue | None

    @property
    def refused(self) -> list[tuple[PaperRef, list[str]]]:
        return [(ref, reasons) for ref, reasons in self.papers if reasons]


def plan_of(snapshot: Snapshot) -> Plan:
    """What issuing `snapshot` would give; nothing is written. It scores the snapshot, so that it
    stands before the unit that begins the issue."""
    points = scored_of(snapshot)
    owner = snapshot.owner_region_id
    papers = [
        (ref, [of_owner(why, owner) for why in paper_reasons(points, ref)])
        for ref in papers_of(points)
    ]
    earlier = queries.latest_issue(snapshot.year, snapshot.owner_region_id)
    reasons = _state_reasons(snapshot, earlier) or [
        of_owner(why, owner) for why in snapshot_reasons(points)
    ]
    if not reasons and all(against for _, against in papers):
        reasons = ["没有可以定稿的文书，原因见各份说明。"]
    return Plan(papers, reasons, earlier)


def start(snapshot: Snapshot, actor: User | None, reason: str = "") -> PaperIssue:
    """Begin to issue the papers of `snapshot`. Raises IssueError (see `begin`)."""
    actor_id = actor.id if actor else None
    plan = plan_of(snapshot)
    with units.writing():
        return begin(snapshot, plan, actor_id, reason)


def begin(snapshot: Snapshot, plan: Plan, actor_id: int | None, reason: str = "") -> PaperIssue:
    """Begin to issue what `plan` found, within a writing unit: one row a paper, with its number.

    Where the year was issued before, this revises it: `reason` is then required, each paper gets a
    new number and names the one that it supersedes; what of the earlier issue waits is
    cancelled, since its snapshot is not the final one any more. Raises IssueError.
    """
    owner, reason = snapshot.owner_region_id, reason.strip()
    earlier = queries.latest_issue(snapshot.year, owner)
    if reasons := plan.reasons or _state_reasons(snapshot, earlier):
        raise IssueError(*reasons)
    if earlier is not None and not reason:
        raise IssueError(f"{snapshot.year}年度已签发过文书，本次为重新签发，请填写原因。")
    if fault := refusal("重新签发的原因", reason):
        raise IssueError(fault)
    if earlier is not None and queries.progress_of(earlier.id).waiting:
        stopped(earlier)
    issue = PaperIssue(
        snapshot_id=snapshot.id,
        year=snapshot.year,
        owner_region_id=owner,
        ordinal=earlier.ordinal + 1 if earlier else 1,
        reason=reason if earlier else "",
        started_by_id=actor_id,
    )
    db.session.add(issue)
    db.session.flush()
    tasks = _tasks(issue, plan)
    db.session.add_all(tasks)
    db.session.flush()
    able = sum(task.running is not None for task in tasks)
    _note(issue, f"开始，{able} 份", actor_id)
    return issue


def try_again(issue: PaperIssue, actor_id: int | None) -> int:
    """Let the papers that failed or were cancelled be made after all, under the numbers that they
    have, and give back how many wait now. Raises IssueError where a later issue has begun, whose
    papers supersede what stood then, and where the year is not final any more."""
    latest = queries.latest_issue(issue.year, issue.owner_region_id)
    if latest is not None and latest.id != issue.id:
        raise IssueError("此后已重新签发，本次不再继续。")
    if said := why_not_on(issue):
        raise IssueError(said)
    db.session.execute(
        update(PaperTask)
        .where(PaperTask.issue_id == issue.id, PaperTask.state.in_(_AGAIN))
        .values(state=TaskState.WAITING, reason="")
    )
    db.session.flush()
    waiting = queries.progress_of(issue.id).waiting
    _note(issue, f"继续，还有 {waiting} 份", actor_id)
    return waiting


def cancel(issue: PaperIssue, actor_id: int | None, reason: str = "") -> int:
    """Stop an issue: what is not printed yet is not issued, and its numbers are given to nothing
    else; gives back how many papers that are. What is being printed now is thrown away. `reason`:
    where the program does it."""
    waiting = (PaperTask.issue_id == issue.id, PaperTask.state == TaskState.WAITING)
    number = db.session.scalar(select(func.count()).select_from(PaperTask).where(*waiting)) or 0
    db.session.execute(
        update(PaperTask)
        .where(*waiting)
        .values(state=TaskState.CANCELLED, reason=reason, holder=None, lease_until=None)
    )
    _note(issue, f"{'停止' if reason else '取消'}，{number} 份不再签发", actor_id)
    return number


def stopped(issue: PaperIssue) -> bool:
    """Whether no more papers of an issue may be made, since its year is not final any more: what
    waits is then cancelled with the reason. Within a writing unit."""
    said = why_not_on(issue)
    if said:
        cancel(issue, None, said)
    return bool(said)


def _note(issue: PaperIssue, how: str, actor_id: int | None) -> None:
    of = f"（{whose_words(issue.owner_region.name)}）" if issue.owner_region else ""
    about = f"{issue.year} 年度{of}第 {issue.ordinal} 次签发：{how}"
    note(EventKind.ISSUED, about, record=("paper_issues", issue.id), actor_id=actor_id)


def count_check(address: str) -> bool:
    """Count one file that was sent in from `address` and drop old counts; False if it may not be
    verified. A small unit of its own: the verification itself holds nothing."""
    if not _may_check(address):
        return False
    with units.writing():
        if not _may_check(address):
            return False
        db.session.execute(delete(PaperCheck).where(PaperCheck.at < now() - KEPT))
        db.session.add(PaperCheck(address=address[:64], at=now()))
    return True


def _may_check(address: str) -> bool:
    return queries.checks_since(now() - WINDOW, address[:64]) < MOST_CHECKS


def _state_reasons(snapshot: Snapshot, earlier: PaperIssue | None) -> list[str]:
    """What stands against issuing `snapshot` at this moment, whatever it holds."""
    latest = latest_snapshot(snapshot.year, snapshot.owner_region_id)
    if latest is None or latest.id != snapshot.id:
        return ["此后又冻结过该年度的事实。只有最近一份快照可以签发。"]
    if said := _not_final(snapshot):
        return [said]
    if earlier is not None and earlier.snapshot_id == snapshot.id:
        return ["这份快照的文书已经签发。事实有改动的，请先重新计分。"]
    return []


def _not_final(snapshot: Snapshot) -> str:
    stage = stage_of(snapshot.year, snapshot.owner_region_id)
    if stage is None:
        return f"{snapshot.year}年度的考核没有启动。请在“考核进程”中办理到定稿，再签发。"
    final = final_snapshot(snapshot.year, snapshot.owner_region_id)
    if final is None:
        called = of_owner(stage.label, snapshot.owner_region_id)
        return f"{snapshot.year}年度的考核还在“{called}”阶段，定稿以后才能签发。"
    return "" if final.id == snapshot.id else "这不是定稿的快照，只有定稿的那一份可以签发。"


def _tasks(issue: PaperIssue, plan: Plan) -> list[PaperTask]:
    standing = queries.standing(issue.year, issue.owner_region_id)
    found, running = [], 0
    for position, (ref, reasons) in enumerate(plan.papers, 1):
        running += not reasons
        found.append(
            PaperTask(
                issue_id=issue.id,
                position=position,
                running=None if reasons else running,
                kind=ref.kind,
                sheet=ref.sheet,
                subject_code=ref.subject_code,
                subject_name=ref.subject_name,
                supersedes_id=standing.get((ref.kind, ref.sheet, ref.subject_code)),
                state=TaskState.REFUSED if reasons else TaskState.WAITING,
                reason="".join(reasons),
            )
        )
    return found
