"""Files that are no longer what was handed in: found by a look, named, and proving nothing."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tracker.core.db import db
from tracker.papers.scorecard.build import card_of
from tracker.records.determinations.models import RulingLevel
from tracker.records.evidence import checks
from tracker.records.evidence.cli import evidence as commands
from tracker.records.evidence.contents import path_of
from tracker.records.evidence.models import EvidenceCheck, FileState
from tracker.records.evidence.service import folder, hand_in, keep, withdraw
from tracker.records.ledger.models import EntryKind
from tracker.year.assessments.cli import score
from tracker.year.assessments.proofs import files_of
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored
from tracker.year.assessments.service import freeze_and_score

YEAR = 2024
SLIP = b"%PDF-1.7 slip"
FORGED = b"%PDF-1.7 s1ip"


@pytest.fixture
def link(app: Flask):
    """The only proof of the only payment of an enclave."""
    places = make.zhejiang()
    make.listing(places["缙云县"])
    enclave = make.enclave(places["缙云县"], places["富阳区"], code="FD-1", villages=10)
    make.term(enclave, amount=wan(100))
    paid = make.entry(enclave, EntryKind.REBATE, wan(100), date(YEAR, 6, 30))
    made = hand_in(paid, keep(SLIP), "回单.pdf", "银行回单", None)
    db.session.commit()
    return made


@pytest.fixture
def path(link) -> Path:
    return path_of(folder(), link.file.sha256)


def points() -> ScoredSnapshot:
    snapshot = freeze_and_score(YEAR, None)
    return scored(snapshot.sha256, snapshot.content)


def sheet() -> ScoredSheet:
    return points().sheets["zj-income-enclave"]


def award(found: ScoredSheet) -> Decimal:
    return found.card("FD-1", RulingLevel.PROVINCE).line("3").award


def state() -> FileState:
    return db.session.query(EvidenceCheck).one().state


def swap_quietly(path: Path, content: bytes) -> None:
    """Other bytes of the same size, with the old time of writing."""
    before = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def forget_the_change(path: Path) -> None:
    """As if the disk still said what it said when the file was sound."""
    db.session.query(EvidenceCheck).one().modified_ns = path.stat().st_ctime_ns
    db.session.commit()


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda path: path.write_bytes(FORGED), FileState.ALTERED),
        (lambda path: path.write_bytes(b""), FileState.ALTERED),
        (lambda path: path.unlink(), FileState.MISSING),
        (lambda path: (path.unlink(), path.mkdir()), FileState.UNREADABLE),
    ],
)
def test_a_file_that_is_not_what_was_handed_in_proves_nothing(path: Path, harm, found) -> None:
    sound = sheet()
    assert award(sound) == 25
    harm(path)
    whole = points()
    harmed = whole.sheets["zj-income-enclave"]
    assert award(harmed) == 0
    assert state() is found
    reason = harmed.frozen["reasons"]["province"]["FD-1"]["returns.paid"]
    assert reason == f"缺少所要求的佐证材料：“回单.pdf”{found.label}，不能作为证明"
    card = card_of(whole, "zj-income-enclave", "FD-1")
    assert [file.name for file in card.evidence] == [f"回单.pdf（{found.label}，不作证明）"]


def test_a_file_that_is_back_proves_again(path: Path) -> None:
    path.unlink()
    assert award(sheet()) == 0
    path.write_bytes(SLIP)
    assert award(sheet()) == 25
    assert state() is FileState.SOUND


def test_a_sound_file_is_read_again_only_when_the_disk_says_that_it_changed(path: Path) -> None:
    assert checks.look() == []
    swap_quietly(path, FORGED)
    forget_the_change(path)
    assert checks.look() == []
    os.utime(path)
    assert [each.state for each in checks.look()] == [FileState.ALTERED]


def test_bytes_that_were_swapped_under_their_old_time_are_found(path: Path) -> None:
    assert checks.look() == []
    swap_quietly(path, FORGED)
    assert [each.state for each in checks.look()] == [FileState.ALTERED]


def test_the_command_that_scores_names_what_proves_nothing(app: Flask, path: Path) -> None:
    path.unlink()
    answer = app.test_cli_runner().invoke(score, ["--year", str(YEAR)])
    assert answer.exit_code == 0
    assert "文件缺失，不作证明：回单.pdf（银行回单）" in answer.stderr
    assert "共 1 件佐证与上传时不符" in answer.stderr


def test_a_full_check_reads_what_the_disk_calls_unchanged(app: Flask, path: Path) -> None:
    assert checks.look() == []
    swap_quietly(path, FORGED)
    forget_the_change(path)
    answer = app.test_cli_runner().invoke(commands, ["check"])
    assert answer.exit_code == 1
    assert f"内容已被改动：{path.name}" in answer.stdout
    assert "回单.pdf（银行回单）证明 ledger_entries:1" in answer.stdout
    assert "共 1 份文件，完好 0 份，不符 1 份" in answer.stdout
    path.write_bytes(SLIP)
    again = app.test_cli_runner().invoke(commands, ["check"])
    assert (again.exit_code, again.stdout) == (0, "共 1 份文件，完好 1 份，不符 0 份\n")


def test_what_was_withdrawn_is_looked_at_by_the_full_check_alone(link, path: Path) -> None:
    withdraw(link, None)
    db.session.commit()
    path.unlink()
    assert checks.look() == []
    assert [each.state for each in checks.look(everything=True)] == [FileState.MISSING]


def test_a_file_handed_in_for_two_records_is_one_file() -> None:
    one, other = {"sha256": "a" * 64, "name": "回单.pdf"}, {"sha256": "b" * 64, "name": "合同.pdf"}
    found = {"projects:1": [one, other], "projects:2": [one | {"name": "又一份.pdf"}]}
    assert len(files_of(found)) == 2
    assert files_of(found, ["projects:2", "projects:9"]) == {"a" * 64}
