"""What a snapshot keeps for the reports equals the records, and costs few statements."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event

from tests import factories as make
from tests import factories_acts as act
from tests.factories import SUBMITTED, wan
from tracker.core.db import Origin, Precision, db
from tracker.papers.catalogue import paper_pdf, papers_of
from tracker.papers.common.head import PaperKind
from tracker.papers.common.identity import read_identity
from tracker.papers.reports.previous import previous_of
from tracker.records.enclaves.models import CapitalBase, Direction, Enclave, TermKind
from tracker.records.enclaves.returns import Receipt, due_in_year, term_of
from tracker.records.exchanges.models import Side
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.paid_returns import return_years
from tracker.records.operations.items import Item
from tracker.records.pairings.models import Pairing, Scheme
from tracker.records.villages.models import Village
from tracker.year.assessments.enclave_years import enclave_years
from tracker.year.assessments.pair_sums import pair_sums
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import freeze_and_score

YEAR = 2024
MARCH = date(2024, 3, 1)


@pytest.fixture
def places(app: Flask):
    places = make.zhejiang()
    make.listing(places["缙云县"])
    return places


@pytest.fixture
def pairing(places) -> Pairing:
    return make.pairing(places["富阳区"], places["缙云县"], since=date(2013, 1, 1))


@pytest.fixture
def enclave(places) -> Enclave:
    """10 % on the villages' capital, and from July a share of the rent."""
    enclave = make.enclave(
        places["缙云县"],
        places["富阳区"],
        code="FD-1",
        total_capital=wan(12_000),
        village_capital=wan(9_000),
        signed_on=date(2022, 1, 1),
    )
    rate, base = Decimal("0.1"), CapitalBase.VILLAGES
    make.term(
        enclave,
        TermKind.RATE_ON_CAPITAL,
        rate=rate,
        capital_base=base,
        starts_on=date(2022, 7, 1),
        ends_on=date(2024, 6, 30),
    )
    make.term(enclave, TermKind.RENT_SHARE, rate=Decimal("0.8"), starts_on=date(2024, 7, 1))
    return enclave


def test_due_and_paid_are_those_of_the_contract_and_the_ledger(enclave: Enclave) -> None:
    make.entry(enclave, EntryKind.RENT, wan(500), date(2024, 9, 30))
    rent = Receipt(TermKind.RENT_SHARE, date(2024, 9, 30), wan(500))
    make.entry(enclave, EntryKind.REBATE, wan(450), MARCH, precision=Precision.AT_LEAST)
    make.entry(enclave, EntryKind.REBATE, wan("300.5"), date(2024, 12, 30), due_on=MARCH)
    make.entry(enclave, EntryKind.REBATE, wan(899), date(2023, 5, 1))
    make.entry(enclave, EntryKind.REBATE, wan(7_000), MARCH, cumulative=True)
    make.entry(enclave, EntryKind.REBATE, wan(11), MARCH, submitted_at=None)
    make.entry(enclave, EntryKind.REBATE, wan(13), date(2025, 1, 2))
    wrong = make.entry(enclave, EntryKind.REBATE, wan(17), MARCH)
    make.entry(enclave, EntryKind.REBATE, wan(-17), MARCH, reversal_of=wrong)
    frozen = enclave_years(YEAR)["FD-1"]
    paid = {of["year"]: of["paid"] for of in frozen["returns"]}
    assert paid == {2024: "750.5", 2023: "899", 2022: None}
    terms = [term_of(term) for term in enclave.return_terms]
    for of in frozen["returns"]:
        receipts = [] if of["year"] != YEAR else [rent]
        due = due_in_year(of["year"], terms, receipts, enclave.village_capital, None)
        assert wan(of["due"]) == due
    assert frozen["returns"][0]["precision"] == "≥"
    assert [(of["on"], of["amount"], of["due_on"]) for of in frozen["payments"]] == [
        ("2024-03-01", "450", None),
        ("2024-12-30", "300.5", "2024-03-01"),
    ]
    assert frozen["money"]["rent"]["amount"] == "500"


