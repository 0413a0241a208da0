"""What a snapshot freezes besides facts: what stands behind them, and what was ruled on them."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tests.factories import wan
from tests.papers.scorecard.reading import squeezed
from tracker.core.db import Origin, Precision, db
from tracker.core.quantities.figure import wan_yuan
from tracker.core.quantities.precision import joint_precision
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card, LedgerRow
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.papers.scorecard.pdf_text import fact_words
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.determinations.service import rule
from tracker.records.enclaves.models import Enclave
from tracker.records.evidence.service import hand_in, keep, withdraw
from tracker.records.ledger.models import EntryKind
from tracker.records.projects.models import Project
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.proofs import files_of
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.assessments.scored import score_document, scored
from tracker.year.assessments.service import freeze_and_score

YEAR = 2024
COUNTY, INCOME = "zj-recipient-county", "zj-income-enclave"
LATE_IN_2024, PLACED = date(YEAR, 10, 1), EntryKind.FUNDS_IN_PLACE


@pytest.fixture
def county(app: Flask):
    county = make.zhejiang()["缙云县"]
    make.listing(county)
    return county


@pytest.fixture
def enclave(county) -> Enclave:
    enclave = make.enclave(county, make.region("330113", "示例区"), code="FD-1", villages=10)
    make.term(enclave, amount=wan(100))
    make.entry(enclave, EntryKind.REBATE, wan(90), date(YEAR, 6, 30))
    return enclave


def frozen() -> Snapshot:
    snapshot = freeze_and_score(YEAR, None)
    db.session.commit()
    return snapshot


def card(sheet: str = COUNTY, code: str = "331122", snapshot: Snapshot | None = None) -> Card:
    snapshot = snapshot or frozen()
    return card_of(scored(snapshot.sha256, snapshot.content), sheet, code)


def large(county, name: str, total: int, **fields) -> Project:
    fields.setdefault("signed_on", date(YEAR, 2, 1))
    return make.project(county, name=name, total_investment=wan(total), **fields)


def test_large_projects_carry_their_stage_and_the_sums_of_the_year(county) -> None:
    factory = large(county, "厂房", 12_000, started_on=LATE_IN_2024, completed_on=date(2025, 3, 1))
    large(county, "园区", 50_000)
    large(county, "小店", 9_999)
    make.entry(factory, PLACED, wan(30), date(YEAR, 3, 1), precision=Precision.AT_LEAST)
    make.entry(factory, PLACED, wan("10.5"), date(YEAR, 9, 1))
    make.entry(factory, PLACED, wan(1_000), date(2023, 9, 1))
    make.entry(factory, PLACED, wan(77), date(YEAR, 9, 1), cumulative=True)
    make.entry(factory, PLACED, wan(88), date(YEAR, 9, 1), submitted_at=None)
    first, second = card().projects
    assert (first.name, first.total, first.in_place) == ("园区", wan_yuan("50000"), None)
    assert (second.name, second.stage) == ("厂房", "开工")
    assert (second.in_place, second.completed) == (wan_yuan("40.5", "≥"), None)


def test_a_reversed_entry_is_in_no_sum(county) -> None:
    factory = large(county, "厂房", 12_000)
    wrong = make.entry(factory, PLACED, wan(30), date(YEAR, 3, 1))
    make.entry(factory, PLACED, wan(-30), date(YEAR, 3, 1), reversal_of=wrong)
    make.entry(factory, PLACED, wan(13), date(YEAR, 3, 2))
    found = card()
    assert found.ledger == (LedgerRow("到位资金", wan_yuan("13"), 1),)
    assert found.projects[0].in_place == wan_yuan("13")


def test_the_ledger_is_summed_for_each_kind_that_facts_rest_on(enclave) -> None:
    make.entry(enclave, EntryKind.REBATE, wan(5), date(YEAR, 7, 31), precision=Precision.ABOUT)
    (rebates,) = card(INCOME, "FD-1").ledger
    assert rebates == LedgerRow("返利", wan_yuan("95", "≈"), 2)


@pytest.mark.parametrize(
    ("marks", "sign"), [([], ""), (["", "≥"], "≥"), (["≥", "≥"], "≥"), (["≥", "≤"], "≈")]
)
def test_bounds_add_up_to_a_bound_and_mixtures_are_about(marks, sign) -> None:
    assert joint_precision(marks) == sign


def ruled(enclave: Enclave, level: RulingLevel, value: int | None, reason: str, reported=90):
    actor = make.user(Role.ASSESSOR, enclave.origin_region)
    kind = Ruling.REFUSED if value is None else Ruling.CORRECTED
    new = None if value is None else Decimal(value)
    subject = {"enclave_id": enclave.id}
    return rule(
        YEAR, "returns.paid", subject, level, kind, Decimal(reported), actor, value=new,
        reason=reason,
    )  # fmt: skip


def test_corrections_and_refusals_stand_with_level_value_and_reason(enclave) -> None:
    ruled(enclave, RulingLevel.CITY, 80, "一笔属于上年")
    ruled(enclave, RulingLevel.PROVINCE, None, "回单不清")
    first, second = card(INCOME, "FD-1").rulings
    assert (first.label, first.reported, first.value) == (
        "当年返利到账额",
        wan_yuan("90"),
        wan_yuan("80"),
    )
    assert (first.by, first.ruling, first.reason) == ("市级初审", "更正", "一笔属于上年")
    assert (second.by, second.ruling, second.value) == ("省级复核", "不予认定", wan_yuan("0"))
    assert not first.stands  # the province counts otherwise
    assert second.stands


def test_a_ruling_that_was_overtaken_says_so(enclave) -> None:
    ruled(enclave, RulingLevel.CITY, 80, "一笔属于上年")
    ruled(enclave, RulingLevel.CITY, 85, "一笔部分属于上年")
    assert [ruling.stands for ruling in card(INCOME, "FD-1").rulings] == [False, True]
    make.entry(enclave, EntryKind.REBATE, wan(1), date(YEAR, 12, 1))
    assert [ruling.stands for ruling in card(INCOME, "FD-1").rulings] == [False, True]
    annex = latest_snapshot(YEAR)
    document = scored(annex.sha256, annex.content).document
    overtaken, standing = document["annex"]["rulings"]["enclave.income"]["FD-1"]
    assert "changed" not in overtaken
    assert (standing["changed"], standing["reported"], standing["now"]) == (True, "90", "91")


def test_accepted_facts_are_not_listed(enclave) -> None:
    actor = make.user(Role.ASSESSOR, enclave.origin_region)
    subject = {"enclave_id": enclave.id}
    rule(YEAR, "returns.paid", subject, RulingLevel.CITY, Ruling.ACCEPTED, Decimal(90), actor)
    assert card(INCOME, "FD-1").rulings == ()


def test_files_stand_with_what_they_prove_and_withdrawn_ones_do_not(enclave) -> None:
    (paid,) = db.session.query(make.LedgerEntry).all()
    ruling = ruled(enclave, RulingLevel.CITY, 80, "一笔属于上年")
    slip = hand_in(paid, keep(b"%PDF-1.7 slip"), "回单.pdf", "银行回单", None)
    hand_in(ruling, keep(b"%PDF-1.7 note"), "核查记录.pdf", "核查记录", None)
    wrong = hand_in(paid, keep(b"%PDF-1.7 wrong"), "错.pdf", "银行回单", None)
    withdraw(wrong, None)
    files = {file.name: file for file in card(INCOME, "FD-1").evidence}
    assert set(files) == {"回单.pdf", "核查记录.pdf"}
    assert files["回单.pdf"].sha256 == slip.file.sha256
    assert files["回单.pdf"].proves.startswith(f"台账 2024-06-30 {enclave.name}返利 90 万元")
    assert files["核查记录.pdf"].proves == "市级初审：当年返利到账额"


def test_one_file_for_three_records_is_one_file(enclave) -> None:
    (paid,) = db.session.query(make.LedgerEntry).all()
    second = make.entry(enclave, EntryKind.REBATE, wan(5), date(YEAR, 7, 1))
    file = keep(b"%PDF-1.7 slip")
    for record in (paid, second, *enclave.return_terms):
        hand_in(record, file, "回单.pdf", "银行回单", None)
    hand_in(paid, keep(b"%PDF-1.7 other"), "另一份.pdf", "银行回单", None)
    snapshot = frozen()
    found = card(INCOME, "FD-1", snapshot)
    document = scored(snapshot.sha256, snapshot.content).document
    assert len(found.evidence) == len(files_of(document["annex"]["proofs"])) == 2
    (shared,) = [row for row in found.evidence if row.sha256 == file.sha256]
    assert shared.proves.count("；") == 2, "all three records are told"
    words = squeezed(text_of_pdf(scorecard_pdf(found)))
    assert squeezed("共 2 件") in words


def test_a_file_on_a_record_that_tells_the_same_is_shown(county) -> None:
    """Of two postings of one person one counts; the file on the other proves it as well."""
    pairing = make.pairing(make.region("330114", "示例二区"), county)
    acts.secondment(pairing, date(YEAR, 1, 1), person="张三")
    again = acts.secondment(pairing, date(YEAR, 2, 1), person="张 三")
    hand_in(again, keep(b"%PDF-1.7 letter"), "任职文件.pdf", "任职文件", None)
    snapshot = frozen()
    found = card(snapshot=snapshot)
    assert [file.name for file in found.evidence] == ["任职文件.pdf"]
    (fact,) = [fact for fact in found.facts if fact.label == "到岗挂职干部数"]
    assert fact.value.value == 1
    (told,) = fact.uncounted
    assert told.startswith("未计入：")
    assert told.endswith("（与已计入的是同一人）")
    words = squeezed(text_of_pdf(scorecard_pdf(found)))
    assert squeezed("与已计入的是同一人") in words
    # A snapshot of layout 4 did not tell which records tell the same.
    document = json.loads(snapshot.content)
    del document["sheets"]["county.recipient"]["alike"]
    document["snapshot"] = "4"
    assert card_of(score_document("0" * 64, document), COUNTY, "331122").evidence == ()


def test_many_uncounted_records_are_limited(county) -> None:
    for number in range(8):
        make.project(county, name=f"早年项目{number}号", signed_on=date(2010, 1, 1 + number))
    (fact,) = [fact for fact in card().facts if fact.label == "产业合作项目数"]
    assert (fact.value.value, fact.records) == (0, ())
    assert len(fact.uncounted) == 4
    assert fact.uncounted[-1] == "另有 5 条未计入"


def test_what_was_not_agreed_or_issued_is_no_nought(enclave) -> None:
    enclave.total_capital = wan(1_000)
    db.session.flush()
    found = card(INCOME, "FD-1")
    told = {fact.label: fact_words(fact)[0] for fact in found.facts}
    assert told["约定收益率"] == "未约定"
    assert told["下达的村均增收目标"] == "未下达"


def text_of_pdf(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_lower_cards_are_listed_with_what_they_got(enclave) -> None:
    (lower,) = card().members
    assert (lower.kind, lower.code, lower.grade, lower.complete) == ("消薄飞地", "FD-1", "", False)
    assert lower.total == card(INCOME, "FD-1").total


def test_a_snapshot_of_the_earlier_layout_says_what_it_lacks(enclave) -> None:
    document = json.loads(frozen().content)
    del document["annex"]
    document["snapshot"] = "2"
    found = card_of(score_document("0" * 64, document), INCOME, "FD-1")
    assert (found.projects, found.ledger, found.rulings, found.evidence) == (None,) * 4
    assert scorecard_pdf(found).startswith(b"%PDF")


def test_the_annex_changes_no_points(enclave) -> None:
    document = json.loads(frozen().content)
    with_annex = score_document("", document)
    without = score_document("", {**document, "annex": {}})
    assert with_annex.sheets[INCOME].result == without.sheets[INCOME].result


def test_freezing_the_same_records_again_adds_nothing(enclave) -> None:
    ruled(enclave, RulingLevel.CITY, 80, "一笔属于上年")
    assert frozen().id == frozen().id


def test_an_invented_correction_or_file_marks_the_card_and_those_above_it(enclave) -> None:
    assert not card(INCOME, "FD-1").sample
    (paid,) = db.session.query(make.LedgerEntry).all()
    slip = hand_in(paid, keep(b"%PDF-1.7 slip"), "回单.pdf", "银行回单", None)
    slip.origin = Origin.SAMPLE
    assert card(INCOME, "FD-1").sample
    slip.origin = Origin.ENTERED
    acts.determination(
        enclave,
        "returns.paid",
        Ruling.CORRECTED,
        RulingLevel.CITY,
        reported=Decimal(90),
        value=Decimal(80),
        reason="一笔属于上年",
        origin=Origin.SAMPLE,
    )
    assert card(INCOME, "FD-1").sample
    assert card(COUNTY, "331122").sample
