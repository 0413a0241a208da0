"""The year that a page is about: in its address, in its links, and where neither names one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import text_of, value_of
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.submissions.models import FilingKind
from tracker.year.assessments import years

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
    assert len(about) > 10
    assert [link for link in about if "year=" not in link] == []
    for form in re.findall(r'<form[^>]*method="get".*?</form>', page, re.S):
        assert 'name="year"' in form or 'id="year-form"' in form


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("2099", "地址中的 2099 年度不在可选的 2015—"),
        ("2001", "地址中的 2001 年度不在可选的 2015—"),
        ("２０２４", "地址中的年度认不出，"),
        ("2024%00", "地址中的年度认不出，"),
        ("nonsense", "地址中的年度认不出，"),
        ("2023", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("address", ["/overview/", "/projects/", "/counties/331122"])
def test_an_address_of_a_year_that_cannot_be_shown_is_not_passed_over(site, address, asked, says):
    leader = site.browser("leader")
    page = leader.get(f"{address}?year={asked}")
    assert ("unread-year" in page.text) == bool(says)
    if says:
        assert says in text_of(page)
        assert f"，本页是 {today().year} 年度的。" in text_of(page)
        assert f"year={asked}" not in page.text


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


class TestFormsComeBackToTheirYear:
    def test_what_is_entered_leads_to_its_page_in_the_same_year(self, site):
        staff = site.browser("staff")
        new = f"/ledger/projects/{site.world['project']}/new?year=2023"
        typed = {"kind": "funds_in_place", "amount": "50", "occurred_on": "2024-11-01"}
        draft = staff.post(new, typed)
        assert draft.status_code == 302
        assert "year=2023" in draft.location
        kept = staff.post("/projects/new?year=2023", {"name": "", "category": ""})
        assert kept.status_code == 422
        assert value_of(kept, "year") in (None, "2023")
        assert "year=2023" in kept.text

    def test_an_act_on_an_entry_comes_back_to_the_page_and_its_year(self, site):
        staff = site.browser("staff")
        page = staff.get(f"/projects/{site.world['project']}?year=2023").text
        (act,) = re.findall(r'href="(/ledger/\d+/reverse[^"]*)"', page)
        back = staff.post(act.replace("&amp;", "&"), {"reason": "录错了", "confirmed": "y"})
        assert back.status_code == 302
        assert back.location == f"/projects/{site.world['project']}?year=2023"

    def test_signing_in_leads_to_the_year_that_was_asked_for(self, site):
        asked = site.browser().client.get("/projects/?year=2023")
        assert "year%3D2023" in asked.location or "year=2023" in asked.location


# (UTC, the day in China): half past midnight in China is the evening before in UTC.
@pytest.mark.parametrize(
    ("moment", "running"),
    [
        (datetime(2025, 12, 31, 15, 30, tzinfo=UTC), 2025),
        (datetime(2025, 12, 31, 16, 30, tzinfo=UTC), 2026),
        (datetime(2026, 1, 1, 4, 0, tzinfo=UTC), 2026),
        (datetime(2026, 1, 10, 4, 0, tzinfo=UTC), 2026),
    ],
)
def test_the_year_turns_in_china(site, moment, running):
    """Nothing is planned: leaders are in the running year, assessors in the one before, and staff
    file the year before until the end of January."""
    with time_machine.travel(moment):
        begins = {
            who: int(year_of(site.browser(who).get("/"))) for who in ("leader", "assessor", "staff")
        }
    by_calendar = running - 1 if running == 2026 else running
    assert begins == {"leader": running, "assessor": running - 1, "staff": by_calendar}


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2025, 12, 31, 4, tzinfo=UTC), 2025),  # the third quarter is late, the fourth due
        (datetime(2025, 12, 31, 16, 30, tzinfo=UTC), 2025),
        (datetime(2026, 1, 10, 15, 59, tzinfo=UTC), 2025),  # the last day of the fourth quarter
        (datetime(2026, 1, 10, 16, 0, tzinfo=UTC), 2026),
        (datetime(2026, 2, 1, 4, tzinfo=UTC), 2026),
    ],
)
def test_staff_follow_the_filings_over_new_year(site, in_database, moment, year):
    def plan():
        county = db.session.get(Region, site.world["jinyun"])
        for of, kind, due in (
            (2025, FilingKind.Q3, date(2025, 10, 10)),
            (2025, FilingKind.Q4, date(2026, 1, 10)),
            (2026, FilingKind.Q1, date(2026, 4, 10)),
            (2027, FilingKind.PLAN, date(2026, 1, 31)),  # of a year to come: moves nobody there
        ):
            acts.filing(county, of, kind, due_on=due)
        db.session.commit()

    in_database(plan)
    with time_machine.travel(moment):
        assert year_of(site.browser("staff").get("/")) == str(year)
        assert year_of(site.browser("reviewer").get("/")) == str(year)
        assert year_of(site.browser("leader").get("/")) == str(
            2025 if moment < datetime(2025, 12, 31, 16, tzinfo=UTC) else 2026
        )


def test_records_of_years_to_come_move_nobody(site, in_database):
    def enter():
        project = db.session.get(Project, site.world["project"])
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(1), date(2027, 1, 1), note="明年")
        make.project(project.region, signed_on=date(2028, 1, 1))
        db.session.commit()

    in_database(enter)
    with time_machine.travel(MARCH_2026):
        begins = {who: year_of(site.browser(who).get("/")) for who in ("staff", "leader")}
        page = site.browser("leader").get("/overview/").text
        assert "最近有记录的是 2024 年度" in page
    assert begins == {"staff": "2026", "leader": "2026"}


def test_a_year_that_was_scored_is_a_year_with_records_everywhere(site):
    with site.app.app_context():
        nowhere = select(Region.id).where(Region.code == "")
        assert years.latest_with_records(nowhere) == 2024
        assert years.has_records(nowhere, 2024)
        assert not years.has_records(nowhere, 2023)
