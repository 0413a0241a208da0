"""Save every kind of page as each role sees it, at 390, 1280 and 1920 px: `make screenshots`.

    python -m tools.screenshots [USER …]

Shows the instance that `make run` filled; the pictures are in build/screenshots/.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from tests.audits.crawl import Page, crawl
from tests.browsing import DESK, LARGE, PHONE, chromium, serving, signed_in
from tests.web.pages import Browser
from tracker import create_app
from tracker.core.config import Settings
from tracker.core.db import db
from tracker.records.accounts.models import User

FOLDER = Path("build/screenshots")
DAILY = ("jinyun", "lishui", "kaohe", "lingdao", "guanli")
SIZES = (PHONE, DESK, LARGE)


def main() -> None:
    """Save the pages of the demonstration accounts named in the arguments, else of one a role."""
    os.environ["TRACKER_INSECURE_COOKIES"] = "1"
    app = create_app(replace(Settings.from_environment(), demo=True))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serving(app) as address, chromium() as browser:
        for name in sys.argv[1:] or DAILY:
            client = Browser(app, _user_id(app, name)).client
            pages = _kinds(crawl(app, client, name, "/?year=2024"))
            context = signed_in(browser, address, client)
            tab = context.new_page()
            for page in pages:
                for size in SIZES:
                    tab.set_viewport_size(size)
                    tab.goto(page.address)
                    tab.screenshot(path=FOLDER / _name(page, size["width"]), full_page=True)
            context.close()
            print(f"{name}: {len(pages)} pages in {FOLDER}", flush=True)


def _user_id(app: Flask, name: str) -> int:
    with app.app_context():
        found = db.session.scalar(select(User.id).where(User.username == name))
    return found or sys.exit(f"没有演示账户 {name}：请先运行一次 make run")


def _kinds(pages: list[Page]) -> list[Page]:
    """The first page of each kind."""
    found: dict[str, Page] = {}
    for page in pages:
        if page.is_html and page.status == 200:
            found.setdefault(page.endpoint, page)
    return list(found.values())


def _name(page: Page, width: int) -> str:
    path = re.sub(r"\W+", "-", urlsplit(page.address).path).strip("-") or "home"
    return f"{page.user}-{path}-{width}.png"


if __name__ == "__main__":
    main()
