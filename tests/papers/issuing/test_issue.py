"""Issuing a year: numbers, bytes, what is refused, faults in the middle, revisions."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier, Thread
from types import SimpleNamespace

import pypdf
import pytest
from flask import Flask
from sqlalchemy import select, text, update

from tests.objecting import move
from tests.papers.issuing.conftest import YEAR, paper_once
from tests.papers.texts import page_texts
from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.papers.common.head import PaperKind
from tracker.papers.common.identity import read_identity
from tracker.papers.issuing import printing, queries, running, service
from tracker.papers.issuing.cli import issue as issue_command
from tracker.papers.issuing.models import IssuedPaper, PaperIssue, PaperTask, TaskState
from tracker.papers.issuing.numbers import number_of, read_number
from tracker.papers.issuing.printing import PrintersLostError
from tracker.papers.issuing.running import run_issue, verify_text
from tracker.records.accounts.models import User
from tracker.year.assessments.models import Snapshot
from tracker.year.procedure.models import Stage

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def begin(snapshot: Snapshot, actor: User | None = None, reason: str = "") -> int:
    issue = service.start(snapshot, actor, reason)
    db.session.commit()
    return issue.id


def numbers() -> list[str]:
    return list(db.session.scalars(select(IssuedPaper.number).order_by(IssuedPaper.position)))


def expected_numbers(issue_id: int) -> list[str]:
    tasks = queries.tasks(issue_id, TaskState.WAITING, TaskState.DONE, TaskState.FAILED)
    return [number_of(YEAR, 1, n) for n, _ in enumerate(tasks, 1)]


def words(pdf: bytes) -> str:
    return "".join("".join(page.split()) for page in page_texts(pdf))


def test_a_year_is_issued(snapshot: Snapshot, assessor: User) -> None:
    issue_id = begin(snapshot, assessor)
    state = run_issue(issue_id)
    assert state.finished
    assert state.done >= 8
    assert state.refused >= 4
    assert numbers() == expected_numbers(issue_id)
    for paper in queries.list_of(issue_id):
        content = queries.content_of(paper)
        assert hashlib.sha256(content).hexdigest() == paper.sha256
        assert (len(content), paper.issued_by_id) == (paper.size, assessor.id)
        identity = read_identity(content)
        assert (identity.number, identity.status) == (paper.number, "定稿")
        assert (identity.layout, identity.engine) == (paper.layout, paper.engine)
        assert identity.snapshot_sha256 == snapshot.sha256
        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == paper.pages
        assert "定稿" in paper.file_name
    card = next(p for p in queries.list_of(issue_id) if p.subject_code == "331122")
    assert card.number in words(queries.content_of(card))
    assert [place.region.name for place in card.places] == ["缙云县"]
    refused = queries.tasks(issue_id, TaskState.REFUSED)
    assert any(task.subject_name == "庆元县" and "不可计分" in task.reason for task in refused)
    assert any(task.kind is PaperKind.PROVINCE for task in refused)
    with pytest.raises(service.IssueError, match="已经签发"):
        service.start(snapshot, assessor)


def test_a_fault_in_the_middle_loses_and_doubles_nothing(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_id = begin(snapshot)
    calls = 0

    def interrupted(*arguments: object) -> bytes:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return paper_once(*arguments)

    monkeypatch.setattr(printing, "paper_pdf", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_issue(issue_id)
    state = queries.progress_of(issue_id)
    assert (state.done, state.busy) == (3, False)
    first = {paper.number: paper.sha256 for paper in queries.list_of(issue_id)}
    assert run_issue(issue_id).finished
    assert numbers() == expected_numbers(issue_id)
    after = {paper.number: paper.sha256 for paper in queries.list_of(issue_id)}
    assert first.items() <= after.items()


def test_one_bad_paper_does_not_keep_the_others(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_id = begin(snapshot)

    def unprintable(points, ref, stamp, settled) -> bytes:
        if ref.subject_code == "331122":
            raise ValueError("字形缺失")
        return paper_once(points, ref, stamp, settled)

    with monkeypatch.context() as patch:
        patch.setattr(printing, "paper_pdf", unprintable)
        state = run_issue(issue_id)
    assert (state.failed, state.waiting, state.finished) == (1, 0, False)
    (failed,) = queries.tasks(issue_id, TaskState.FAILED)
    assert failed.reason == "字形缺失"
    assert failed.holder is None
    issue = db.session.get_one(PaperIssue, issue_id)
    assert service.try_again(issue, None) == 1
    db.session.commit()
    assert run_issue(issue_id).finished
    assert numbers() == expected_numbers(issue_id)


def test_what_another_holds_is_left_until_the_lease_is_over(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_id = begin(snapshot)
    first = queries.tasks(issue_id, TaskState.WAITING)[0]
    first.holder, first.lease_until = "another", now() + timedelta(hours=1)
    db.session.commit()
    waited: list[float] = []

    def pause(seconds: float) -> None:
        """The hour passes while the others' papers are long made."""
        assert queries.tasks(issue_id, TaskState.WAITING) == [first]
        waited.append(seconds)
        if len(waited) == 2:
            held = update(PaperTask).where(PaperTask.holder == "another")
            with units.writing():
                db.session.execute(held.values(lease_until=now()))

    monkeypatch.setattr(running, "time", SimpleNamespace(sleep=pause))
    assert queries.progress_of(issue_id).busy
    assert run_issue(issue_id).finished
    assert len(waited) == 2
    assert numbers() == expected_numbers(issue_id)


