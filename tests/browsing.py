"""A real browser on a running server, for the tests that need one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
LARGE = {"width": 1920, "height": 1080}


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@contextmanager
def serving(app: Callable) -> Iterator[str]:
    """The address at which `app` answers, a WSGI application."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def signed_in(browser: Browser, address: str, client: FlaskClient, **options) -> BrowserContext:
    """A browser's context that carries the session of `client`."""
    client.get("/")
    context = browser.new_context(base_url=address, **options)
    cookie = {"name": "session", "value": client.get_cookie("session").value, "url": address}
    context.add_cookies([cookie])
    return context


def watched(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """A page, and the list that gathers what the browser complains of: scripts that fail, what
    the policy refuses, requests to any other address."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type in ("error", "warning") and "422" not in message.text
            else None
        ),
    )
    page.on(
        "request",
        lambda request: None if request.url.startswith(address) else complaints.append(request.url),
    )
    return page, complaints
