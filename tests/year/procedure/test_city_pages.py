"""Pages of a city's assessment say whose it is, and open to those whom it concerns alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from tests import factories_acts as acts
from tests.conftest import settings_for
from tests.papers.issuing.conftest import YEAR, records
from tests.web.pages import Browser, text_of
from tests.year.procedure.cities import COUNTY, SHEET, City, elsewhere
from tests.year.procedure.conftest import Year
from tracker import create_app
from tracker.core.db import db, units
from tracker.records.accounts import owners
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Determination
from tracker.records.pairings.models import Pairing
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.assessments.service import freeze_and_score

OWNED = "owner=331100"
PAGES = (
    f"/assessments/course/?{OWNED}&year={YEAR}",
    f"/assessments/reviews/?{OWNED}&year={YEAR}",
    f"/scorecards/?{OWNED}&year={YEAR}",
    f"/determinations/?{OWNED}&year={YEAR}",
    f"/determinations/review/?{OWNED}&year={YEAR}",
    f"/objections/?{OWNED}&year={YEAR}",
    f"/papers/?{OWNED}&year={YEAR}",
    f"/rulebooks/?{OWNED}&year={YEAR}",
    f"/rulebooks/{YEAR}/{SHEET}?{OWNED}",
    f"/desk/?{OWNED}&year={YEAR}",
    f"/desk/moved?{OWNED}&year={YEAR}",
    f"/desk/{YEAR}/{SHEET}/?{OWNED}",
    f"/desk/{YEAR}/{SHEET}/lines/C1?{OWNED}",
    f"/desk/{YEAR}/{SHEET}/subjects/{COUNTY}?{OWNED}",
    f"/samplings/?{OWNED}&year={YEAR}",
)
OF_PROVINCE = "zj-recipient-county"
# What addresses name besides the owner; of records, those that a test here has made.
NAMED = {
    "year": YEAR,
    "sheet": SHEET,
    "code": SHEET,
    "subject_code": COUNTY,
    "line": "C1",
    "measure": "exchanges.visits",
    "act": "notice_ended",
}
# Pages about no assessment of a year, or about all.
OF_NONE = {"procedure.cities", "papers.verify", "rulebooks.template"}
RUN = (
    f"/assessments/?{OWNED}&year={YEAR}",
    f"/rulebooks/sets/?{OWNED}",
    f"/papers/issue?{OWNED}&year={YEAR}",
    f"/assessments/course/{YEAR}/days?{OWNED}",
    f"/assessments/course/{YEAR}/step/notice_ended?{OWNED}",
)


@dataclass
class Site:
    """An application with a city's notice; ids of users by name, and of the snapshot."""

    app: Flask
    users: dict[str, int]
    snapshot: int
    ruling: int

    def browser(self, name: str) -> Browser:
        return Browser(self.app, self.users[name])

    @property
    def card(self) -> str:
        return f"/scorecards/{self.snapshot}/{SHEET}/{COUNTY}"


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("city")
    database = folder / "tracker.db"
    shutil.copy(sqlite_template, database)
    app = create_app(settings_for(f"sqlite:///{database}", folder))
    with app.app_context(), units.mode(writes=True):
        city = City(Year(records()))
        elsewhere()
        for pairing in db.session.scalars(select(Pairing)):
            acts.visit(pairing, date(YEAR, 5, 6))
        city.to_notice()
        users = {user.username: user.id for user in db.session.scalars(select(User))}
        snapshot = latest_snapshot(YEAR, city.owner)
        assert snapshot is not None
        ruling = db.session.scalars(select(Determination.id)).first()
        assert ruling is not None
        freeze_and_score(YEAR, city.year.assessor)  # the province's, beside it
        found = Site(app, users, snapshot.id, ruling)
        db.session.commit()
        db.session.remove()
    yield found
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("name", ["staff", "reviewer", "assessor"])
def test_pages_say_whose_it_is_to_those_whom_it_concerns(site: Site, name: str) -> None:
    browser = site.browser(name)
    for address in PAGES:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert "市考县 · 丽水市" in text_of(answer), address
    answer = browser.get(site.card)
    assert answer.status_code == 200
    assert "市考县：丽水市" in text_of(answer)
    for address in RUN:
        expected = 200 if name == "reviewer" else 403
        assert browser.get(address).status_code == expected, address
    # Without the owner in the address nothing of it shows.
    for address in PAGES[:8] + PAGES[9:11] + PAGES[14:]:
        text = text_of(browser.get(address.replace(OWNED, "")))
        assert "市考县 · 丽水市" not in text, address
        assert "city-recipient-county" not in text, address


