"""An order about a line of a scorecard: issued from the card by those who may open it, read by all
who have a part in the order, without points and without a way to the card for those who may not."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from tests import factories as make
from tests.papers.texts import page_texts
from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region, RegionLevel
from tracker.records.supervision.models import CardLine, SupervisionOrder

SHEET, OWN = "zj-recipient-county", "331122"


@pytest.fixture
def people(any_site: Site) -> Site:
    """The site with a reviewer of another city, where the scorecard of 缙云县 is nobody's."""
    with any_site.app.app_context():
        province = db.session.get_one(Region, any_site.world["jinyun"]).parent.parent
        quzhou = make.region("330800", "衢州市", province, level=RegionLevel.CITY)
        any_site.world.ids["far_reviewer"] = make.user(
            Role.REVIEWER, quzhou, username="far_reviewer"
        ).id
        db.session.commit()
    return any_site


def card(site: Site) -> str:
    return f"/scorecards/{site.world['snapshot']}/{SHEET}/{OWN}"


def ways(page: str) -> list[str]:
    found = re.findall(r'href="(/supervision/new\?about=line[^"]*)"', page)
    return [unescape(each) for each in found]


def test_an_order_about_a_line_goes_from_the_card_and_back_to_it(people: Site) -> None:
    leader, staff, neighbour = (people.browser(n) for n in ("leader", "staff", "neighbour"))
    page = leader.get(card(people))
    way = ways(page.text)[0]
    code = re.search(r"line=([^&]*)&", way)[1]  # type: ignore[index]
    name = re.search(rf'id="line-{re.escape(code)}".*?<th scope="row">([^<]*)<', page.text, re.S)
    words = f"缙云县 2024 年度评分表：{unescape(name[1])}"  # type: ignore[index]
    assert f"督办对象：{words}" in text_of(leader.get(way))
    assert ways(people.browser("reviewer").get(card(people)).text)
    typed = {
        "name": "这项指标失分",
        "demand": "说明失分原因，报送下一步安排。",
        "county_id": str(people.world["jinyun"]),
        "helper_id": str(people.world["qingyuan"]),
        "due_on": (today() + timedelta(20)).isoformat(),
    }
    sent = leader.post(way, typed)
    assert sent.status_code == 302, text_of(sent)
    order = str(sent.location).partition("?")[0]
    back = f'href="{card(people)}#line-{code}"'
    for browser in (leader, staff):
        shown = browser.get(order)
        assert words in text_of(shown)
        assert re.sub(r"\?year=\d+", "", shown.text).count(back) == 1
    # Who helps reads what it is about, and has no way to a card that is not theirs to open.
    shown = neighbour.get(order)
    assert words in text_of(shown)
    assert "/scorecards/" not in shown.text.partition("<main")[2].partition("</main")[0]
    assert neighbour.client.get(card(people)).status_code == 404
    # The card names the order below its line, for the county without the button.
    shown = staff.get(card(people))
    assert "督办：这项指标失分" in text_of(shown)
    assert not ways(shown.text)
    assert words in text_of(leader.get("/supervision/?span=all"))
    printed = leader.client.get(f"/forms{order}.pdf").data
    assert "".join(words.split()) in "".join("".join(page_texts(printed)).split())
    with people.app.app_context():
        about = db.session.get_one(SupervisionOrder, int(order.rpartition("/")[2])).subject
        assert isinstance(about, CardLine)
        assert (about.sheet, about.subject_code, about.line) == (SHEET, OWN, code)


def test_whoever_may_not_open_the_card_issues_nothing_about_it(people: Site) -> None:
    way = ways(people.browser("leader").get(card(people)).text)[0]
    assert people.browser("far_reviewer").client.get(way).status_code == 404
    for name in ("staff", "neighbour", "administrator"):
        assert people.browser(name).client.get(way).status_code == 403, name
    leader = people.browser("leader")
    for wrong in (
        way.replace(OWN, "331199"),
        way.replace("line=A1.1&", "line=A1.9&"),
        way.replace(SHEET, "no-such-sheet"),
        "/supervision/new?about=line&of=1",
        "/supervision/new?about=line",
    ):
        assert leader.client.get(wrong).status_code == 404, wrong