def test_a_share_of_rent_that_nobody_reported_is_not_known(enclave: Enclave) -> None:
    (year, *_) = enclave_years(YEAR)["FD-1"]["returns"]
    assert year["due"] is None
    assert year["reason"] == "返利含租金分成，但台账中没有2024年的租金记录"
    on_page = next(of for of in return_years(enclave) if of.year == YEAR)
    assert (on_page.due, on_page.reason) == (None, year["reason"])


def shared(of: Enclave, amount: int, on: date, parts: dict[Village, int | str]) -> LedgerEntry:
    """A submitted rebate of `amount` 万元 with the parts of villages."""
    rebate = make.entry(of, EntryKind.REBATE, wan(amount), on, submitted_at=None)
    for village, part in parts.items():
        make.village_payment(rebate, village, wan(part))
    rebate.submitted_at = SUBMITTED
    db.session.flush()
    return rebate


def test_villages_have_their_parts_of_what_stands(enclave: Enclave, places) -> None:
    listed, stranger, left = (make.village(places["缙云县"]) for _ in range(3))
    make.stake(enclave, listed, capital_paid=wan(60), share=Decimal("0.0125"))
    make.stake(enclave, left, joined_on=date(2025, 1, 1))
    shared(enclave, 100, MARCH, {listed: "40.25", stranger: 3})
    shared(enclave, 90, date(2023, 3, 1), {listed: 5})
    wrong = shared(enclave, 17, MARCH, {listed: 17})
    make.entry(enclave, EntryKind.REBATE, wan(-17), MARCH, reversal_of=wrong)
    stakes = {of["code"]: of for of in enclave_years(YEAR)["FD-1"]["stakes"]}
    assert stakes.keys() == {listed.code, stranger.code}
    one = stakes[listed.code]
    assert (one["paid"], one["share"]) == ("60", "0.0125")
    assert (one["received"], one["received_before"]) == ("40.25", "5")
    assert (stakes[stranger.code]["received"], stakes[stranger.code]["paid"]) == ("3", None)


def test_agreement_space_tenants_and_figures_are_kept(enclave: Enclave) -> None:
    agreement = make.agreement(enclave, operator="示例公司", origin_cost_share=Decimal("0.6"))
    make.tax_split(agreement, 2022, "0.65")
    make.agreement_document(agreement, number="示例1号", signed_on=MARCH)
    make.space(enclave, 120, on=MARCH)
    make.space(enclave, 50, on=date(2025, 1, 1))
    make.tenant(enclave, name="在", moved_in_on=MARCH)
    make.tenant(enclave, name="走了", moved_out_on=date(2023, 12, 31))
    make.tenant(enclave, name="还没来", moved_in_on=date(2025, 1, 1))
    for quarter, value in ((1, 10), (2, "20.5")):
        make.operating_figure(enclave, Item.OUTPUT, value, quarter=quarter)
        make.operating_figure(enclave, Item.OCCUPANCY_RATE, value, quarter=quarter)
    frozen = enclave_years(YEAR)["FD-1"]
    assert frozen["agreement"]["splits"][0]["origin_share"] == "0.65"
    assert frozen["agreement"]["documents"][0]["number"] == "示例1号"
    assert [of["quantity"] for of in frozen["spaces"]] == ["120"]
    assert [of["name"] for of in frozen["tenants"]] == ["在"]
    assert frozen["figures"]["output"]["value"] == "30.5"
    assert frozen["figures"]["occupancy_rate"]["value"] == "20.5"
    assert frozen["sample"] is False


def test_one_sample_record_makes_an_enclave_a_sample(enclave: Enclave) -> None:
    make.tenant(enclave, origin=Origin.SAMPLE)
    assert enclave_years(YEAR)["FD-1"]["sample"] is True


