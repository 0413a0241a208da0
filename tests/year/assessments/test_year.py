"""A year from records to a verified paper: frozen, scored, printed, checked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests import factories as make
from tests.cards import build_card
from tests.factories import wan
from tracker.core.db import db
from tracker.core.quantities.figure import wan_yuan
from tracker.engine.scoring import load_rulebook, parse_facts, result_json, score
from tracker.papers.common.head import file_name
from tracker.papers.issuing.verification import Answer, verify
from tracker.papers.scorecard.card import CardLine, LineState
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import card_row, cards, latest_snapshot
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import AssessmentError, freeze_and_score

YEAR = 2024
INCOME, COUNTY = "zj-income-enclave", "zj-recipient-county"


@pytest.fixture
def places(app: Flask):
    places = make.zhejiang()
    make.listing(places["缙云县"])
    make.listing(places["庆元县"], "生态发展类", left_on=date(2024, 8, 21))
    return places


@pytest.fixture
def enclave(places) -> Enclave:
    """浦成小微产业园's contract (F11), paid in full in an invented year."""
    enclave = make.enclave(
        places["缙云县"], places["富阳区"], code="FD-1", total_capital=wan(10_000), villages=121
    )
    make.term(enclave, amount=wan("1000.8"))
    make.entry(enclave, EntryKind.REBATE, wan("1000.8"), date(2024, 6, 30), villages=121)
    db.session.commit()
    return enclave


def scored_year() -> Snapshot:
    snapshot = freeze_and_score(YEAR, None)
    db.session.commit()
    return snapshot


def line(snapshot: Snapshot, sheet: str, subject: str, code: str) -> CardLine:
    card = build_card(snapshot, sheet, subject)
    return next(line for line in card.lines if line.code == code)


def test_the_published_contract_scores_as_worked_by_hand(enclave: Enclave) -> None:
    snapshot = scored_year()
    assert line(snapshot, INCOME, "FD-1", "3").award == "25.00"
    assert line(snapshot, INCOME, "FD-1", "4").award == "15.00"  # 10.008 % against 10 %
    paid = line(snapshot, INCOME, "FD-1", "3")
    assert "1,000.8 万元 ÷ 1,000.8 万元 = 100%" in paid.explain


def test_what_is_missing_is_named_with_its_reason(enclave: Enclave) -> None:
    missing = line(scored_year(), INCOME, "FD-1", "1")
    assert missing.state is LineState.UNSCORABLE
    assert missing.award is None
    assert "已到位出资" in missing.explain
    assert "台账中没有资本金到位记录" in missing.explain


def test_a_fact_names_the_records_behind_it(enclave: Enclave) -> None:
    card = build_card(scored_year(), INCOME, "FD-1")
    (paid,) = [fact for fact in card.facts if fact.label == "当年返利到账额"]
    assert paid.value == wan_yuan("1000.8")
    words = f"台账 2024-06-30 {enclave.name}返利 1,000.8 万元，惠及 121 个村"
    assert paid.records == (words,)


def test_a_later_correction_changes_no_frozen_card(enclave: Enclave) -> None:
    before = scored_year()
    paper = scorecard_pdf(build_card(before, INCOME, "FD-1"))
    make.entry(enclave, EntryKind.CAPITAL_PAID, wan(5_000), date(2024, 3, 1))
    db.session.commit()
    after = scored_year()
    assert after.sha256 != before.sha256
    assert line(after, INCOME, "FD-1", "1").award == "4.00"
    assert line(before, INCOME, "FD-1", "1").award is None
    assert scorecard_pdf(build_card(before, INCOME, "FD-1")) == paper
    assert latest_snapshot(YEAR).sha256 == after.sha256


def test_freezing_unchanged_facts_gives_the_same_snapshot(enclave: Enclave) -> None:
    assert scored_year().id == scored_year().id
    assert db.session.query(Snapshot).count() == 1


