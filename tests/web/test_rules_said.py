"""Whether rulebooks are examples or issued is said wherever points are: pages, lists, files."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region
from tracker.year.assessments.standing_rules import rules_words

SAID = "得分按示例细则计算，细则未经制定单位印发，不作为正式考核结果。"


@pytest.mark.parametrize("address", ["/scorecards/?year=2024", "/overview/ranking/?year=2024"])
def test_pages_with_many_points_say_it(site: Site, address: str) -> None:
    assert SAID in text_of(site.browser("leader").get(address))


def test_a_county_leaders_first_page_says_it_beside_the_points(site: Site) -> None:
    with site.app.app_context():
        place = db.session.get_one(Region, site.world["jinyun"])
        site.world.ids["chief"] = make.user(Role.LEADER, place, username="chief").id
        db.session.commit()
    page = text_of(site.browser("chief").get("/?year=2024"))
    assert "2024 年度得分" in page
    assert SAID in page


def test_pages_of_a_county_a_pair_and_an_enclave_say_it(site: Site) -> None:
    staff = site.browser("staff")
    for address in (
        "/counties/331122?year=2024",
        f"/pairings/{site.world['pairing']}?year=2024",
        f"/enclaves/{site.world['enclave']}",
    ):
        page = staff.get(address)
        shown = re.search(r"总分</th>", page.text) is not None
        assert shown == (SAID in text_of(page)), address
    assert SAID in text_of(staff.get("/counties/331122?year=2024"))


def test_cards_and_files_say_it(site: Site) -> None:
    leader = site.browser("leader")
    page = leader.get("/scorecards/?year=2024")
    card = re.search(r'href="(/scorecards/[^"]+/331122[^"]*)"', page.text)
    assert card is not None
    assert "示例细则" in text_of(leader.get(card[1]))
    with leader.client.get("/scorecards/?year=2024&tables=xlsx") as answer:
        book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    for sheet in book.worksheets:
        assert any(cell.value == SAID for row in sheet.iter_rows(max_row=8) for cell in row)


def test_issued_rulebooks_are_named_with_their_number(sqlite_app: Flask) -> None:
    def snapshot(year: int, head: str) -> object:
        files = {"a.toml": f'code = "counties"\n{head}'}
        content = json.dumps(
            {"records": {}, "set": {"files": files, "text": ""}, "year": str(year)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        of = acts.snapshot(year, content=content.encode())
        return acts.scorecard(of, place)

    with sqlite_app.app_context():
        place = make.zhejiang()["缙云县"]
        official = snapshot(2025, 'status = "official"\ndocument = "示例〔2025〕1号"\n')
        designed = snapshot(2024, 'status = "designed"\n')
        assert rules_words([official]) == "得分按正式细则（示例〔2025〕1号）计算。"
        assert rules_words([designed]) == SAID
        assert rules_words([designed, official]) == (
            "得分所按的细则：2024 年度按示例细则；2025 年度按正式细则（示例〔2025〕1号）。"
            "示例细则未经制定单位印发。"
        )
        assert rules_words([]) == ""