@ONE_DATABASE
def test_printers_that_are_lost_leave_what_they_had_to_a_person(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_id = begin(snapshot)

    def lost(_points: object, _content: bytes, orders: Iterator, _workers: int) -> Iterator:
        next(orders)
        raise PrintersLostError("生成进程多次中断。")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(running, "printed", lost)
        with pytest.raises(PrintersLostError):
            run_issue(issue_id, workers=2)
    state = queries.progress_of(issue_id)
    assert (state.failed, state.busy) == (2, False)
    assert state.waiting > 0
    assert run_issue(issue_id).failed == 2
    service.try_again(db.session.get_one(PaperIssue, issue_id), None)
    db.session.commit()
    assert run_issue(issue_id).finished
    assert numbers() == expected_numbers(issue_id)


def test_what_is_cancelled_is_not_issued_and_keeps_its_number(
    snapshot: Snapshot, revised: Callable[[], Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_id = begin(snapshot)
    wanted = queries.progress_of(issue_id).wanted
    printed: list[str] = []

    def cancelled_meanwhile(points, ref, stamp, settled) -> bytes:
        """Somebody cancels while the third paper is being printed."""
        printed.append(stamp.number)
        if len(printed) == 3:
            with units.writing():
                found = db.session.get_one(PaperIssue, issue_id)
                assert service.cancel(found, None) == wanted - 2
        return paper_once(points, ref, stamp, settled)

    with monkeypatch.context() as patch:
        patch.setattr(printing, "paper_pdf", cancelled_meanwhile)
        state = run_issue(issue_id)
    assert numbers() == printed[:2]
    assert (state.done, state.waiting, state.cancelled) == (2, 0, wanted - 2)
    assert state.finished
    assert not queries.free_issues()
    cancelled = queries.tasks(issue_id, TaskState.CANCELLED)
    assert printed[2] in {task.number for task in cancelled}
    assert not any(task.holder for task in cancelled)
    # Until a later issue begins it is gone on with, under the numbers of before.
    service.try_again(db.session.get_one(PaperIssue, issue_id), None)
    db.session.commit()
    assert run_issue(issue_id).finished
    assert numbers() == expected_numbers(issue_id)


def test_after_a_later_issue_what_was_cancelled_stays_so(
    snapshot: Snapshot, revised: Callable[[], Snapshot]
) -> None:
    issue_id = begin(snapshot)
    with units.writing():
        service.cancel(db.session.get_one(PaperIssue, issue_id), None)
    db.session.commit()
    later = begin(revised(), reason="更正")
    with pytest.raises(service.IssueError, match="不再继续"):
        service.try_again(db.session.get_one(PaperIssue, issue_id), None)
    first = queries.tasks(later, TaskState.WAITING)[0]
    assert first.number == number_of(YEAR, 2, 1)


FORKED = [pytest.param(True, id="forked"), pytest.param(False, id="new", marks=pytest.mark.soak)]


@ONE_DATABASE
@pytest.mark.usefixtures("printed_anew")
@pytest.mark.parametrize("forked", FORKED)
def test_bytes_are_equal_whatever_the_number_of_processes(
    request: pytest.FixtureRequest, snapshot: Snapshot, forked: bool
) -> None:
    if forked:
        request.getfixturevalue("forking")
    issue_id = begin(snapshot)
    assert run_issue(issue_id, workers=2).finished
    issued = {paper.number: queries.content_of(paper) for paper in queries.list_of(issue_id)}
    db.session.execute(text("DROP TRIGGER issued_papers_no_delete"))
    db.session.execute(text("DROP TRIGGER issued_paper_regions_no_delete"))
    db.session.execute(text("DELETE FROM issued_paper_regions"))
    db.session.execute(text("DELETE FROM issued_papers"))
    done = update(PaperTask).where(PaperTask.state == TaskState.DONE)
    db.session.execute(done.values(state=TaskState.WAITING))
    db.session.commit()
    assert run_issue(issue_id, workers=1).finished
    again = {paper.number: queries.content_of(paper) for paper in queries.list_of(issue_id)}
    assert issued == again


def test_a_revision_supersedes(
    snapshot: Snapshot, revised: Callable[[], Snapshot], assessor: User
) -> None:
    run_issue(begin(snapshot))
    old = {p.subject_code: p.number for p in queries.list_of(1) if p.kind is PaperKind.SCORECARD}
    later = revised()
    with pytest.raises(service.IssueError, match="最近一份"):
        service.start(snapshot, assessor)
    with pytest.raises(service.IssueError, match="填写原因"):
        service.start(later, assessor, " ")
    issue_id = begin(later, assessor, "更正项目数")
    run_issue(issue_id)
    new = queries.list_of(issue_id)
    assert {paper.number for paper in new} == {number_of(YEAR, 2, n + 1) for n in range(len(new))}
    card = next(p for p in new if p.subject_code == "331122" and p.kind is PaperKind.SCORECARD)
    assert card.supersedes.number == old["331122"]
    assert card.supersedes.superseded_by.number == card.number
    assert f"取代{old['331122']}" in words(queries.content_of(card))
    assert len(queries.standing(YEAR)) == len(new)
    with pytest.raises(service.IssueError, match="不再继续"):
        service.try_again(db.session.get_one(PaperIssue, 1), None)


@ONE_DATABASE
def test_a_revision_ends_the_issue_before(
    snapshot: Snapshot, revised: Callable[[], Snapshot]
) -> None:
    first = begin(snapshot)
    waiting = queries.progress_of(first).waiting
    service.start(revised(), None, "更正")
    db.session.commit()
    state = queries.progress_of(first)
    assert (state.waiting, state.cancelled, state.done) == (0, waiting, 0)
    assert numbers() == []


@ONE_DATABASE
def test_papers_are_issued_of_a_final_year_alone(
    app: Flask,
    snapshot: Snapshot,
    revised: Callable[[], Snapshot],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The year is worked on anew while the third paper is printed: it is thrown away, and the rest
    is not gone on with before or after the year is final again."""
    issue_id = begin(snapshot)
    wanted = queries.progress_of(issue_id).wanted
    printed: list[str] = []

    def reopened_meanwhile(points, ref, stamp, settled) -> bytes:
        printed.append(stamp.number)
        if len(printed) == 3:
            with units.writing():
                move(YEAR, Stage.OBJECTIONS)
        return paper_once(points, ref, stamp, settled)

    with monkeypatch.context() as patch:
        patch.setattr(printing, "paper_pdf", reopened_meanwhile)
        state = run_issue(issue_id)
    assert numbers() == printed[:2]
    assert (state.done, state.waiting, state.cancelled) == (2, 0, wanted - 2)
    (reason,) = {task.reason for task in queries.tasks(issue_id, TaskState.CANCELLED)}
    assert "已重新处理，现在是“申诉处理”阶段" in reason
    assert "重新定稿以后，写明原因重新签发" in reason
    issue = db.session.get_one(PaperIssue, issue_id)
    with pytest.raises(service.IssueError, match="不再是定稿的"):
        service.try_again(issue, None)
    db.session.rollback()
    assert "不再是定稿的" in str(command(app).exception)

    def let_wait() -> None:
        db.session.rollback()
        waiting = update(PaperTask).where(PaperTask.state == TaskState.CANCELLED)
        db.session.execute(waiting.values(state=TaskState.WAITING, reason=""))
        db.session.commit()

    # What nobody had taken when the year was worked on anew is not taken either.
    let_wait()
    state = run_issue(issue_id)
    assert (state.done, state.waiting, state.cancelled) == (2, 0, wanted - 2)
    let_wait()
    revised()
    done = command(app, "--reason", "重新定稿")
    assert (done.exit_code, done.exception) == (0, None)
    assert "第 1 次签发：2024年度已按另一份快照重新定稿" in done.stdout
    latest = queries.latest_issue(YEAR)
    assert (latest.ordinal, queries.progress_of(latest.id).done) == (2, wanted)
    assert queries.progress_of(issue_id).cancelled == wanted - 2


def test_two_who_begin_at_once_begin_once(app: Flask, snapshot: Snapshot) -> None:
    snapshot_id, together, said = snapshot.id, Barrier(2), []
    db.session.remove()

    def start() -> None:
        with app.app_context():
            found = db.session.get(Snapshot, snapshot_id)
            together.wait() if db.engine.dialect.name == "postgresql" else None
            try:
                service.start(found, None)
                db.session.commit()
                said.append("begun")
            except service.IssueError:
                said.append("refused")
            finally:
                db.session.remove()

    threads = [Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["begun", "refused"]
    (issue,) = queries.issues()
    running = [task.running for task in queries.tasks(issue.id, TaskState.WAITING)]
    assert running == list(range(1, len(running) + 1))


@ONE_DATABASE
def test_points_of_another_engine_are_not_issued(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.papers.issuing.final.ENGINE", "9.9")
    with pytest.raises(service.IssueError, match=r"9\.9"):
        service.start(snapshot, None)


@pytest.mark.parametrize(
    "typed",
    [
        "SH2024-S01-0001",
        " sh2024-s01-0001 ",
        "ＳＨ２０２４－Ｓ０１－０００１",
        "SH2024 S01 0001",
        verify_text("SH2024-S01-0001", "1" * 64, ""),
        verify_text("SH2024-S01-0001", "1" * 64, "https://shanhai.example.cn/"),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_number(typed) == number_of(2024, 1, 1)


def test_what_is_no_number_stays_as_it_is() -> None:
    assert read_number(" 浙政发〔2024〕1号 ") == "浙政发〔2024〕1号"
    assert read_number("SH2024-S01-0001x") == "SH2024-S01-0001x"
    two = "SH2024-S01-0001 SH2024-S01-0002"
    assert read_number(two) == two


def command(app: Flask, *arguments: str):
    """`tracker issue` of the year; one process prints."""
    given = ["--year", str(YEAR), "--workers", "1", *arguments]
    return app.test_cli_runner().invoke(issue_command, given, standalone_mode=False)


@ONE_DATABASE
def test_the_command_says_when_there_is_nothing_to_issue(app: Flask, snapshot: Snapshot) -> None:
    first = command(app)
    assert (first.exit_code, first.exception) == (0, None)
    done = queries.progress_of(1).done
    assert f"已签发 {done} 份" in first.stdout
    assert "没有需要签发的" not in first.stdout
    before = numbers()
    again = command(app, "--reason", "更正")
    assert (again.exit_code, again.exception) == (0, None)
    assert again.stdout.splitlines() == [
        "这份快照的文书此前已经签发，本次没有需要签发的",
        f"已签发 {done} 份，均未加电子签名",
    ]
    assert numbers() == before


@ONE_DATABASE
def test_the_command_goes_on_with_what_was_interrupted(app: Flask, snapshot: Snapshot) -> None:
    first = begin(snapshot)
    waiting = queries.progress_of(first).waiting
    assert waiting > 0
    done = command(app)
    assert (done.exit_code, done.exception) == (0, None)
    assert queries.latest_issue(YEAR).id == first
    assert queries.progress_of(first).done == waiting
