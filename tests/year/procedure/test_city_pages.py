"""Pages of a city's assessment say whose it is, and open to those whom it concerns alone."""

from __future__ import annotations

import re
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

from tests import factories as make
from tests import factories_acts as acts
from tests.conftest import settings_for
from tests.courses import assessment
from tests.papers.issuing.conftest import YEAR, records
from tests.web.pages import Browser, text_of
from tests.web.queries import count_queries
from tests.year.procedure.cities import COUNTY, SHEET, City, elsewhere
from tests.year.procedure.conftest import Year
from tracker import create_app
from tracker.core import jobs
from tracker.core.db import db, units
from tracker.records.accounts import owners
from tracker.records.accounts.models import User
from tracker.records.background import service as background
from tracker.records.determinations.models import Determination
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region, RegionLevel
from tracker.web.kit.acts import version_of
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure.jobs import STEP, waiting_step
from tracker.year.procedure.models import Act, Stage
from tracker.year.procedure.queries import assessment_of
from tracker.year.rulebooks import service as rulebooks
from tracker.year.rulebooks.models import SetStatus, StoredFile
from tracker.year.rulebooks.shelf import city_example

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
    f"/trials/?{OWNED}&year={YEAR}",
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
    owner: int
    draft: int
    file: int

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
        draft = rulebooks.make(
            city.reviewer,
            YEAR + 1,
            "草稿",
            SetStatus.DESIGNED,
            "",
            city_example().texts,
            city.owner,
        )
        path = next(iter(city_example().texts))
        file = db.session.scalars(select(StoredFile.id).filter_by(set_id=draft.id, path=path)).one()
        freeze_and_score(YEAR, city.year.assessor)  # the province's, beside it
        found = Site(app, users, snapshot.id, ruling, city.owner, draft.id, file)
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
    given = {
        **NAMED,
        "snapshot_id": site.snapshot,
        "determination_id": site.ruling,
        "rulebook_set_id": site.draft,
        "rulebook_file_id": site.file,
    }
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


@pytest.mark.parametrize(("name", "pages"), [("reviewer", 29), ("assessor", 22), ("staff", 18)])
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
        # Nor does any way on it leave the assessment by the way: a link is whole, a form that asks
        # by its address names the owner, since a browser drops what its action says of it.
        assert not re.findall(r'(?:href|action|data-hx-get)="[^"]*\?[^"]*\?', html), address
        for form in re.findall(r'<form[^>]*method="get".*?</form>', html, re.DOTALL):
            if 'action="/forms/' not in form and "scorecards/" not in address:
                assert 'name="owner" value="331100"' in form, (address, form)


def test_the_page_of_a_record_is_of_its_year_and_owner(site: Site) -> None:
    """Its address names neither; the ways at its top are those of its assessment."""
    page = site.browser("staff").get(f"/rulings/{site.ruling}")
    assert f"市考县 · 丽水市 {YEAR} 年度" in text_of(page)
    assert f"/determinations/?year={YEAR}&amp;owner=331100" in page.text


def test_rulings_of_both_in_one_list_say_whose_they_are(site: Site) -> None:
    said = "复核（市考县 · 丽水市）"
    reviewer = site.browser("reviewer")
    assert said in text_of(reviewer.get("/rulings/?span=all&whose=all"))
    assert said not in text_of(reviewer.get("/rulings/?span=all"))
    with closing(reviewer.get("/rulings/export.csv?span=all&whose=all")) as answer:
        assert said in answer.get_data().decode("utf-8")
    # Where one looks for the city's ranking, there is the way to it.
    ranking = reviewer.get(f"/overview/ranking/?year={YEAR}")
    assert f'href="/assessments/course/cities?year={YEAR}"' in ranking.text.partition("<main")[2]


