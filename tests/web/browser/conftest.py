"""One browser and one address for all tests of this folder, and windows that they lend each other.

A window of its own costs a test four times what a page costs: a process for it, and all styles,
scripts and fonts anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.exceptions import ServiceUnavailable

from tests.browsing import DESK, chromium, serving, watched
from tests.web.conftest import Site

WAITS = 30_000  # milliseconds, playwright's own


class Windows:
    """Windows of a browser onto whatever application is served at the moment."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.address = ""
        self.app: Flask | None = None
        self._free: list[tuple[BrowserContext, Page, list[str]]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        app = self.app or ServiceUnavailable()
        return app(environ, start_response)

    @contextmanager
    def showing(self, app: Flask) -> Iterator[str]:
        """The address at which `app` answers within the block."""
        self.app = app
        yield self.address
        self.app = None

    @contextmanager
    def lent(
        self, client: FlaskClient | None = None, viewport: dict[str, int] = DESK
    ) -> Iterator[tuple[Page, list[str]]]:
        """The page of a window that knows nothing but the session of `client`, and the list that
        gathers what the browser complains of. What a test adds to the scripts of its pages it adds
        to another page of the window, which is closed afterwards."""
        context, page, complaints = self._free.pop() if self._free else self._new()
        page.set_viewport_size(viewport)
        complaints.clear()
        if client is not None:
            self.sign_in(context, client)
        yield page, complaints
        for other in context.pages:
            if other is not page:
                other.close()
        page.goto("about:blank")
        context.clear_cookies()
        context.set_default_timeout(WAITS)
        self._free.append((context, page, complaints))

    def sign_in(self, context: BrowserContext, client: FlaskClient) -> None:
        """Let the session of `client` go on in the window, in place of any other."""
        cookie = client.get_cookie("session")
        context.add_cookies([{"name": "session", "value": cookie.value, "url": self.address}])

    def _new(self) -> tuple[BrowserContext, Page, list[str]]:
        context = self.browser.new_context(base_url=self.address)
        return context, *watched(context, self.address)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="package")
def windows(browser: Browser) -> Iterator[Windows]:
    found = Windows(browser)
    with serving(found) as found.address:
        yield found


@pytest.fixture
def address(windows: Windows, site: Site) -> Iterator[str]:
    """The address of the site."""
    with windows.showing(site.app) as found:
        yield found
