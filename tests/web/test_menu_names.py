"""One name for one thing: the menu's name is the title and the heading of the page."""

from __future__ import annotations

import re

import pytest
from flask import url_for

from tracker.pages.menu import MENU

ENTRIES = [entry for group in MENU for entry in group.entries]


@pytest.mark.parametrize("role", ["assessor", "administrator"])
def test_the_menu_names_pages_as_they_name_themselves(site, role):
    browser = site.browser(role)
    seen = browser.get("/").text
    with site.app.test_request_context():
        known = {e.label: url_for(e.endpoint) for e in ENTRIES if _exists(site.app, e.endpoint)}
    differing = {}
    for label, address in known.items():
        if f'href="{address}"' not in seen:
            continue
        page = browser.get(address).text
        heading = re.sub(r"<[^>]*>", "", re.search(r"<h1>(.*?)</h1>", page, re.S)[1])
        heading = re.sub(r"\s*\d{4} 年度|\s", "", heading)
        if heading not in (label, f"浙江省{label.removeprefix('全省')}"):
            differing[label] = heading
    assert differing == {}


def _exists(app, endpoint):
    return endpoint in app.view_functions