def test_a_draw_from_a_citys_figures_is_the_citys(site: Site) -> None:
    reviewer = site.browser("reviewer")
    drawing = f"/samplings/?{OWNED}&year={YEAR}"
    answer = reviewer.confirm(drawing, {"seed": "20250310", "size": "2", "once": "a" * 32})
    assert answer.status_code == 302, text_of(answer)
    page = answer.headers["Location"]
    assert OWNED in page
    assert f"市考县 · 丽水市 {YEAR} 年度" in text_of(reviewer.get(page.partition("?")[0]))
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
    [f"/scorecards/?tables=xlsx&{OWNED}&year={YEAR}", f"/rulings/export.xlsx?{OWNED}&year={YEAR}"],
)
def test_the_files_of_its_pages_say_whose_they_are(site: Site, address: str) -> None:
    reviewer = site.browser("reviewer")
    for asked, begins in ((address, "市考县 · 丽水市 "), (address.replace(OWNED, ""), "")):
        with closing(reviewer.get(asked)) as answer:
            title = str(load_workbook(BytesIO(answer.data)).worksheets[0]["A1"].value)
        assert title.startswith(begins)
        assert ("市考县" in title) is bool(begins)


def test_cities_are_listed_by_as_many_statements_however_many_assess(site: Site) -> None:
    browser = site.browser("assessor")
    address = f"/assessments/course/cities?year={YEAR}"
    text = text_of(browser.get(address))
    assert "丽水市 公示 已发布" in text
    assert "衢州市 没有启动 没有 尚未计分" in text
    with count_queries(site.app) as before:
        browser.get(address)
    with site.app.app_context(), units.mode(writes=True):
        province = db.session.scalars(select(Region).where(Region.code == "330000")).one()
        for code, name in (("330700", "金华市"), ("331000", "台州市")):
            of = make.region(code, name, province, level=RegionLevel.CITY)
            assessment(YEAR, owner_region_id=of.id)
        db.session.commit()
    with count_queries(site.app) as after:
        assert "台州市 准备" in text_of(browser.get(address))
    assert len(after) == len(before)


def test_a_step_that_waits_is_shown_and_not_asked_for_twice(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "worker_seen", lambda _settings: True)
    with site.app.app_context(), units.mode(writes=True):
        other = db.session.scalars(select(Region).where(Region.code == "330800")).one()
        for year, owner in ((YEAR, site.owner), (YEAR, None), (YEAR, other.id), (2025, None)):
            given: list[int | str] = [year, Act.FINALISED.value, "", "10.0.0.7"]
            given += [owner] if owner is not None else []
            background.ask(STEP, None, *given, title=f"{year} {owner} 定稿")
        db.session.commit()
    page = text_of(site.browser("reviewer").get(f"/assessments/course/?{OWNED}&year={YEAR}"))
    assert f"{YEAR} {site.owner} 定稿：" in page
    page = text_of(site.browser("assessor").get(f"/assessments/course/?year={YEAR}"))
    assert f"{YEAR} None 定稿：" in page
    # Those who move nothing on are told nothing of it.
    assert "定稿：" not in text_of(site.browser("staff").get(f"/assessments/course/?{OWNED}"))
    with site.app.app_context():
        for year, owner in ((YEAR, site.owner), (YEAR, None), (2025, None)):
            found = waiting_step(year, owner)
            assert found is not None
            assert found.title == f"{year} {owner} 定稿"
        assert waiting_step(2025, site.owner) is None
    # Asked for again, from another place, it leads to the one that waits.
    with site.app.app_context(), units.mode(writes=True):
        of = assessment_of(YEAR, site.owner)
        assert of is not None
        of.stage = Stage.OBJECTIONS
        db.session.commit()
        version, waits = version_of(of), waiting_step(YEAR, site.owner)
        assert waits is not None
        number = waits.id
    answer = site.browser("reviewer").confirm(
        f"/assessments/course/{YEAR}/step/finalised?{OWNED}", {"version": str(version)}
    )
    assert f"step={number}" in answer.headers["Location"]
