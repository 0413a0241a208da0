"""What a user reaches by following links from the first page, as a person would."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tracker.web.tables import AS_FILE

# A list can be sorted and filtered in countless ways: so many addresses of one page are opened, so
# many of one kind of page that shows a record, and of one that does something to it, in `make test`
# and in `make soak`. The rest are looked up in the map of routes.
SOME, MANY = (2, 3, 1), (3, 8, 8)
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
    most: tuple[int, int, int] = SOME,
) -> list[Page]:
    """The pages that `user` reaches from `start`, the nearest first; `most`: addresses of one page,
    of one kind of page that shows a record, and of every other kind.

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
        variant = f"{parts.path}?{sorted(parse_qs(parts.query))}"
        if endpoint.endswith(".export") or AS_FILE in parse_qs(parts.query):
            of_page["export"] += 1
            if of_page["export"] > FILES:
                pages.append(Page(user, endpoint, address, found_on, UNOPENED, "", ""))
                continue
        of_kind[f"{endpoint}?{sorted(parse_qs(parts.query))}"] += 1
        of_page[parts.path] += 1
        if endpoint == "static" and of_page[parts.path] > 1:
            continue
        same = of_kind[variant.replace(parts.path, endpoint)]
        of_one = most[1] if endpoint.endswith(SHOWN) else most[2]
        if of_page[parts.path] > most[0] or same > of_one:
            continue
        answer = client.get(address)
        kind = answer.mimetype
        text = answer.text if kind == "text/html" else ""
        pages.append(Page(user, endpoint, address, found_on, answer.status_code, kind, text))
        targets = links_of(text) if kind == "text/html" else []
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
