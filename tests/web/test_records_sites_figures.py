"""Operating figures, tenants, villages, stakes, incomes and demonstration villages by hand."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import text_of
from tracker.core.db import db, units
from tracker.core.quantities.clock import today
from tracker.papers.enclave.build import _villages
from tracker.records.enclaves.models import Enclave
from tracker.records.operations.items import Item
from tracker.records.operations.models import OperatingFigure
from tracker.records.places.models import Region, RegionLevel
from tracker.records.submissions.models import FilingKind, FilingState
from tracker.records.villages.models import Village
from tracker.web.kit.apart import told_apart

VILLAGE = {"name": "好溪村", "code": "331122100201"}
FIGURE = {"year": "2024", "quarter": "3", "item": "output", "value": "1,234.5"}
TENANT = {"name": "缙云某科技有限公司", "moved_in_on": "2023.5.1", "area_m2": "1200"}
SPOT = {"name": "好溪示范点", "code": "SFD-900", "applied_on": "2022-01-05"}


@pytest.fixture
def village(site, in_database) -> int:
    def enter() -> int:
        made = make.village(db.session.get(Region, site.world["jinyun"]), name="双溪村")
        db.session.commit()
        return made.id

    return in_database(enter)


def beside(answer, name: str) -> str:
    found = re.search(rf'id="{name}-error">(.*?)</div>', answer.text, re.S)
    assert found, text_of(answer)
    return found[1]


def test_what_records_tell_is_asked_of_no_quarter_and_mended_where_it_stands(site, in_database):
    """产销对接额 comes of the sales that are entered one by one."""
    staff, enclave = site.browser("staff"), site.world["enclave"]
    assert "产销对接额" not in staff.get("/operations/new").text
    told = {**FIGURE, "enclave_id": str(enclave), "item": "trade"}
    assert "不在" in beside(staff.post("/operations/new", told), "item")

    def enter() -> int:
        made = make.operating_figure(db.session.get(Enclave, enclave), Item.TRADE, 40)
        db.session.commit()
        return made.id

    address = f"/operations/{in_database(enter)}/edit"
    assert "产销对接额" in staff.get(address).text
    mended = {**told, "value": "41", "version": "1"}
    assert staff.post(address, mended).status_code == 302
    code = "331122"
    grid = staff.get(f"/quarters/{code}/2024/3?every=1").text
    assert "figure.trade" not in grid
    assert "figure.output" in grid


def test_an_operating_figure_has_its_items_unit(site):
    staff, enclave = site.browser("staff"), str(site.world["enclave"])
    sent = staff.post("/operations/new", {**FIGURE, "enclave_id": enclave})
    assert sent.status_code == 302, text_of(sent)
    page = text_of(staff.get(sent.location))
    assert "1,234.5万元" in page
    assert "2024年第三季度" in page
    assert "缙云消薄飞地" in page
    for query in ("?item=output", "?of=2024", "?quarter=3", "?site=enclave", f"?enclave={enclave}"):
        assert sent.location in staff.get(f"/operations/{query}").text, query
    for query in ("?item=trade", "?of=2023", "?quarter=1", "?site=park"):
        assert sent.location not in staff.get(f"/operations/{query}").text, query
    twice = staff.post("/operations/new", {**FIGURE, "enclave_id": enclave})
    assert "已报这一项" in beside(twice, "item")
    assert staff.post(f"{sent.location}/delete", {"reason": "填错"}).status_code == 302


def test_a_figure_of_a_quarter_to_come_is_refused_beside_it(site):
    staff, enclave = site.browser("staff"), str(site.world["enclave"])
    year = today().year + 1
    sent = {**FIGURE, "enclave_id": enclave, "year": str(year), "quarter": "1"}
    said = beside(staff.post("/operations/new", sent), "quarter")
    assert f"{year}年第一季度从 {year}-01-01 开始" in said


def test_a_figure_of_a_locked_quarter_is_refused_beside_it_and_stands(site, in_database):
    staff, enclave = site.browser("staff"), str(site.world["enclave"])
    given = {**FIGURE, "enclave_id": enclave}
    third = staff.post("/operations/new", given).location
    second = staff.post("/operations/new", {**given, "quarter": "2"}).location

    def lock() -> None:
        county = db.session.get(Region, site.world["jinyun"])
        fields = {"state": FilingState.LOCKED, "filed_at": make.SUBMITTED}
        acts.filing(county, 2024, FilingKind.Q3, **fields)
        db.session.commit()

    in_database(lock)
    said = "2024 年第三季度季报已锁定，不能再新增、修改或删除这一期的运营数"
    new = staff.post("/operations/new", {**given, "item": "revenue"})
    assert new.status_code == 422
    assert said in beside(new, "quarter")
    for act in ("edit", "delete"):
        assert said in text_of(staff.get(f"{third}/{act}"))
    moved = staff.post(f"{second}/edit", {**given, "version": "1"})
    assert said in beside(moved, "quarter")
    kept = staff.post(f"{second}/edit", {**given, "quarter": "2", "value": "7", "version": "1"})
    assert kept.status_code == 302


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"enclave_id": ""}, "park_id", "须选一个"),
        ({"quarter": "5"}, "quarter", "应在 1 至 4 之间"),
        ({"year": "1999"}, "year", "应在 2002 至 2100 之间"),
        ({"value": "-1"}, "value", "不能为负数"),
        ({"item": "occupancy_rate", "value": "101%"}, "value", "出租率不能大于 100"),
        ({"item": "occupancy_rate", "value": "–5%"}, "value", "不能为负数"),
        ({"value": "1234.5%"}, "value", "单位是万元，不能写“%”"),
        ({"value": "5千"}, "value", "看不出是元还是万元"),
        ({"item": ""}, "item", "请选择项目"),
    ],
)
def test_a_wrong_figure_is_told_at_its_field(site, changes, field, message):
    form = {**FIGURE, "enclave_id": str(site.world["enclave"]), **changes}
    sent = site.browser("staff").post("/operations/new", form)
    assert sent.status_code == 422
    assert message in beside(sent, field)


def test_a_figure_of_money_is_read_as_amounts_are(site, in_database):
    form = {**FIGURE, "enclave_id": str(site.world["enclave"]), "value": "1千2百万元"}
    sent = site.browser("staff").post("/operations/new", form)
    assert sent.status_code == 302, text_of(sent)
    found = in_database(
        lambda: db.session.scalars(select(OperatingFigure.value).order_by(OperatingFigure.id)).all()
    )
    assert found[-1] == 1200


def test_a_tenant_moves_in_and_out(site):
    staff, enclave = site.browser("staff"), str(site.world["enclave"])
    sent = staff.post("/tenants/new", {**TENANT, "enclave_id": enclave})
    assert sent.status_code == 302, text_of(sent)
    for query in ("?q=jymkj", "?q=科技", "?staying=yes", f"?enclave={enclave}"):
        assert (sent.location in staff.get(f"/tenants/{query}").text) == (query != "?q=jymkj")
    moved = {**TENANT, "enclave_id": enclave, "version": "1", "moved_out_on": "2022-01-01"}
    assert "早于" in beside(staff.post(f"{sent.location}/edit", moved), "moved_out_on")
    moved["moved_out_on"] = "2024-01-01"
    assert staff.post(f"{sent.location}/edit", moved).status_code == 302
    assert sent.location in staff.get("/tenants/?staying=no").text


def test_figures_and_tenants_of_another_county(site):
    staff, foreign = site.browser("staff"), str(site.world["other_enclave"])
    for path, form in (("operations", FIGURE), ("tenants", TENANT)):
        assert staff.post(f"/{path}/new", {**form, "enclave_id": foreign}).status_code == 422
        sent = site.browser("neighbour").post(f"/{path}/new", {**form, "enclave_id": foreign})
        assert sent.status_code == 302
        assert staff.get(sent.location).status_code == 404
        assert sent.location not in staff.get(f"/{path}/").text


def test_a_village_its_income_and_its_stake(site):
    staff = site.browser("staff")
    sent = staff.post("/villages/new", {**VILLAGE, "county_id": str(site.world["jinyun"])})
    assert sent.status_code == 302, text_of(sent)
    for query in ("?q=hxc", "?q=好溪", "?q=331122100201", "?is_weak=empty"):
        assert sent.location in staff.get(f"/villages/{query}").text, query
    other = {**VILLAGE, "name": "别处村", "county_id": str(site.world["jinyun"])}
    twice = staff.post("/villages/new", other)
    assert "已有这个代码的村" in beside(twice, "code")
    short = {**other, "code": "3311"}
    assert "应为 12 位" in beside(staff.post("/villages/new", short), "code")

    income = {"year": "2024", "operating": "52.5", "total": "60"}
    address = f"{sent.location}/village-incomes/new"
    assert staff.post(address, income).status_code == 302
    assert "本年度已报收入" in beside(staff.post(address, income), "year")
    less = {**income, "year": "2023", "total": "1"}
    assert "不能小于经营性收入" in beside(staff.post(address, less), "total")
    assert "52.50" in text_of(staff.get(sent.location))

    number = sent.location.rsplit("/", 1)[1]
    stake = {"village_id": number, "capital_paid": "50", "share": "12.5%"}
    address = f"/enclaves/{site.world['enclave']}/village-stakes/new"
    made = staff.post(address, stake)
    assert made.status_code == 302, text_of(made)
    assert "已在这处飞地参股" in beside(staff.post(address, stake), "village_id")
    assert "缙云消薄飞地" in text_of(staff.get(sent.location))
    blocked = staff.get(f"{sent.location}/delete")
    assert "村参股" in text_of(blocked)
    assert staff.post(f"{sent.location}/delete", {"reason": "试"}).status_code in (409, 422)


@pytest.mark.parametrize(
    ("field", "wrong", "message"),
    [("share", "0", "大于 0"), ("share", "120%", "100"), ("capital_paid", "-1", "金额")],
)
def test_a_wrong_stake_is_told_at_its_field(site, village, field, wrong, message):
    address = f"/enclaves/{site.world['enclave']}/village-stakes/new"
    sent = site.browser("staff").post(address, {"village_id": str(village), field: wrong})
    assert sent.status_code == 422
    assert message in beside(sent, field)


def test_shares_of_more_than_the_whole_are_refused_with_the_others_named(site, village):
    staff = site.browser("staff")
    other = staff.post(
        "/villages/new",
        {"name": "乙村", "code": "331122999002", "county_id": str(site.world["jinyun"])},
    ).location.rsplit("/", 1)[1]
    address = f"/enclaves/{site.world['enclave']}/village-stakes/new"
    first = {"village_id": other, "share": "80%", "joined_on": "2022-01-01"}
    assert staff.post(address, {**first, "left_on": "2023-01-01"}).status_code == 302
    second = {"village_id": str(village), "share": "80%", "joined_on": "2022-06-01"}
    wrong = beside(staff.post(address, second), "share")
    assert "份额之和为 160%，超过 100%" in wrong
    assert "乙村 80%" in wrong
    # One after the other they are good.
    assert staff.post(address, {**second, "joined_on": "2023-01-01"}).status_code == 302


def test_how_many_villages_there_are_follows_from_their_list(site, village, in_database):
    """The number is typed as long as there is no list, and never beside one."""
    staff, enclave = site.browser("staff"), f"/enclaves/{site.world['enclave']}"

    def number(value: int | None = None) -> int | None:
        found = db.session.get(Enclave, site.world["enclave"])
        if value is not None:
            found.villages = value
            db.session.commit()
        return found.villages

    in_database(lambda: number(9))
    assert 'name="villages"' in staff.get(f"{enclave}/edit").text
    made = staff.post(f"{enclave}/village-stakes/new", {"village_id": str(village)})
    assert made.status_code == 302
    assert in_database(number) == 1
    page = staff.get(f"{enclave}/edit")
    assert 'name="villages"' not in page.text
    assert "参股村数由村参股名单得出（现为 1 个）" in text_of(page)
    (stake,) = re.findall(r"/[a-z0-9/-]*stakes/\d+(?=\")", staff.get(enclave).text)
    stake = f"{stake}/edit"
    left = {"village_id": str(village), "version": "1", "left_on": str(today())}
    assert staff.post(stake, left).status_code == 302
    assert in_database(number) == 0


def test_two_villages_of_one_name_are_told_apart_where_they_are_offered(site):
    with site.app.app_context():
        make.village(db.session.get(Region, site.world["jinyun"]), name="上王村")
        make.village(db.session.get(Region, site.world["qingyuan"]), name="上王村")
        villages = list(db.session.scalars(select(Village).filter_by(name="上王村")))
        assert [label for _, label in told_apart(villages)] == [
            "上王村（缙云县）",
            "上王村（庆元县）",
        ]


def test_two_villages_of_one_name_are_told_apart_where_they_are_listed(site):
    with site.app.app_context(), units.writing():
        jinyun = db.session.get(Region, site.world["jinyun"])
        enclave = db.session.get(Enclave, site.world["enclave"])
        towns = [
            make.region(f"33112210{n}", name, jinyun, level=RegionLevel.TOWN, kind=None)
            for n, name in enumerate(("五云街道", "壶镇镇"))
        ]
        for town in towns:
            make.stake(enclave, make.village(jinyun, name="上王村", town=town))
        make.village(jinyun, name="独名村")
        db.session.commit()
    staff = site.browser("staff")
    listed = text_of(staff.get("/villages/"))
    for place in ("五云街道", "壶镇镇"):
        assert f"上王村（缙云县{place}）" in listed
    assert "独名村（" not in listed
    stakes = text_of(staff.get(f"/enclaves/{site.world['enclave']}/village-stakes/"))
    assert "（缙云县五云街道）" in stakes
    assert "（缙云县壶镇镇）" in stakes


def test_the_sheet_of_an_enclave_tells_villages_of_one_name_apart():
    nothing = dict.fromkeys(("weak", "paid", "share", "received", "received_before"))
    stakes = [
        {"code": code, "name": name, "town": town, "agreed": "1", **nothing}
        for code, town, name in (
            ("331122100201", "", "上王村"),
            ("331122100202", "", "上王村"),
            ("331122100203", "壶镇镇", "上王村"),
        )
    ]
    assert [row.name for row in _villages(stakes)] == [
        "上王村（331122100201）",
        "上王村（331122100202）",
        "壶镇镇上王村",
    ]


def test_a_demonstration_village_goes_its_way(site):
    staff = site.browser("staff")
    form = {**SPOT, "county_id": str(site.world["jinyun"])}
    sent = staff.post("/demonstrations/new", form)
    assert sent.status_code == 302, text_of(sent)
    for query in ("?q=hxsfd", "?q=SFD-900", "?stage=applied"):
        assert sent.location in staff.get(f"/demonstrations/{query}").text, query
    above = site.browser("assessor")
    early = {**form, "version": "1", "accepted_on": "2021-01-05"}
    assert "早于" in beside(above.post(f"{sent.location}/edit", early), "accepted_on")
    done = {**form, "version": "1", "accepted_on": "2024-01-05", "acceptance_year": "2024"}
    assert staff.post(f"{sent.location}/edit", done).status_code == 302  # not the county's to say
    assert sent.location not in staff.get("/demonstrations/?stage=accepted").text
    assert above.post(f"{sent.location}/edit", done).status_code == 302
    assert sent.location in staff.get("/demonstrations/?stage=accepted&planned=2024").text
    other = {**form, "name": "另一处示范点"}
    assert "已有这个代号" in beside(staff.post("/demonstrations/new", other), "code")
    year = {**other, "code": "SFD-901", "acceptance_year": "2001"}
    assert "2018" in beside(above.post("/demonstrations/new", year), "acceptance_year")
    assert site.browser("neighbour").get(sent.location).status_code == 404
