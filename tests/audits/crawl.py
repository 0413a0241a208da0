"""What a user reaches by following links from the first page, as a person would."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.audits.world import YEAR
from tracker.web.tables import AS_FILE

DAILY = ("staff", "reviewer", "assessor", "leader", "administrator")


class Most(NamedTuple):
    """A list can be sorted and filtered in countless ways: so many addresses of one page are
    opened, so many of one kind of page that shows a record, and of one that does something to it.
    `each_query`: whether pages whose addresses ask for different things are of different kinds.
    The rest are looked up in the map of routes."""

    of_page: int
    shown: int
    others: int
    each_query: bool


# In `make test` (`in_turn`; the city sees two counties, whose pages have two titles), and in
# `make soak`.
SOME, TWO, MANY = Most(1, 1, 1, False), Most(1, 2, 1, False), Most(3, 8, 8, True)
SHOWN = (".detail", ".index", ".page")
# Lists, and pages that show tables, have links to themselves as files: so many are opened, of all
# kinds together. The others are found (UNOPENED); each route is opened by test_routes.py, and
# compared by test_files.py.
FILES, UNOPENED = 2, 0
LINKS = {"a": "href", "link": "href", "script": "src", "img": "src", "iframe": "src", "use": "href"}


@dataclass(frozen=True)
class Page:
    """One answer: where it was found first, and what it said."""

    user: str
    endpoint: str
    address: str
    found_on: str
    status: int
    kind: str
    text: str

    @property
    def is_html(self) -> bool:
        return self.kind == "text/html"

    @property
    def title(self) -> str:
        found = re.search(r"<title>([^<]*)</title>", self.text)
        return found[1] if found else ""

    def __str__(self) -> str:
        return f"{self.user} {self.address} (from {self.found_on})"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "form" and (values.get("method") or "get").lower() == "get":
            self.found.append((tag, values.get("action") or ""))
        elif values.get(LINKS.get(tag, "")):
            self.found.append((tag, values[LINKS[tag]]))


# What holds an address and nothing else: most of a page is neither, and reading it takes as long
# as making it. Our own pages write "<" and ">" in texts and attributes as `&lt;` and `&gt;`.
_HOLDING = re.compile(rf"<(?:{'|'.join((*LINKS, 'form'))})\s[^>]*>")


def links_of(text: str) -> list[tuple[str, str]]:
    """(tag, address) of everything that a page leads to or loads."""
    parser = _Links()
    for tag in _HOLDING.findall(text):
        parser.feed(tag)
        parser.reset()  # what follows a `<script>` is not in it
    return parser.found


def crawl(
    app: Flask,
    client: FlaskClient,
    user: str,
    start: str = "/",
    most: Most = SOME,
    opened: Collection[str] = (),
) -> list[Page]:
    """The pages that `user` reaches from `start`, the nearest first; those of `opened` that do
    something were opened by somebody else.

    An answer that leads elsewhere is followed; an address that no route knows is a page of its
    own with the status 404.
    """
    routes = app.url_map.bind("localhost")
    queue = deque([(start, "")])
    known = {start}
    of_kind: Counter[str] = Counter()
    of_page: Counter[str] = Counter()
    pages: list[Page] = []
    while queue:
        address, found_on = queue.popleft()
        parts = urlsplit(address)
        try:
            endpoint, _ = routes.match(parts.path, method="GET")
        except HTTPException as error:
            pages.append(Page(user, "", address, found_on, error.code or 404, "", ""))
            continue
        if endpoint in opened and address != start and not _is_read(app, endpoint):
            continue
        if endpoint.endswith(".export") or AS_FILE in parse_qs(parts.query):
            of_page["export"] += 1
            if of_page["export"] > FILES:
                pages.append(Page(user, endpoint, address, found_on, UNOPENED, "", ""))
                continue
        kind = f"{endpoint}?{sorted(parse_qs(parts.query)) if most.each_query else ''}"
        of_kind[kind] += 1
        of_page[parts.path] += 1
        if endpoint == "static" and of_page[parts.path] > 1:
            continue
        of_one = most.shown if endpoint.endswith(SHOWN) else most.others
        if of_page[parts.path] > most.of_page or of_kind[kind] > of_one:
            continue
        answer = client.get(address)
        mimetype = answer.mimetype
        text = answer.text if mimetype == "text/html" else ""
        pages.append(Page(user, endpoint, address, found_on, answer.status_code, mimetype, text))
        targets = links_of(text) if mimetype == "text/html" else []
        if 300 <= answer.status_code < 400:
            targets.append(("a", answer.location))
        answer.close()
        for _, target in targets:
            joined = urljoin(f"http://localhost{address}", target)
            split = urlsplit(joined)
            if split.netloc != "localhost" or split.scheme != "http":
                continue
            local = split._replace(scheme="", netloc="", fragment="").geturl()
            if local not in known:
                known.add(local)
                queue.append((local, address))
    return pages


def _is_read(app: Flask, endpoint: str) -> bool:
    """Whether the page is one to read, and not one that does something."""
    return str(getattr(app.view_functions[endpoint], "permission", "")).endswith(":view")


def in_turn(app: Flask, client: Callable[[str], FlaskClient]) -> dict[str, list[Page]]:
    """The pages of the world's year that the daily users reach, and those of the running year that
    a leader does: each opens what is to be read, and the forms that nobody before it has reached.
    """
    found: dict[str, list[Page]] = {}
    opened: set[str] = set()
    for user in DAILY:
        most = TWO if user == "reviewer" else SOME
        start = "/" if user == "leader" else f"/?year={YEAR}"
        found[user] = crawl(app, client(user), user, start, most, opened)
        opened |= {page.endpoint for page in found[user] if page.status == 200}
    return found


def by_act(pages: Iterable[Page]) -> dict[str, list[Page]]:
    """The pages for one act together, which many kinds of records share: all lists, all forms of
    something new, all workbooks that are handed in."""
    found: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        found[page.endpoint.rpartition(".")[2].partition("_")[0]].append(page)
    return found
