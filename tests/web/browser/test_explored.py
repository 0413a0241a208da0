"""The quarters of 走势 that are explored in a browser: ECharts draws what the table says, is asked
for by hand alone, and nothing is lost without it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from playwright.sync_api import Page

from tests import factories as make
from tests.web.browser.conftest import Windows
from tests.web.conftest import Site
from tracker.core.db import db
from tracker.records.ledger.models import EntryKind
from tracker.records.projects.models import Project

PAGE = "/overview/trends/?year=2024"
SERIES = "funds_in_place"
DRAWN = """() => echarts.getInstanceByDom(document.querySelector('.explore-place:not([hidden])'))
  .getOption().series.map(of => [of.name, of.data.map(each => [each.value, each.words])])"""


@pytest.fixture
def filled(site: Site) -> Site:
    """Two years with and one without money, a quarter without any and one with fen."""
    with site.app.app_context():
        project = db.session.get_one(Project, site.world["project"])
        for amount, day in (
            ("12000.55", date(2022, 2, 1)),
            (30, date(2024, 5, 1)),
            (40, date(2024, 6, 1)),
            ("0.01", date(2024, 12, 31)),
        ):
            make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(amount), day)
        db.session.commit()
    return site


def cells_of(html: str) -> list[list[str]]:
    """The rows of the table of quarters, the latest year first: the year and four cells."""
    table = html[html.index('<caption class="visually-hidden">到位资金各年各季度') :]
    rows = re.findall(r"<tr>\s*(<th scope=\"row\".*?)</tr>", table[: table.index("</table>")], re.S)
    of = [re.findall(r"<(?:th|td)[^>]*>(.*?)</(?:th|td)>", row, re.S) for row in rows]
    assert of
    return [[re.sub(r"<[^>]+>|\s", "", cell) for cell in row[:5]] for row in of]


def told(data: dict) -> list[list[str]]:
    """What the page hands to the picture, as rows of the table."""
    return [
        [
            str(of["year"]),
            *("未报" if cell is None else cell["words"] for cell in of["quarters"]),
        ]
        for of in reversed(data["years"])
    ]


def data_of(html: str) -> dict:
    part = rf'data-explore="{SERIES}".*?data-cells="([^"]*)"'
    return json.loads(unescape(re.search(part, html, re.S)[1]))


def test_what_is_drawn_is_what_the_table_says(filled: Site) -> None:
    html = filled.browser("leader").get(PAGE).text
    data, rows = data_of(html), cells_of(html)
    assert told(data) == [[row[0][:4], *row[1:]] for row in rows]
    values = {
        of["year"]: [cell and Decimal(cell["value"]) for cell in of["quarters"]]
        for of in data["years"]
    }
    assert values[2022] == [Decimal("12000.55"), None, None, None]
    assert values[2023] == [None] * 4
    assert values[2024][1] == 70
    assert values[2024][3] == Decimal("0.01")
    assert all(cell["over"] for of in data["years"] for cell in of["quarters"] if cell)


@pytest.fixture
def page(windows: Windows, address: str, filled: Site) -> Iterator[Page]:
    with windows.lent(filled.browser("leader").client) as (page, complaints):
        yield page
        assert complaints == []


@pytest.mark.browser
def test_it_is_fetched_when_asked_for_and_drawn_from_the_same_cells(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PAGE)
    data = data_of(page.content())
    assert not [url for url in asked if "echarts" in url]
    button = page.locator(f"[data-explore={SERIES}]")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    page.locator("canvas").first.wait_for()
    assert len([url for url in asked if "echarts" in url]) == 1
    assert page.evaluate(DRAWN) == [
        [
            str(of["year"]),
            [
                ["-", "未报"] if cell is None else [float(cell["value"]), cell["words"]]
                for cell in of["quarters"]
            ],
        ]
        for of in data["years"]
    ]
    assert button.get_attribute("aria-expanded") == "true"
    button.click()
    page.locator("canvas").first.wait_for(state="hidden")
    assert button.inner_text() == "按季比各年"
