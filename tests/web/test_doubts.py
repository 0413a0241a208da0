"""What is implausible is asked about once, on every way in; a correction is one act."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests import factories as make
from tests.web.pages import text_of, value_of
from tracker.core.db import db
from tracker.core.db.audit import AuditEntry
from tracker.core.db.doubted import AnsweredDoubt
from tracker.records.accounts.models import User
from tracker.records.enclaves.agreements import EnclaveAgreement
from tracker.records.evidence.models import EvidenceLink
from tracker.records.evidence.service import hand_in, keep
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.projects.models import Project
from tracker.web.kit.kinds import all_kinds

YUAN = {"kind": "funds_in_place", "amount": "30000000", "occurred_on": "2024-10-08"}
TOTAL = make.wan(12_000)


@pytest.fixture
def project(any_site) -> int:
    with any_site.app.app_context():
        found = db.session.get(Project, any_site.world["project"])
        found.total_investment = TOTAL
        db.session.commit()
    return any_site.world["project"]


def draft(site, typed) -> str:
    answer = site.browser("staff").post(f"/ledger/projects/{site.world['project']}/new", typed)
    assert answer.status_code == 302, text_of(answer)
    return answer.location


def entries(site, **of) -> list[LedgerEntry]:
    with site.app.app_context():
        return db.session.query(LedgerEntry).filter_by(**of).order_by(LedgerEntry.id).all()


def test_yuan_by_habit_is_asked_about_and_kept_with_its_reason(any_site, project):
    staff = any_site.browser("staff")
    address = draft(any_site, YUAN)
    asked = staff.get(f"{address}/submit")
    assert "到位资金 30,000,000 万元，超过项目总投资 12,000 万元" in text_of(asked)
    marks = {"confirmed": value_of(asked, "confirmed")}
    for sent in ({}, {"why": "无误"}, marks, {**marks, "why": "  "}):
        assert staff.post(f"{address}/submit", sent).status_code == 422
        assert "草稿，尚未提交" in text_of(staff.get(address))
    done = staff.post(f"{address}/submit", {**marks, "why": "省重大项目，已增资"})
    assert done.location == address
    page = text_of(staff.get(address))
    assert "核实说明：省重大项目，已增资" in page
    assert "超过项目总投资" in page
    with any_site.app.app_context():
        kept = db.session.query(AnsweredDoubt).one()
        assert kept.rules == "above_limit"
        assert kept.answered_by_id == any_site.world["staff"]
        trail = db.session.query(AuditEntry).filter_by(table_name="answered_doubts").one()
        assert "已增资" in trail.changes
    for role in ("staff", "reviewer", "assessor"):
        listed = text_of(any_site.browser(role).get("/doubts/?year=2024"))
        assert "省重大项目，已增资" in listed, role
        assert "智能装备项目" in listed, role
    assert "省重大项目" not in text_of(any_site.browser("neighbour").get("/doubts/?year=2024"))


def test_what_is_sound_is_submitted_without_a_question(any_site, project):
    address = draft(any_site, {**YUAN, "amount": "3000"})
    staff = any_site.browser("staff")
    assert "请核实" not in text_of(staff.get(f"{address}/submit"))
    assert staff.confirm(f"{address}/submit").status_code == 302
    with any_site.app.app_context():
        assert db.session.query(AnsweredDoubt).count() == 0


def test_chosen_drafts_leave_out_what_has_to_be_answered(any_site, project):
    staff = any_site.browser("staff")
    strange, sound = draft(any_site, YUAN), draft(any_site, {**YUAN, "amount": "3000"})
    chosen = [address.rpartition("/")[2] for address in (strange, sound)]
    asked = staff.post("/ledger/drafts", {"entry": chosen})
    assert "将提交 1 笔草稿，计入各年度合计共 3,000 万元" in text_of(asked)
    assert "1 笔须先核实" in text_of(asked)
    assert all(e.is_draft for e in entries(any_site) if str(e.id) in chosen)
    answer = staff.confirm("/ledger/drafts", {"entry": chosen})
    assert "超过项目总投资" in text_of(answer)
    assert "单独提交" in text_of(answer)
    states = {e.id: e.is_draft for e in entries(any_site)}
    assert states[int(chosen[0])]
    assert not states[int(chosen[1])]


def test_money_after_the_agreement_is_asked_about(any_site):
    with any_site.app.app_context():
        enclave = any_site.world["enclave"]
        db.session.add(EnclaveAgreement(enclave_id=enclave, ends_on=date(2023, 12, 31)))
        db.session.commit()
    staff = any_site.browser("staff")
    typed = {"kind": "rent", "amount": "10", "occurred_on": "2024-10-08"}
    address = staff.post(f"/ledger/enclaves/{enclave}/new", typed).location
    assert "晚于协议到期日期 2023-12-31" in text_of(staff.get(address))
    assert staff.post(f"{address}/submit").status_code == 422


def test_the_first_button_of_a_form_for_money_keeps_a_draft(any_site):
    staff = any_site.browser("staff")
    page = staff.get(f"/ledger/projects/{any_site.world['project']}/new").text
    form = page[page.index('<form class="paper"') :]
    assert form.index("保存草稿") < form.index('name="submit"')
    draft(any_site, {**YUAN, "amount": "7"})
    assert [e.is_draft for e in entries(any_site, amount=make.wan(7))] == [True]


def corrected(site, **changes) -> tuple[str, dict[str, str]]:
    """The address of the correction of the world's entry, and what is typed there."""
    address = f"/ledger/{site.world['entry']}/correct"
    page = site.browser("staff").get(address)
    assert page.status_code == 200
    names = ("kind", "amount", "precision", "occurred_on", "period_from", "voucher", "note")
    shown = {name: value_of(page, name) for name in (*names, "version")}
    return address, {k: v for k, v in shown.items() if v is not None} | changes


