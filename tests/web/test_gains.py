"""双赢: each figure is that of a statement of its own, told of one pair, and printed on one A4."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.pages import text_of
from tests.web.statements import number_for
from tracker.core.db import Precision, db, units
from tracker.overview.gains import LINES, gains_of
from tracker.records.enclaves.models import Direction, Enclave, EnclaveKind
from tracker.records.exchanges.models import Secondment, Side
from tracker.records.ledger.models import EntryKind
from tracker.records.pairings.models import Pairing
from tracker.records.projects.models import Project

INDEX = "/overview/gains/?year=2024"


def fill(site: Site) -> Site:
    """Two years of 富阳—缙云: of the pairing, of projects on both sides, of enclaves both ways."""
    with site.app.app_context(), units.mode(writes=True):
        pairing = db.session.get_one(Pairing, site.world["pairing"])
        fuyang, jinyun = pairing.supporter, pairing.recipient
        project = db.session.get_one(Project, site.world["project"])
        enclave = db.session.get_one(Enclave, site.world["enclave"])
        there = make.project(fuyang, name="富阳的项目", partner=jinyun)
        inside = make.enclave(
            fuyang, jinyun, EnclaveKind.INDUSTRIAL, name="域内飞地", direction=Direction.INBOUND
        )
        for of, kind, amount, on in (
            (pairing, EntryKind.AID_SENT, 30, date(2023, 5, 1)),
            (pairing, EntryKind.AID_SENT, 40, date(2024, 5, 1)),
            (pairing, EntryKind.AID_SENT, 900, date(2025, 5, 1)),
            (pairing, EntryKind.LAND_QUOTA, 7, date(2024, 5, 1)),
            (project, EntryKind.FUNDS_IN_PLACE, 500, date(2024, 2, 1)),
            (there, EntryKind.FUNDS_IN_PLACE, 11, date(2024, 2, 1)),
            (enclave, EntryKind.RETAINED_TAX, 13, date(2023, 2, 1)),
            (inside, EntryKind.COMPLETED_INVESTMENT, 17, date(2024, 2, 1)),
        ):
            sign = Precision.AT_LEAST if kind is EntryKind.LAND_QUOTA else Precision.EXACT
            make.entry(of, kind, make.wan(amount), on, precision=sign)
        make.entry(pairing, EntryKind.AID_SENT, make.wan(5000), date(2024, 6, 1), cumulative=True)
        acts.training(pairing, 33, on=date(2024, 2, 1))
        for side, year in ((Side.SUPPORTER, 2024), (Side.SUPPORTER, 2023), (Side.RECIPIENT, 2024)):
            make.add(
                Secondment(
                    pairing=pairing, person=f"某{year}", sent_by=side, starts_on=date(year, 3, 1)
                )
            )
        db.session.commit()
    return site


@pytest.fixture
def filled(site: Site) -> Site:
    return fill(site)


def said(site: Site, address: str, user: str = "leader") -> str:
    return re.sub(r"\s", "", text_of(site.browser(user).get(address)))


def test_both_databases_say_the_same(any_site: Site) -> None:
    fill(any_site)
    assert "援建资金拨付———30.0040.0070.00" in said(
        any_site, f"/overview/gains/{any_site.world['pairing']}?year=2024"
    )
    assert "70.00500.00100.00未报未报13.00≥7.00都有" in said(any_site, INDEX)


def test_each_line_is_that_of_its_own_statement(filled: Site) -> None:
    page = said(filled, f"/overview/gains/{filled.world['pairing']}?year=2024")
    asked = (
        "SELECT sum(amount) / 1000000.0 FROM ledger_entries WHERE kind = '{}' AND cumulative IS"
        " FALSE AND occurred_on BETWEEN '{}-01-01' AND '2024-12-31' AND {} IS NOT NULL {}"
    )
    with filled.app.app_context():

        def one(*of: object) -> Decimal:
            found = db.session.execute(text(asked.format(*of))).scalar_one()
            return round(Decimal(str(found)), 2)

        sent = [one("aid_sent", year, "pairing_id", "") for year in (2024, 2000)]
        mine = f"AND project_id = {filled.world['project']}"
        funds = one("funds_in_place", 2000, "project_id", mine)
        rebate = one("rebate", 2000, "enclave_id", "")
    assert (*sent, funds, rebate) == (40, 70, 500, 100)
    assert f"援建资金拨付———30.00{sent[0]:.2f}{sent[1]:.2f}" in page
    assert f"项目到位资金————{funds:.2f}{funds:.2f}" in page  # in the land of 缙云
    assert "项目到位资金————11.0011.00" in page  # in that of 富阳
    assert f"飞地返利兑付————{rebate:.2f}{rebate:.2f}" in page
    assert f"飞地返利————{rebate:.2f}{rebate:.2f}" in page
    assert "飞地地方留存税收———13.00—13.00" in page
    assert "域内飞地完成投资————17.0017.00" in page
    assert page.count("土地指标（按调剂资金）————≥7.00≥7.00") == 2
    assert "新派挂职干部（人）———112" in page
    assert "新派挂职干部（人）————11" in page
    assert "培训（人次）————3333" in page
    assert "双方都有所得（2023—2024年的记录）" in page
    assert "飞地出资到位" not in page  # of which nothing is on record


def test_each_sum_opens_the_entries_that_make_it(filled: Site) -> None:
    leader = filled.browser("leader")
    markup = leader.get(f"/overview/gains/{filled.world['pairing']}?year=2024").text
    row = r'<th scope="row">([^<]+)</th>(.*?)</tr>'
    opened = 0
    for label, cells in re.findall(row, markup, re.S):
        for way, shown in re.findall(r'href="(/ledger/[^"]+)">(.*?)</a>', cells, re.S):
            listed = text_of(leader.get(way.replace("&amp;", "&")))
            amount = re.sub(r"<[^>]+>|\s", "", shown)
            assert amount in re.sub(r"\s", "", listed), (label, way)
            opened += 1
    assert opened >= 12
    funds = [way for way in re.findall(r'href="(/ledger/[^"]+)"', markup) if "funds" in way]
    assert len(funds) == 2
    shown = [text_of(leader.get(way.replace("&amp;", "&"))) for way in funds]
    assert ["富阳的项目" in page for page in shown] == [True, False]
    assert ["智能装备项目" in page for page in shown] == [False, True]


def test_all_pairs_and_who_has_nothing_on_record(filled: Site) -> None:
    page = said(filled, INDEX)
    assert "有效的2对中，双方都有所得记录的1对，其余1对" in page
    assert "富阳区—缙云县山海协作70.00500.00100.00未报未报13.00≥7.00都有" in page
    assert "富阳区—庆元县山海协作未报未报未报未报未报未报未报✕都没有记录" in page
    assert "30.00" in said(filled, "/overview/gains/?year=2023")
    other = said(filled, f"/overview/gains/{filled.world['other_pairing']}?year=2024")
    assert "没有双方往来的记录" in other


def test_who_sees_a_pair(filled: Site) -> None:
    pair = f"/overview/gains/{filled.world['pairing']}"
    assert filled.browser("staff").get(pair).status_code == 403
    assert filled.browser("reviewer").get(pair).status_code == 200
    assert filled.browser("leader").get("/overview/gains/99999").status_code == 404
    assert "有效的2对中" in said(filled, f"{INDEX}&region=330111")
    assert "有效的1对中" in said(filled, f"{INDEX}&region=331122")
    page = filled.browser("leader").get(f"/pairings/{filled.world['pairing']}?year=2024").text
    assert f'href="{pair}?year=2024"' in page


def test_pairs_of_one_supporter_are_kept_apart(filled: Site) -> None:
    with filled.app.app_context():
        pairs = list(db.session.scalars(db.select(Pairing).order_by(Pairing.id)))
        one, other = gains_of(pairs, 2024)
        assert [flow.line.label for flow in other.flows] == []
        assert one.flows == gains_of([one.pairing], 2024)[0].flows
    assert len({(line.group, line.label) for line in LINES}) == len(LINES)


def test_the_number_of_statements_does_not_depend_on_how_many(filled: Site) -> None:
    before = number_for(filled, "leader", INDEX)
    with filled.app.app_context(), units.mode(writes=True):
        pairing = db.session.get_one(Pairing, filled.world["pairing"])
        city = pairing.recipient.parent
        for number in range(4):
            place = make.region(f"3311{number + 30}", f"甲{number}县", city)
            more = make.pairing(pairing.supporter, place)
            make.entry(more, EntryKind.AID_SENT, make.wan(5), date(2024, 6, 1))
        db.session.commit()
    assert number_for(filled, "leader", INDEX) == before
