"""The year of every page: what it is compared with, what a year without records says, and that
links, forms and redirects keep it."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
import time_machine

from tests import factories as make
from tests import factories_acts as acts
from tests.audits.conftest import Site
from tests.audits.crawl import links_of
from tests.audits.routes import routes
from tests.web.pages import words
from tracker.core.db import db
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.submissions.models import FilingKind

READERS = ("leader", "staff")
# The pages that set one year against another.
EVERYBODY = {"projects.detail", "parks.detail", "pages.pair", "enclaves.detail"}
LEADERS = EVERYBODY | {"overview.index", "counties.detail"}
OF_AN_ACT, READ, SEED = 2, 12, 7  # pages for one act, and of those that are read
JULY = datetime(2026, 7, 3, 4, tzinfo=UTC)
# 万元 of the running year, and of the year before: until 31 March, and in all of it.
NOW, SAME, WHOLE = "1,597", "1,379", "81,381"
SAME_PARTS = {("15970000.00", "13790000.00"), ("33", "30")}


@pytest.fixture(scope="module")
def running(site: Site) -> Iterator[Site]:
    """The world with a whole year before and one entry in the running one."""
    with site.app.app_context():
        of = site.world.records
        project = db.session.get(Project, of["projects"])
        subjects = {
            EntryKind.FUNDS_IN_PLACE: project,
            EntryKind.REBATE: db.session.get(Enclave, of["enclaves"]),
            EntryKind.TAX: db.session.get(Park, of["parks"]),
            EntryKind.AID_SENT: db.session.get(Pairing, of["pairings"]),
        }
        for kind, subject in subjects.items():
            make.entry(subject, kind, make.wan(1379), date(2025, 2, 1), note="同期")
            make.entry(subject, kind, make.wan(80_002), date(2025, 11, 1), note="其后")
            make.entry(subject, kind, make.wan(1597), date(2026, 2, 1), note="本年")
        for day, people in ((date(2025, 2, 1), 30), (date(2025, 11, 1), 7_000)):
            acts.training(subjects[EntryKind.AID_SENT], people, on=day)
        acts.training(subjects[EntryKind.AID_SENT], 33, on=date(2026, 2, 1))
        for site_of in (subjects[EntryKind.REBATE], subjects[EntryKind.TAX]):
            for quarter, value in ((1, 1379), (4, 80_002)):
                make.operating_figure(site_of, Item.REVENUE, value, 2025, quarter)
            make.operating_figure(site_of, Item.REVENUE, 1597, 2026, 1)
        county = db.session.get(Region, of["regions"])
        acts.filing(county, 2026, FilingKind.Q1, due_on=date(2026, 4, 10), filed_at=JULY)
        db.session.commit()
    yield site
    site.restore()


Pages = list[tuple[str, str]]


Reader = tuple[str, int | None]


def html_pages(site: Site, reader: Reader, year: int) -> Pages:
    """(endpoint, text) of the page of each kind that the user gets, in the year: of so many for one
    act, which many kinds of records share (None: all), of `READ` that are read, and of all that
    compare years. What staff reads as well a leader reads in the long runs, but for what compares
    years.
    """
    user, most = reader
    client, pages = site.client(user), []
    every = routes(site.app, site.world)
    random.Random(SEED).shuffle(every)
    of_act: Counter[str] = Counter()
    for route in every:
        if route.method != "GET" or route.permission is None or not route.in_sight(user):
            continue
        if not route.granted(user):
            continue
        also_staff = route.granted("staff") and route.in_sight("staff")
        if most is not None and user != "staff" and also_staff and route.endpoint not in LEADERS:
            continue
        if most is not None and route.endpoint not in LEADERS:
            act = route.endpoint.rpartition(".")[2]
            if of_act[act] == (READ if route.permission.endswith(":view") else most):
                continue
            of_act[act] += 1
        answer = client.get(f"{route.address}?year={year}")
        if answer.status_code == 200 and answer.mimetype == "text/html":
            pages.append((route.endpoint, answer.text))
        answer.close()
    return pages


@pytest.fixture(
    scope="module",
    params=[pytest.param((user, OF_AN_ACT), id=user) for user in READERS]
    + [pytest.param((user, None), id=f"{user}-all", marks=pytest.mark.soak) for user in READERS],
)
def reader(request: pytest.FixtureRequest) -> Reader:
    return request.param


@pytest.fixture(scope="module")
def user(reader: Reader) -> str:
    return reader[0]


@pytest.fixture(scope="module")
def of_2026(running: Site, reader: Reader) -> Pages:
    with time_machine.travel(JULY):
        return html_pages(running, reader, 2026)


@pytest.fixture(scope="module")
def of_2016(running: Site, reader: Reader) -> Pages:
    """The pages of a year of which nothing is on record."""
    with time_machine.travel(JULY):
        return html_pages(running, reader, 2016)


def main_of(text: str):
    """The page but its menu, its choices and what stands on paper alone."""
    text = re.sub(r'<p class="print-head">.*?</p>|<select.*?</select>', "", text, flags=re.S)
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    return next(e for e in tree.iter("main"))


def folded(element) -> str:
    return re.sub(r"\s", "", words(element))


# Pages about another year, about rules, or about single entries: they have no parts.
WITHOUT_PARTS = (
    *("doubts.", "scorecards.", "snapshots.", "rulebooks.", "determinations."),
    "desk.",  # beside a whole year alone, as the cards
    "gains.",  # a history by years; the running one is said to be until now
)


def test_no_page_sets_a_running_year_against_the_whole_year_before(of_2026: Pages, user: str):
    compared, faults = set(), []
    for endpoint, text in of_2026:
        if endpoint.startswith(WITHOUT_PARTS):
            continue
        main = main_of(text)
        pairs = re.findall(r'data-now="([^"]+)" data-before="([^"]+)"', text)
        tables = [e for e in main.iter("table") if "records" not in e.get("class", "").split()]
        beside = [folded(table) for table in tables]
        # What a contract owes and what was paid stand against each other, year by year.
        beside = [rows for rows in beside if "应返" not in rows]
        beside = [rows for rows in beside if NOW in rows and (SAME in rows or WHOLE in rows)]
        if pairs or beside:
            compared.add(endpoint)
        faults += [f"{endpoint}: {two}" for two in pairs if two not in SAME_PARTS]
        faults += [f"{endpoint}: {rows}" for rows in beside if SAME not in rows]
        if (pairs or beside) and not re.search(r"截至2026-03-31，1/[12]县", folded(main)):
            faults.append(f"{endpoint}: who has reported is not said")
        said = re.findall(
            r".{9}[上去]年(?!同期|全年|比较的是|任务的比例|比例).{9}|同比.{9}", folded(main)
        )
        faults += [f"{endpoint}: {words}" for words in said]
    assert not faults, "\n".join(faults)
    assert compared >= (EVERYBODY if user == "staff" else LEADERS), compared


def test_a_year_without_records_says_so_and_offers_the_latest(
    site: Site, of_2016: Pages, user: str
):
    """Of the pages to read; a form is about its own record, whatever the year."""
    silent = []
    for endpoint, text in of_2016:
        if not site.app.view_functions[endpoint].permission.endswith(":view"):
            continue
        said = folded(main_of(text)).partition("操作记录")[0]
        offered = re.search(r'href="[^"]*year=(20\d\d)[^"]*">(看 )?\1', text)
        if "2016年" in said and not offered:
            at = said.index("2016年")
            silent.append(f"{endpoint}: {said[max(at - 20, 0) : at + 20]}")
    assert not silent, "\n".join(silent)
    assert len(of_2016) > (40 if user == "staff" else 5)


@pytest.mark.parametrize("year", ["2016", "2026"])
def test_links_and_forms_keep_the_year_of_the_page(
    site: Site, of_2016: Pages, of_2026: Pages, year: str
):
    faults = set()
    at = site.app.url_map.bind("localhost")
    for endpoint, text in of_2016 if year == "2016" else of_2026:
        if endpoint.startswith(WITHOUT_PARTS):
            continue
        for tag, target in links_of(text):
            parts = urlsplit(target)
            if tag not in ("a", "form") or parts.netloc or not parts.path.startswith("/"):
                continue
            view = site.app.view_functions[at.match(parts.path, method="GET")[0]]
            if getattr(view, "permission", None) is None or tag == "form":
                continue
            # A page of one year says so in its address, whatever year is in view.
            named = f"/{year}" in parts.path or re.search(r"/20\d\d/", parts.path)
            if "year" not in parse_qs(parts.query) and not named:
                faults.add(f"{endpoint}: {target}")
        for form in re.findall(r'<form[^>]*method="get".*?</form>', text, re.S):
            named = re.match(r'<form[^>]*action="[^"]*/20\d\d/', form)
            if 'name="year"' not in form and 'id="year-form"' not in form and not named:
                faults.add(f"{endpoint}: {form[:80]}")
        for action in re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', text):
            view = site.app.view_functions[at.match(urlsplit(action).path, method="POST")[0]]
            named = "year=" in action or re.search(r"/20\d\d/", action)
            if getattr(view, "permission", None) is not None and not named:
                faults.add(f"{endpoint}: {action}")
    assert not faults, "\n".join(sorted(faults))
