"""分办: parts of a filing go to bureaus and come back, before its leader approves it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import LedgerEntry
from tracker.records.places.models import Region
from tracker.records.submissions.models import FilingKind, FilingPart, FilingState, Part

PART = {"part": "projects", "bureau": "商务局", "person": "示例甲", "due_on": "2031-04-05"}


@pytest.fixture
def filing(site: Site) -> int:
    with site.app.app_context():
        county = db.session.get(Region, site.world["jinyun"])
        fields = {"due_on": date(2031, 4, 10), "state": FilingState.ENTERING}
        number = acts.filing(county, 2024, FilingKind.Q1, **fields).id
        db.session.commit()
    return number


def parts(site: Site) -> list[FilingPart]:
    with site.app.app_context():
        return list(db.session.scalars(select(FilingPart)))


def test_a_part_is_given_out_and_comes_back(site: Site, filing: int) -> None:
    staff, page = site.browser("staff"), f"/submissions/{filing}"
    assert "没有分办" in text_of(staff.get(page))
    form = text_of(staff.get(f"{page}/filing-parts/new"))
    assert "农业农村局" in staff.get(f"{page}/filing-parts/new").text
    assert "要求办回" in form
    # A day that is over would stand as the bureau's delay at once, unless it came back as well.
    past = staff.post(f"{page}/filing-parts/new", {**PART, "due_on": "2024-04-05"})
    assert "要求办回的日期 2024-04-05 已经过了" in text_of(past)
    # Nor is a quarter given out, or brought back, before it has begun.
    for name in ("due_on", "back_on"):
        early = {**PART, "due_on": "2024-04-05", "back_on": "2024-04-02", name: "2020-01-01"}
        refused = text_of(staff.post(f"{page}/filing-parts/new", early))
        assert "2020-01-01 早于这份材料所报时期的第一天（2024-01-01）" in refused
    assert parts(site) == []
    sent = staff.post(f"{page}/filing-parts/new", PART)
    assert sent.status_code == 302, text_of(sent)
    listed = text_of(staff.get(page))
    assert "商务局" in listed
    assert "项目资金" in listed
    twice = staff.post(f"{page}/filing-parts/new", PART)
    assert "已分办给该部门" in text_of(twice)
    (part,) = parts(site)
    back = {
        **PART,
        "due_on": "2024-04-05",
        "back_on": "2024-04-02",
        "answer": "已核对",
        "version": str(part.version),
    }
    done = staff.post(f"/submissions/filing-parts/{part.id}/edit", back)
    assert done.status_code == 302, text_of(done)
    assert "已办回" in text_of(staff.get(page))


def test_the_grid_tells_whose_each_part_is_and_what_came_back(site: Site) -> None:
    with site.app.app_context():
        county = db.session.get(Region, site.world["jinyun"])
        own = acts.filing(county, 2024, FilingKind.Q4, state=FilingState.ENTERING)
        acts.filing_part(own, part=Part.EXCHANGES, bureau="教育局", person="示例乙")
        back = {"back_on": date(2024, 12, 3), "answer": "已核对", "due_on": date(2024, 12, 5)}
        acts.filing_part(own, part=Part.PROJECTS, bureau="商务局", **back)
        enclave = db.session.get(LedgerEntry, site.world["rebate"]).enclave
        make.target(county, 2024, "projects.counted", 5)
        make.target(enclave, 2024, "enclave.output", 7)
        name = enclave.name
        db.session.commit()
    page = site.browser("staff").get("/quarters/331122/2024/4")
    section = re.search(r'id="parts".*?</section>', page.text, re.S)[0]
    out, in_ = re.findall(r"<tr><th scope=\"row\">.*?</tr>", section, re.S)
    assert "2 项，已办回 1 项" in section
    assert "教育局 示例乙" in out
    assert "登记办回" in out
    for told in ("商务局", "2024-12-03", "已办回", "已核对"):
        assert told in in_
    assert "登记办回" not in in_
    targets = re.search(r'id="targets".*?</section>', page.text, re.S)[0]
    assert "缙云县" in targets
    assert name in targets
    seen = site.browser("reviewer").get("/quarters/331122/2024/4").text
    assert "教育局 示例乙" in seen
    assert "登记办回" not in seen


def test_the_leader_approves_once_all_are_back(site: Site) -> None:
    with site.app.app_context():
        county = db.session.get(Region, site.world["jinyun"])
        leader = make.user(Role.LEADER, county, username="county-leader").id
        db.session.commit()
    site.world.ids["county-leader"] = leader
    with site.app.app_context():  # a quarter that is over, as a filing has to be to be approved
        county = db.session.get(Region, site.world["jinyun"])
        fields = {"due_on": date(2023, 4, 10), "state": FilingState.ENTERING}
        filing = acts.filing(county, 2023, FilingKind.Q1, **fields).id
        db.session.commit()
    site.browser("staff").post(f"/submissions/{filing}/filing-parts/new", PART)
    browser = site.browser("county-leader")
    refused = browser.post(f"/submissions/{filing}/approved", {"version": "1"})
    assert refused.status_code == 409
    assert "分办给商务局的项目资金还没有办回" in text_of(refused)
    with site.app.app_context():
        db.session.scalars(select(FilingPart)).one().back_on = date(2024, 4, 2)
        db.session.commit()
    assert browser.get(f"/submissions/{filing}/approved").status_code == 200


def test_only_the_own_place_gives_out_and_only_before_it_is_approved(
    site: Site, filing: int
) -> None:
    address = f"/submissions/{filing}/filing-parts/new"
    for user, status in (("reviewer", 403), ("leader", 403), ("administrator", 403)):
        assert site.browser(user).post(address, PART).status_code == status, user
    assessor = site.browser("assessor")
    assert assessor.post(address, PART).status_code in (403, 409)
    assert parts(site) == []
    with site.app.app_context():
        county = db.session.get(Region, site.world["jinyun"])
        late = acts.filing(
            county, 2031, FilingKind.Q2, due_on=date(2031, 7, 10), state=FilingState.APPROVED
        ).id
        db.session.commit()
    said = site.browser("staff").get(f"/submissions/{late}/filing-parts/new")
    assert "县领导已审" in text_of(said)
    assert "不再分办" in text_of(said)
