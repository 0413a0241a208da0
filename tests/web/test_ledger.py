"""The ledger: list and sums, entries, reversals."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm.attributes import set_committed_value

from tests import factories as make
from tests.audits.steps import counted_steps
from tests.web.pages import text_of, value_of
from tracker.core.db import Origin, Precision, db
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger import queries, service
from tracker.records.ledger.kinds import LEDGER
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.sums import totals
from tracker.records.projects.models import Project

GOOD = {"kind": "completed_investment", "amount": "1,200", "occurred_on": "2024.10.8"}


def submit(staff, address, typed, **answers):
    """Type an entry, look at it once, submit it; the page that one is led back to."""
    asked = staff.post(address, {**typed, "submit": "1"}).location
    assert "/submit?next=" in asked
    done = staff.confirm(asked, answers)
    assert done.status_code == 302, text_of(done)
    return staff.get(done.location)


def test_entering_money_of_a_project(any_site):
    staff = any_site.browser("staff")
    project = any_site.world["project"]
    page = submit(staff, f"/ledger/projects/{project}/new", {**GOOD, "voucher": "2024-记-15"})
    assert page.request.path == f"/projects/{project}"
    assert "4,200万元" in text_of(page)
    with any_site.app.app_context():
        entry = db.session.query(LedgerEntry).order_by(LedgerEntry.id.desc()).first()
        assert entry.amount == make.wan(1200)
        assert entry.occurred_on == date(2024, 10, 8)
        assert entry.entered_by_id == any_site.world["staff"]


def test_entering_a_rebate_with_its_villages(site, staff):
    form = {"kind": "rebate", "amount": "1万元", "occurred_on": "2024-10-08", "villages": "１２"}
    page = submit(staff, f"/ledger/enclaves/{site.world['enclave']}/new", form)
    assert "12 个村" in text_of(page)


@pytest.mark.parametrize(
    ("subject", "changes", "field", "says"),
    [
        ("project", {"kind": ""}, "kind", "请选择资金类型"),
        ("project", {"kind": "rebate"}, "kind", "不在列表中"),
        ("project", {"amount": ""}, "amount", "请填写金额"),
        ("project", {"amount": "0"}, "amount", "大于 0"),
        ("project", {"amount": "-1"}, "amount", "负数"),
        ("project", {"amount": "0.0000001"}, "amount", "精确到分"),
        ("project", {"amount": "99999999亿"}, "amount", "1 万亿元"),
        ("project", {"occurred_on": ""}, "occurred_on", "请填写发生日期"),
        ("project", {"occurred_on": "2099-01-01"}, "occurred_on", "晚于今天"),
        ("project", {"period_from": "2024-11-01"}, "period_from", "晚于发生日期 2024-10-08"),
        ("project", {"voucher": "长" * 121}, "voucher", "最多 120 字"),
        ("enclave", {"kind": "funds_in_place"}, "kind", "不在列表中"),
        ("enclave", {"kind": "rent", "villages": "3"}, "villages", "只有返利才填"),
        ("enclave", {"kind": "rebate", "villages": "-3"}, "villages", "不能为负数"),
        ("enclave", {"kind": "rebate", "villages": "三"}, "villages", "请填写整数"),
        ("enclave", {"kind": "rebate", "villages": "9" * 9}, "villages", "超过 30,000"),
    ],
)
def test_a_refused_entry_says_where_and_keeps_what_was_typed(
    site, staff, subject, changes, field, says
):
    typed = {**GOOD, "note": "说明", **changes}
    answer = staff.post(f"/ledger/{subject}s/{site.world[subject]}/new", typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'id="{field}-error"' in answer.text
    for name in ("amount", "occurred_on", "note"):
        assert value_of(answer, name) == typed[name]


def test_the_same_money_twice_has_to_be_meant(site, staff):
    address = f"/ledger/projects/{site.world['project']}/new"
    assert staff.post(address, GOOD).status_code == 302
    again = staff.post(address, GOOD)
    assert again.status_code == 422
    assert "确为另一笔" in again.text
    assert staff.post(address, {**GOOD, "repeated": "y"}).status_code == 302


def test_reversing_an_entry(any_site):
    staff = any_site.browser("staff")
    entry = any_site.world["entry"]
    address = f"/ledger/{entry}/reverse"
    assert "智能装备项目" in text_of(staff.get(address))
    assert "请填写冲销原因" in staff.post(address, {"reason": " "}).text
    answer = staff.post(address, {"reason": "录入有误"})
    assert answer.location == "/ledger/?year=2024"
    page = text_of(staff.get(answer.location))
    assert f"冲销 {entry} 号" in page
    assert "完成投资合计" not in page
    with any_site.app.app_context():
        reversal = db.session.query(LedgerEntry).filter_by(reversal_of_id=entry).one()
        assert reversal.amount == -make.wan(3000)
        assert reversal.occurred_on == date(2024, 9, 1)
        assert reversal.entered_by_id == any_site.world["staff"]
        assert reversal.note == "录入有误"


def test_an_entry_is_reversed_once_only(any_site):
    staff = any_site.browser("staff")
    entry = any_site.world["entry"]
    staff.post(f"/ledger/{entry}/reverse", {"reason": "录入有误"})
    again = staff.post(f"/ledger/{entry}/reverse", {"reason": "再来一次"})
    assert again.status_code == 422
    assert "不能再次冲销" in again.text
    with any_site.app.app_context():
        reversal = db.session.query(LedgerEntry).filter_by(reversal_of_id=entry).one()
        number = reversal.id
    assert "不能再冲销" in staff.get(f"/ledger/{number}/reverse").text
    assert staff.post(f"/ledger/{number}/reverse", {"reason": "恢复"}).status_code == 422


def test_the_database_has_the_last_word_on_a_second_reversal(any_site, monkeypatch):
    """Two people at once: the second has read the entry before the first reversed it."""
    staff = any_site.browser("staff")
    entry = any_site.world["entry"]
    staff.post(f"/ledger/{entry}/reverse", {"reason": "录入有误"})
    read = queries.get

    def read_before(user, entry_id):
        found = read(user, entry_id)
        set_committed_value(found, "reversal", None)
        return found

    monkeypatch.setattr(queries, "get", read_before)
    answer = staff.post(f"/ledger/{entry}/reverse", {"reason": "同时"})
    assert answer.status_code == 422
    assert "已被冲销" in answer.text


def test_what_a_service_refuses_and_no_view_expected_is_told_on_a_page(site, monkeypatch):
    """The view's own look was right, and the act refuses all the same."""
    entry = site.world["entry"]
    staff = site.browser("staff")
    monkeypatch.setattr(service, "needs_reversing", lambda entry: True)
    staff.post(f"/ledger/{entry}/reverse", {"reason": "录入有误"})
    answer = staff.post(f"/ledger/{entry}/reverse", {"reason": "再来一次"})
    assert answer.status_code == 409
    assert "这笔资金已经冲销" in answer.text
    with site.app.app_context():
        assert db.session.query(LedgerEntry).filter_by(reversal_of_id=entry).count() == 1


