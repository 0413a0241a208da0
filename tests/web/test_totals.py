"""Lists: numbered through their pages, and added up over all of them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests import factories as make
from tests.web.pages import text_of
from tests.web.queries import count_queries
from tracker.core.db import Precision, db, units
from tracker.records.ledger.models import EntryKind
from tracker.records.projects.kinds import PROJECTS
from tracker.records.projects.models import Project

DAY = date(2024, 5, 1)


@pytest.fixture
def filled(site, monkeypatch):
    """23 projects beside that of the site on pages of 20; every third without an investment."""
    monkeypatch.setitem(vars(PROJECTS), "per_page", 20)
    with site.app.app_context():
        county = db.session.get_one(Project, site.world["project"]).region
        for number in range(23):
            project = make.project(
                county,
                name=f"合计{number:02}",
                category="aid",
                total_investment=make.wan(100) if number % 3 else None,
                signed_on=date(2024, 1, 1 + number),
            )
            if number < 5:
                make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(10), DAY)
                make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(2), date(2023, 5, 1))
        make.entry(
            project, EntryKind.FUNDS_IN_PLACE, make.wan(900), DAY, submitted_at=None
        )  # a draft counts nowhere
        db.session.commit()
    return site


def serials(page) -> list[int]:
    return [int(each) for each in re.findall(r'<td class="serial minor">(\d+)</td>', page.text)]


def total_row(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.split("<tfoot>")[1])).strip()


def test_rows_are_numbered_through_the_pages(filled):
    staff = filled.browser("staff")
    first = staff.get("/projects/?category=aid&sort=name")
    assert serials(first) == list(range(1, 21))
    following = re.search('rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = staff.get(following)
    assert serials(second) == [21, 22, 23]
    back = re.search('rel="prev" href="([^"]+)"', second.text)[1].replace("&amp;", "&")
    assert serials(staff.get(back)) == list(range(1, 21))


def test_the_last_row_adds_up_all_pages_and_says_what_it_lacks(filled):
    staff = filled.browser("staff")
    for order in ("name", "-name"):
        row = total_row(staff.get(f"/projects/?category=aid&sort={order}"))
        assert row.startswith("合计 共 23 条 1,500.00 8 条未报，未计入 60.00 18 条未报，未计入")
    assert total_row(staff.get("/projects/?category=aid&q=合计01")).startswith(
        "合计 共 1 条 100.00 12.00"
    )


def test_sums_of_several_degrees_of_exactness_count_each_project_once(filled):
    staff, address = filled.browser("staff"), "/projects/?category=aid&sort=name"
    with filled.app.app_context(), units.writing():
        for name in ("合计01", "合计02"):
            project = db.session.scalars(db.select(Project).filter_by(name=name)).one()
            make.entry(
                project, EntryKind.FUNDS_IN_PLACE, make.wan(3), DAY, precision=Precision.ABOUT
            )
        db.session.commit()
    row = total_row(staff.get(address))
    assert row.startswith("合计 共 23 条 1,500.00 8 条未报，未计入 ≈66.00 18 条未报，未计入"), row


def test_the_newest_project_stands_first(filled):
    page = filled.browser("staff").get("/projects/?category=aid")
    assert re.findall(r">(合计\d\d)<", page.text)[:3] == ["合计22", "合计21", "合计20"]


def test_what_was_reached_takes_as_many_statements_for_one_as_for_many(filled):
    staff = filled.browser("staff")
    staff.get("/projects/")
    with count_queries(filled.app) as one:
        staff.get("/projects/?category=aid&q=合计01")
    with count_queries(filled.app) as many:
        page = staff.get("/projects/?category=aid&q=合计")
    assert len(many) == len(one)
    assert "累计到位（万元）" in text_of(page)
