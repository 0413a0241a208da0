"""总表: each figure equals a statement of its own; against its task, last year, and by month."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from sqlalchemy import text

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.statements import number_for
from tracker.core.db import db, units
from tracker.overview.summary import months_left
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.submissions.models import FilingKind

PAGE = "/overview/summary?year=2026"


@pytest.fixture(autouse=True)
def in_october() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 10, 20, 4, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def filled(site: Site) -> Site:
    return fill(site)


def fill(site: Site) -> Site:
    """What came in 2026 and 2025, before and after the end of June, by which 缙云县 reported."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        of = site.world
        project = db.session.get_one(Project, of["project"])
        enclave = db.session.get_one(Enclave, of["enclave"])
        pairing = db.session.get_one(Pairing, of["pairing"])
        filing = acts.filing(places["缙云县"], 2026, FilingKind.Q2, due_on=date(2026, 7, 10))
        acts.file(filing, datetime(2026, 7, 5, tzinfo=UTC))
        acts.filing(places["庆元县"], 2026, FilingKind.Q2, due_on=date(2026, 7, 10))
        for amount, day in (
            ("120.5", date(2026, 3, 1)),
            (30, date(2026, 8, 1)),
            (100, date(2025, 6, 30)),
            (777, date(2025, 7, 1)),
        ):
            make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(amount), day)
            make.entry(pairing, EntryKind.AID_SENT, make.wan(amount), day)
        village = make.village(places["缙云县"])
        rebate = make.entry(enclave, EntryKind.REBATE, make.wan(40), date(2026, 5, 1))
        make.village_payment(rebate, village, make.wan(15))
        make.target(places["缙云县"], 2026, "projects.funds_in_place", 1000)
        make.target(places["庆元县"], 2026, "projects.funds_in_place", 300)
        for name, day, total in (
            ("甲", date(2026, 2, 1), make.wan(20_000)),
            ("乙", date(2026, 3, 1), None),
            ("丙", date(2026, 9, 1), make.wan(500)),
            ("丁", date(2025, 3, 1), make.wan(900)),
        ):
            make.project(places["缙云县"], name=name, signed_on=day, total_investment=total)
        acts.training(pairing, 33, on=date(2026, 2, 1))
        db.session.commit()
    return site