def test_a_correction_reverses_and_enters_in_one_act_and_leads_back(any_site, project):
    staff = any_site.browser("staff")
    address, typed = corrected(any_site, amount="1200", reason="多写一位")
    assert typed["kind"] == "completed_investment"
    back = f"{address}?next=/projects/{project}"
    asked = staff.post(back, typed)
    assert asked.status_code == 422
    assert "将被冲销，另记完成投资 1,200 万元" in text_of(asked)
    old = any_site.world["entry"]
    assert entries(any_site, reversal_of_id=old) == []
    other = {**typed, "amount": "1300", "confirmed": value_of(asked, "confirmed")}
    assert staff.post(back, other).status_code == 422
    assert entries(any_site, reversal_of_id=old) == []
    done = staff.post(back, {**typed, "confirmed": value_of(asked, "confirmed")})
    assert done.location == f"/projects/{project}"
    (reversal,) = entries(any_site, reversal_of_id=old)
    (new,) = entries(any_site, amount=make.wan(1200))
    assert reversal.note == f"更正为 {new.id} 号：多写一位"
    assert not new.is_draft
    page = text_of(staff.get(done.location))
    assert "1,200万元" in page
    again = staff.post(back, typed)
    assert again.status_code == 409


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_a_correction_leads_to_no_other_site(any_site, target):
    staff = any_site.browser("staff")
    address, typed = corrected(any_site, amount="1200", reason="多写一位")
    sent = f"{address}?next={target}"
    mark = value_of(staff.post(sent, typed), "confirmed")
    done = staff.post(sent, {**typed, "confirmed": mark})
    assert done.location == f"/projects/{any_site.world['project']}"


def test_a_correction_to_what_is_implausible_asks_both_at_once(any_site, project):
    staff = any_site.browser("staff")
    address, typed = corrected(any_site, amount="12001", reason="少写一位")
    asked = staff.post(address, typed)
    assert "将被冲销" in text_of(asked)
    assert "超过项目总投资 12,000 万元" in text_of(asked)
    typed["confirmed"] = value_of(asked, "confirmed")
    refused = staff.post(address, typed)
    assert refused.status_code == 422
    assert entries(any_site, reversal_of_id=any_site.world["entry"]) == []
    typed["confirmed"] = value_of(refused, "confirmed")
    assert staff.post(address, {**typed, "why": "已增资"}).status_code == 302
    with any_site.app.app_context():
        assert db.session.query(AnsweredDoubt).one().reason == "已增资"


def test_what_is_the_same_or_not_ones_own_is_not_corrected(any_site):
    address, typed = corrected(any_site, reason="无")
    assert "没有可更正的" in text_of(any_site.browser("staff").post(address, typed))
    assert any_site.browser("neighbour").get(address).status_code == 404
    assert any_site.browser("assessor").get(address).status_code == 403


INDICATOR = {"indicator": "一般公共预算收入", "value": "23.52", "unit": "亿元", "year": "2023"}