def test_money_of_another_county_in_sight_may_not_be_reversed(site):
    with site.app.app_context():
        enclave = db.session.get(Enclave, site.world["other_enclave"])
        enclave.host_id = site.world["jinyun"]
        number = make.entry(enclave, EntryKind.RENT, make.wan(5), date(2024, 5, 1)).id
        db.session.commit()
    staff = site.browser("staff")
    assert staff.get(f"/ledger/{number}/reverse").status_code == 403
    assert staff.post(f"/ledger/{number}/reverse", {"reason": "试"}).status_code == 403


def test_samples_are_called_samples_on_every_page(site, staff):
    assert "示例数据" not in text_of(staff.get("/pairings/"))
    with site.app.app_context():
        db.session.get(Project, site.world["project"]).origin = Origin.SAMPLE
        db.session.commit()
    submit(staff, f"/ledger/projects/{site.world['project']}/new", GOOD)
    for address in ("/", "/pairings/", "/ledger/?year=2024", "/projects/new"):
        assert "示例数据 本系统含虚构的示例记录" in text_of(staff.get(address))
    with site.app.app_context():
        entry = db.session.query(LedgerEntry).order_by(LedgerEntry.id.desc()).first()
        assert entry.origin is Origin.SAMPLE


def test_sums_leave_out_what_does_not_belong_to_a_year(site, in_database):
    def sums() -> dict:
        project = db.session.get(Project, site.world["project"])
        kind = EntryKind.FUNDS_IN_PLACE
        make.entry(project, kind, make.wan(10), date(2024, 1, 1))
        make.entry(project, kind, make.wan(5), date(2024, 12, 31), precision=Precision.AT_LEAST)
        make.entry(project, kind, make.wan(7), date(2023, 12, 31))
        make.entry(project, kind, make.wan(900), date(2024, 6, 1), cumulative=True)
        make.entry(project, kind, make.wan(40), date(2024, 6, 1), submitted_at=None)
        wrong = make.entry(project, kind, make.wan(3), date(2024, 6, 1))
        make.entry(project, kind, -make.wan(3), date(2024, 6, 1), reversal_of_id=wrong.id)
        days = LedgerEntry.occurred_on.between(date(2024, 1, 1), date(2024, 12, 31))
        found = totals(LedgerEntry.project_id == project.id, days, by=(LedgerEntry.kind,))
        return {k: (s.figure.value, s.figure.precision, s.count) for (k,), s in found.items()}

    assert in_database(sums) == {
        EntryKind.FUNDS_IN_PLACE: (Decimal(150_000), "≥", 2),
        EntryKind.COMPLETED_INVESTMENT: (Decimal(30_000_000), "", 1),
    }


