"""No page makes more queries as the data grows: some of all kinds, and in `make soak` each."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from tests import factories as make
from tests.audits.conftest import Site
from tests.audits.crawl import Page
from tests.audits.growth import grow
from tests.audits.multiply import LEFT_OUT
from tests.audits.world import YEAR
from tests.web.pages import forget
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.enclaves.models import Enclave
from tracker.records.operations.items import Item

USERS = ("staff", "assessor", "leader", "administrator")
# How many times more of everything there is, and then again.
# Copies lie years apart: until next year, which is open already, all years have records first.
A_FEW = today().year - YEAR + 1
MANY, VERY_MANY = 3, 8
# How many kinds of page `make test` looks at, drawn by the seed; `make soak` looks at each.
SOME = 8
SEED = 7


@pytest.fixture
def growing(site: Site) -> Iterator[Site]:
    yield site
    site.restore()


@contextmanager
def counted(site: Site) -> Iterator[list[str]]:
    """The statements that the database is asked within the block."""
    statements: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        statements.append(statement)

    forget(site.app)  # of a page that is made
    with site.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def kinds(crawled: Callable[[str], list[Page]]) -> list[Page]:
    """The first page of each kind that anybody reaches, and everybody's own first page."""
    found: dict[tuple[str, str], Page] = {}
    for user in USERS:
        for page in crawled(user):
            if page.is_html and page.status == 200:
                own = user if page.endpoint == "pages.home" else ""
                found.setdefault((page.endpoint, own), page)
    return list(found.values())


def measure(site: Site, pages: list[Page]) -> dict[Page, list[str]]:
    """The statements of each page, opened a second time: what is kept by digest is kept then."""
    clients = {page.user: site.client(page.user) for page in pages}
    found = {}
    for page in pages:
        client = clients[page.user]
        assert client.get(page.address).status_code == 200, page
        with counted(site) as statements:
            client.get(page.address)
        found[page] = list(statements)
    return found


def drawn(pages: list[Page]) -> list[Page]:
    """Everybody's first page, and some others."""
    first = [page for page in pages if page.endpoint == "pages.home"]
    others = [page for page in pages if page.endpoint != "pages.home"]
    return first + random.Random(SEED).sample(others, SOME)


@pytest.mark.parametrize(
    ("chosen", "more"),
    [
        pytest.param(drawn, MANY, id="some"),
        pytest.param(list, VERY_MANY, id="all", marks=pytest.mark.soak),
    ],
)
def test_no_page_makes_more_queries_as_the_data_grows(
    growing: Site, crawled: Callable[[str], list[Page]], chosen: Callable, more: int
):
    every = kinds(crawled)
    pages = chosen(every)
    with growing.app.app_context():
        copied = grow(A_FEW)
        in_doubt()
    # Each piece of a file has its place, each day and each period of a year is there once.
    single = {"background_chunks", "data_states", "filing_periods", "holidays"}
    once = {table for table, count in copied.items() if not count} - single - LEFT_OUT
    few = measure(growing, pages)
    with growing.app.app_context():
        grow(more)
    many = measure(growing, pages)
    worse = [
        f"{page}: {len(few[page])} → {len(many[page])}, such as {added(few[page], many[page])}"
        for page in pages
        if len(many[page]) > len(few[page])
    ]
    assert len(every) > 40
    assert not worse, "\n".join(worse)
    assert len(once) < 14, once


def in_doubt() -> None:
    """Let a figure be in doubt from the beginning: what finds none asks nothing more about it."""
    enclave = db.session.scalars(select(Enclave).order_by(Enclave.id)).first()
    for year, value in ((YEAR - 1, 1), (YEAR, 1000)):
        make.operating_figure(enclave, Item.OUTPUT, value, year)
    db.session.commit()


def added(few: list[str], many: list[str]) -> str:
    """The statement that came to be asked most often, shortened."""
    most = max(set(many), key=lambda statement: many.count(statement) - few.count(statement))
    return " ".join(most.split())[:300]
