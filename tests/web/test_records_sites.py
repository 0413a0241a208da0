"""Parks, what an enclave's agreement says, and the pages of enclaves, parks and projects."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import text_of
from tests.web.test_records_directory import error_at
from tracker.core.db import Precision, db
from tracker.core.provenance.models import SourcedValue
from tracker.records.enclaves.agreements import SpaceKind, SpaceStep
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.projects.models import Project


def words_of(page) -> str:
    """The page's text without any spaces, which elements bring or do not bring."""
    return "".join(text_of(page).split())


PARK = {
    "name": "缙云—富阳山海协作产业园",
    "code": "YQ-900",
    "kind": "industrial",
    "area_mu": "６，０００",
    "base_year": "2019",
    "signed_on": "2018.5.1",
    "approved_on": "2019-01-01",
}


def park_form(site, **changes: str) -> dict[str, str]:
    with site.app.app_context():
        supporter = db.session.get(Pairing, site.world["pairing"]).supporter_id
    ours = {"recipient_id": str(site.world["jinyun"]), "supporter_id": str(supporter)}
    return {**PARK, **ours, **changes}


def add_park(site, **changes: str) -> str:
    answer = site.browser("staff").post("/parks/new", park_form(site, **changes))
    assert answer.status_code == 302, text_of(answer)
    return answer.location


def test_a_park_is_entered_found_and_corrected(any_site):
    staff = any_site.browser("staff")
    address = add_park(any_site)
    page = text_of(staff.get(address))
    assert "富阳区与缙云县共建，2019 年获批。" in page
    assert "6,000亩" in page
    for text, found in (("fyshxz", True), ("YQ-900", True), ("富阳", True), ("庆元", False)):
        listed = staff.get("/parks/", query_string={"q": text}).text
        assert (f'href="{address}"' in listed) is found, text
    assert f'href="{address}"' in staff.get("/parks/?kind=industrial&open=1").text
    assert f'href="{address}"' not in staff.get("/parks/?large=1").text
    form = park_form(any_site, ten_billion_on="2022-12-31", version="1")
    assert staff.post(f"{address}/edit", form).status_code == 302
    assert f'href="{address}"' in staff.get("/parks/?large=1").text
    late = staff.post(f"{address}/edit", {**form, "leading_industry": "智能装备"})
    assert late.status_code == 422
    assert "记录已被他人修改" in text_of(late)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"name": ""}, "name", "请填写园区名称"),
        ({"supporter_id": "{jinyun}"}, "supporter_id", "不能是同一地"),
        ({"recipient_id": "{qingyuan}"}, "recipient_id", "不在列表中"),
        ({"area_mu": "0"}, "area_mu", "应大于 0"),
        ({"base_year": "2011"}, "base_year", "2012 至 2100"),
        ({"base_year": ""}, "base_year", "请填写基期年度"),
        ({"approved_on": "2018-04-30"}, "approved_on", "早于签约日期"),
        ({"closed_on": "2018-12-31"}, "closed_on", "早于批准日期"),
        ({"kind": "x"}, "kind", "不在列表中"),
    ],
)
def test_a_refused_park_says_why_beside_the_field(site, changes, field, says):
    changes = {name: value.format_map(site.world.ids) for name, value in changes.items()}
    # What a park is measured against is set above it.
    asked = "assessor" if field == "base_year" else "staff"
    answer = site.browser(asked).post("/parks/new", park_form(site, **changes))
    assert answer.status_code == 422
    assert says in error_at(answer, field)


def test_a_parks_name_and_code_are_its_own(any_site):
    add_park(any_site)
    staff = any_site.browser("staff")
    same_code = staff.post("/parks/new", park_form(any_site, name="另一个"))
    assert "已有这个代号的产业园" in error_at(same_code, "code")
    same_name = staff.post("/parks/new", park_form(any_site, code="YQ-901"))
    assert "已有同名的产业园" in error_at(same_name, "name")


def test_a_park_belongs_to_the_county_that_it_lies_in(site):
    address = add_park(site)
    assert site.browser("neighbour").get(address).status_code == 404
    assert site.browser("leader").get(address).status_code == 200
    assert site.browser("leader").get(f"{address}/edit").status_code == 403
    with site.app.app_context():
        park = db.session.query(Park).one()
        park.recipient_id, park.supporter_id = site.world["qingyuan"], site.world["jinyun"]
        db.session.commit()
    staff = site.browser("staff")
    assert "只有庆元县的工作人员可以修改" in text_of(staff.get(address))
    assert staff.get(f"{address}/edit").status_code == 403
    assert staff.post(f"{address}/delete", {"reason": "试"}).status_code == 403