def test_a_pair_has_the_sums_of_its_records(pairing: Pairing, enclave: Enclave, places) -> None:
    make.entry(pairing, EntryKind.AID_SENT, wan(300), MARCH)
    make.entry(pairing, EntryKind.AID_SENT, wan(237), date(2024, 10, 1))
    make.entry(pairing, EntryKind.AID_SENT, wan(999), date(2023, 10, 1))
    make.entry(pairing, EntryKind.AID_RECEIVED, wan(536), MARCH)
    act.visit(pairing, MARCH, Side.SUPPORTER)
    act.visit(pairing, MARCH, Side.RECIPIENT)
    act.visit(pairing, date(2023, 3, 1))
    act.joint_meeting(pairing, MARCH)
    act.joint_event(pairing, MARCH)
    act.secondment(pairing, date(2023, 1, 1), person="甲", ends_on=date(2024, 12, 31))
    act.secondment(pairing, date(2024, 1, 1), person="乙", ends_on=date(2024, 2, 1))
    act.secondment(pairing, date(2024, 1, 1), Side.RECIPIENT, person="丙")
    act.consumption_aid(pairing, wan(643), MARCH)
    frozen = pair_sums(YEAR)["330111-331122-shanhai"]
    assert frozen["money"]["aid_sent"]["amount"] == "537"
    assert frozen["money"]["aid_sent"]["count"] == 2
    assert frozen["money"]["aid_received"]["amount"] == "536"
    assert frozen["visits"] == {"supporter": 1, "recipient": 1}
    assert (frozen["meetings"], frozen["events"]) == (1, 1)
    assert frozen["cadres"] == {"supporter": 1, "recipient": 1}
    assert frozen["cadres_sent"] == {"supporter": 1, "recipient": 1}
    assert frozen["sales"] == {"amount": "643", "count": 1}
    assert frozen["enclaves"] == ["FD-1"]
    assert frozen["since"] == "2013-01-01"
    ids = [places[name].id for name in ("富阳区", "缙云县")]
    assert frozen["region_ids"] == ids


def test_a_project_counts_for_the_pair_that_it_belongs_to(pairing: Pairing, places) -> None:
    county, strong = places["缙云县"], places["富阳区"]
    of_pair = make.project(county, pairing=pairing, signed_on=MARCH, total_investment=wan(10_000))
    by_partner = make.project(county, partner=strong, signed_on=date(2023, 5, 1))
    make.project(county, signed_on=MARCH)  # with nobody
    make.project(county, pairing=pairing, signed_on=MARCH, in_scope=False)
    future = make.project(county, pairing=pairing, signed_on=date(2025, 1, 1))
    make.entry(of_pair, EntryKind.FUNDS_IN_PLACE, wan(100), MARCH)
    make.entry(by_partner, EntryKind.FUNDS_IN_PLACE, wan("50.5"), MARCH)
    make.entry(by_partner, EntryKind.COMPLETED_INVESTMENT, wan(20), MARCH)
    make.entry(of_pair, EntryKind.FUNDS_IN_PLACE, wan(70), date(2023, 1, 1))
    make.entry(future, EntryKind.FUNDS_IN_PLACE, wan(9), MARCH)
    frozen = pair_sums(YEAR)["330111-331122-shanhai"]
    names = {project.name for project in (of_pair, by_partner, future)}
    assert {of["name"] for of in frozen["projects"]} == names
    sums = frozen["project_sums"]
    assert (sums["counted"], sums["large"], sums["signed"]) == (2, 1, 1)
    # What does not count for the year is on the list with its money, and in no sum.
    assert (sums["funds"], sums["completed"]) == ("150.5", "20")
    assert next(of["funds"] for of in frozen["projects"] if not of["counted"]) == "9"
    beyond = next(of for of in frozen["projects"] if of["name"] == future.name)
    assert (beyond["counted"], beyond["signed_on"]) == (False, None)


def test_two_schemes_of_the_same_sides_share_no_project(pairing: Pairing, places) -> None:
    make.pairing(places["富阳区"], places["缙云县"], scheme=Scheme.OLD_BASE)
    make.project(places["缙云县"], partner=places["富阳区"], signed_on=MARCH)
    found = [len(of["projects"]) for of in pair_sums(YEAR).values()]
    assert sorted(found) == [0, 1]


