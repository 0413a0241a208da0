"""三大飞地: each number is that of a statement of its own; holes and arrears are said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import text

from tests import factories as make
from tests.web.conftest import Site
from tests.web.pages import text_of
from tests.web.statements import number_for
from tracker.core.db import Precision, db, units
from tracker.core.quantities.clock import today
from tracker.records.enclaves.models import Direction, Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.places.models import Region

ROOT = "/overview/enclaves/"


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 20, 4, tzinfo=UTC), tick=False):
        yield


def fill(site: Site) -> Site:
    """Beside the world's: 庆元 pays late and owes, an enclave of each kind and one of none."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        jinyun, qingyuan, fuyang = (places[name] for name in ("缙云县", "庆元县", "富阳区"))
        paid = db.session.get_one(Enclave, site.world["enclave"])
        owing = db.session.get_one(Enclave, site.world["other_enclave"])
        make.term(owing, amount=make.wan(80), starts_on=date(2023, 1, 1), pay_by=1130)
        days = {"due_on": date(2024, 11, 30)}
        late = make.entry(owing, EntryKind.REBATE, make.wan(30), date(2024, 12, 20), **days)
        make.entry(paid, EntryKind.REBATE, make.wan(25), date(2024, 6, 1))
        make.entry(owing, EntryKind.REBATE, make.wan(500), date(2024, 6, 1), submitted_at=None)
        make.entry(owing, EntryKind.CAPITAL_PAID, make.wan(600), date(2022, 6, 1))
        for number, (share, part) in enumerate((("0.6", 20), ("0.4", None))):
            village = make.village(qingyuan, name=f"甲{number}村", code=f"33112600000{number}")
            make.stake(owing, village, share=Decimal(share), capital_paid=make.wan(300))
            if part:
                make.village_payment(late, village, make.wan(part))
        apart = make.village(qingyuan, name="未参股村", code="331126000009")
        make.village_payment(late, apart, make.wan(5))
        industrial = make.enclave(jinyun, fuyang, EnclaveKind.INDUSTRIAL, name="缙云产业飞地")
        for kind, amount in (
            (EntryKind.COMPLETED_INVESTMENT, 900),
            (EntryKind.TAX, 70),
            (EntryKind.RETAINED_TAX, 40),
            (EntryKind.TAX_SHARE, 20),
        ):
            sign = Precision.AT_LEAST if kind is EntryKind.TAX else Precision.EXACT
            make.entry(industrial, kind, make.wan(amount), date(2024, 9, 1), precision=sign)
        make.tax_split(make.agreement(industrial), 2023, "0.6")
        make.project(jinyun, enclave=industrial, signed_on=date(2024, 5, 1), total_investment=1)
        lab = make.enclave(jinyun, fuyang, EnclaveKind.INNOVATION, name="缙云科创飞地")
        for quarter in (1, 2):
            make.operating_figure(lab, Item.INCUBATED_PROJECTS, 3, quarter=quarter)
        make.project(jinyun, incubated_in=lab, signed_on=date(2024, 5, 1))
        make.enclave(qingyuan, fuyang, None, name="庆元某飞地")
        make.enclave(
            fuyang,
            jinyun,
            EnclaveKind.DEVELOPMENT,
            name="缙云域内飞地",
            direction=Direction.INBOUND,
            signed_on=date(2025, 2, 1),
            development_since=date(2025, 2, 1),
        )
        db.session.commit()
    return site


@pytest.fixture
def filled(site: Site) -> Site:
    return fill(site)


def said(site: Site, address: str, user: str = "leader") -> str:
    return re.sub(r"\s", "", text_of(site.browser(user).get(ROOT + address)))


@pytest.fixture
def one(filled: Site) -> Callable[[str], Decimal]:
    """The one value of a statement of the test's own; money in 万元."""

    def ask(statement: str) -> Decimal:
        with filled.app.app_context():
            return Decimal(db.session.execute(text(statement)).scalar_one())

    return ask


OF_YEAR = (
    "SELECT coalesce(sum(e.amount), 0) / 1000000 FROM ledger_entries AS e JOIN enclaves AS s"
    " ON s.id = e.enclave_id WHERE e.submitted_at IS NOT NULL AND s.name = '{}'"
    " AND e.kind = '{}' AND e.occurred_on BETWEEN '2024-01-01' AND '2024-12-31'"
)


def test_both_databases_say_the_same(any_site: Site) -> None:
    fill(any_site)
    assert "80.0030.0050.000.00逾期31天已付的最迟晚20天" in said(any_site, "income?year=2024")
    said(any_site, "?year=2025")
    assert "另有1个村没有登记参股而分得返利" in said(any_site, "?year=2024")
    assert "900.0010≥70.0040.0060:4020.00" in said(any_site, "industrial?year=2024")
    for address in (
        "/villages/?year=2024&reached=paid",
        "/enclaves/?year=2024&stood=any&mountain=4",
    ):
        assert any_site.browser("leader").get(address).status_code == 200
    assert "甲1村" in said(any_site, f"{any_site.world['other_enclave']}/villages?year=2024")


