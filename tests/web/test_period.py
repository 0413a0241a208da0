"""The year that a page is about: in its address, in its links, and where neither names one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import value_of
from tracker.db import db
from tracker.ledger.models import EntryKind
from tracker.projects.models import Project
from tracker.regions.models import Region
from tracker.submissions.models import FilingKind
from tracker.web.clock import today

MARCH_2026 = datetime(2026, 3, 1, 4, tzinfo=UTC)


def year_of(page):
    return value_of(page, "year")


def test_an_address_changes_no_other_page(site):
    staff = site.browser("staff")
    assert year_of(staff.get("/projects/?year=2023")) == "2023"
    begins = str(today().year)
    assert year_of(site.browser("leader").get("/enclaves/")) == begins
    assert year_of(staff.get("/enclaves/")) == year_of(site.browser("staff").get("/enclaves/"))


@pytest.mark.parametrize(
    "address", ["/", "/projects/", "/counties/331122", "/overview/", "/ledger/"]
)
def test_links_and_forms_of_a_page_carry_its_year(site, address):
    page = site.browser("leader").get(f"{address}?year=2023").text
    inside = re.findall(r'href="(/[^"#]*)', page)
    about = [
        link
        for link in inside
        if not link.startswith(("/static/", "/account/", "/login", "/verify"))
    ]
    assert len(about) > 20
    assert [link for link in about if "year=" not in link] == []
    for form in re.findall(r'<form[^>]*method="get".*?</form>', page, re.S):
        assert 'name="year"' in form or 'id="year-form"' in form


def test_an_order_or_a_page_keeps_the_year_once(site):
    page = site.browser("staff").get("/projects/?year=2023&sort=name").text
    (link,) = set(re.findall(r'class="sort" href="([^"]*sort=-name[^"]*)"', page))
    assert link.count("year=2023") == 1


def test_a_record_of_a_year_shows_that_year(site):
    card = f"/scorecards/{site.world['snapshot']}/zj-recipient-county/331122?year=2023"
    page = site.browser("leader").get(card).text
    assert "year=2024" in page
    assert "year=2023" not in page


def test_one_entry_of_a_new_year_moves_nobody(site, in_database):
    def enter():
        project = db.session.get(Project, site.world["project"])
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(1), date(2026, 1, 1), note="新年")
        db.session.commit()

    with time_machine.travel(MARCH_2026):
        before = {
            who: year_of(site.browser(who).get("/")) for who in ("staff", "assessor", "leader")
        }
        in_database(enter)
        after = {who: year_of(site.browser(who).get("/")) for who in before}
    assert before == after
    assert before["leader"] == "2026"
    assert before["assessor"] == "2025"


def test_staff_begin_in_the_year_of_the_next_filing_due(site, in_database):
    def due():
        county = db.session.get(Region, site.world["jinyun"])
        acts.filing(county, year=2025, kind=FilingKind.ANNUAL, due_on=date(2026, 3, 20))
        acts.filing(county, year=2026, kind=FilingKind.Q1, due_on=date(2026, 4, 10))
        db.session.commit()

    in_database(due)
    with time_machine.travel(MARCH_2026):
        assert year_of(site.browser("staff").get("/")) == "2025"
        assert year_of(site.browser("leader").get("/")) == "2026"
    with time_machine.travel(datetime(2026, 3, 21, 4, tzinfo=UTC)):
        assert year_of(site.browser("staff").get("/")) == "2026"


def test_a_year_without_records_offers_the_latest_with_some(site):
    with time_machine.travel(MARCH_2026):
        leader = site.browser("leader")
        page = leader.get("/overview/").text
        assert "2026 年度还没有资金、项目和计分记录。最近有记录的是 2024 年度" in page
        assert 'href="/overview/?year=2024"' in page
        assert "year-notice" not in leader.get("/overview/?year=2024").text
        entries = leader.get("/ledger/?year=2026").text
        assert "2026 年度没有" in entries
        assert 'href="/ledger/?year=2024"' in entries


def test_those_who_lead_begin_at_the_overview(site):
    assert site.browser("leader").client.get("/login").location == "/overview/"
    assert site.browser("staff").client.get("/login").location == "/"