def rows(site: Site, user: str = "leader", address: str = PAGE) -> dict[str, list[str]]:
    """Label → the cells of its row, without white space."""
    page = site.browser(user).get(address).text
    found = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.S):
        head, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        label = re.sub(r"<span.*", "", head, flags=re.S).strip()
        found[label] = [re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", " ", c))) for c in cells]
    return found


@pytest.fixture
def one(filled: Site) -> Callable[[str], str]:
    """The one value of a statement of the test's own, money in 万元."""

    def ask(statement: str) -> str:
        with filled.app.app_context():
            value = db.session.execute(text(statement)).scalar_one()
        return f"{Decimal(value) / 1_000_000:,.2f}"

    return ask


def test_each_figure_is_that_of_its_own_statement(filled, one):
    found = rows(filled)
    money = "SELECT sum(amount) FROM ledger_entries WHERE kind = '{}' AND occurred_on BETWEEN {}"
    year, part = "'2026-01-01' AND '2026-12-31'", "'2026-01-01' AND '2026-06-30'"
    before = "'2025-01-01' AND '2025-06-30'"
    for label, kind in (("到位资金", "funds_in_place"), ("援建资金拨付", "aid_sent")):
        expected = [one(money.format(kind, days)) for days in (year, part, before)]
        assert expected == ["150.50", "120.50", "100.00"]
        assert found[label][:4] == [*expected, "+20.5%"]
    assert found["其中返到村"][0] == one("SELECT sum(amount) FROM village_payments") == "15.00"
    # What its task counts is not what its row counts, and is said.
    words = "新签项目的任务是产业合作项目数，含以前签约、仍在续建的"
    assert words in filled.browser("leader").get(PAGE).text
    invested = "SELECT sum(total_investment) FROM projects WHERE signed_on BETWEEN {}"
    expected = [one(invested.format(days)) for days in (year, part, before)]
    assert found["新签项目总投资"][:3] == expected == ["20,500.00", "20,000.00", "900.00"]
    assert found["新签项目"][:4] == ["3", "2", "1", "+100.0%"]
    assert found["新签亿元以上项目"][:3] == ["1", "1", "0"]
    stood = "SELECT count(*) FROM enclaves WHERE kind = 'income' AND closed_on IS NULL"
    with filled.app.app_context():
        assert found["消薄飞地"][:3] == [str(db.session.scalar(text(stood)))] * 3
    assert found["培训"][:3] == ["33", "33", "未报"]
    page = filled.browser("leader").get(PAGE).text
    assert "1 个未报总投资，不在其内" in page


def test_a_task_is_of_those_that_reported_and_says_who_did_not(filled):
    found = rows(filled)
    # 缙云县: 150.5 of 1,000 万元, three months left with October. 庆元县 has reported nothing.
    assert found["到位资金"][4:] == [
        "1,000.001/2县已报，未报的任务300.00",
        "150.50",
        "15.1%",
        "283.17",
    ]
    assert found["完成投资"][4:] == ["不适用", "—", "—", "—"]
    # A return is due by contract: 100 万元, of which 40 were paid.
    assert found["飞地返利"][4:] == ["100.00应返，1个能算出的飞地", "40.00", "40.0%", "20.00"]


def test_both_numbers_of_a_task_open_the_same_list(filled):
    page = filled.browser("leader").get(PAGE).text
    row = re.search(r"到位资金</th>.*?</tr>", page, re.S)[0]
    ways = [way.replace("&amp;", "&") for way in re.findall(r'href="([^"]+)"', row)]
    assert ways[1] == ways[2]
    assert "measure=projects.funds_in_place" in ways[1]
    assert "year=2026" in ways[1]
    listed = filled.browser("leader").get(ways[1]).text
    assert "缙云县" in listed
    for way in re.findall(r'href="(/[^"]+)"', page[page.index("<section") :]):
        assert filled.browser("leader").client.get(way.replace("&amp;", "&")).status_code == 200


def test_the_date_and_the_coverage_stand_beside(filled):
    page = re.sub(r"\s", "", filled.browser("leader").get(PAGE).text)
    assert "截至2026-06-30，1/2县已报第二季度季报" in page
    whole = filled.browser("leader").get("/overview/summary?year=2024").text
    assert "每月须完成" not in whole
    assert ">至 2024" not in whole
    own = rows(filled, "leader", f"{PAGE}&region=331126")
    assert own["到位资金"][0] == "未报"


def test_months_that_are_left():
    assert [months_left(2026, date(2026, m, 15)) for m in (1, 10, 12)] == [12, 3, 1]
    assert months_left(2025, date(2026, 1, 1)) == 0


def test_it_is_for_those_who_compare_and_takes_the_same_statements(filled):
    assert filled.browser("staff").get(PAGE).status_code == 403
    before = number_for(filled, "leader", PAGE)
    with filled.app.app_context(), units.mode(writes=True):
        place = db.session.scalars(db.select(Region).where(Region.name == "缙云县")).one()
        for number in range(5):
            make.project(place, name=f"又一个{number}", signed_on=date(2026, 4, 1))
        db.session.commit()
    assert number_for(filled, "leader", PAGE) == before


def test_people_are_told_against_their_tasks(filled):
    """Trainings whose people found work, specialists and cadres; an unknown is no nought."""
    with filled.app.app_context(), units.mode(writes=True):
        pairing = db.session.get_one(Pairing, filled.world["pairing"])
        told = acts.training(pairing, 20, on=date(2026, 3, 1))
        told.employed = 12
        for on in (date(2026, 2, 1), date(2026, 8, 1), date(2025, 3, 1)):
            acts.secondment(pairing, starts_on=on, person=f"干部{on}")
        acts.specialist_posting(pairing, 5, starts_on=date(2026, 4, 1))
        make.target(pairing.recipient, 2026, "cadres.posted", 4)
        make.target(pairing.supporter, 2026, "support.specialists", 10)
        db.session.commit()
    found = rows(filled)
    assert found["培训后就业"] == ["12", "12", "未报", "—", "不适用", "—", "—", "—"]
    assert found["新派专技人才"][:3] == ["5", "5", "未报"]
    assert found["新派专技人才"][4:] == ["101/1县已报", "5", "50.0%", "1.67"]
    # The task counts who is in post, so also the one who came in 2025.
    assert found["新派挂职干部"] == ["2", "1", "1", "0.0%", "41/1县已报", "3", "75.0%", "0.33"]
    page = filled.browser("leader").get(PAGE).text
    assert "1 场未报就业人数，不在其内" in page
    for way in ("/trainings/", "/specialist-postings/", "/secondments/"):
        assert f'href="{way}?year=2026"' in page
