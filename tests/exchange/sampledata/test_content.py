"""What the sample says: full, of the right order, and never adverse to a real place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import extract, func, or_, select

from tracker.core.db import Origin, db
from tracker.exchange.sampledata.rows import moment
from tracker.exchange.sampledata.scene import INVENTED
from tracker.records.determinations.models import Determination, Ruling
from tracker.records.enclaves.models import Direction, Enclave
from tracker.records.exchanges.models import Training
from tracker.records.findings.models import Finding
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.projects.models import PartnerView, Project
from tracker.records.submissions.models import Filing, FilingKind
from tracker.records.submissions.service import last_days
from tracker.records.submissions.workdays import days_covered
from tracker.year.assessments.rosters import ROSTERS
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import collect


def invented_regions() -> set[int]:
    statement = select(Region.id).where(Region.code.startswith(INVENTED))
    return set(db.session.scalars(statement))


def invented_enclaves() -> set[int]:
    places = invented_regions()
    home = {
        enclave.id: enclave.host_id if enclave.direction is Direction.INBOUND else enclave.origin_id
        for enclave in db.session.scalars(select(Enclave))
    }
    return {enclave for enclave, place in home.items() if place in places}


@pytest.mark.parametrize("measure", [m.name for m in CATALOGUE.measures.values() if m.read])
def test_every_measure_is_reported_for_somebody(here, measure: str) -> None:
    subject = CATALOGUE.measures[measure].subject
    ids = {s.record_id for r in ROSTERS.values() if r.measures is subject for s in r.subjects(2025)}
    facts = collect(2025, subject, [measure], ids)
    reported = [of_one[measure].value for of_one in facts.values()]
    assert any(value is not None for value in reported)


def test_findings_are_at_invented_subjects(here, sampled) -> None:
    regions, enclaves = invented_regions(), invented_enclaves()
    parks = set(db.session.scalars(select(Park.id).where(Park.recipient_id.in_(regions))))
    found = db.session.scalars(select(Finding)).all()
    assert len(found) == 5 * len(sampled.years)
    assert all(
        f.region_id in regions or f.enclave_id in enclaves or f.park_id in parks for f in found
    )


def test_money_is_late_at_invented_subjects_alone(here) -> None:
    late = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.occurred_on > LedgerEntry.due_on)
    ).all()
    enclaves, regions = invented_enclaves(), invented_regions()
    kinds = {entry.kind for entry in late}
    assert kinds == {EntryKind.REBATE, EntryKind.TAX_SHARE, EntryKind.AID_SENT}
    for entry in late:
        assert entry.enclave_id in enclaves or entry.pairing.recipient_id in regions


def test_reports_are_late_at_invented_subjects_alone(here) -> None:
    late = [
        filing
        for filing in db.session.scalars(select(Filing))
        if filing.filed_at is None or filing.filed_at > moment(filing.due_on)
    ]
    regions, enclaves = invented_regions(), invented_enclaves()
    assert late
    assert all(f.region_id in regions or f.enclave_id in enclaves for f in late)


def test_reports_fall_due_on_the_programs_own_days_once_their_days_are_over(here, sampled) -> None:
    """10 January 2026 is a Saturday, and the report of the year is due with its last quarter."""
    for year in sampled.years:
        due = {each.kind: each.due_on for each in last_days(year)}
        for filing in db.session.scalars(select(Filing).where(Filing.year == year)):
            assert filing.due_on == due[filing.kind]
            if filing.filed_at is not None and filing.kind is not FilingKind.PLAN:
                assert filing.filed_at > moment(days_covered(year, filing.kind)[1])


def test_refusals_disputes_and_terminations_are_at_invented_subjects_alone(here) -> None:
    regions = invented_regions()
    refused = db.session.scalars(
        select(Determination).where(Determination.ruling == Ruling.REFUSED)
    ).all()
    assert refused
    assert {ruling.region_id for ruling in refused} <= regions
    troubled = select(Project.region_id).where(
        Project.origin == Origin.SAMPLE,
        or_(Project.terminated_on.is_not(None), Project.partner_view == PartnerView.DISPUTED),
    )
    assert set(db.session.scalars(troubled)) <= regions


def test_marks_differ_and_no_real_subject_fails(years) -> None:
    for sheet in (sheet for points in years.values() for sheet in points.sheets.values()):
        cards = [card for card in sheet.result.scorecards if card.complete]
        real = [card for card in cards if not invented_card(sheet, card)]
        totals = {card.total for card in real}
        assert len(real) > 8
        assert max(totals) - min(totals) > 5
        assert max(totals) < 105
        assert [card.subject.name for card in real if card.grade == "不合格"] == []


def invented_card(sheet, card) -> bool:
    belongs = sheet.frozen["subjects"][card.subject.code]["belongs_to"]
    return any(code.startswith(INVENTED) for code in (*belongs, card.subject.code))


def total(year: int, kind: EntryKind) -> Decimal:
    """万元 of the year in all sample entries."""
    statement = select(func.sum(LedgerEntry.amount)).where(
        LedgerEntry.kind == kind,
        LedgerEntry.origin == Origin.SAMPLE,
        extract("year", LedgerEntry.occurred_on) == year,
    )
    return db.session.scalar(statement) / 10_000


def test_totals_are_of_the_order_that_is_published(here, sampled) -> None:
    """Against aggregates.csv, by county and year, within a factor of about three; see
    docs/sample-data.md."""
    for year in sampled.years:
        of_the_order_that_is_published(year)


def of_the_order_that_is_published(year: int) -> None:
    counties, pairs = 26, 38
    signed = db.session.scalar(
        select(func.count())
        .select_from(Project)
        .where(
            Project.origin == Origin.SAMPLE,
            Project.demonstration_village_id.is_(None),
            extract("year", Project.signed_on) == year,
        )
    )
    # 885 projects in three years; 丽水: 500 亿元 in five years for nine counties, Ningbo 2018:
    # 24.2 亿元 for some fourteen pairs.
    assert 885 / 3 / 3 < signed < 885 / 3 * 3
    funds = total(year, EntryKind.FUNDS_IN_PLACE) / counties
    assert 242_000 / 14 / 3 < funds < 5_000_000 / 5 / 9 * 3
    # Ningbo 2018: 4,485 万元 of aid, 3,769 trained; target 2020: 650 万元 of social aid.
    assert 4485 / 14 / 3 < total(year, EntryKind.AID_SENT) / pairs < 4485 / 14 * 3
    assert 650 / 14 / 3 < total(year, EntryKind.SOCIAL_AID) / pairs < 650 / 14 * 3
    trained = db.session.scalar(
        select(func.sum(Training.people)).where(extract("year", Training.held_on) == year)
    )
    assert 3769 / 14 / 3 < trained / pairs < 3769 / 14 * 3