def test_a_snapshot_can_be_neither_changed_nor_deleted(enclave: Enclave) -> None:
    scored_year()
    for statement in ("UPDATE snapshots SET year = 2023", "DELETE FROM snapshots"):
        with pytest.raises(DBAPIError, match="never change"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_anyone_can_recompute_the_points_from_the_frozen_document(enclave: Enclave) -> None:
    snapshot = scored_year()
    document = json.loads(snapshot.content)
    rulebook = load_rulebook(document["set"]["files"]["income-enclave.toml"])
    sheet = scored(snapshot.sha256, snapshot.content).sheets[INCOME]
    alone = result_json(score(rulebook, parse_facts(json.dumps(sheet.facts_file()))))["subjects"]
    together = result_json(sheet.result)
    assert alone == together["subjects"]


def test_a_county_that_left_in_the_year_has_a_sheet_without_rank(enclave: Enclave) -> None:
    card = build_card(scored_year(), COUNTY, "331126")
    assert card.rank is None
    assert card.unranked_reason == "年内调出"
    assert card.class_name == "生态发展类"


def test_the_index_holds_every_card_and_shows_each_person_theirs(enclave, places) -> None:
    snapshot = scored_year()
    province = make.user(Role.ASSESSOR, places["浙江省"])
    jinyun = make.user(Role.STAFF, places["缙云县"])
    fuyang = make.user(Role.STAFF, places["富阳区"])
    found = {(row.sheet, row.subject_code) for row in cards(snapshot, province)}
    assert found == {
        (INCOME, "FD-1"),
        (COUNTY, "331122"),
        (COUNTY, "331126"),
        ("zj-city", "331100"),
    }
    assert {row.subject_code for row in cards(snapshot, jinyun)} == {"FD-1", "331122"}
    assert {row.subject_code for row in cards(snapshot, fuyang)} == {"FD-1"}  # it is the host
    assert card_row(snapshot.id, COUNTY, "331126", jinyun) is None
    assert isinstance(card_row(snapshot.id, COUNTY, "331122", jinyun), ScorecardRow)


def test_a_year_without_rulebooks_is_refused(places) -> None:
    with pytest.raises(AssessmentError, match="没有2010年的评分细则"):
        freeze_and_score(2010, None)


@pytest.fixture
def paper(enclave: Enclave) -> bytes:
    return scorecard_pdf(build_card(scored_year(), INCOME, "FD-1"))


def test_a_paper_is_verified_against_its_snapshot(paper: bytes) -> None:
    verdict = verify(paper)
    assert verdict.answer is Answer.DRAFT
    assert verdict.agrees


def test_a_changed_paper_is_found_and_the_change_is_named(paper: bytes) -> None:
    card = build_card(latest_snapshot(YEAR), INCOME, "FD-1")
    import dataclasses

    forged = dataclasses.replace(
        card,
        lines=tuple(
            dataclasses.replace(found, explain="台账中有记录", award="8.00", state=LineState.SCORED)
            if found.code == "1"
            else found
            for found in card.lines
        ),
    )
    verdict = verify(scorecard_pdf(forged))
    assert verdict.answer is Answer.CHANGED
    assert any("8.00" in word and "文件" in word for word in verdict.differences)


def test_one_flipped_byte_is_found(paper: bytes) -> None:
    flipped = bytearray(paper)
    flipped[len(paper) // 2] ^= 1
    assert not verify(bytes(flipped)).agrees


@pytest.mark.parametrize(
    ("file", "answer", "says"),
    [
        (b"", Answer.NOT_OURS, "PDF"),
        (b"\x00" * 1000, Answer.NOT_OURS, "PDF"),
        (b"%PDF-1.7 nothing more", Answer.DAMAGED, "已损坏"),
    ],
)
def test_what_is_no_scorecard_is_said_to_be_none(
    app: Flask, file: bytes, answer: Answer, says: str
) -> None:
    verdict = verify(file)
    assert verdict.answer is answer
    assert says in verdict.words[0]


def test_file_names_hold_no_sign_that_a_file_system_minds(enclave: Enclave) -> None:
    enclave.name = '恶意/名称\\:*?"<>|\n..' + "长" * 180
    db.session.commit()
    name = file_name(build_card(scored_year(), INCOME, "FD-1").head)
    assert Path(name).name == name
    assert name.endswith(".pdf")
    assert len(name.encode()) <= 255


def test_a_class_that_the_rulebook_lacks_is_named_before_anything_is_kept(places) -> None:
    make.listing(places["富阳区"], "平原类")
    db.session.commit()
    with pytest.raises(AssessmentError, match="对象「富阳区」：类别「平原类」不在细则的类别中"):
        freeze_and_score(YEAR, None)
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 0