def test_what_is_due_was_paid_is_owed_and_how_late(filled: Site, one: Callable) -> None:
    page = said(filled, "income?year=2024")
    paid, other = (one(OF_YEAR.format(name, "rebate")) for name in ("缙云消薄飞地", "庆元飞地"))
    assert (paid, other) == (125, 30)
    # 缙云: 100 due, 25 beyond that; 庆元: 80 due by 30 November. Neither settles the other's.
    row = "2,000.001,000.00未报100.00125.000.0025.00已付的没有应付日"
    assert f"缙云消薄飞地缙云县—富阳区{row}" in page
    owed = f"80.00{other:.2f}{80 - other:.2f}0.00逾期31天已付的最迟晚20天"
    assert f"庆元飞地庆元县—富阳区未报未报600.00{owed}" in page
    assert page.index("庆元飞地庆元县") < page.index("缙云消薄飞地缙云县")
    assert "应返180万元（2个能算出的飞地），已返130万元/180万元，72.2%，尚欠50万元（1个）" in page
    assert "另有多返25万元，不抵欠数" in page
    assert "合计2,000.001/2个已报1,000.001/2个已报600.001/2个已报180.002/2个能算出155.00" in page


def test_a_debt_without_a_day_is_not_late(filled: Site, in_database: Callable) -> None:
    def forget() -> None:
        db.session.execute(text("UPDATE return_terms SET pay_by = NULL"))
        db.session.commit()

    in_database(forget)
    page = said(filled, "income?year=2024")
    assert "欠款没有约定付款日" in page
    assert "0个逾期1个欠款没有约定付款日" in page


def test_investment_projects_and_taxes_of_each(filled: Site, one: Callable) -> None:
    page = said(filled, "industrial?year=2024")
    money = [
        one(OF_YEAR.format("缙云产业飞地", kind))
        for kind in ("completed_investment", "tax", "retained_tax", "tax_share")
    ]
    assert money == [900, 70, 40, 20]
    spent, tax, kept, shared = (f"{amount:.2f}" for amount in money)
    signed = one("SELECT count(*) FROM projects WHERE enclave_id IS NOT NULL")
    assert f"缙云县—富阳区{spent}{signed}0≥{tax}{kept}60:40{shared}" in page
    assert f"完成投资{spent.removesuffix('.00')}万元（1/1个已报）" in page
    links = filled.browser("leader").get(f"{ROOT}industrial?year=2024").text
    for way in re.findall(r'href="(/ledger/[^"]+)"', links):
        listed = text_of(filled.browser("leader").get(way.replace("&amp;", "&")))
        assert "缙云产业飞地" in listed
        assert "1 条" in listed or "1 笔" in listed or "共 1" in listed, listed[:400]


def test_what_was_incubated_and_what_came_home(filled: Site, one: Callable) -> None:
    page = said(filled, "innovation?year=2024")
    incubated = one("SELECT sum(value) / 1000000 FROM operating_figures WHERE year = 2024")
    back = one("SELECT count(*) FROM projects WHERE incubated_in_id IS NOT NULL")
    assert f"孵化项目{incubated:.0f}个（1/1个已报），回流产业化项目{back}个" in page
    assert f"缙云科创飞地缙云县—富阳区未报{incubated:.0f}{back}未报" in page
    assert "2025年末本地区没有登记科创飞地" not in said(filled, "innovation?year=2025")


def test_the_matrix_says_holes_in_words_and_opens_what_it_counts(filled: Site) -> None:
    page = said(filled, "?year=2024")
    assert "名单上2个县中，有产业飞地的1个、没有登记的0个、不能判断的1个" in page
    assert "缙云县1110庆元县?不能判断?不能判断11有的县1/21/22/21/2" in page
    assert "发展飞地" not in page.split("各类飞地")[0]
    page = said(filled, "?year=2025")
    assert "缙云县1111031有庆元县?不能判断?不能判断1?不能判断120✕没有登记" in page
    leader = filled.browser("leader")
    markup = leader.get(f"{ROOT}?year=2025").text
    found = re.findall(r'href="(/enclaves/\?[^"]*mountain=[^"]*)">(\d+)', markup)
    assert len(found) >= 8
    for way, number in found:
        listed = leader.get(way.replace("&amp;", "&")).text
        body = listed[listed.index("<tbody") : listed.index("</tbody>")]
        assert body.count("<tr") == int(number), way
    assert 'class="square hole"' not in markup.split("<table")[0]
    assert 'class="square unknown"' in markup


