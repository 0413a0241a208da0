"""A place that was merged or got another code keeps its history and its old addresses."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests import factories as make
from tests.web.pages import Browser, text_of
from tracker.core.db import db
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.queries import touching
from tracker.records.ledger.sums import by_year_and_kind
from tracker.records.places.models import FormerCode, Region
from tracker.records.places.queries import inside
from tracker.year.assessments.models import ScorecardRow

SOURCE = "https://www.hangzhou.gov.cn/art/2021/4/29/art_1229517144_7207.html"
ENDED = date(2021, 4, 9)


@pytest.fixture
def merged(site) -> Browser:
    """A browser of 上城区's staff; 江干区, which became a part of it, had a pair and money."""
    with site.app.app_context():
        city = db.session.scalar(select(Region).where(Region.code == "330100"))
        county = db.session.get_one(Region, site.world["jinyun"])
        after = make.region("330102", "上城区", city)
        before = make.region("330104", "江干区", city)
        source = make.source(url=SOURCE)
        before.abolished_on, before.successor_id = ENDED, after.id
        before.succession_source_id = source.id
        pairing = make.pairing(before, county, since=date(2018, 1, 1), until=ENDED)
        make.entry(pairing, EntryKind.AID_SENT, make.wan(50), date(2020, 5, 1))
        user = make.user(Role.STAFF, after).id
        db.session.commit()
    return Browser(site.app, user)


def test_the_history_stands_on_the_successors_page_under_its_name_then(merged) -> None:
    page = merged.get("/counties/330102?year=2024")
    said = text_of(page)
    assert "前身：江干区" in said
    assert "江干区支援缙云县" in said
    assert "不计入上城区的数字" in said
    assert SOURCE in page.text
    before = merged.get("/counties/330104?year=2020")
    assert "已于 2021-04-09 撤销，工作由上城区承接；此前的数字仍归江干区" in text_of(before)


def test_sums_of_the_years_before_stay_with_who_had_them(site, merged) -> None:
    with site.app.app_context():
        regions = {r.code: r for r in db.session.scalars(select(Region)) if r.code}
        money = {
            code: by_year_and_kind(touching(inside(regions[code]))) for code in ("330102", "330104")
        }
    assert money["330102"] == {}
    assert money["330104"][2020][EntryKind.AID_SENT].figure.value == make.wan(50)


def test_the_county_itself_is_no_strangers(site, merged) -> None:
    assert site.browser("neighbour").get("/counties/330104").status_code == 404


@pytest.fixture
def recoded(site) -> None:
    """缙云县 gets another code after the year was frozen, as a place of a file of old codes."""
    with site.app.app_context():
        county = db.session.get_one(Region, site.world["jinyun"])
        county.code = "331198"
        db.session.add(FormerCode(region=county, code="331122", name="缙云老县"))
        db.session.commit()


def test_old_addresses_lead_to_the_place_and_to_its_cards(site, recoded) -> None:
    staff = site.browser("staff")
    with site.app.app_context():
        row = db.session.scalars(
            select(ScorecardRow).where(ScorecardRow.subject_code == "331122")
        ).first()
        card = f"/scorecards/{row.snapshot_id}/{row.sheet}/"
        rulings = f"/determinations/2024/{row.sheet}/"
    assert staff.get(card + "331122").status_code == 200
    for address in (card, rulings):
        moved = staff.get(address + "331198?open=all")
        assert moved.status_code == 302
        assert moved.location.startswith(address + "331122")
        assert staff.get(address + "331197").status_code == 404
    assert staff.get(f"{card}331198.pdf").location.endswith("331122.pdf")
    assert staff.get("/counties/331122").location.startswith("/counties/331198")
    assert "原称缙云老县，代码 331122" in text_of(staff.get("/counties/331198"))


def test_lists_are_narrowed_by_the_old_code_too(site, recoded) -> None:
    province = site.browser("assessor")
    for code in ("331198", "331122"):
        said = text_of(province.get(f"/projects/?region={code}"))
        assert "智能装备项目" in said
        assert "庆元竹木项目" not in said
    said = text_of(site.browser("assessor").get("/projects/?region=331197"))
    assert "庆元竹木项目" in said
