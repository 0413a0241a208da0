"""Every answer of the verification, from the command with its exit code."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from tests.papers.issuing.conftest import paper_once
from tracker.core.db import db
from tracker.papers.catalogue import papers_of
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing import queries, service, verification
from tracker.papers.issuing.cli import verify_command
from tracker.papers.issuing.models import IssuedPaper
from tracker.papers.issuing.running import run_issue
from tracker.papers.issuing.verification import Answer, verify
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("reading_forked"),
]


@pytest.fixture
def issued(snapshot: Snapshot) -> Snapshot:
    issue = service.start(snapshot, None)
    db.session.commit()
    assert run_issue(issue.id).finished
    return snapshot


def card(issue_id: int = 1) -> IssuedPaper:
    found = queries.list_of(issue_id)
    return next(p for p in found if p.kind is PaperKind.SCORECARD and p.subject_code == "331122")


def draft(snapshot: Snapshot) -> bytes:
    points = scored(snapshot.sha256, snapshot.content)
    ref = next(r for r in papers_of(points) if r.kind is PaperKind.SCORECARD)
    return paper_once(points, ref)


def altered(pdf: bytes, **entries: str) -> bytes:
    """The file with other entries in its document information."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for key, value in entries.items():
            file.docinfo[f"/{key}"] = pikepdf.String(value)
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


@pytest.mark.usefixtures("printed_anew")
def test_what_was_issued_is_genuine(issued: Snapshot) -> None:
    for paper in queries.list_of(1):
        verdict = verify(queries.content_of(paper))
        assert verdict.answer is Answer.GENUINE, verdict.words
        assert paper.number in verdict.words[0]


def test_a_changed_file_is_found(issued: Snapshot) -> None:
    original = queries.content_of(card())
    for changed in (original + b"\n% signed", altered(original, Author="another")):
        verdict = verify(changed)
        assert verdict.answer is Answer.CHANGED
        assert card().number in verdict.words[0]
        assert verdict.differences
        assert verify(changed, in_detail=False).words == verdict.words


def test_a_file_that_a_program_saved_anew_is_told_what_to_do(issued: Snapshot) -> None:
    saved = verify(altered(queries.content_of(card())))
    assert saved.answer is Answer.CHANGED
    assert any("用其他软件打开后另存的" in words for words in saved.words)


def test_a_forged_figure_is_found_and_named(issued: Snapshot) -> None:
    """A draft of the same card with the number of the issued one."""
    forged = altered(draft(issued), ShanhaiNumber=card().number)
    verdict = verify(forged)
    assert verdict.answer is Answer.CHANGED
    assert any("定稿" in line for line in verdict.differences)


def test_an_unknown_number(issued: Snapshot) -> None:
    verdict = verify(altered(queries.content_of(card()), ShanhaiNumber="SH2024-S09-0001"))
    assert verdict.answer is Answer.UNKNOWN
    assert "SH2024-S09-0001" in verdict.words[0]


def test_a_superseded_paper_names_its_successor(
    issued: Snapshot, revised: Callable[[], Snapshot]
) -> None:
    issue = service.start(revised(), None, "更正")
    db.session.commit()
    run_issue(issue.id)
    old, new = card(1), card(issue.id)
    verdict = verify(queries.content_of(old))
    assert verdict.answer is Answer.SUPERSEDED
    assert f"已被 {new.number} 取代" in verdict.words[-1]
    assert verify(queries.content_of(new)).answer is Answer.GENUINE


def test_another_version_with_the_same_figures(issued: Snapshot) -> None:
    other = altered(queries.content_of(card()), ShanhaiLayout="0")
    assert verify(other).answer is Answer.OTHER_VERSION
    older_draft = altered(draft(issued), ShanhaiLayout="0")
    assert verify(older_draft).answer is Answer.OTHER_VERSION
    forged = altered(draft(issued), ShanhaiLayout="0", ShanhaiSubject="331126")
    assert verify(forged).answer is Answer.CHANGED


def test_a_paper_of_an_older_layout_is_genuine_by_its_points(
    issued: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later layout shows other sums and numbers of rows: the original is no less genuine."""
    papers, other = queries.list_of(1), draft(issued)
    older = altered(other, ShanhaiLayout="0")
    # As if today's layout showed quite other figures.
    monkeypatch.setattr(verification, "paper_pdf", lambda *_: queries.content_of(papers[0]))
    assert verify(older).answer is Answer.OTHER_VERSION
    with monkeypatch.context() as without:
        without.setattr(verification, "points_on", lambda *_: ["12,345.67"])
        assert verify(older).answer is Answer.CHANGED
    monkeypatch.setattr(verification, "paper_pdf", lambda *_: other)
    monkeypatch.setattr(verification, "LAYOUT", "99")
    for paper in papers:
        verdict = verify(queries.content_of(paper))
        assert verdict.answer is Answer.GENUINE, (paper.kind, verdict.words)
    # Points that the snapshot does not give are found in any layout.
    monkeypatch.setattr(verification, "points_on", lambda *_: ["12,345.67"])
    assert verify(queries.content_of(papers[1])).answer is Answer.CHANGED


def test_a_draft_agrees_with_its_snapshot(issued: Snapshot) -> None:
    verdict = verify(draft(issued))
    assert verdict.answer is Answer.DRAFT
    assert "试算稿" in verdict.words[0]
    longer = verify(draft(issued) + b" ")
    assert longer.answer is Answer.CHANGED
    assert "试算稿之后有追加内容，多出 1 字节" in longer.words[1]
    unknown = altered(draft(issued), ShanhaiSnapshot="0" * 64)
    assert verify(unknown).answer is Answer.UNKNOWN


def test_a_changed_database_is_found(app: Flask, issued: Snapshot) -> None:
    content = queries.content_of(card())
    db.session.execute(text("DROP TRIGGER snapshots_no_update"))
    db.session.execute(text("UPDATE snapshots SET content = CAST(content || ' ' AS BLOB)"))
    db.session.commit()
    verdict = verify(content)
    assert verdict.answer is Answer.CHANGED
    assert "数据库已被改动" in verdict.words[0]


def test_points_that_the_snapshot_does_not_give_are_found(
    issued: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the stored bytes had been replaced together with their digest."""
    content = queries.content_of(card())
    monkeypatch.setattr(verification, "paper_pdf", lambda *_: draft(issued))
    assert verify(content).answer is Answer.CHANGED
    monkeypatch.setattr(verification, "paper_pdf", lambda *_: altered(content, Author="x"))
    assert verify(content).answer is Answer.GENUINE  # other bytes, the same figures


def test_the_command_has_an_exit_code_for_each_answer(issued: Snapshot, tmp_path: Path) -> None:
    original = queries.content_of(card())
    files = {
        0: original,
        1: original + b" ",
        2: b"no pdf",
        3: altered(original, ShanhaiNumber="SH2024-S09-0001"),
        5: altered(original, ShanhaiLayout="0"),
    }
    for code, content in files.items():
        path = tmp_path / f"{code}.pdf"
        path.write_bytes(content)
        done = CliRunner().invoke(verify_command, [str(path)], standalone_mode=False)
        assert done.return_value == code, done.output
        assert done.stdout == ("一致\n" if code == 0 else "")
        assert done.stderr
    codes = {answer: answer.code for answer in Answer if answer is not Answer.DRAFT}
    assert sorted(codes.values()) == [0, 1, 2, 2, 2, 2, 3, 4, 4, 5, 6, 7]