def test_a_figure_of_ten_times_the_year_before_is_asked_about_and_told_in_the_trail(any_site):
    staff = any_site.browser("staff")
    form = {**INDICATOR, "region_id": str(any_site.world["jinyun"])}
    assert staff.post("/indicators/new", form).status_code == 302
    wrong = {**form, "year": "2024", "value": "235200"}
    asked = staff.post("/indicators/new", wrong)
    assert asked.status_code == 422
    assert "一般公共预算收入 235,200 亿元，2023 年为 23.52 亿元，达到 10 倍以上" in text_of(asked)
    marks = {"doubt-asked": value_of(asked, "doubt-asked")}
    assert staff.post("/indicators/new", {**wrong, **marks}).status_code == 422
    other = {**wrong, **marks, "value": "2352000", "doubt-why": "口径"}
    assert staff.post("/indicators/new", other).status_code == 422
    done = staff.post("/indicators/new", {**wrong, **marks, "doubt-why": "口径调整"})
    assert done.status_code == 302
    page = text_of(staff.get(done.location))
    assert "核实说明：口径调整" in page
    assert "达到 10 倍以上" in page
    sound = {**form, "year": "2022", "value": "20"}
    assert staff.post("/indicators/new", sound).status_code == 302


def test_the_total_investment_in_yuan_is_asked_about(any_site):
    staff = any_site.browser("staff")
    form = {"name": "新材料项目", "category": "industry", "in_scope": "True"}
    form["total_investment"] = "1200000"
    asked = staff.post("/projects/new", form)
    assert asked.status_code == 422
    assert "总投资 1,200,000 万元，数额特别大" in text_of(asked)
    right = {**form, "total_investment": "12000"}
    done = staff.post("/projects/new", right)
    assert done.status_code == 302
    edit = f"{done.location}/edit"
    names = ("version", "seen")
    marks = {name: value_of(staff.get(edit), name) for name in names}
    asked = staff.post(edit, {**right, **marks, "total_investment": "1.2"})
    assert "修改前为 12,000 万元，不到十分之一" in text_of(asked)


def test_targets_and_operating_figures_are_held_against_the_year_before(any_site):
    staff, assessor = any_site.browser("staff"), any_site.browser("assessor")
    figure = {
        "enclave_id": str(any_site.world["enclave"]),
        "quarter": "2",
        "item": "revenue",
    }
    before = staff.post("/operations/new", {**figure, "year": "2023", "value": "90"})
    assert before.status_code == 302
    asked = staff.post("/operations/new", {**figure, "year": "2024", "value": "900"})
    assert "2023 年同季为 90 万元，达到 10 倍以上" in text_of(asked)
    target = {"region_id": str(any_site.world["jinyun"]), "measure": "projects.counted"}
    first = assessor.post("/targets/new", {**target, "year": "2023", "value": "5"})
    assert first.status_code == 302, text_of(first)
    asked = assessor.post("/targets/new", {**target, "year": "2024", "value": "50"})
    assert "2023 年任务为 5" in text_of(asked)


