"""A county and a pair on one sheet of A4, however much belongs to them; nothing too wide."""

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
