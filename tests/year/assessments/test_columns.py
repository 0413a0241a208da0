"""Three columns: what the county says, what the city leaves of it, what the province finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests.cards import build_card
from tests.factories import wan
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.quantities.figure import wan_yuan
from tracker.engine.scoring import SetResult, score_set
from tracker.papers.catalogue import PaperRef
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing.final import paper_reasons
from tracker.papers.scorecard.card import FactState
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.determinations.service import rule
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.evidence.service import hand_in, keep
from tracker.records.ledger.models import EntryKind
from tracker.records.parks.models import ParkKind
from tracker.year.assessments import scored as scoring_of_snapshots
from tracker.year.assessments.awaited import FactToRule
from tracker.year.assessments.compared import compare
from tracker.year.assessments.models import ScorecardRow
from tracker.year.assessments.scored import KEPT, ScoredSheet, scored
from tracker.year.assessments.service import freeze_and_score

YEAR = 2024
COUNTY, CITY, PROVINCE = RulingLevel


@pytest.fixture
def places(app: Flask):
    places = make.zhejiang()
    make.listing(places["缙云县"])
    return places


@pytest.fixture
def enclave(places) -> Enclave:
    enclave = make.enclave(places["缙云县"], places["富阳区"], code="FD-1", villages=10)
    make.term(enclave, amount=wan(100))
    paid = make.entry(enclave, EntryKind.REBATE, wan(100), date(YEAR, 6, 30))
    hand_in(paid, keep(b"%PDF-1.7 slip"), "回单.pdf", "银行回单", None)
    return enclave


def sheet_of(code: str = "zj-income-enclave") -> ScoredSheet:
    snapshot = freeze_and_score(YEAR, None)
    return scored(snapshot.sha256, snapshot.content).sheets[code]


def award(sheet: ScoredSheet, level: RulingLevel) -> Decimal:
    return sheet.card("FD-1", level).line("3").award


def test_before_anybody_ruled_the_cards_go_by_what_was_reported(enclave) -> None:
    sheet = sheet_of()
    assert sheet.column is COUNTY
    assert [award(sheet, level) for level in RulingLevel] == [25, 25, 25]
    assert "returns.paid" in sheet.frozen["undetermined"]["FD-1"]


def test_a_correction_by_the_province_changes_its_column_alone(places, enclave) -> None:
    assessor = make.user(Role.ASSESSOR, places["浙江省"])
    rule(
        YEAR,
        "returns.paid",
        {"enclave_id": enclave.id},
        PROVINCE,
        Ruling.CORRECTED,
        Decimal(100),
        assessor,
        value=Decimal(80),
        reason="一笔属于上年",
    )
    snapshot = freeze_and_score(YEAR, assessor)
    sheet = scored(snapshot.sha256, snapshot.content).sheets["zj-income-enclave"]
    assert sheet.column is PROVINCE
    assert [award(sheet, level) for level in RulingLevel] == [25, 25, 20]
    card = build_card(snapshot, "zj-income-enclave", "FD-1")
    (line,) = [line for line in card.lines if line.code == "3"]
    assert line.award == "20.00"
    assert [points.award for points in line.columns] == ["25.00", "25.00", "20.00"]
    assert [column.counts for column in card.columns] == [False, False, True]
    (paid,) = [fact for fact in card.facts if fact.label == "当年返利到账额"]
    assert (paid.value, paid.state) == (wan_yuan("80"), FactState.REPORTED)
    assert paid.reason == "复核更正：一笔属于上年"
    (due,) = [fact for fact in card.facts if fact.label == "当年应付返利"]
    assert due.state is FactState.UNDETERMINED
    row = db.session.query(ScorecardRow).filter_by(sheet="zj-income-enclave").one()
    assert row.self_total - row.province_total == row.self_total - row.total > 0
    assert row.undetermined > 0


def test_what_lacks_its_evidence_counts_nought_above_the_county(places, enclave) -> None:
    enclave.in_use_on = date(2020, 1, 1)
    sheet = sheet_of()
    in_use = [sheet.card("FD-1", level).line("2").award for level in RulingLevel]
    assert in_use == [7, 0, 0]


def test_sheets_build_on_sheets_up_to_city_and_pair(places, enclave) -> None:
    county, strong = places["缙云县"], places["富阳区"]
    make.pairing(strong, county)
    make.park(strong, county, kind=ParkKind.TOURISM)
    make.enclave(county, strong, EnclaveKind.INDUSTRIAL)
    snapshot = freeze_and_score(YEAR, None)
    points = scored(snapshot.sha256, snapshot.content)
    sheets = points.document["sheets"]
    lower = sheets["county.recipient"]["members"]["331122"]
    assert lower["enclave.income"] == ["FD-1"]
    assert len(lower["enclave.industrial"]) == len(lower["park.tourism"]) == 1
    assert set(sheets["county.supporter"]["subjects"]) == {"330111"}
    order = list(points.sheets)
    assert order.index("zj-income-enclave") < order.index("zj-recipient-county")


def test_a_comparison_scores_the_columns_that_it_compares_alone(enclave, monkeypatch) -> None:
    before = freeze_and_score(YEAR, None)
    make.entry(enclave, EntryKind.REBATE, wan(5), date(YEAR, 7, 30))
    after = freeze_and_score(YEAR, None)
    runs: list[object] = []

    def counted(*arguments: object) -> SetResult:
        runs.append(arguments)
        return score_set(*arguments)

    monkeypatch.setattr(scoring_of_snapshots, "score_set", counted)
    KEPT.clear()
    assert compare(before, after).cards > 0
    assert len(runs) == 2
    sheet = scored(after.sha256, after.content).sheets["zj-income-enclave"]
    assert [award(sheet, level) for level in RulingLevel] == [25, 25, 25]
    assert sheet.card("FD-1", PROVINCE) is sheet.card("FD-1", PROVINCE)
    assert len(runs) == 4


def test_a_card_is_final_by_the_provinces_rulings_on_it_alone(places, enclave) -> None:
    """Rulings on one enclave are no decision on another, and what the city ruled is the city's."""
    other = make.enclave(places["缙云县"], places["富阳区"], code="FD-2", villages=10)
    for each in (enclave, other):
        make.term(each, amount=wan(50))
    make.entry(other, EntryKind.REBATE, wan(100), date(YEAR, 6, 30))
    assessor = make.user(Role.ASSESSOR, places["浙江省"])

    def rule_on(subject: Enclave, level: RulingLevel) -> None:
        given = (YEAR, "returns.paid", {"enclave_id": subject.id}, level, Ruling.ACCEPTED)
        rule(*given, Decimal(100), assessor)

    def blocking(code: str) -> tuple[ScoredSheet, list[str]]:
        snapshot = freeze_and_score(YEAR, None)
        points = scored(snapshot.sha256, snapshot.content)
        ref = PaperRef(PaperKind.SCORECARD, "zj-income-enclave", code, "")
        sheet = points.sheets["zj-income-enclave"]
        return sheet, [reason for reason in paper_reasons(points, ref) if "事实" in reason]

    rule_on(other, PROVINCE)
    rule_on(enclave, CITY)
    sheet, reasons = blocking("FD-1")
    assert sheet.column is PROVINCE
    assert sheet.taken_over("FD-1") == ("returns.paid",)
    assert sheet.taken_over("FD-2") == ()
    # In 初审 the city's own ruling stands, or what the county reported.
    from_county = sheet.frozen["from_county"]
    assert "returns.paid" not in from_county["FD-1"]
    assert "returns.paid" in from_county["FD-2"]
    assert "1 项事实省级尚未核定，沿用初审，也没有复核。" in reasons
    _, reasons = blocking("FD-2")
    assert not any("沿用" in reason or "有变" in reason for reason in reasons)
    make.entry(other, EntryKind.REBATE, Decimal(1), date(YEAR, 9, 30))
    sheet, reasons = blocking("FD-2")
    assert sheet.changed("FD-2") == {"returns.paid": PROVINCE}
    assert "1 项事实裁定后记录有变，须由省级重新核定。" in reasons
    row = db.session.query(ScorecardRow).filter_by(subject_code="FD-2").all()[-1]
    assert row.undetermined == len(sheet.frozen["undetermined"]["FD-2"]) + 1