def listed(site, role="reviewer", **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return text_of(site.browser(role).get(f"/doubts/?{asked}"))


def unanswered(site, role="reviewer", **query: str) -> str:
    """What the list shows above the answers."""
    return listed(site, role, **query).partition("已说明的")[0]


def test_answers_about_any_record_stand_in_one_list_with_their_record(any_site):
    staff = any_site.browser("staff")
    form = {"name": "新材料项目", "category": "industry", "in_scope": "True"}
    form["total_investment"] = "1200000"
    marks = {"doubt-asked": value_of(staff.post("/projects/new", form), "doubt-asked")}
    done = staff.post("/projects/new", {**form, **marks, "doubt-why": "省级重大项目"})
    assert done.status_code == 302
    for role in ("staff", "reviewer", "assessor"):
        page = any_site.browser(role).get("/doubts/?span=all")
        assert "省级重大项目" in text_of(page)
        assert f'href="{done.location}"' in page.text
    county = any_site.world["jinyun"]
    for query, found in (
        ({"table": "projects"}, True),
        ({"table": "enclaves"}, False),
        ({"rule": "very_large_sum"}, True),
        ({"rule": "ahead"}, False),
        ({"place": str(county)}, True),
        ({"place": "999999"}, True),  # none that is offered: nothing chosen
    ):
        page = listed(any_site, span="all", **query)
        assert ("省级重大项目" in page) is found, query
    assert "省级重大项目" not in listed(any_site, year="2019")
    assert "省级重大项目" not in listed(any_site, "neighbour", span="all")
    assert "新材料项目" not in unanswered(any_site, span="all")
    with any_site.app.app_context():
        kept = db.session.query(AnsweredDoubt).one()
        assert (kept.table_name, kept.region_id) == ("projects", county)
        assert kept.rules == "very_large_sum"
        address = f"/doubts/{kept.id}"
    assert "数额特别大" in text_of(staff.get(address))
    assert any_site.browser("neighbour").get(address).status_code == 404


def test_what_nobody_was_asked_about_is_listed_from_the_rules(any_site, project):
    with any_site.app.app_context():
        found = db.session.get(Project, project)
        large = make.entry(found, EntryKind.FUNDS_IN_PLACE, make.wan(12_001), date(2024, 5, 6))
        make.entry(found, EntryKind.TAX, make.wan(3), date(2024, 5, 6))
        loaded = make.project(found.region, name="导入的项目", total_investment=make.wan(2_000_000))
        loaded.signed_on = date(1989, 1, 1)
        for year, value in ((2023, "20"), (2024, "200")):
            make.county_indicator(found.region, year=year, indicator="收入", value=Decimal(value))
        db.session.commit()
        numbers = large.id, loaded.id
    page = any_site.browser("reviewer").get("/doubts/?year=2024")
    said = text_of(page).partition("已说明的")[0]
    assert "到位资金 12,001 万元，超过项目总投资 12,000 万元" in said
    assert f'href="/ledger/{numbers[0]}?year=2024"' in page.text
    assert "智能装备项目" in said
    assert "总投资 2,000,000 万元，数额特别大" in said
    assert "早于山海协作开始的 2002 年" in said
    assert f'href="/projects/{numbers[1]}?year=2024"' in page.text
    assert "2023 年为 20" in said
    assert "税收 3 万元" not in said
    other = unanswered(any_site, year="2023")
    assert "超过项目总投资" not in other
    assert "2,000,000 万元" in other  # a project is of no year
    assert "导入的项目" not in unanswered(any_site, year="2024", table="ledger_entries")
    assert "超过项目总投资" not in unanswered(any_site, "neighbour", year="2024")


def test_what_was_never_asked_is_answered_where_it_stands(any_site, project):
    staff = any_site.browser("staff")
    with any_site.app.app_context():
        found = db.session.get(Project, project)
        large = make.entry(found, EntryKind.FUNDS_IN_PLACE, make.wan(12_001), date(2024, 5, 6)).id
        found.signed_on = date(1999, 1, 1)
        db.session.commit()
    address = f"/ledger/{large}"
    assert f"{address}/explain" in staff.get(address).text
    assert f"{address}/explain" not in any_site.browser("reviewer").get(address).text
    asked = staff.get(f"{address}/explain")
    marks = {"confirmed": value_of(asked, "confirmed")}
    for sent in ({}, {"why": "无误"}, marks):
        assert staff.post(f"{address}/explain", sent).status_code == 422
    assert staff.post(f"{address}/explain", {**marks, "why": "已增资"}).location == address
    assert "核实说明：已增资" in text_of(staff.get(address))
    assert staff.get(f"{address}/explain").status_code == 409
    assert "12,001 万元，超过" not in unanswered(any_site, year="2024")
    # Other records are asked about when they are saved, once, though nothing of it was changed.
    edit = f"/projects/{project}/edit"
    names = ("version", "seen", "name", "category", "in_scope", "total_investment", "signed_on")
    form = {name: value_of(staff.get(edit), name) for name in names}
    asked = staff.post(edit, form)
    assert "签约日期 1999-01-01，早于山海协作开始的 2002 年" in text_of(asked)
    marks = {"doubt-asked": value_of(asked, "doubt-asked"), "doubt-why": "照合同"}
    assert staff.post(edit, {**form, **marks}).status_code == 302
    assert "1999-01-01" not in unanswered(any_site, year="2024")
    form = {name: value_of(staff.get(edit), name) for name in names}
    assert staff.post(edit, form).status_code == 302


def test_a_total_below_what_is_posted_is_asked_about(any_site):
    staff = any_site.browser("staff")
    edit = f"/projects/{any_site.world['project']}/edit"
    page = staff.get(edit)
    names = ("version", "seen", "name", "category", "in_scope")
    form = {name: value_of(page, name) for name in names}
    asked = staff.post(edit, {**form, "total_investment": "0.3"})
    assert "总投资 0.3 万元，低于已登记的完成投资累计" in text_of(asked)


def test_a_year_far_away_is_asked_about(any_site):
    staff = any_site.browser("staff")
    form = {**INDICATOR, "region_id": str(any_site.world["jinyun"]), "year": "2099"}
    asked = staff.post("/indicators/new", form)
    assert "年度 2099 年，在 5 年以后" in text_of(asked)


def test_a_correction_takes_over_the_files_that_are_left_ticked(any_site, project):
    staff, old = any_site.browser("staff"), any_site.world["entry"]
    with any_site.app.app_context():
        entry, actor = db.session.get(LedgerEntry, old), db.session.get(User, 1)
        files = [
            hand_in(entry, keep(f"%PDF-1.7\n{name}".encode() + b"x" * 100), name, "银行回单", actor)
            for name in ("回单.pdf", "无关.pdf")
        ]
        db.session.commit()
        first, second = (link.id for link in files)
        file_id = files[0].file_id
    address, typed = corrected(any_site, amount="1200", reason="多写一位")
    page = staff.get(address)
    assert "回单.pdf（银行回单）" in text_of(page)
    assert page.text.count('name="proof"') == page.text.count("checked><span>") == 2
    sent = {**typed, "proof": [str(first), "999"]}
    asked = staff.post(address, sent)
    assert "1 份佐证随新记录" in text_of(asked)
    other = {**typed, "proof": str(second), "confirmed": value_of(asked, "confirmed")}
    assert staff.post(address, other).status_code == 422  # not what was shown
    done = staff.post(address, {**sent, "confirmed": value_of(asked, "confirmed")})
    assert done.status_code == 302
    (new,) = entries(any_site, amount=make.wan(1200))
    with any_site.app.app_context():
        links = db.session.query(EvidenceLink).order_by(EvidenceLink.id).all()
        assert [(each.ledger_entry_id, each.file_id) for each in links[2:]] == [(new.id, file_id)]
        assert {each.ledger_entry_id for each in links[:2]} == {old}  # the old one keeps its own
    assert "回单.pdf" in text_of(staff.get(f"/ledger/{new.id}"))


# Posted records that are not changed where they stand, and the one act that sets them right.
CORRECTED_OTHERWISE = {
    "ledger": "更正: reversal and new entry",
    "rulings": "ruled anew",
    "objections": "withdrawn, and another one filed while the notice lasts",
    "supervision": "taken back with a reason, and issued anew",
    "task_parts": "given anew: 调整 of the list",
    "evidence": "withdrawn, and the same file linked again",
    "doubts": "an answer stays as it was given",
    "published_totals": "as the sources have them; loaded anew",
}


def test_every_other_record_is_set_right_in_one_act_where_it_stands(any_site):
    """Saving the form keeps the record, and with it its files, its number and its way back."""
    for kind in all_kinds():
        if kind.key in CORRECTED_OTHERWISE:
            continue
        assert kind.form is not None, kind.key
        assert f"{kind.key}.edit" in any_site.app.view_functions, kind.key
    assert CORRECTED_OTHERWISE.keys() <= {kind.key for kind in all_kinds()}


def test_a_project_of_which_nothing_is_known_is_held_against_the_others(any_site):
    """50 亿元 without a total investment and without a year before."""
    with any_site.app.app_context():
        county = db.session.get(Project, any_site.world["project"]).region
        bare = make.project(county, name="无总投资项目")
        make.entry(bare, EntryKind.TAX, make.wan(2_000), date(2024, 3, 1))
        loaded = make.entry(bare, EntryKind.TAX, make.wan(900_000), date(2024, 5, 6))
        db.session.commit()
        number, entry = bare.id, loaded.id
    staff = any_site.browser("staff")
    typed = {"kind": "funds_in_place", "amount": "500000", "occurred_on": "2024-10-08"}
    address = staff.post(f"/ledger/projects/{number}/new", typed).location
    said = "单笔到位资金 500,000 万元，超过已登记的最大项目总投资 12,000 万元"
    assert said in text_of(staff.get(f"{address}/submit"))
    assert said not in unanswered(any_site, year="2024")  # a draft
    with any_site.app.app_context():
        kept = db.session.get(LedgerEntry, int(address.rsplit("/", 1)[1]))
        kept.submitted_at = kept.entered_at
        db.session.commit()
    listed_now = unanswered(any_site, year="2024")
    assert said in listed_now
    assert "单笔税收 900,000 万元，为已登记的单笔最大额 2,000 万元的 450 倍" in listed_now
    assert "为已登记的单笔最大额 2,000 万元的 450 倍" in text_of(staff.get(f"/ledger/{entry}"))