def test_the_page_of_a_park_shows_how_it_runs(site):
    address = add_park(site)
    with site.app.app_context():
        park = db.session.query(Park).one()
        for year, added in ((2019, 60_000), (2024, 120_000)):
            make.operating_figure(park, Item.VALUE_ADDED, added, year)
            make.operating_figure(park, Item.LAND_SUPPLIED, 3000, year)
        make.operating_figure(park, Item.VALUE_ADDED, 30_000, 2024, quarter=2)
        project = make.project(
            park.recipient, name="园内工厂", park=park, total_investment=make.wan(20_000)
        )
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(500), date(2024, 5, 1))
        make.entry(
            project, EntryKind.FUNDS_IN_PLACE, make.wan(9), date(2024, 6, 1), submitted_at=None
        )
        pairing = db.session.get(Pairing, site.world["pairing"])
        acts.consumption_aid(pairing, make.wan(7), date(2024, 5, 1), park_id=park.id)
        acts.joint_event(pairing, date(2024, 5, 2), title="园区推介会", park_id=park.id)
        make.target(park, 2024, "park.revenue", 3)
        db.session.commit()
    page = words_of(site.browser("staff").get(f"{address}?year=2024"))
    assert "园内登记项目1个，累计到位资金500万元" in page
    assert "2024上半年2019第一季度（基期）" in page
    assert "增加值（万元）150,000.0060,000.00" in page
    assert "亩均增加值（万元/亩）5020" in page
    assert "2024年消费帮扶7万元" in page
    assert "2024-05-02园区推介会" in page
    assert "园区营业收入3万元" in page
    assert "园内工厂" in page


# what is entered under an enclave or its agreement: a good form, and refused ones
AGREEMENT = {
    "building_mode": "购楼",
    "starts_on": "2020-01-01",
    "ends_on": "2040-12-31",
    "origin_cost_share": "60",
    "host_cost_share": "40%",
    "operator": "示例运营公司",
    "full_time_staff": "3",
}


def add_agreement(site) -> str:
    """The agreement of the enclave, by its address."""
    staff = site.browser("staff")
    enclave = site.world["enclave"]
    answer = staff.post(f"/enclaves/{enclave}/enclave-agreements/new", AGREEMENT)
    assert answer.status_code == 302, text_of(answer)
    return re.search(
        r'href="(/enclaves/enclave-agreements/\d+)"', staff.get(f"/enclaves/{enclave}").text
    )[1]


def test_the_contract_stands_in_words(any_site):
    address = add_agreement(any_site)
    staff = any_site.browser("staff")
    split = {"from_year": "2024", "origin_share": "50", "host_share": "50"}
    assert staff.post(f"{address}/tax-splits/new", split).status_code == 302
    document = {"kind": "agreement", "title": "共建协议书", "signed_on": "2019-12-01"}
    assert staff.post(f"{address}/agreement-documents/new", document).status_code == 302
    page = words_of(staff.get(f"/enclaves/{any_site.world['enclave']}?year=2024"))
    for words in (
        "缙云县在富阳区的消薄飞地，已签约，尚未开工。2024年度应返100万元，实返100万元，已足额。",
        "协议自2020-01-01起，至2040-12-31止。",
        "成本由缙云县承担60%，富阳区承担40%。",
        "由示例运营公司运营，专职人员3人。",
        "2024年度起，地方留存税收缙云县得50%，富阳区得50%。",
        "共建协议书共建协议，2019-12-01签订",
    ):
        assert words in page, words
    assert any_site.browser("neighbour").get(address).status_code == 404
    again = staff.post(f"/enclaves/{any_site.world['enclave']}/enclave-agreements/new", AGREEMENT)
    assert again.status_code == 422
    assert "这处飞地已有共建协议" in text_of(again)


def test_a_refusal_of_what_an_agreement_says_is_beside_its_field(any_site):
    staff = any_site.browser("staff")
    enclave = any_site.world["enclave"]
    new = f"/enclaves/{enclave}/enclave-agreements/new"
    split = {"from_year": "2024", "origin_share": "50", "host_share": "50"}
    space = {"step": "agreed", "kind": "land", "quantity": "12.5", "on": "2024-01-01"}
    address = add_agreement(any_site)
    splits, spaces = f"{address}/tax-splits/new", f"/enclaves/{enclave}/enclave-spaces/new"
    assert staff.post(splits, split).status_code == 302
    edit = f"{address}/edit"
    refused = (
        (edit, {**AGREEMENT, "version": "1", "host_cost_share": "41"}, "host_cost_share", "100%"),
        (edit, {**AGREEMENT, "version": "1", "host_cost_share": "140"}, "host_cost_share", "100%"),
        (new, {**AGREEMENT, "ends_on": "2019-12-31"}, "ends_on", "早于起始日期"),
        (new, {**AGREEMENT, "full_time_staff": "三"}, "full_time_staff", "请填写整数"),
        (splits, {**split, "from_year": "2025", "host_share": "51"}, "host_share", "应为 100%"),
        (splits, {**split, "from_year": "2001"}, "from_year", "之间"),
        (splits, {**split, "from_year": "2026", "to_year": "2025"}, "to_year", "早于起始年度"),
        (splits, split, "from_year", "已有从这一年度起"),
        (spaces, {**space, "quantity": "0"}, "quantity", "应大于 0"),
        (spaces, {**space, "quantity": ""}, "quantity", "请填写数量"),
        (spaces, {**space, "on": ""}, "on", "请填写日期"),
        (
            spaces,
            {**space, "step": "delivered", "due_on": "2024-12-31"},
            "due_on",
            "交付的记录不填应交付日期",
        ),
        (f"{address}/agreement-documents/new", {"kind": "plan"}, "title", "请填写标题"),
    )
    for path, form, field, says in refused:
        answer = staff.post(path, form)
        assert answer.status_code == 422, (path, form)
        assert says in error_at(answer, field), (path, form)


