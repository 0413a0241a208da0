"""Every page that a role reaches by links: it opens, is valid, and shows nobody else's records."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.audits.conftest import Site
from tests.audits.crawl import DAILY, MANY, SOME, UNOPENED, Most, Page, links_of
from tests.audits.figures import faults_of_figures
from tests.audits.world import MARK
from tests.web.pages import check_page
from tracker.records.applications.steps import STEPS as APPLICATION_STEPS
from tracker.records.submissions.steps import STEPS
from tracker.records.supervision.steps import STEPS as ORDER_STEPS
from tracker.records.works.steps import STEPS as WORK_STEPS
from tracker.web.tables import AS_FILE

# Linked only where a record stands so: a rebate's draft without shares, a project that awaits its
# partner, a filing whose next step it is. The tests of these features open them.
BY_STATE = {
    "annual.drafts",  # what the grid's script asks
    "annual.post",  # by the button that saves the grid
    "annual.reopen",  # of a part that was reported done (tests/records/test_annual_tasks.py)
    "applications.delete",  # of a draft that nobody has handled (tests/web/test_applications.py)
    "evidence.small",  # once a worker has drawn it
    "ledger.explain",
    "ledger.retell",  # while a locked period is opened again (tests/web/test_kept_words.py)
    "ledger.split",
    "objections.answer",  # while a year is that far (tests/web/test_objections.py)
    "objections.file",
    "projects.answer",
    "projects.reply",  # to a partner that disputes (tests/web/test_shared_projects.py)
    "quarters.drafts",  # what the grid's script asks
    "quarters.post",  # by the button that saves the grid
    "ranking.beside",  # in a year that was scored (tests/web/test_ranking.py)
    "rulefiles.download",  # of a draft's file, too (tests/web/test_rulemaking.py)
    "rulefiles.file",
    "rulefiles.text",
    "rulelines.line",  # of a draft's rulebook (tests/web/test_rulemaking.py)
    "rulemaking.trial",  # once one was asked for
    "sheets.detail",  # of a workbook that one handed in (tests/exchange/sheets)
    "sheets.workbook",
    *(f"submissions.{act}" for act in STEPS),
    *(f"applications.{act}" for act in APPLICATION_STEPS),
    *(f"supervision.{act}" for act in ORDER_STEPS),
    *(f"key_works.{act}" for act in WORK_STEPS),
    "applications.correct",  # of an allotment (tests/web/test_applications.py)
    "task_parts.export",  # in a year that has tasks (tests/audits/test_files.py)
}

CHECKED = 2  # pages of one kind whose markup is looked at for each role, in `make soak`


@pytest.fixture(
    scope="module",
    params=[pytest.param((user, SOME), id=user) for user in DAILY]
    + [pytest.param((user, MANY), id=f"{user}-many", marks=pytest.mark.soak) for user in DAILY],
)
def pages(request: pytest.FixtureRequest, crawled: Callable[..., list[Page]]) -> list[Page]:
    """The pages of one role."""
    return crawled(*request.param)


def html(pages: list[Page]) -> list[Page]:
    return [page for page in pages if page.is_html and page.status == 200]


def test_no_link_is_dead(pages: list[Page]):
    dead = [f"{page.status} {page}" for page in pages if page.status not in (200, 302, UNOPENED)]
    assert not dead, "\n".join(dead)
    assert len(html(pages)) > 5


def to_check(pages: list[Page], most: Most, crawled: Callable[..., list[Page]]) -> list[Page]:
    """Those whose markup is looked at: in `make test` of each kind one, which is that of each role
    that reaches it in turn."""
    seen: dict[str, list[Page]] = defaultdict(list)
    for page in html(pages):
        seen[page.endpoint].append(page)
    if most is not SOME:
        return [page for same in seen.values() for page in same[:CHECKED]]
    whose: dict[str, list[str]] = defaultdict(list)
    for user in DAILY:
        for endpoint in {page.endpoint for page in html(crawled(user))}:
            whose[endpoint].append(user)
    turns = {of: users[turn % len(users)] for turn, (of, users) in enumerate(sorted(whose.items()))}
    return [same[0] for of, same in seen.items() if turns[of] == same[0].user]


def test_the_markup_of_every_kind_of_page(
    pages: list[Page], crawled: Callable[..., list[Page]], request: pytest.FixtureRequest
):
    _, most = request.node.callspec.params["pages"]
    faults = []
    for page in to_check(pages, most, crawled):
        try:
            check_page(page.text)
        except Exception as error:  # all faults at once
            faults.append(f"{page}: {type(error).__name__} {error}")
    assert not faults, "\n".join(faults)


def test_a_column_has_one_unit_and_no_figure_more_than_two_decimals(pages: list[Page]):
    faults = [f"{page}: {each}" for page in html(pages) for each in faults_of_figures(page.text)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ("<td class='num'>12.00</td><td class='num'>3.5万元</td>", "no bare figure"),
        ("<td class='num'>12.3456</td><td>甲</td>", "two decimals"),
        ("<td>12万元</td><td>1</td>", "carries its unit"),
        ("<td>甲</td><td>到位 1,200.8125 万元</td>", "1,200.8125"),
    ],
)
def test_the_audit_of_figures_finds_a_planted_fault(cells: str, fault: str):
    text = f"<main><table><thead><tr><th>甲<th>乙</thead><tbody><tr>{cells}</table></main>"
    assert any(fault in each for each in faults_of_figures(text))


def test_no_page_loads_anything_from_elsewhere(pages: list[Page]):
    for page in html(pages):
        for tag, target in links_of(page.text):
            if tag in ("a", "form") and not urlsplit(target).netloc:
                continue
            outside = bool(urlsplit(target).netloc or urlsplit(target).scheme)
            assert not outside or tag == "a", f"{page}: <{tag}> {target}"
        assert not re.search(r"<[^>]+\sstyle=|<style|\son\w+=", page.text), page
        assert not re.search(r"<script(?![^>]*\ssrc=)", page.text), page


def test_links_to_elsewhere_tell_nothing_of_this_site(pages: list[Page]):
    for page in html(pages):
        for link in re.findall(r"<a\s[^>]*href=\"https?:[^>]*>", page.text):
            assert "noopener" in link, f"{page}: {link}"
            assert "noreferrer" in link, f"{page}: {link}"


def test_whatever_a_page_shows_as_a_table_can_be_taken_along(pages: list[Page]):
    """By a link of its own, or, where it is the list that the page is about, as the whole list."""
    without, with_tables = [], 0
    for page in html(pages):
        tables = re.findall(r"<table\b[^>]*>", page.text)
        if not tables:
            assert f"{AS_FILE}=" not in page.text, page
            continue
        with_tables += 1
        own = "/export.xlsx" in page.text
        others = [each for each in tables if not re.search(r'class="[^"]*\brecords\b', each)]
        taken = all(f"{AS_FILE}={form}" in page.text for form in ("xlsx", "csv"))
        if not (taken or (own and not others)):
            without.append(str(page))
    assert not without, "\n".join(without)
    assert with_tables > 3


def test_a_title_says_which_page_it_is(site: Site, pages: list[Page]):
    """Two pages to read with one title are the same page in another order or with another filter;
    forms are named for what is done with them."""
    titles: dict[str, set[str]] = defaultdict(set)
    for page in html(pages):
        if str(site.app.view_functions[page.endpoint].permission).endswith(":view"):
            titles[page.title].add(urlsplit(page.address).path)
    same = {title: sorted(paths) for title, paths in titles.items() if len(paths) > 1}
    assert not same, same


def test_what_belongs_to_another_county_is_nowhere(pages: list[Page]):
    """Of all that 庆元县 entered, 缙云县 sees nothing on any page; the city sees it."""
    shown = [str(page) for page in html(pages) if MARK in page.text]
    user = pages[0].user
    if user in ("staff",):
        assert shown == []
    elif user != "administrator":
        assert shown


def test_every_page_can_be_reached_by_links(site: Site, crawled: Callable[[str], list[Page]]):
    """Each page that asks for a permission is linked from some other, for one role at least."""
    reached = set()
    for user in DAILY:
        reached |= {page.endpoint for page in crawled(user)}
    readable = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if "GET" in rule.methods
        and getattr(site.app.view_functions[rule.endpoint], "permission", 0)
    }
    unreached = sorted(readable - reached - BY_STATE)
    assert not unreached, unreached