def test_a_hole_is_a_hole_where_every_kind_is_known(filled: Site, in_database: Callable) -> None:
    def name() -> None:
        enclave = db.session.scalars(db.select(Enclave).where(Enclave.kind.is_(None))).one()
        enclave.kind = EnclaveKind.INCOME
        db.session.commit()

    in_database(name)
    assert "庆元县✕没有登记✕没有登记2" in said(filled, "?year=2024")
    assert 'class="square hole"' in filled.browser("leader").get(f"{ROOT}?year=2024").text


def test_villages_that_were_reached_and_the_list_of_them(filled: Site, one: Callable) -> None:
    page = said(filled, "?year=2024")
    staked = one("SELECT count(DISTINCT village_id) FROM village_stakes")
    given = one(
        "SELECT count(DISTINCT p.village_id) FROM village_payments AS p"
        " JOIN village_stakes AS s ON s.village_id = p.village_id"
    )
    assert (staked, given) == (2, 1)
    assert f"参股飞地的村{staked}个，其中当年分得返利{given}个，未见分得{staked - given}个" in page
    assert "另有1个村没有登记参股而分得返利" in page
    leader = filled.browser("leader")
    for value, names in (
        ("staked", {"甲0村", "甲1村"}),
        ("paid", {"甲0村"}),
        ("unpaid", {"甲1村"}),
        ("apart", {"未参股村"}),
    ):
        listed = text_of(leader.get(f"/villages/?year=2024&reached={value}"))
        assert {name for name in ("甲0村", "甲1村", "未参股村") if name in listed} == names
    assert "未见分得2个" in said(filled, "?year=2023")


def test_of_a_year_that_runs_nothing_is_owed_yet(filled: Site) -> None:
    over, runs = said(filled, "?year=2024"), said(filled, f"?year={today().year}")
    assert "：应返" in over
    assert "尚欠" in over
    assert "：全年应返" in runs
    assert "尚未返" in runs
    assert "尚欠" not in runs


def test_each_village_of_one_enclave(filled: Site) -> None:
    number = filled.world["other_enclave"]
    page = said(filled, f"{number}/villages?year=2024")
    # 80 are due: 48 and 32 by their shares; 30 were paid, of which 25 are divided.
    assert "甲0村300.006048.0020.0028.000.002024-12-2020" in page
    assert "甲1村300.004032.00未报32.00不可计算未报未报" in page
    assert "未参股村未登记参股未报不适用不适用5.00不适用不适用2024-12-2020" in page
    assert "3个村中2个分得返利，共25万元" in page
    assert filled.browser("staff").get(f"{ROOT}{number}/villages").status_code == 403


def test_who_sees_them_and_whose(filled: Site) -> None:
    for address in ("", "industrial", "innovation", "income", "development"):
        assert filled.browser("staff").get(f"{ROOT}{address}?year=2024").status_code == 403
    assert "没有山区海岛县名单内的县" in said(filled, "?year=2024&region=330100")
    own = said(filled, "income?year=2024&region=331126")
    assert "庆元飞地" in own
    assert "缙云消薄飞地" not in own


def test_the_number_of_statements_does_not_depend_on_how_many(filled: Site) -> None:
    pages = [f"{ROOT}{name}?year=2024" for name in ("", "income", "industrial")]
    before = [number_for(filled, "leader", page) for page in pages]
    with filled.app.app_context(), units.mode(writes=True):
        place = db.session.get_one(Region, filled.world["jinyun"])
        host = db.session.scalars(db.select(Region).where(Region.name == "富阳区")).one()
        for number in range(3):
            for kind in (EnclaveKind.INCOME, EnclaveKind.INDUSTRIAL):
                more = make.enclave(place, host, kind)
                make.term(more, amount=make.wan(number + 1), pay_by=1130)
                make.entry(more, EntryKind.REBATE, make.wan(1), date(2024, 6, 1))
        db.session.commit()
    assert [number_for(filled, "leader", page) for page in pages] == before


def test_returns_of_which_none_is_on_record_are_not_nought(
    filled: Site, in_database: Callable
) -> None:
    def term() -> None:
        enclave = db.session.scalars(db.select(Enclave).where(Enclave.name == "缙云消薄飞地")).one()
        make.term(
            enclave, amount=make.wan(30), starts_on=date(2021, 1, 1), ends_on=date(2021, 12, 31)
        )
        db.session.commit()

    in_database(term)
    for address in ("/overview/enclaves/income?year=2021", "/overview/?year=2021"):
        page = re.sub(r"\s", "", text_of(filled.browser("leader").get(address)))
        assert re.search(r"应返[\d.]+万元（\d个能算出的飞地），实返未报", page), address
        assert "已返0" not in page
