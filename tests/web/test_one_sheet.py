"""A county, a pair, an enclave, a park and a project on one sheet of A4 each, however much belongs
to them; nothing too wide."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pypdf
import pytest
from playwright.sync_api import Browser, Page

from tests import factories as make
from tests.browsing import DESK, LARGE, PHONE, chromium, serving, signed_in, watched
from tests.web.conftest import Site
from tests.web.more_records import add_some
from tracker.core.db import db
from tracker.records.enclaves.models import EnclaveKind, TermKind
from tracker.records.ledger.models import EntryKind
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region

pytestmark = pytest.mark.browser

LONG = "丽水市缙云县与杭州市富阳区共建高端智能装备制造及新材料产业园一期基础设施配套工程"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def full(site: Site) -> Site:
    """The site with more of everything than a sheet shows, long names among it."""
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
        db.session.commit()
    return site


@pytest.fixture
def page(browser: Browser, full: Site) -> Iterator[Page]:
    """A leader's page on which any complaint of the browser fails the test."""
    with serving(full.app) as address:
        context = signed_in(browser, address, full.browser("leader").client, viewport=DESK)
        page, complaints = watched(context, address)
        yield page
        context.close()
    assert complaints == []


def test_a_county_and_a_pair_print_on_one_sheet(page: Page, full: Site):
    for address in ("/counties/331122", "/counties/331100", f"/pairings/{full.world['pairing']}"):
        page.goto(f"{address}?year=2024")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(printed.pages) == 1, address
        words = printed.pages[0].extract_text()
        assert "2024" in words
        assert "示例领导" in words  # who printed it
        width, height = (float(side) for side in printed.pages[0].mediabox[2:])
        assert (round(width), round(height)) == (595, 842)


@pytest.fixture
def sites_of_much(full: Site) -> dict[str, tuple[str, ...]]:
    """Addresses of an enclave, a park and a project with more of all than a sheet holds, and words
    that each has to say on paper."""
    with full.app.app_context():
        jinyun = db.session.get(Region, full.world["jinyun"])
        pairing = db.session.get(Pairing, full.world["pairing"])
        fuyang = pairing.supporter
        enclave = make.enclave(jinyun, fuyang, EnclaveKind.INCOME, name=f"{LONG}飞地")
        park = make.park(fuyang, jinyun, name=f"{LONG}园区")
        years = range(2016, 2025)
        for number, year in enumerate(years):
            days = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
            make.term(enclave, TermKind.FIXED_SUM, amount=make.wan(90), **days)
            make.stake(enclave, make.village(jinyun), capital_paid=make.wan(7))
            make.space(enclave, 100 + number, on=date(year, 3, 1))
            for site in (enclave, park):
                make.tenant(site, name=f"{LONG}有限公司{number}")
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
        db.session.commit()
        return {
            f"/enclaves/{enclave.id}": ("返利约定", "2024-12-31", "参股村", "空间交付", "90.00"),
            f"/parks/{park.id}": ("园内的项目", "各年资金", "90.00"),
            f"/projects/{project.id}": ("进展", "累计到位与完成", "324.00"),
        }


def test_an_enclave_a_park_and_a_project_print_on_one_sheet(
    page: Page, sites_of_much: dict[str, tuple[str, ...]]
):
    for address, told in sites_of_much.items():
        page.goto(f"{address}?year=2024")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(printed.pages) == 1, address
        words = printed.pages[0].extract_text()
        for said in (*told, "每张表只印", "示例领导"):
            assert said in words, (address, said)
        assert "操作记录\n" not in words
        assert page.locator(".print-note").is_hidden()


@pytest.mark.parametrize("size", [PHONE, DESK, LARGE], ids=lambda size: str(size["width"]))
def test_nothing_is_wider_than_the_screen(page: Page, full: Site, size: dict):
    page.set_viewport_size(size)
    for address in (
        "/",
        "/overview/",
        "/counties/",
        "/counties/331122",
        "/counties/330111",
        f"/pairings/{full.world['pairing']}",
    ):
        page.goto(f"{address}?year=2024")
        extra = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert extra <= 0, (address, extra)
        for table in page.locator("main table").all():
            box = table.bounding_box()
            assert box is None or box["x"] + box["width"] <= size["width"] + 1, address


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