@pytest.mark.parametrize("name", ["longyou", "quzhou"])
def test_other_cities_see_nothing(site: Site, name: str) -> None:
    browser = site.browser(name)
    hidden = (*PAGES, site.card, f"{site.card}.pdf", f"/scorecards/?snapshot={site.snapshot}")
    for address in (*hidden, *(RUN if name == "quzhou" else ())):
        assert browser.get(address).status_code == 404, address
    cities = text_of(browser.get(f"/assessments/course/cities?year={YEAR}"))
    assert "衢州市" in cities
    assert "丽水市" not in cities


def _walked(site: Site, name: str) -> Iterator[tuple[str, str, str]]:
    """Each page that may be about a city's assessment, as `name` is answered with it in the
    address: its endpoint, the address, the HTML; what is refused or no page is left out."""
    browser = site.browser(name)
    given = {**NAMED, "snapshot_id": site.snapshot, "determination_id": site.ruling}
    owned = site.app.extensions[owners._PAGES]
    for rule in site.app.url_map.iter_rules():
        of_owner = rule.endpoint.rpartition(".")[0] in owned
        if not of_owner or "GET" not in (rule.methods or ()) or not rule.arguments <= given.keys():
            continue
        values = {key: given[key] for key in rule.arguments}
        year = {} if "year" in values else {"year": YEAR}
        address = site.app.url_map.bind("").build(
            rule.endpoint, {**values, **year, "owner": "331100"}
        )
        with closing(browser.get(address)) as answer:
            assert answer.status_code in (200, 403, 404), address
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield rule.endpoint, address, answer.text


@pytest.mark.parametrize(("name", "pages"), [("reviewer", 25), ("assessor", 22), ("staff", 18)])
def test_no_page_of_a_citys_assessment_shows_the_provinces(
    site: Site, name: str, pages: int
) -> None:
    walked = list(_walked(site, name))
    assert len(walked) >= pages
    for endpoint, address, html in walked:
        if endpoint in OF_NONE:
            continue
        assert "市考县 · 丽水市" in html, address
        assert OF_PROVINCE not in html, address


def test_a_draw_from_a_citys_figures_is_the_citys(site: Site) -> None:
    reviewer = site.browser("reviewer")
    drawing = f"/samplings/?{OWNED}&year={YEAR}"
    answer = reviewer.confirm(drawing, {"seed": "20250310", "size": "2", "once": "a" * 32})
    assert answer.status_code == 302, text_of(answer)
    page = answer.headers["Location"]
    assert OWNED in page
    assert "市考县 · 丽水市" in text_of(reviewer.get(page))
    assert "20250310" in text_of(reviewer.get(drawing))
    assert "20250310" not in text_of(reviewer.get(f"/samplings/?year={YEAR}"))
    assert site.browser("quzhou").get(page.partition("?")[0]).status_code == 404
    # The province draws of its own figures; in a city's assessment it looks on.
    assert "20250310" in text_of(site.browser("assessor").get(drawing))
    refused = site.browser("assessor").post(drawing, {"seed": "1", "size": "1", "once": "b" * 32})
    assert refused.status_code == 422
    assert "市考县的抽查由该市的审核人员办理" in text_of(refused)


def test_a_citys_points_with_formulas_are_for_itself_and_the_province(site: Site) -> None:
    address = f"/workbooks/{site.snapshot}.xlsx"
    for name, status in (("reviewer", 200), ("assessor", 200), ("staff", 404), ("quzhou", 404)):
        assert site.browser(name).get(address).status_code == status, name
    matrix = f"/desk/{YEAR}/{SHEET}/?{OWNED}"
    assert address in site.browser("reviewer").get(matrix).text
    assert address not in site.browser("staff").get(matrix).text
    book = load_workbook(BytesIO(site.browser("reviewer").get(address).data))
    assert book["说明"]["A1"].value.startswith(f"市考县 · 丽水市 {YEAR} 年度")
    assert book.worksheets[1]["A1"].value.startswith(f"市考县 · 丽水市 {YEAR} 年度")


@pytest.mark.parametrize(
    "address",
    [f"/scorecards/?{OWNED}&year={YEAR}&tables=xlsx", f"/rulings/export.xlsx?{OWNED}&year={YEAR}"],
)
def test_the_files_of_its_pages_say_whose_they_are(site: Site, address: str) -> None:
    reviewer = site.browser("reviewer")
    for asked, begins in ((address, "市考县 · 丽水市 "), (address.replace(OWNED, ""), "")):
        with closing(reviewer.get(asked)) as answer:
            title = str(load_workbook(BytesIO(answer.data)).worksheets[0]["A1"].value)
        assert title.startswith(begins)
        assert ("市考县" in title) is bool(begins)