def test_a_fact_awaits_the_level_that_has_not_decided_it_as_it_is(enclave) -> None:
    def ruling(level: RulingLevel, reported: int) -> Determination:
        return Determination(
            id=1, ruled_at=now(), level=level, ruling=Ruling.ACCEPTED, reported=Decimal(reported)
        )

    waits = {
        # rulings → whether city, and province, still have to decide on 100
        (): (True, True),
        ((CITY, 100),): (False, True),
        ((CITY, 90),): (True, True),
        ((PROVINCE, 100),): (False, False),
        ((CITY, 100), (PROVINCE, 90)): (True, True),
        ((CITY, 90), (PROVINCE, 100)): (False, False),
    }
    for made, awaited in waits.items():
        rulings = tuple(ruling(*each) for each in made)
        fact = FactToRule("returns.paid", "", "万元", Decimal(100), "", (), rulings, over=False)
        assert (fact.awaits(CITY), fact.awaits(PROVINCE)) == awaited, made
        # A review adopts what was taken over as it is, and nothing else.
        adopted = replace(fact, adopted=now())
        assert adopted.awaits(PROVINCE) == (awaited[1] and made != ((CITY, 100),)), made
        assert adopted.awaits(CITY) == awaited[0], made
        # What a city ruled after it, when the year had gone back, was not there to be adopted.
        earlier = replace(fact, adopted=now() - timedelta(days=1))
        assert earlier.awaits(PROVINCE) == awaited[1], made
