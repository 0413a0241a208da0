"""A county, a pair, what it gained, an enclave, a park and a project on one sheet of A4 each,
however much belongs to them; nothing too wide."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page

from tests import factories as make
from tests.browsing import DESK, LARGE, PHONE
from tests.recycling import Applications, Databases
from tests.web.browser.conftest import Windows
from tests.web.conftest import Site, World, site_at
from tests.web.more_records import add_some
from tests.web.test_gains import fill as fill_gains
from tracker.core.db import db
from tracker.records.enclaves.models import EnclaveKind, TermKind
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region

pytestmark = pytest.mark.browser

LONG = "丽水市缙云县与杭州市富阳区共建高端智能装备制造及新材料产业园一期基础设施配套工程"


# Where each table that is seen ends.
BOXES = """[...document.querySelectorAll("main table")].filter(e => e.checkVisibility())
  .map(e => e.getBoundingClientRect().right)"""


def fill(site: Site) -> None:
    """Add more of everything than a sheet shows, long names among it."""
    add_some(site, range(12))
    with site.app.app_context():
        jinyun = db.session.get(Region, site.world["jinyun"])
        pairing = db.session.get(Pairing, site.world["pairing"])
        for number in range(6):
            name = f"{LONG}（第{number + 1}标段）"
            make.project(
                jinyun,
                name=name,
                pairing=pairing,
                total_investment=make.wan(90_000),
                signed_on=date(2024, 1, 1),
            )
            enclave = make.enclave(
                jinyun, pairing.supporter, EnclaveKind.INCOME, name=name, village_capital=1
            )
            make.term(enclave, TermKind.FIXED_SUM, amount=make.wan(9000))
            make.citation(pairing, make.source(), note=name)
        for number in range(60):
            make.county_indicator(
                jinyun.parent, f"每万老年人口拥有持证养老护理员数{number}(人)", unit="人"
            )
        db.session.commit()


def with_much(jinyun: Region, fuyang: Region) -> dict[str, tuple[str, ...]]:
    """Addresses of an enclave, a park and a project with more of all than a sheet holds, and words
    that each has to say on paper."""
    enclave = make.enclave(jinyun, fuyang, EnclaveKind.INCOME, name=f"{LONG}飞地")
    park = make.park(fuyang, jinyun, name=f"{LONG}园区")
    years = range(2016, 2025)
    agreement = make.agreement(enclave)
    make.tax_split(agreement, 2016)
    for number in range(3):
        make.agreement_document(agreement, title=f"{LONG}共建协议{number}")
    for number, year in enumerate(years):
        days = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
        make.term(enclave, TermKind.FIXED_SUM, amount=make.wan(90), **days)
        make.stake(enclave, make.village(jinyun), capital_paid=make.wan(7))
        make.space(enclave, 100 + number, on=date(year, 3, 1))
        for site in (enclave, park):
            make.tenant(site, name=f"{LONG}有限公司{number}")
            for item in (Item.REVENUE, Item.FLOOR_USABLE, Item.FLOOR_OCCUPIED):
                make.operating_figure(site, item, 60, year, 4)
        make.entry(enclave, EntryKind.REBATE, make.wan(90), date(year, 5, 1))
        make.entry(park, EntryKind.TAX, make.wan(90), date(year, 5, 1))
        for at, where in enumerate(({"enclave": enclave}, {"park": park})):
            project = make.project(
                jinyun, name=f"{LONG}（{at}-{number}）", signed_on=date(2016, 1, 1), **where
            )
    for year in years:
        for month in (1, 4, 7, 10):
            for kind in (EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT):
                make.entry(project, kind, make.wan(9), date(year, month, 1))
    db.session.flush()
    return {
        f"/enclaves/{enclave.id}": ("返利约定", "2024-12-31", "参股村", "空间交付", "90.00"),
        f"/parks/{park.id}": ("园内的项目", "各年资金", "90.00"),
        f"/projects/{project.id}": ("进展", "累计到位与完成", "324.00"),
    }


@pytest.fixture(scope="module")
def full(
    world_template: tuple[Path, World],
    databases: Databases,
    applications: Applications,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The filled site, which tests of this file read."""
    template, world = world_template
    folder = tmp_path_factory.mktemp("full")
    with (
        databases.sqlite(template) as url,
        site_at(applications, url, folder, World(dict(world.ids))) as site,
    ):
        fill(site)
        yield site