def statements(read: Callable[[int], dict]) -> int:
    """How many statements a reading takes."""
    seen: list[str] = []

    def listener(*arguments: object) -> None:
        seen.append(arguments[2])

    db.session.expire_all()
    event.listen(db.engine, "before_cursor_execute", listener)
    json.dumps(read(YEAR))
    event.remove(db.engine, "before_cursor_execute", listener)
    return len(seen)


@pytest.mark.parametrize("read", [enclave_years, pair_sums])
def test_more_subjects_take_no_more_statements(sqlite_app: Flask, read) -> None:
    places = make.zhejiang()

    def grow(count: int) -> None:
        lishui = places["丽水市"]
        for number in range(count):
            county = make.region(f"34{count:02}{number:02}", f"县{count}-{number}", lishui)
            make.listing(county)
            pairing = make.pairing(places["富阳区"], county)
            make.project(county, pairing=pairing, signed_on=MARCH)
            act.visit(pairing, MARCH)
            enclave = make.enclave(county, places["富阳区"])
            make.term(enclave, amount=wan(100))
            village = make.village(county)
            make.stake(enclave, village)
            shared(enclave, 50, MARCH, {village: 1})
            make.tax_split(make.agreement(enclave))
            make.tenant(enclave)
            make.space(enclave)
            make.operating_figure(enclave)
        db.session.commit()

    grow(2)
    few = statements(read)
    grow(8)
    assert statements(read) == few


def test_every_paper_of_a_frozen_year_is_printed(pairing, enclave, places) -> None:
    make.enclave(places["富阳区"], places["缙云县"], None, code="FD-2", direction=Direction.INBOUND)
    db.session.commit()
    before = freeze_and_score(2023, None)
    snapshot = freeze_and_score(YEAR, None)
    db.session.commit()
    points = scored(snapshot.sha256, snapshot.content)
    assert previous_of(points).sha256 == before.sha256
    refs = list(papers_of(points))
    keys = [(ref.kind, ref.subject_code) for ref in refs]
    assert keys[0] == (PaperKind.PROVINCE, "330000")
    assert keys[1][0] is PaperKind.CITY
    assert keys[-1] == (PaperKind.PAIR, "330111-331122-shanhai")
    assert keys[-2] == (PaperKind.SCORECARD, "330111-331122-shanhai")
    at = keys.index((PaperKind.ENCLAVE, "FD-1"))
    assert keys[at - 1] == (PaperKind.SCORECARD, "FD-1")
    assert (PaperKind.ENCLAVE, "FD-2") in keys  # nobody has said of what kind it is
    assert len(set(keys)) == len(keys)
    sides = {places["缙云县"].id, places["富阳区"].id}
    again = {ref.kind: ref for ref in refs}
    # Those that compare with the year before read it from the database; others read nothing.
    for ref in refs if db.engine.dialect.name == "sqlite" else refs[:2]:
        assert read_identity(pdf := paper_pdf(points, ref)).subject_code == ref.subject_code
        assert read_identity(pdf).sheet == ref.sheet
        assert read_identity(pdf).kind is ref.kind
        if ref is again[ref.kind]:
            assert paper_pdf(points, ref) == pdf
        if ref.kind in (PaperKind.ENCLAVE, PaperKind.PAIR):
            assert set(ref.region_ids) == sides
    assert refs[0].region_ids == ()


def test_a_last_year_that_is_not_stored_is_an_error(pairing) -> None:
    db.session.commit()
    snapshot = freeze_and_score(YEAR, None)
    points = scored(snapshot.sha256, snapshot.content)
    assert previous_of(points) is None
    document = {**points.document, "previous": {"year": "2023", "sha256": "0" * 64}}
    with pytest.raises(KeyError, match="没有摘要为"):
        previous_of(replace(points, document=document))