def test_drafts_count_nowhere_and_are_told(site, staff):
    with site.app.app_context():
        project = db.session.get(Project, site.world["project"])
        enclave = db.session.get(Enclave, site.world["enclave"])
        for subject, kind in (
            (project, EntryKind.COMPLETED_INVESTMENT),
            (enclave, EntryKind.REBATE),
        ):
            make.entry(subject, kind, make.wan(40), date(2024, 10, 1), submitted_at=None)
        by_year = queries.by_year(enclave)
        standing = [e.amount for e in queries.standing_of(enclave, [EntryKind.REBATE])]
        db.session.commit()
    assert by_year[2024][EntryKind.REBATE].figure.value == make.wan(100)
    assert standing == [make.wan(100)]
    for address, total in (
        (f"/projects/{site.world['project']}", "3,000万元"),
        (f"/enclaves/{site.world['enclave']}", "2024 100.00 100.00"),
    ):
        page = text_of(staff.get(address))
        assert "其中 1 笔草稿尚未提交，不计入任何合计" in page
        assert total in page
        assert "3,040万元" not in page
        assert "140万元" not in page


@pytest.mark.parametrize(
    ("query", "project", "enclave"),
    [
        ("year=2024", True, True),
        ("year=2023", False, False),
        ("year=2023&span=all", True, True),
        ("year=2024&kind=rebate", False, True),
        ("year=2024&kind=nonsense", True, True),
        ("year=2024&q=智能", True, False),
        ("year=2024&project={project}", True, False),
        ("year=2024&enclave={enclave}", False, True),
        ("year=2024&project=0", True, True),
        ("year=nonsense&span=all&sort=-amount", True, True),
    ],
)
def test_filters_live_in_the_address(site, staff, query, project, enclave):
    page = staff.get("/ledger/?" + query.format(**site.world.ids)).text
    page = re.sub(r"\?year=\d{4}", "", page)
    assert (f'href="/projects/{site.world["project"]}"' in page) == project
    assert (f'href="/enclaves/{site.world["enclave"]}"' in page) == enclave


def test_the_year_is_that_of_the_address(staff):
    begins = text_of(staff.get("/ledger/"))
    assert "台账 2023 年度" in text_of(staff.get("/ledger/?year=2023"))
    assert text_of(staff.get("/ledger/")) == begins
    other = text_of(staff.get("/ledger/?year=1066"))
    notice = re.search(r"地址中的 1066 年度[^。]*。 ", other)
    assert other.replace(notice[0], "") == begins


def test_a_contract_reads_as_words_with_what_is_due_and_paid(site, staff):
    page = text_of(staff.get(f"/enclaves/{site.world['enclave']}"))
    assert "自 2023-01-01 起，每年返还 100万元。" in page
    assert "2024 100.00 100.00" in page
    assert "2023 100.00 未报" in page


def test_a_rate_on_unknown_capital_is_not_guessed(site, staff):
    from tracker.records.enclaves.models import CapitalBase, TermKind

    with site.app.app_context():
        enclave = db.session.get(Enclave, site.world["enclave"])
        enclave.village_capital = None
        enclave.return_terms[0].kind = TermKind.RATE_ON_CAPITAL
        enclave.return_terms[0].amount = None
        enclave.return_terms[0].rate = Decimal("0.1")
        enclave.return_terms[0].capital_base = CapitalBase.VILLAGES
        db.session.commit()
    page = text_of(staff.get(f"/enclaves/{site.world['enclave']}"))
    assert "每年按村集体出资的 10% 返还" in page
    assert "2024 不可计算" in page


def test_a_page_of_the_ledger_reads_no_whole_ledger_where_nothing_was_reversed(sqlite_app):
    """Statistics then say that the index of reversals leads to all entries."""
    project = make.project(make.zhejiang()["缙云县"])
    shared = {"kind": EntryKind.TAX, "amount": make.wan(1), "occurred_on": date(2024, 1, 1)}
    rows = [{"project_id": project.id, **shared} for _ in range(400)]
    db.session.execute(insert(LedgerEntry), rows)
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    page = select(LedgerEntry).where(LedgerEntry.id.in_(range(1, 51))).options(*LEDGER.load)
    with counted_steps(db.engine) as steps:
        found = db.session.scalars(page).unique().all()
    assert len(found) == 50
    assert sum(steps.values()) < 20_000