def test_spaces_agreed_and_delivered_are_set_against_each_other(site):
    with site.app.app_context():
        enclave = db.session.get(Enclave, site.world["enclave"])
        make.space(enclave, 100, due_on=date(2024, 12, 31))
        make.space(enclave, 50, due_on=date(2999, 12, 31))
        make.space(enclave, 80, step=SpaceStep.DELIVERED)
        make.space(enclave, 1000, kind=SpaceKind.FLOOR)
        db.session.commit()
    page = words_of(site.browser("staff").get(f"/enclaves/{site.world['enclave']}"))
    assert "土地（亩）1508053.3%逾期20亩" in page
    assert "建筑面积（m²）1,00000.0%1,000m²没有约定交付日期" in page


def test_villages_stand_with_what_they_received(site):
    with site.app.app_context():
        enclave = db.session.get(Enclave, site.world["enclave"])
        small, large = (make.village(enclave.origin_region, name=name) for name in ("甲村", "乙村"))
        make.stake(enclave, small, capital_paid=make.wan(10))
        make.stake(enclave, large, capital_paid=make.wan(30), left_on=date(2025, 1, 1))
        for on in (date(2023, 6, 1), date(2024, 6, 1)):
            paid = make.entry(enclave, EntryKind.REBATE, make.wan(20), on, submitted_at=None)
            make.village_payment(paid, large, make.wan(15))
            paid.submitted_at = make.SUBMITTED
        draft = make.entry(
            enclave, EntryKind.REBATE, make.wan(9), date(2024, 7, 1), submitted_at=None
        )
        make.village_payment(draft, small, make.wan(9))
        db.session.commit()
    page = words_of(site.browser("staff").get(f"/enclaves/{site.world['enclave']}?year=2024"))
    assert re.search(r"各村共认缴.?未报、实缴40万元；2024年度分得15万元，历年共分得30万元。", page)
    assert re.search(r"乙村2025-01-01退出.?未报30.00按出资15.0030.00", page)
    assert page.index("乙村") < page.index("甲村")


def test_a_projects_page_says_how_far_it_has_come(site):
    number = site.world["project"]
    with site.app.app_context():
        project = db.session.get(Project, number)
        for amount, on in ((600, date(2023, 11, 1)), (1800, date(2024, 2, 1))):
            make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(amount), on)
        make.entry(
            project, EntryKind.FUNDS_IN_PLACE, make.wan(7777), date(2024, 3, 1), cumulative=True
        )
        db.session.commit()
    page = words_of(site.browser("staff").get(f"/projects/{number}"))
    assert "项目处在开工阶段，已" in page
    assert "下一步是竣工。计划总投资1.20亿元" in page
    assert "开工2024-06-01历时92天竣工未到投产未到" in page
    assert "累计到位资金2,400万元占总投资20.0%" in page
    assert "累计完成投资3,000万元占总投资25.0%" in page
    assert "2024年全年1,800.003,000.00" in page
    assert "历年累计2,400.003,000.00" in page
    with site.app.app_context():
        said = SourcedValue(
            project_id=number,
            field="started_on",
            text="2024-06",
            adopted=True,
            precision=Precision.ABOUT,
            source_id=db.session.query(SourcedValue).first().source_id,
        )
        db.session.add(said)
        db.session.get(Project, number).total_investment = None
        db.session.commit()
    page = words_of(site.browser("staff").get(f"/projects/{number}"))
    assert "项目处在开工阶段，下一步是竣工。" in page
    assert "开工2024-06竣工" in page
    assert "总投资未报，不能算出占比" in page


def test_an_ended_project_has_no_stages_ahead(site):
    number = site.world["project"]
    with site.app.app_context():
        db.session.get(Project, number).terminated_on = date(2024, 9, 1)
        db.session.commit()
    page = words_of(site.browser("staff").get(f"/projects/{number}"))
    assert "项目已终止" in page
    assert "终止2024-09-01历时92天" in page
    assert "竣工未到" not in page
