"""axe-core finds nothing, nothing is wider than the screen, a phone cuts no word and has no target
below 32 px, and the browser has no complaint: every kind of page in a real browser."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.audits.conftest import Site
from tests.audits.crawl import DAILY, MANY, Page, by_act
from tests.audits.world import USERS
from tests.browsing import DESK, PHONE, chromium, serving, signed_in, watched

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  each => `${each.id}: ${each.help} — ${each.nodes.slice(0, 3).map(node => node.html).join(" ")}`
)"""
TOUCH = Path(__file__).with_name("touch.js").read_text(encoding="utf-8")
# Of the pages for one act, which many kinds of records share, one is opened, and of an act that
# very many kinds have a second; axe sees one at a desk or on a phone, the other at the other.
ALIKE, SEED = 10, 7
SIZES = (DESK, PHONE)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def faults_of(tab: Tab, page: Page, axe_at: Iterable[dict] = (DESK, PHONE)) -> list[str]:
    """What is wrong with `page` at a desk and on a phone; axe looks at the sizes `axe_at`."""
    found = []
    tab.goto(page.address)
    if axe_at:
        tab.evaluate(AXE)
    for size in (DESK, PHONE):
        tab.set_viewport_size(size)
        # hidden parts of a page answer to the width before axe looks
        tab.evaluate("new Promise(requestAnimationFrame)")
        if size in axe_at:
            found += [f"{page} at {size['width']}: {fault}" for fault in tab.evaluate(RUN)]
        extra = tab.evaluate(OVERFLOW)
        if extra > 0:
            found.append(f"{page} at {size['width']}: {extra} px wider than the screen")
        found += [f"{page} at {size['width']}: {fault}" for fault in tab.evaluate(TOUCH)]
    return found


def walk(
    site: Site, browser: Browser, pages: list[Page], few: dict[Page, tuple[dict, ...]] | None = None
) -> list[str]:
    """The faults of `pages`, all opened by the user who reached them. axe looks at all of them at
    both sizes or, where they are given, at a `few` at some."""
    found = []
    with serving(site.app) as address:
        context = signed_in(browser, address, site.client(pages[0].user))
        tab, complaints = watched(context, address)
        for page in pages:
            found += faults_of(tab, page, (DESK, PHONE) if few is None else few.get(page, ()))
            found += [f"{page}: {complaint}" for complaint in complaints]
            complaints.clear()
        context.close()
    return found


def opened(pages: list[Page]) -> list[Page]:
    return [page for page in pages if page.is_html and page.status == 200]


def first_of_kinds(crawled: Callable[..., list[Page]]) -> list[Page]:
    """The first page of each kind that anybody reaches."""
    found: dict[str, Page] = {}
    for user in DAILY:
        for page in opened(crawled(user)):
            found.setdefault(page.endpoint, page)
    return list(found.values())


def drawn(pages: list[Page]) -> dict[Page, tuple[dict, ...]]:
    """Of the pages for one act one or two drawn by the seed, with the size at which axe looks at
    each: of those that come first the next in turn, and of the second of an act the other."""
    acts = by_act(pages)
    found: dict[Page, tuple[dict, ...]] = {}
    for turn, same in enumerate(acts.values()):
        chosen = random.Random(SEED).sample(same, 2 if len(same) > ALIKE else 1)
        for number, page in enumerate(chosen, turn):
            found[page] = (SIZES[number % 2],)
    return found


@pytest.mark.parametrize("user", DAILY)
def test_one_page_of_each_kind(site: Site, browser: Browser, crawled: Callable, user: str):
    """Some of those that are alike; in `make soak` all pages of all users."""
    every = first_of_kinds(crawled)
    few = drawn(every)
    pages = [page for page in few if page.user == user]
    faults = walk(site, browser, pages, few) if pages else []
    assert len(every) > 250
    assert len(few) > 60
    assert not faults, "\n".join(faults)


def test_signing_in(site: Site, browser: Browser):
    with serving(site.app) as address:
        context = browser.new_context(base_url=address)
        tab, complaints = watched(context, address)
        page = Page("nobody", "accounts.login", "/login", "", 200, "text/html", "")
        faults = faults_of(tab, page) + complaints
        context.close()
    assert not faults, "\n".join(faults)


def test_axe_finds_a_planted_fault(site: Site, browser: Browser):
    """The check would notice: a picture without words is told."""
    with serving(site.app) as address:
        context = signed_in(browser, address, site.client("staff"))
        tab = context.new_page()
        tab.goto("/")
        tab.evaluate("document.querySelector('main').append(new Image())")
        tab.evaluate(AXE)
        assert any("image-alt" in fault for fault in tab.evaluate(RUN))
        context.close()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_cut_word_and_a_small_target_are_found(site: Site, browser: Browser, size: dict):
    with serving(site.app) as address:
        context = signed_in(browser, address, site.client("staff"), viewport=size)
        tab = context.new_page()
        tab.goto("/")
        assert tab.evaluate(TOUCH) == []
        tab.evaluate("""() => {
          document.querySelector("main").insertAdjacentHTML("beforeend", `
            <p class="cut">很长很长的一句话</p><button class="small">改</button>`);
          const [cut, small] = [".cut", ".small"].map((of) => document.querySelector(of).style);
          [cut.width, cut.overflow, cut.whiteSpace] = ["40px", "hidden", "nowrap"];
          [small.width, small.height, small.padding] = ["20px", "20px", "0"];
        }""")
        said = tab.evaluate(TOUCH)
        assert [each.split("|")[0] for each in said] == ["cut", "small"]
        context.close()


@pytest.mark.soak
@pytest.mark.parametrize("user", [name for name, _, _ in USERS])
def test_every_page(site: Site, browser: Browser, crawled: Callable, user: str):
    faults = walk(site, browser, opened(crawled(user, MANY)))
    assert not faults, "\n".join(faults)
