"""A project of two counties: one owner, a partner that confirms or disputes, both see it in what
they file, and it counts once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import Browser, text_of
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.papers.quarter.build import Quarter, quarter_form
from tracker.papers.quarter.pdf import quarter_pdf
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.sums import totals
from tracker.records.places.models import Region
from tracker.records.projects.models import PartnerView, Project
from tracker.records.submissions.checking import Asked
from tracker.records.submissions.models import Filing, FilingKind
from tracker.site.checks import facts

NAME, DAY = "两县共建项目", date(2024, 11, 5)


@pytest.fixture
def shared(site, in_database) -> dict[str, int]:
    """A project of 缙云县 with 富阳区 as its partner, 100 万元 in place, and both filings."""

    def enter() -> dict[str, int]:
        owner = db.session.get(Region, site.world["jinyun"])
        partner = db.session.scalar(select(Region).filter_by(name="富阳区"))
        project = make.project(
            owner, name=NAME, partner=partner, signed_on=date(2024, 1, 5), in_scope=True
        )
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(100), DAY)
        user = make.user(Role.STAFF, partner, username="partner")
        found = {"project": project.id, "partner": partner.id, "user": user.id}
        for name, place in (("own", owner), ("theirs", partner)):
            filing = _filing(place, FilingKind.Q4) or acts.filing(place, 2024, FilingKind.Q4)
            found[name] = filing.id
        db.session.commit()
        return found

    return in_database(enter)


def _filing(place, kind):
    return db.session.scalar(select(Filing).filter_by(region_id=place.id, year=2024, kind=kind))


def test_the_partner_disputes_the_owner_answers_and_both_see_it(site, shared):
    staff, partner = site.browser("staff"), Browser(site.app, shared["user"])
    address = f"/projects/{shared['project']}"
    seen = (f"/submissions/{shared['own']}", "/quarters/331122/2024/4")
    for page in seen:
        assert "待富阳区确认" in text_of(staff.get(page)), page
    assert "答复异议" not in staff.get(address).text
    assert staff.post(f"{address}/reply", {"owner_answer": "不是"}).status_code == 409
    said = {"partner_view": "disputed", "partner_note": "与我区项目重复"}
    assert partner.post(f"{address}/answer", said).status_code == 302
    waits = "富阳区有异议（与我区项目重复），待缙云县答复"
    assert waits in text_of(staff.get(seen[0]))
    assert "答复异议" in staff.get(address).text
    assert "答复异议" not in partner.get(address).text
    assert staff.post(f"{address}/reply", {"owner_answer": ""}).status_code == 422
    assert partner.post(f"{address}/reply", {"owner_answer": "是"}).status_code == 409
    assert staff.post(f"{address}/reply", {"owner_answer": "不是同一个"}).status_code == 302
    both = "富阳区有异议（与我区项目重复）；缙云县答复：不是同一个"
    for page in seen:
        assert both in text_of(staff.get(page)), page
    # Reviewers read it in the filings of both, and in the check.
    assessor = site.browser("assessor")
    for name in ("own", "theirs"):
        assert both in text_of(assessor.get(f"/submissions/{shared[name]}")), name
    assert "缙云县，不计入本县" in text_of(assessor.get(f"/submissions/{shared['theirs']}"))
    assert "本县答复：不是同一个" in text_of(assessor.get(f"/submissions/{shared['own']}"))
    # Another word of the partner is answered anew.
    assert partner.post(f"{address}/answer", {"partner_view": "confirmed"}).status_code == 302
    assert "富阳区已确认" in text_of(staff.get(seen[0]))
    assert staff.get(f"{address}/reply").status_code == 409


def test_the_partners_grid_shows_it_and_counts_none_of_it(site, shared):
    code = in_code(site, shared["partner"])
    page = site.browser("assessor").get(f"/quarters/{code}/2024/4")
    text = text_of(page)
    assert "对方县登记、本县为协作方的项目" in text
    part = text[text.index("对方县登记、本县为协作方的项目") :]
    assert NAME in part
    assert "100.00" in part
    assert NAME not in text[: text.index("对方县登记、本县为协作方的项目")]


def in_code(site, region_id: int) -> str:
    with site.app.app_context():
        return db.session.get(Region, region_id).code


def test_both_forms_on_paper_show_it_and_one_counts_it(site, shared):
    with site.app.app_context():
        forms = {
            name: quarter_form(db.session.get(Region, place), Quarter(2024, 4), now())
            for name, place in (("own", site.world["jinyun"]), ("theirs", shared["partner"]))
        }
    own = [line for line in forms["own"].projects if line.name == NAME]
    theirs = [line for line in forms["theirs"].partnered if line.name == NAME]
    assert [line.shared for line in own] == [line.shared for line in theirs] == ["待富阳区确认"]
    assert [line.owner for line in (*own, *theirs)] == ["", "缙云县"]
    assert own[0].funds.quarter == theirs[0].funds.quarter
    assert NAME not in [line.name for line in forms["theirs"].projects]
    assert all(quarter_pdf(form).startswith(b"%PDF") for form in forms.values())


def test_the_counties_sums_are_the_provinces(site, shared):
    """What all counties report of projects comes to what there is: nothing counts twice."""
    with site.app.app_context():
        counties = db.session.scalars(select(Region).where(Region.code.is_not(None))).all()
        of_counties = Decimal(0)
        for county in counties:
            form = quarter_form(county, Quarter(2024, 4), now())
            for line in form.projects:
                of_counties += (
                    amount.value if (amount := line.funds.year) is not None else Decimal(0)
                )
        year = LedgerEntry.occurred_on.between(date(2024, 1, 1), date(2024, 12, 31))
        kind = LedgerEntry.kind == EntryKind.FUNDS_IN_PLACE
        inside = LedgerEntry.project_id.in_(
            select(Project.id).where(Project.in_scope.is_not(False))
        )
        (whole,) = totals(year, kind, inside, by=(LedgerEntry.kind,)).values()
        assert of_counties == whole.figure.value > 0
        assert db.session.scalar(select(func.count()).where(Project.name == NAME)) == 1


def test_the_check_says_what_was_answered(site, shared, in_database):
    def find() -> list[str]:
        project = db.session.get(Project, shared["project"])
        project.partner_view, project.partner_note = PartnerView.DISPUTED, "重复"
        db.session.flush()
        filing = db.session.get(Filing, shared["own"])
        return [fault.words for fault in facts.disputed(Asked.of(filing)) if fault.name == NAME]

    assert in_database(find) == ["富阳区有异议：重复；本县还没有答复"]
