"""Two dated rows of one thing in one year give one subject, by the state on 31 December."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests.papers.reports.reading import body
from tests.web.pages import Browser
from tracker.core.db import db
from tracker.papers.issuing.drafts import orders_of
from tracker.papers.issuing.printing import _print as printed_now
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import EnclaveKind, TermKind
from tracker.records.pairings.models import Scheme
from tracker.records.places.models import Region
from tracker.year.assessments.models import ScorecardRow
from tracker.year.assessments.rosters import ROSTERS, recipients
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import freeze_and_score
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind

YEAR = 2024
JUMP, GREEN = "跨越发展类", "生态发展类"
Span = tuple[str, date | None, date | None]

LISTINGS: dict[str, tuple[list[Span], str | None, bool]] = {
    # rows of (class, joined, left) → the class on the sheet (None: not scored), whether it left
    "from one class to the other": (
        [(JUMP, None, date(2024, 7, 1)), (GREEN, date(2024, 7, 1), None)],
        GREEN,
        False,
    ),
    "left and came back": (
        [(JUMP, None, date(2024, 3, 1)), (GREEN, date(2024, 9, 1), None)],
        GREEN,
        False,
    ),
    "left twice": (
        [(JUMP, None, date(2024, 3, 1)), (GREEN, date(2024, 5, 1), date(2024, 9, 1))],
        GREEN,
        True,
    ),
    "three classes": (
        [
            (JUMP, None, date(2024, 3, 1)),
            (GREEN, date(2024, 3, 1), date(2024, 9, 1)),
            (JUMP, date(2024, 9, 1), None),
        ],
        JUMP,
        False,
    ),
    "changed on 31 December": (
        [(JUMP, None, date(2024, 12, 31)), (GREEN, date(2024, 12, 31), None)],
        GREEN,
        False,
    ),
    "changes on the next 1 January": (
        [(JUMP, None, date(2025, 1, 1)), (GREEN, date(2025, 1, 1), None)],
        JUMP,
        False,
    ),
    "came back in the year after": (
        [(JUMP, None, date(2024, 7, 1)), (GREEN, date(2025, 7, 1), None)],
        JUMP,
        True,
    ),
}


@pytest.fixture
def places(app: Flask) -> dict[str, Region]:
    return make.zhejiang()


@pytest.mark.parametrize(("spans", "county_class", "left"), LISTINGS.values(), ids=LISTINGS)
def test_a_county_is_one_subject_in_its_last_class(
    places: dict[str, Region], spans: list[Span], county_class: str | None, left: bool
) -> None:
    county = places["缙云县"]
    for name, joined_on, left_on in reversed(spans):  # the order of entry is no rule
        make.listing(county, name, joined_on=joined_on, left_on=left_on)
    found = [s for s in recipients(YEAR) if s.code == county.code]
    assert [subject.class_name for subject in found] == ([county_class] if county_class else [])
    facts = collect(YEAR, SubjectKind.COUNTY, ["listing.left"], [county.id])
    assert facts[county.id]["listing.left"].value == str(int(left))
    city = collect(YEAR, SubjectKind.CITY, ["city.recipients"], [county.parent_id])
    assert city[county.parent_id]["city.recipients"].value == "1"


def _two_classes(places: dict[str, Region]) -> None:
    county = places["庆元县"]
    make.listing(county, JUMP, left_on=date(2024, 7, 1))
    make.listing(county, GREEN, joined_on=date(2024, 7, 1))


def _two_schemes(places: dict[str, Region]) -> None:
    make.pairing(places["富阳区"], places["缙云县"], scheme=Scheme.WITHIN_CITY)


def _two_rounds(places: dict[str, Region]) -> None:
    pairing = db.session.scalars(select(make.Pairing)).first()
    for code, on in (("2024a", date(2024, 1, 1)), ("2024b", date(2024, 7, 1))):
        made = make.pairing_round(code=code, starts_on=on)
        make.citation(pairing, make.source(), round=made)


def _two_kinds(places: dict[str, Region]) -> None:
    make.enclave(
        places["缙云县"],
        places["富阳区"],
        kind=EnclaveKind.INCOME,
        development_since=date(2025, 7, 1),
    )


def _two_stakes(places: dict[str, Region]) -> None:
    village = make.village(places["缙云县"])
    for _ in range(2):
        make.stake(make.enclave(places["缙云县"], places["富阳区"]), village)


def _two_groups(places: dict[str, Region]) -> None:
    for since, until in ((None, date(2024, 6, 30)), (date(2024, 7, 1), None)):
        group = make.aid_group(places["缙云县"], since=since, until=until)
        make.aid_group_member(group, places["富阳区"])


def _abolished_and_re_coded(places: dict[str, Region]) -> None:
    county = places["缙云县"]
    county.abolished_on = date(2024, 7, 1)
    make.region("331199", "新缙云县", parent=county.parent)


def _two_times_industrial(places: dict[str, Region]) -> None:
    county = places["富阳区"]
    make.industrial_listing(county, joined_on=None, left_on=date(2024, 3, 1))
    make.industrial_listing(county, joined_on=date(2024, 9, 1))


def _two_splits(places: dict[str, Region]) -> None:
    enclave = make.enclave(places["缙云县"], places["富阳区"], kind=EnclaveKind.INDUSTRIAL)
    agreement = make.agreement(enclave)
    make.tax_split(agreement, 2020, to_year=2024)
    make.tax_split(agreement, 2025, "0.6")
    for starts_on, ends_on in ((None, date(2024, 6, 30)), (date(2024, 7, 1), None)):
        make.term(
            enclave,
            TermKind.FIXED_SUM,
            amount=make.wan(10),
            starts_on=starts_on,
            ends_on=ends_on,
        )


def _two_parks(places: dict[str, Region]) -> None:
    for closed_on, approved_on in ((date(2024, 6, 30), date(2020, 1, 1)), (None, date(2024, 7, 1))):
        make.park(places["富阳区"], places["缙云县"], closed_on=closed_on, approved_on=approved_on)


TWICE = (
    _two_classes,
    _two_schemes,
    _two_rounds,
    _two_kinds,
    _two_stakes,
    _two_groups,
    _two_times_industrial,
    _two_splits,
    _two_parks,
)


@pytest.mark.parametrize(
    "twice",
    [*TWICE, _abolished_and_re_coded],
)
@pytest.mark.parametrize("year", [2024, 2025])
def test_every_sheet_has_each_subject_once(
    places: dict[str, Region], twice: Callable[[dict[str, Region]], None], year: int
) -> None:
    make.listing(places["缙云县"])
    make.pairing(places["富阳区"], places["缙云县"])
    twice(places)
    db.session.flush()
    for name, roster in ROSTERS.items():
        subjects = roster.subjects(year)
        for keys in (
            [subject.code for subject in subjects],
            [subject.record_id for subject in subjects],
        ):
            assert len(keys) == len(set(keys)), name


def test_a_year_with_a_change_of_class_is_scored_and_shown(
    app: Flask, places: dict[str, Region]
) -> None:
    make.listing(places["缙云县"])
    _two_classes(places)
    assessor = make.user(Role.ASSESSOR, places["浙江省"])
    db.session.commit()
    snapshot = freeze_and_score(YEAR, None)
    db.session.commit()
    wanted = select(ScorecardRow).where(ScorecardRow.subject_code == places["庆元县"].code)
    (card,) = db.session.scalars(wanted.where(ScorecardRow.snapshot_id == snapshot.id))
    assert card.county_class == GREEN
    code, assessor_id = card.subject_code, assessor.id
    db.session.remove()
    browser = Browser(app, assessor_id)
    for path in ("/overview/", f"/counties/{code}", "/scorecards/"):
        assert browser.get(f"{path}?year={YEAR}").status_code == 200, path


@pytest.mark.parametrize("year", [pytest.param(2024, marks=pytest.mark.soak), 2025])
def test_a_world_of_changes_within_the_year_is_printed_in_true_words(
    sqlite_app: Flask, year: int
) -> None:
    """Everything twice at once: each paper is made, of each subject one card, in its last class."""
    places = make.zhejiang()
    make.listing(places["缙云县"])
    make.pairing(places["富阳区"], places["缙云县"])
    for twice in TWICE:
        twice(places)
    db.session.commit()
    snapshot = freeze_and_score(year, None)
    db.session.commit()
    points = scored(snapshot.sha256, snapshot.content)
    orders = orders_of(snapshot)
    prints = {order.name: printed_now(points, order) for order in orders}
    assert {key: one.fault for key, one in prints.items() if one.fault} == {}
    rows = db.session.scalars(select(ScorecardRow)).all()
    assert len({(row.sheet, row.subject_code) for row in rows}) == len(rows)
    (card,) = [r for r in rows if r.subject_code == places["庆元县"].code and r.county_class]
    assert card.county_class == GREEN
    said = body(scorecard_pdf(card_of(points, card.sheet, card.subject_code)))
    assert GREEN in said
    assert JUMP not in said
