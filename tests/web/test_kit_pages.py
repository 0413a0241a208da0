"""A kind's form, conflict, deletion and history, on the projects, enclaves and return terms."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest

from tests import factories as make
from tests.web.pages import text_of, value_of
from tracker.core.db import Origin, db
from tracker.core.db.audit import AuditEntry
from tracker.core.db.records import now
from tracker.records.accounts import sessions
from tracker.records.accounts.models import EndReason
from tracker.records.enclaves.models import Enclave, ReturnTerm
from tracker.records.projects.models import PartnerView, Project
from tracker.web.kit import fields
from tracker.web.kit.kinds import all_kinds, kinds_of
from tracker.web.kit.links import LinkField

ENCLAVE = {
    "name": "缙云科创飞地",
    "code": "FD-900",
    "kind": "innovation",
    "direction": "outbound",
    "area_mu": "１２．５",
    "total_capital": "1.2亿",
    "village_capital": "12000万",
    "villages": "1,200",
    "signed_on": "2024年7月3日",
    "started_on": "20240801",
    "has_village_disclosure": "True",
}


def enclave_form(site, **changes: str) -> dict[str, str]:
    world = site.world
    with site.app.app_context():
        host = db.session.get(Enclave, world["enclave"]).host_id
    return {**ENCLAVE, "origin_id": str(world["jinyun"]), "host_id": str(host), **changes}


def form_of_page(page) -> dict[str, str]:
    """All that the form of a page would send if nothing were changed."""
    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page.text))
    names -= {"csrf_token", "year", "region", "q"}
    return {name: value_of(page, name) or "" for name in names if not name.startswith("keep-")}


def test_a_record_with_figures_as_people_type_them(any_site):
    staff = any_site.browser("staff")
    answer = staff.post("/enclaves/new", enclave_form(any_site))
    assert answer.status_code == 302
    with any_site.app.app_context():
        enclave = db.session.query(Enclave).filter_by(code="FD-900").one()
        assert str(enclave.area_mu) == "12.5000"
        assert enclave.total_capital == make.wan(12_000) == enclave.village_capital
        assert enclave.villages == 1200
        assert (enclave.signed_on, enclave.started_on) == (date(2024, 7, 3), date(2024, 8, 1))
        assert enclave.has_village_disclosure is True
        assert enclave.has_fund_ledger is None
        assert enclave.origin is Origin.ENTERED
    page = text_of(staff.get(answer.location))
    assert "12.5亩" in page
    assert "登记本记录" in page


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"code": "", "name": ""}, "code", "请填写飞地代号"),
        ({"host_id": ""}, "host_id", "请选择飞入地"),
        ({"host_id": "9" * 30}, "host_id", "不在列表中"),
        ({"host_id": "-1"}, "host_id", "不在列表中"),
        ({"host_id": "１"}, "host_id", "不在列表中"),
        ({"area_mu": "很大"}, "area_mu", "请填写数字"),
        ({"area_mu": "-3"}, "area_mu", "不能为负数"),
        ({"area_mu": "1.23456"}, "area_mu", "最多 4 位小数"),
        ({"area_mu": "9" * 30}, "area_mu", "数字过长"),
        ({"area_mu": "1" + "0" * 13}, "area_mu", "数字过大"),
        ({"villages": "1.5"}, "villages", "请填写整数"),
        ({"has_village_disclosure": "maybe"}, "has_village_disclosure", "不在列表中"),
        ({"kind": "development"}, "development_since", "须填成为发展飞地的日期"),
        ({"village_capital": "2亿"}, "village_capital", "村集体出资不能大于总出资"),
        (
            {"signed_on": "2024-09-01"},
            "started_on",
            "开工日期 2024-08-01 早于签约日期 2024-09-01。请核对两处日期。",
        ),
    ],
)
def test_a_refusal_is_beside_its_field_and_keeps_what_was_typed(any_site, changes, field, says):
    typed = enclave_form(any_site, **changes)
    answer = any_site.browser("staff").post("/enclaves/new", typed)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    for name in ("area_mu", "total_capital", "villages", "signed_on"):
        assert value_of(answer, name) == typed[name]


def test_a_code_that_is_taken_is_told_at_the_code(any_site):
    staff = any_site.browser("staff")
    assert staff.post("/enclaves/new", enclave_form(any_site)).status_code == 302
    again = staff.post("/enclaves/new", enclave_form(any_site, name="另一处"))
    assert again.status_code == 422
    assert "已有这个编号的飞地" in again.text
    assert 'id="code-error"' in again.text


def test_the_owner_is_chosen_from_the_users_own_regions(site, staff):
    page = staff.get("/enclaves/new")
    offered = re.search(r'<select[^>]*name="origin_id".*?</select>', page.text, re.S)[0]
    assert re.findall(r"<option[^>]*>([^<]+)", offered) == ["请选择", "缙云县"]
    foreign = enclave_form(site, origin_id=str(site.world["qingyuan"]))
    answer = staff.post("/enclaves/new", foreign)
    assert answer.status_code == 422
    assert "不在列表中" in answer.text


def test_a_record_is_not_given_away(any_site):
    """The region is looked at again after the change, whatever the list offered."""
    address = f"/enclaves/{any_site.world['enclave']}/edit"
    staff = any_site.browser("staff")
    form = form_of_page(staff.get(address))
    answer = staff.post(address, {**form, "origin_id": str(any_site.world["qingyuan"])})
    assert answer.status_code == 422
    with any_site.app.app_context():
        enclave = db.session.get(Enclave, any_site.world["enclave"])
        assert enclave.origin_id == any_site.world["jinyun"]


def test_two_people_decide_field_by_field(any_site):
    staff = any_site.browser("staff")
    address = f"/enclaves/{any_site.world['enclave']}/edit"
    seen = form_of_page(staff.get(address))
    first = {**seen, "name": "先到的名称", "villages": "11", "platform": "先到的平台"}
    assert staff.post(address, first).status_code == 302
    late = staff.post(address, {**seen, "name": "后到的名称", "villages": "22"})
    assert late.status_code == 422
    assert "记录已被他人修改" in text_of(late)
    for both in ("飞地名称 先到的名称 后到的名称", "参股村数 11 22", "所在平台 先到的平台 空"):
        assert both in text_of(late), both
    assert value_of(late, "name") == "后到的名称"
    # What the person did not touch stays as the other one left it, unless decided otherwise.
    chosen = dict(re.findall(r'name="keep-(\w+)" value="(\w+)" checked', late.text))
    assert chosen == {"name": "mine", "villages": "mine", "platform": "theirs"}
    decided = {
        **form_of_page(late),
        "keep-name": "theirs",
        "keep-villages": "mine",
        "keep-platform": "theirs",
    }
    assert staff.post(address, decided).status_code == 302
    with any_site.app.app_context():
        enclave = db.session.get(Enclave, any_site.world["enclave"])
        assert (enclave.name, enclave.villages) == ("先到的名称", 22)
        assert enclave.platform == "先到的平台"


def test_a_third_person_between_the_decision_and_the_saving_is_seen_too(any_site):
    staff = any_site.browser("staff")
    address = f"/enclaves/{any_site.world['enclave']}/edit"
    seen = form_of_page(staff.get(address))
    staff.post(address, {**seen, "villages": "1"})
    late = staff.post(address, {**seen, "villages": "2"})
    staff.post(address, {**form_of_page(staff.get(address)), "villages": "3"})
    hostile = {**form_of_page(late), "seen": "[1"}
    again = staff.post(address, hostile)
    assert again.status_code == 422
    assert "参股村数 3 2" in text_of(again)


def test_what_is_referred_to_is_not_deleted_and_the_page_says_by_what(any_site):
    staff = any_site.browser("staff")
    address = f"/projects/{any_site.world['project']}/delete"
    for page in (staff.get(address), staff.post(address, {"reason": "重复"})):
        assert "1 条台账" in text_of(page)
        assert 'href="/projects/1/edit#terminated_on">终止日期</a>' in page.text
    with any_site.app.app_context():
        assert db.session.get(Project, any_site.world["project"]) is not None


def test_deleting_asks_for_a_reason_and_the_trail_keeps_both(any_site):
    staff = any_site.browser("staff")
    with any_site.app.app_context():
        jinyun = db.session.get(Project, any_site.world["project"]).region
        number = make.project(jinyun, name="误登的项目").id
        db.session.commit()
    address = f"/projects/{number}/delete"
    assert "没有其他记录引用它" in text_of(staff.get(address))
    refused = staff.post(address, {"reason": "  "})
    assert refused.status_code == 422
    assert "请填写理由" in refused.text
    assert staff.post(address, {"reason": "与另一条重复登记"}).location == "/projects/"
    assert staff.get(f"/projects/{number}").status_code == 404
    with any_site.app.app_context():
        entry = db.session.query(AuditEntry).filter_by(
            table_name="projects", record_id=number, action="deleted"
        )
        assert entry.one().reason == "与另一条重复登记"
        assert "误登的项目" in entry.one().changes
        assert entry.one().actor_id == any_site.world["staff"]


def test_a_record_of_others_in_sight_says_why_it_may_not_be_changed(site):
    with site.app.app_context():
        db.session.get(Enclave, site.world["other_enclave"]).host_id = site.world["jinyun"]
        db.session.commit()
    staff = site.browser("staff")
    why = "这条记录由庆元县登记，只有庆元县的工作人员可以修改。"
    other = site.world["other_enclave"]
    page = staff.get(f"/enclaves/{other}")
    assert why in text_of(page)
    assert f"/enclaves/{other}/edit" not in page.text
    for act in ("edit", "delete", "return-terms/new"):
        for answer in (
            staff.get(f"/enclaves/{other}/{act}"),
            staff.post(f"/enclaves/{other}/{act}", {"reason": "x"}),
        ):
            assert answer.status_code == 403
            assert why in text_of(answer)


def test_what_is_entered_under_a_record_belongs_to_it(any_site):
    staff, neighbour = any_site.browser("staff"), any_site.browser("neighbour")
    enclave = any_site.world["enclave"]
    address = f"/enclaves/{enclave}/return-terms/new"
    typed = {"kind": "rate_on_capital", "rate": "8.5%", "capital_base": "villages"}
    assert neighbour.post(address, typed).status_code == 404
    answer = staff.post(address, typed)
    assert answer.location == f"/enclaves/{enclave}#return_terms"
    with any_site.app.app_context():
        term = db.session.query(ReturnTerm).order_by(ReturnTerm.id.desc()).first()
        assert term.enclave_id == enclave
        assert str(term.rate) == "0.08500000"
        number = term.id
    page = staff.get(f"/enclaves/{enclave}")
    assert "8.5%" in text_of(page)
    own = f"/enclaves/return-terms/{number}"
    assert staff.get(own).status_code == 200
    assert neighbour.get(own).status_code == 404
    assert value_of(staff.get(f"{own}/edit"), "rate") == "8.5"
    assert staff.post(f"{own}/delete", {"reason": "误录"}).location.startswith("/enclaves/")
    text = text_of(staff.get(f"/enclaves/{enclave}"))
    assert f"删除返利约定（编号 {number}）" in text
    assert "理由：误录" in text


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"kind": "rate_on_capital", "rate": "200"}, "rate", "不能大于 100%"),
        ({"kind": "rate_on_capital", "rate": "0"}, "rate", "大于 0"),
        ({"kind": "rate_on_capital", "rate": "1.2345678"}, "rate", "最多 6 位小数"),
        ({"kind": "fixed_sum", "rate": "1", "amount": "1"}, "rate", ""),
        ({"kind": "fixed_sum"}, "amount", ""),
    ],
)
def test_a_term_that_does_not_fit_its_kind(any_site, typed, field, says):
    address = f"/enclaves/{any_site.world['enclave']}/return-terms/new"
    answer = any_site.browser("staff").post(address, typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert says in text_of(answer)


def test_the_history_speaks_in_sentences(any_site):
    staff = any_site.browser("staff")
    project = any_site.world["project"]
    address = f"/projects/{project}/edit"
    form = form_of_page(staff.get(address))
    changes = {
        "total_investment": "1.5亿元",
        "signed_on": "",
        "category": "aid",
        "enclave_id": str(any_site.world["enclave"]),
        "is_leading_industry": "True",
    }
    assert staff.post(address, {**form, **changes}).status_code == 302
    text = text_of(staff.get(f"/projects/{project}"))
    for sentence in (
        "示例市县工作人员",
        "将总投资由 1.20亿元 改为 1.50亿元",
        "清空签约日期（原为2024-03-01）",
        "将类别由 产业合作 改为 援建",
        "填写飞地：缙云消薄飞地",
        "填写是否主导产业：是",
    ):
        assert sentence in text, sentence


def test_a_long_history_is_folded_and_all_of_it_can_be_reached(site, staff):
    project = site.world["project"]
    with site.app.app_context():
        record = db.session.get(Project, project)
        for number in range(120):
            record.investor = f"第{number}家公司"
            db.session.flush()
        db.session.commit()
    seen, address = set(), f"/projects/{project}"
    while address:
        page = staff.get(address)
        seen |= set(re.findall(r"“第(\d+)家公司”", page.text))
        older = re.search(r'href="([^"]+)#history">更早', page.text)
        address = older and older[1].replace("&amp;", "&")
    assert seen == {str(number) for number in range(120)}


def test_a_trail_of_values_that_no_longer_fit_is_still_told(site, staff):
    project = site.world["project"]
    with site.app.app_context():
        db.session.add(
            AuditEntry(
                table_name="projects",
                record_id=project,
                action="changed",
                changes='{"category": ["mining", "aid"], "signed_on": ["bald", null], "x": [1, 2]}',
            )
        )
        db.session.commit()
    text = text_of(staff.get(f"/projects/{project}"))
    assert "将类别由 mining 改为 援建" in text
    assert "清空签约日期（原为bald）" in text


def test_above_many_a_link_is_found_by_its_name(any_site, monkeypatch):
    staff = any_site.browser("staff")
    with any_site.app.app_context():
        jinyun = db.session.get(Project, any_site.world["project"]).region
        numbers = [make.project(jinyun, name=f"接续{n:03}号").id for n in range(30)]
        twins = [make.project(jinyun, name=f"{n}号同名工程").id for n in range(2)]
        db.session.commit()
    monkeypatch.setattr("tracker.web.kit.offered.MOST_OFFERED", 10)
    address = f"/projects/{any_site.world['project']}/edit"
    page = staff.get(address)
    assert 'list="continued_from_id-l"' in page.text
    form = form_of_page(page)
    for typed, found in (
        ("接续007号", numbers[7]),
        (str(numbers[3]), numbers[3]),
        ("jx012h", numbers[12]),
        ("", None),
    ):
        form = form_of_page(staff.get(address))
        answer = staff.post(address, {**form, "continued_from_id": typed})
        assert answer.status_code == 302, typed
        with any_site.app.app_context():
            record = db.session.get(Project, any_site.world["project"])
            assert record.continued_from_id == found
    staff.post(address, {**form_of_page(staff.get(address)), "continued_from_id": "接续009号"})
    assert value_of(staff.get(address), "continued_from_id") == "接续009号"
    form = form_of_page(staff.get(address))
    for typed, says in (
        ("同名工程", f"编号 {twins[0]}"),
        ("没有这个项目", "不在列表中"),
        ("庆元竹木项目", "不在列表中"),
        ("\x00", "不在列表中"),
        ("长" * 5000, "不在列表中"),
    ):
        answer = staff.post(address, {**form, "continued_from_id": typed})
        assert answer.status_code == 422, typed
        assert says in text_of(answer)


def test_a_new_partner_has_not_said_anything_yet(any_site):
    staff = any_site.browser("staff")
    address = f"/projects/{any_site.world['project']}/edit"
    with any_site.app.app_context():
        record = db.session.get(Project, any_site.world["project"])
        record.partner_id, record.partner_view = any_site.world["qingyuan"], PartnerView.CONFIRMED
        db.session.commit()
        fuyang = db.session.get(Enclave, any_site.world["enclave"]).host_id
    form = form_of_page(staff.get(address))
    staff.post(address, {**form, "investor": "别的公司"})
    staff.post(address, {**form_of_page(staff.get(address)), "partner_id": str(fuyang)})
    with any_site.app.app_context():
        record = db.session.get(Project, any_site.world["project"])
        assert record.partner_view is PartnerView.PENDING


def test_a_county_is_not_its_own_partner(any_site):
    staff = any_site.browser("staff")
    address = f"/projects/{any_site.world['project']}/edit"
    form = {**form_of_page(staff.get(address)), "partner_id": str(any_site.world["jinyun"])}
    answer = staff.post(address, form)
    assert answer.status_code == 422
    assert "协作县不能是项目所在县本身" in answer.text


def test_a_partner_is_a_side_of_the_pairing_that_is_named(site):
    """On a new form and on one that changes; one from before stays where something else changes."""
    staff = site.browser("staff")
    world, says = site.world, "结对关系是“富阳区支援缙云县”，协作县只能是富阳区"
    both = {"pairing_id": str(world["pairing"]), "partner_id": str(world["qingyuan"])}
    made = {"name": "乙项目", "category": "industry", "in_scope": "True"}
    refused = staff.post("/projects/new", {**made, **both})
    assert refused.status_code == 422
    assert 'id="partner_id-error"' in refused.text
    assert says in text_of(refused)
    address = f"/projects/{world['project']}/edit"
    form = form_of_page(staff.get(address))
    assert says in text_of(staff.post(address, {**form, **both}))
    with site.app.app_context():
        record = db.session.get(Project, world["project"])
        before = record.partner_id
        fuyang = db.session.get(Enclave, world["enclave"]).host_id
        assert before != world["qingyuan"]
        record.pairing_id, record.partner_id = world["pairing"], world["qingyuan"]
        db.session.commit()
    form = form_of_page(staff.get(address))
    assert staff.post(address, {**form, "investor": "别的公司"}).status_code == 302
    form = form_of_page(staff.get(address))
    assert staff.post(address, {**form, "partner_id": str(fuyang)}).status_code == 302
    with site.app.app_context():
        assert db.session.get(Project, world["project"]).partner_id == fuyang


def test_the_province_pairs_two_places(any_site):
    assessor = any_site.browser("assessor")
    typed = {
        "supporter_id": str(any_site.world["qingyuan"]),
        "recipient_id": str(any_site.world["jinyun"]),
        "scheme": "shanhai",
        "since": "2024.1.1",
        "until": "2030-12-31",
    }
    answer = assessor.post("/pairings/new", typed)
    assert answer.status_code == 302
    assert "庆元县支援缙云县" in text_of(assessor.get(answer.location))
    again = assessor.post("/pairings/new", typed)
    assert again.status_code == 422
    assert "已有这两地" in again.text
    same = assessor.post("/pairings/new", {**typed, "supporter_id": typed["recipient_id"]})
    assert "支援方和受援方不能是同一地" in same.text


def test_pairings_are_found_by_either_side_and_its_initials(site):
    leader = site.browser("leader")
    for text, found in (("缙云", 1), ("fy", 2), ("QY", 1), ("没有", 0)):
        page = leader.get("/pairings/", query_string={"q": text})
        assert len(re.findall(r'<th scope="row">', page.text)) == found, text


def test_an_empty_list_says_what_it_is_for(site):
    page = site.browser("neighbour").get("/projects/?category=culture_tourism")
    assert "没有符合条件的项目" in text_of(page)
    with site.app.app_context():
        db.session.delete(db.session.query(ReturnTerm).one())
        db.session.commit()
    page = site.browser("staff").get(f"/enclaves/{site.world['enclave']}/return-terms/")
    assert "合同约定了返利的，从“登记返利约定”开始" in text_of(page)
    read = site.browser("leader").get(f"/enclaves/{site.world['enclave']}/return-terms/")
    assert "没有登记返利约定。" in text_of(read)
    assert "从“登记" not in text_of(read)


def test_all_kinds_fit_their_models(site):
    """Every declared column, field, constraint and choice names what is there."""
    assert len(all_kinds()) >= 4
    for kind in all_kinds():
        assert kind in kinds_of(kind.model)
        if kind.form is None:
            continue
        form = kind.form
        names = {name for name in dir(form) if hasattr(getattr(form, name), "field_class")}
        assert {name for _, group in form.groups for name in group} <= names, kind.key
        for name in names & set(kind.choices):
            assert getattr(form, name).field_class is LinkField, (kind.key, name)
        known = {str(each.name) for each in kind.model.__table__.constraints}
        known |= {str(index.name) for index in kind.model.__table__.indexes}
        for name, (field, _) in {
            **fields.constraints_of(kind.model),
            **kind.constraints,
        }.items():
            assert name in known, (kind.key, name)
            assert hasattr(kind.model, field or "id"), (kind.key, name, field)


def test_what_was_typed_outlives_the_session(site):
    staff = site.browser("staff")
    typed = {**enclave_form(site), "note": "写了很久的备注"}
    own = {"Sec-Fetch-Site": "same-origin"}
    token = staff.token()
    with site.app.app_context():
        sessions.end(site.world["staff"], EndReason.SIGNED_OUT)
        db.session.commit()
    data = {**typed, "csrf_token": token}
    answer = staff.client.post("/enclaves/new", data=data, headers=own)
    assert answer.status_code == 401
    assert "写了很久的备注" in answer.text
    assert 'action="/enclaves/new"' in answer.text
    foreign = staff.client.post("/enclaves/new", data=data, headers={"Sec-Fetch-Site": "none"})
    assert foreign.status_code == 302
    assert foreign.location.startswith("/login")
    again = site.browser("staff").post("/enclaves/new", typed)
    assert again.status_code == 302


def test_the_partner_confirms_or_disputes_and_nobody_else(any_site):
    staff, neighbour = any_site.browser("staff"), any_site.browser("neighbour")
    address = f"/projects/{any_site.world['project']}/answer"
    assert "没有协作县" in text_of(staff.get(address))
    with any_site.app.app_context():
        record = db.session.get(Project, any_site.world["project"])
        record.partner_id = any_site.world["qingyuan"]
        db.session.commit()
    assert staff.post(address, {"partner_view": "confirmed"}).status_code == 409
    assert address not in staff.get(f"/projects/{any_site.world['project']}").text
    assert address in neighbour.get(f"/projects/{any_site.world['project']}").text
    asked = text_of(neighbour.get(address))
    assert "有异议" in asked
    assert "对方" not in asked  # it is the partner that answers
    assert neighbour.post(address, {"partner_view": "pending"}).status_code == 422
    refused = neighbour.post(address, {"partner_view": "disputed"})
    assert refused.status_code == 422
    assert "提出异议须说明理由" in text_of(refused)
    typed = {"partner_view": "disputed", "partner_note": "本县未参与"}
    assert neighbour.post(address, typed).status_code == 302
    assert "将协作县意见由 待对方确认 改为 对方有异议" in text_of(
        staff.get(f"/projects/{any_site.world['project']}")
    )


def test_an_event_of_many_acts_says_its_reason_without_a_comma_before_it(site):
    with site.app.test_request_context():
        said = site.app.jinja_env.get_template("kit/records.html").module.event
        told = {"at": now(), "actor": "示例工作人员", "reason": "误录"}
        many = said(SimpleNamespace(head="", acts=["填写甲", "填写乙"], **told))
        one = said(SimpleNamespace(head="", acts=["填写甲"], **told))
    assert "理由：误录" in many
    assert "，理由" not in many
    assert "填写甲，理由：误录" in one
