"""What engine 1.0 froze is shown as 1.0 showed it, can be verified, and its issue goes on."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from tests import factories as make
from tests.courses import finalised
from tests.frozen import world
from tests.web.pages import Browser
from tracker.core.db import db, units
from tracker.engine.scoring import (
    ENGINE,
    UnknownEngineError,
    explain_caps,
    explain_spread,
    load_rulebook,
    result_json,
)
from tracker.papers.catalogue import paper_pdf, papers_of
from tracker.papers.common.head import LAYOUT
from tracker.papers.issuing import printing, queries, service
from tracker.papers.issuing.cli import verify_command
from tracker.papers.issuing.models import PaperIssue
from tracker.papers.issuing.running import run_issue
from tracker.papers.issuing.verification import Answer, verify
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.changes import change_words
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.next_steps import next_steps, step_words
from tracker.year.assessments.scored import ScoredSnapshot, score_document, scored
from tracker.year.assessments.service import index_of
from tracker.year.rulebooks.cli import score_file

FOLDER = Path(__file__).parent / "engine_1_0"
CONTENT = (FOLDER / "document.json").read_bytes()
DOCUMENT: dict[str, Any] = json.loads(CONTENT)
SAID: dict[str, Any] = json.loads((FOLDER / "points.json").read_text(encoding="utf-8"))
PAPERS: dict[str, dict[str, Any]] = json.loads((FOLDER / "papers.json").read_text())
LABELS = {name: about["label"] for name, about in DOCUMENT["measures"].items()}


@pytest.fixture(scope="module")
def points() -> ScoredSnapshot:
    return score_document(hashlib.sha256(CONTENT).hexdigest(), DOCUMENT)


def another() -> ScoredSnapshot:
    """The same facts with three of them moved."""
    document = json.loads(CONTENT)
    for column in document["sheets"]["county.recipient"]["facts"].values():
        by_code = {subject["code"]: subject for subject in column["subjects"]}
        by_code["339902"]["measures"]["projects.funds_in_place"] = "-30"
        by_code["339905"]["measures"]["projects.counted"] = "1"
        by_code["339904"]["class"] = ""
    return score_document("0" * 64, document)


@pytest.mark.parametrize("column", list(RulingLevel))
def test_points_ranks_and_explanations(points: ScoredSnapshot, column: RulingLevel) -> None:
    for code, sheet in points.sheets.items():
        found = result_json(sheet.results[column], LABELS)
        assert found == SAID["results"][code][column.value]
        assert found["engine"] == "1.0"


def test_notes_and_prizes(points: ScoredSnapshot) -> None:
    for code, sheet in points.sheets.items():
        notes = {
            card.subject.code: [explain_spread(card), *explain_caps(card)]
            for card in sheet.result.scorecards
        }
        assert notes == SAID["notes"][code]
    won = [[prize.prize.name, prize.scorecard.subject.code] for prize in points.prizes]
    assert won == SAID["prizes"]


def test_next_points(points: ScoredSnapshot) -> None:
    for code, sheet in points.sheets.items():
        for card in sheet.result.scorecards:
            steps = next_steps(points, sheet, card.subject.code)
            words = [[step.line, step_words(points, step)] for step in steps]
            assert words == SAID["next"][code][card.subject.code]


MEAN = r"「受援县得分均值」由 \1 分变为 \2 分"


def test_changes(points: ScoredSnapshot) -> None:
    # What a county without a class and the mean of other cards are called is the reader's word,
    # not the engine's.
    said = [words.replace("变为不分类", "变为未分类") for words in SAID["changes"]]
    said = [re.sub(r"score\.county\.recipient 由 (\S+) 变为 (\S+)$", MEAN, each) for each in said]
    assert list(change_words(points, another())) == said


def test_what_a_later_engine_refuses_is_not_asked_of_what_was_frozen() -> None:
    """The same text is refused where it enters, and taken where it was frozen."""
    path = FOLDER / "rulebooks" / "counties.toml"
    assert path.read_text(encoding="utf-8") == DOCUMENT["set"]["files"]["counties.toml"]
    with pytest.raises(ValueError, match="指标 1：points（分值）的小数位数"):
        load_rulebook(path.read_bytes())


def test_an_engine_that_nobody_knows_is_named() -> None:
    document = json.loads(CONTENT) | {"engine": "9.0"}
    with pytest.raises(UnknownEngineError, match=r"9\.0"):
        score_document("0" * 64, document)


def as_now() -> ScoredSnapshot:
    """The same facts, frozen by the engine of today: with points that it takes."""
    document = json.loads(CONTENT) | {"engine": ENGINE}
    files = document["set"]["files"]
    for old, new in (("3.335", "3.33"), ("13.33\n", "13.34\n")):
        files["counties.toml"] = files["counties.toml"].replace(old, new)
    return score_document("1" * 64, document)


def test_the_engine_is_told_as_what_made_the_difference(points: ScoredSnapshot) -> None:
    words = list(change_words(points, as_now()))
    assert words.count(f"  规则：计分引擎由 1.0 改为 {ENGINE}") == 3
    by_name = "\n".join(words)
    assert "计分引擎更新后，同样的事实为“不可计分”" in by_name  # negative targets and counts
    assert "计分引擎更新后，同样的事实计 20.00 分" in by_name  # lower is better, below 0
    gone = next(line for line in words if "「示例戊县」" in line)
    assert "等次由不合格变为不予评定" in gone
    assert "名次由第2变为不排名" in gone


def test_the_new_meaning_of_the_same_facts() -> None:
    cards = {c.subject.code: c for c in as_now().sheets["old-counties"].result.scorecards}
    assert (cards["339905"].grade, cards["339905"].rank) == (None, None)
    assert cards["339902"].line("1").reason == "目标值为负数"
    assert cards["339904"].line("K1").reason == "「巡视」的数值为负数"
    city = as_now().sheets["old-cities"].result.scorecards[0]
    assert not city.complete  # it builds on cards that cannot be scored


@pytest.fixture
def snapshot(app: Flask) -> Snapshot:
    """The frozen year in a database with its records, as it was when 1.0 froze it."""
    places = world.records()
    kept = world.keep(CONTENT, DOCUMENT)
    kept.cards.extend(index_of(scored(kept.sha256, CONTENT)))
    make.user(Role.ASSESSOR, places["330000"], username="assessor")
    finalised(kept)
    db.session.commit()
    return kept


def begun(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> PaperIssue:
    """An issue as 1.0 began it, before the program was renewed."""
    with monkeypatch.context() as patch:
        patch.setattr("tracker.papers.issuing.final.ENGINE", "1.0")
        issue = service.start(snapshot, None)
    db.session.commit()
    return issue


def test_every_paper_is_printed_as_it_was(snapshot: Snapshot) -> None:
    """Byte for byte as long as the layout is that of then; the figures in any case."""
    points = scored(snapshot.sha256, snapshot.content)
    refs = list(papers_of(points))
    assert [[r.kind.value, r.sheet, r.subject_code] for r in refs] == [
        [paper["kind"], paper["sheet"], paper["subject"]] for paper in PAPERS.values()
    ]
    for path in sorted((FOLDER / "papers").glob("*.pdf")):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == PAPERS[path.stem]["sha256"]


def test_an_interrupted_issue_goes_on(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    issue_id = begun(snapshot, monkeypatch).id
    made = 0

    def interrupted(*arguments: object) -> bytes:
        nonlocal made
        made += 1
        if made == 4:
            raise KeyboardInterrupt
        return paper_pdf(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(printing, "paper_pdf", interrupted)
        with pytest.raises(KeyboardInterrupt), units.mode(writes=False):
            run_issue(issue_id)
    assert queries.progress_of(issue_id).done == 3
    with units.mode(writes=False):
        assert run_issue(issue_id).finished
    papers = queries.list_of(issue_id)
    assert len(papers) == len(PAPERS) == 21
    for paper in papers:
        was = PAPERS[paper.number]
        assert (paper.kind.value, paper.subject_code) == (was["kind"], was["subject"])
        assert paper.engine == "1.0"
        if was["layout"] == LAYOUT:
            assert paper.sha256 == was["sha256"], paper.number
    # What 1.0 issued is genuine, from the file that was handed out then.
    for number in ("SH2024-S01-0001", "SH2024-S01-0003", "SH2024-S01-0007"):
        path = FOLDER / "papers" / f"{number}.pdf"
        if PAPERS[number]["layout"] == LAYOUT:
            verdict = verify(path.read_bytes())
            assert verdict.answer is Answer.GENUINE, verdict.words
            told = CliRunner().invoke(verify_command, [str(path)], standalone_mode=False)
            assert told.return_value == 0


def test_no_issue_of_an_old_snapshot_begins(snapshot: Snapshot) -> None:
    with pytest.raises(service.IssueError, match=f"计分引擎 1.0 冻结，现为 {ENGINE}"):
        service.start(snapshot, None)


def test_a_draft_of_then_agrees_and_a_forged_one_does_not(snapshot: Snapshot) -> None:
    points = scored(snapshot.sha256, snapshot.content)
    draft = paper_pdf(points, next(iter(papers_of(points))))
    assert verify(draft).answer is Answer.DRAFT
    assert verify(draft + b"\n% 1").answer is Answer.CHANGED


def test_its_pages_show_what_1_0_gave(app: Flask, snapshot: Snapshot) -> None:
    user_id, at = db.session.query(User).one().id, snapshot.id
    db.session.remove()
    browser = Browser(app, user_id)
    db.session.remove()
    page = browser.get(f"/scorecards/{at}/old-counties/339905").text
    assert "不合格" in page
    assert "不予评定" not in page
    found = browser.get(f"/snapshots/{at}").text
    assert "--engine 1.0" in found


def test_score_file_scores_as_the_old_engine(tmp_path: Path) -> None:
    facts = DOCUMENT["sheets"]["enclave.income"]["facts"]["province"] | {"year": 2024}
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts))
    arguments = [str(FOLDER / "rulebooks" / "enclaves.toml"), str(path)]
    then = CliRunner().invoke(score_file, [*arguments, "--engine", "1.0"])
    said = SAID["results"]["old-enclaves"]["province"]
    found = json.loads(then.stdout)
    assert (found["engine"], found["subjects"]) == ("1.0", said["subjects"])
    now = json.loads(CliRunner().invoke(score_file, arguments).stdout)
    assert now["engine"] == ENGINE
    assert [card["complete"] for card in now["subjects"]] == [True, False, True, True]