@pytest.fixture
def page(windows: Windows, full: Site) -> Iterator[Page]:
    """A leader's page on which any complaint of the browser fails the test."""
    client = full.browser("leader").client
    with windows.showing(full.app), windows.lent(client) as (page, complaints):
        yield page
        assert complaints == []


def test_a_county_and_a_pair_print_on_one_sheet(page: Page, full: Site):
    for address in (
        "/counties/331122",
        "/counties/331100",
        f"/pairings/{full.world['pairing']}",
    ):
        page.goto(f"{address}?year=2024")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(printed.pages) == 1, address
        words = printed.pages[0].extract_text()
        assert "2024" in words
        assert "示例领导" in words  # who printed it
        width, height = (float(side) for side in printed.pages[0].mediabox[2:])
        assert (round(width), round(height)) == (595, 842)


def test_an_enclave_a_park_and_a_project_print_on_one_sheet(
    windows: Windows, address: str, site: Site
):
    with site.app.app_context():
        pairing = db.session.get(Pairing, site.world["pairing"])
        much = with_much(pairing.recipient, pairing.supporter)
        db.session.commit()
    with windows.lent(site.browser("leader").client) as (page, complaints):
        for at, told in much.items():
            page.goto(f"{at}?year=2024")
            printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
            assert len(printed.pages) == 1, at
            words = printed.pages[0].extract_text()
            for said in (*told, "每张表只印", "示例领导"):
                assert said in words, (at, said)
            assert "操作记录\n" not in words
            assert page.locator(".print-note").is_hidden()
        assert complaints == []


def test_what_a_pair_gained_prints_on_one_sheet(windows: Windows, address: str, site: Site):
    fill_gains(site)
    with windows.lent(site.browser("leader").client) as (page, complaints):
        page.goto(f"/overview/gains/{site.world['pairing']}?year=2024")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert complaints == []
    assert len(printed.pages) == 1
    width, height = (float(side) for side in printed.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    assert "双方历年给出和得到" in printed.pages[0].extract_text()


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param((PHONE, DESK, LARGE), id="made wider"),
        *(
            pytest.param((size,), id=str(size["width"]), marks=pytest.mark.soak)
            for size in (PHONE, DESK, LARGE)
        ),
    ],
)
def test_nothing_is_wider_than_the_screen(
    page: Page, full: Site, sizes: tuple[dict[str, int], ...]
):
    """Each page is opened at the first of the sizes, and the window then made as wide as the
    others."""
    for address in (
        "/",
        "/overview/",
        "/counties/",
        "/counties/331122",
        "/counties/330111",
        f"/pairings/{full.world['pairing']}",
    ):
        for size in sizes:
            page.set_viewport_size(size)
            if size is sizes[0]:
                page.goto(f"{address}?year=2024")
            page.evaluate("new Promise(requestAnimationFrame)")
            extra = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert extra <= 0, (address, size, extra)
            boxes = page.evaluate(BOXES)
            assert all(right <= size["width"] + 1 for right in boxes), (address, size)


def test_the_picture_keeps_its_words_readable_on_a_phone(page: Page, full: Site):
    page.set_viewport_size(PHONE)
    page.goto("/overview/?year=2024")
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg.bars text')].map(e => e.getBoundingClientRect().height)"
    )
    assert sizes
    assert min(sizes) >= 11
    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('svg.bars text')]"
        ".map(e => e.getBoundingClientRect().right))"
    )
    assert right <= PHONE["width"]
