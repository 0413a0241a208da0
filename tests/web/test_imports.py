"""A workbook on its way: template, upload, what was found, the question, all of it or nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.exchange.sheets.books import Book
from tests.web.conftest import Site
from tests.web.pages import Browser, text_of
from tracker.core import jobs
from tracker.core.db import db, units
from tracker.core.db.audit import AuditEntry
from tracker.exchange.sheets import writing
from tracker.records.background.models import BackgroundJob, WorkState
from tracker.records.background.running import run
from tracker.records.ledger.models import LedgerEntry
from tracker.records.projects.models import Project

NEW = {"name": "乙项目", "category": "产业合作", "signed_on": date(2024, 7, 3)}
Sends = Callable[..., int]


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The work that was put on the queue; a test does it itself."""
    found: list[int] = []
    monkeypatch.setattr(jobs, "send", lambda _settings, _name, job_id: found.append(job_id))
    return found


def taken_along(browser: Browser, address: str = "/sheets/projects/template") -> Book:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    book = Book(answer.data)
    answer.close()
    return book


def hand_in(
    site: Site, browser: Browser, data: bytes, kind: str = "projects", name: str = "填好.xlsx"
) -> int:
    """Upload a workbook and let it be checked; the number of the import."""
    file = (io.BytesIO(data), name)
    answer = browser.post(
        f"/sheets/{kind}/import", {"file": file}, content_type="multipart/form-data"
    )
    assert answer.status_code == 302, text_of(answer)
    number = int(re.search(r"/sheets/imports/(\d+)", answer.location)[1])
    do(site, number)
    return number


def do(site: Site, number: int) -> None:
    with site.app.app_context(), units.mode(writes=False):
        run(number)


def take(site: Site, browser: Browser, number: int) -> BackgroundJob:
    answer = browser.confirm(f"/sheets/imports/{number}/take")
    assert answer.status_code == 302
    assert answer.location.startswith(f"/sheets/imports/{number}")
    with site.app.app_context():
        job = db.session.scalar(select(func.max(BackgroundJob.id)))
    do(site, job)
    with site.app.app_context():
        found = db.session.get(BackgroundJob, job)
        db.session.expunge(found)
    return found


def projects(site: Site) -> list[tuple]:
    with site.app.app_context():
        return db.session.execute(
            select(Project.name, Project.investor, Project.version).order_by(Project.id)
        ).all()


def test_a_workbook_is_checked_shown_asked_about_and_taken(any_site: Site):
    site, staff = any_site, any_site.browser("staff")
    page = staff.get("/projects/")
    assert "/sheets/projects/template" in page.text
    assert "/sheets/projects/import" in page.text
    book = taken_along(staff)
    book.set(book.rows()[0], investor="新投资方")
    book.set(book.free, **NEW, total_investment="１.2亿元")
    before = projects(site)
    number = hand_in(site, staff, book.saved())
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "核对通过：新增 1 条，修改 1 条，不变 0 条" in shown
    assert "还没有写入" in shown
    assert "投资方：空 → 新投资方" in shown
    # What was typed in other ways stands as what it became.
    assert "总投资：12,000 万元" in shown
    assert projects(site) == before
    asked = staff.post(f"/sheets/imports/{number}/take")
    assert asked.status_code == 422
    assert "有一行不能写入就一行都不写" in text_of(asked)
    assert "新增乙项目（" in text_of(asked)
    assert "总投资 12,000 万元" in text_of(asked)
    assert take(site, staff, number).state is WorkState.DONE
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "已导入：新增 1 条，修改 1 条，不变 0 条" in shown
    names = {name: investor for name, investor, _ in projects(site)}
    assert names["乙项目"] == ""
    assert names["智能装备项目"] == "新投资方"
    with site.app.app_context():
        by = db.session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.table_name == "projects")
            .order_by(AuditEntry.id.desc()).limit(2)
        ).all()  # fmt: skip
        assert set(by) == {site.world["staff"]}
    again = hand_in(site, staff, book.saved())
    shown = text_of(staff.get(f"/sheets/imports/{again}"))
    assert "与已有的记录没有不同（2 条），无须导入" in shown
    listed = text_of(staff.get("/sheets/imports/"))
    assert f"{number}导入项目：填好.xlsx" in listed.replace(" ", "")
    assert "已导入" in listed


def test_what_is_exported_of_an_import_is_what_was_filled_in(site: Site):
    staff = site.browser("staff")
    book = taken_along(staff)
    values = {**NEW, "investor": "=甲公司", "total_investment": 1234.56, "industry": "竹木"}
    book.set(book.free, **values)
    book.cell(book.rows()[-1], "investor").data_type = "s"
    take(site, staff, hand_in(site, staff, book.saved()))
    answer = staff.get("/projects/export.csv?year=2024&span=all")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    answer.close()
    at = next(place for place, line in enumerate(lines) if line[0] == "序号")
    (line,) = (dict(zip(lines[at], row, strict=True)) for row in lines if "乙项目" in row)
    assert line["投资方"] == "'=甲公司"
    assert line["总投资（万元）"] == "1234.56"
    assert line["签约日期"] == "2024-07-03"
    after = taken_along(staff)
    row = next(row for row in map(after.row, after.rows()) if row["name"] == "乙项目")
    assert row["investor"] == "=甲公司"
    assert row["total_investment"] == 1234.56
    assert row["signed_on"].date() == date(2024, 7, 3)


def test_a_faulty_workbook_comes_back_marked_and_keeps_its_number(site: Site):
    staff = site.browser("staff")
    book = taken_along(staff)
    row = book.free
    book.set(row, **{**NEW, "signed_on": "2024-02-30", "total_investment": -5})
    number = hand_in(site, staff, book.saved())
    page = staff.get(f"/sheets/imports/{number}")
    shown = text_of(page)
    assert f"导入编号 {number}" in shown
    assert "所填内容不符合登记的要求，共 2 处。没有导入任何一行" in shown
    place = book.cell(row, "signed_on").coordinate
    assert f"「项目」{place}（签约日期）" in shown
    assert f"/sheets/imports/{number}/take" not in page.text
    assert staff.post(f"/sheets/imports/{number}/take").status_code == 302
    answer = staff.get(f"/sheets/imports/{number}/workbook")
    back = Book(answer.data)
    answer.close()
    assert "没有30日" in back.page[place].comment.text
    assert back.page[place].fill.fgColor.rgb == "FFFFC7CE"
    back.set(row, signed_on="2024-02-29")
    second = hand_in(site, staff, back.saved())
    answer = staff.get(f"/sheets/imports/{second}/workbook")
    back = Book(answer.data)
    answer.close()
    assert back.page[place].comment is None
    assert back.page[place].fill.fill_type is None
    assert back.cell(row, "total_investment").comment is not None
    back.set(row, total_investment=5)
    third = hand_in(site, staff, back.saved())
    assert "核对通过" in text_of(staff.get(f"/sheets/imports/{third}"))


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"%PDF-1.7", "文件是 PDF"), (b"PK\x03\x04" + b"x" * 99, "不是 .xlsx"), (b"\0" * 9, "不是")],
)
def test_what_is_no_workbook_keeps_its_number_too(site: Site, data: bytes, says: str):
    staff = site.browser("staff")
    number = hand_in(site, staff, data, name="../..\\坏<b>.xlsx")
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "文件不能导入，共 1 处" in shown
    assert says in shown
    assert "坏<b>.xlsx" in shown
    assert staff.get(f"/sheets/imports/{number}/workbook").status_code == 302


@pytest.mark.parametrize("data", [{}, {"file": (io.BytesIO(b""), "空.xlsx")}])
def test_nothing_handed_in_is_said_beside_the_field(site: Site, data: dict):
    answer = site.browser("staff").post(
        "/sheets/projects/import", data, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_an_import_is_for_the_one_who_handed_it_in(site: Site):
    staff = site.browser("staff")
    number = hand_in(site, staff, taken_along(staff).saved())
    for other in ("neighbour", "reviewer", "assessor"):
        browser = site.browser(other)
        for address in ("", "/workbook"):
            assert browser.get(f"/sheets/imports/{number}{address}").status_code == 404
        assert browser.post(f"/sheets/imports/{number}/take").status_code == 404
    assert site.browser("reviewer").get("/sheets/projects/template").status_code == 403
    assert site.browser("leader").get("/sheets/projects/import").status_code == 403
    assert "/sheets/" not in site.browser("leader").get("/projects/").text
    neighbour = taken_along(site.browser("neighbour"))
    assert [neighbour.row(row)["name"] for row in neighbour.rows()] == ["庆元竹木项目"]


def test_another_countys_template_changes_nothing_of_theirs(site: Site):
    """The numbers in a workbook are claims; whose a record is, is asked anew."""
    theirs = taken_along(site.browser("neighbour"))
    theirs.set(theirs.rows()[0], investor="改")
    theirs.set(theirs.free, **NEW)
    number = hand_in(site, site.browser("staff"), theirs.saved())
    shown = text_of(site.browser("staff").get(f"/sheets/imports/{number}"))
    assert "1 处" in shown
    assert "这是庆元县的模板，列的是庆元县的记录；您登记的是缙云县的。" in shown
    meta = theirs.book["_模板"]
    meta.cell(7, 2, "331122")
    number = hand_in(site, site.browser("staff"), theirs.saved())
    assert "不归您修改" in text_of(site.browser("staff").get(f"/sheets/imports/{number}"))


def test_a_record_that_changes_meanwhile_keeps_all_rows_out(any_site: Site):
    site, staff = any_site, any_site.browser("staff")
    book = taken_along(staff)
    book.set(book.rows()[0], investor="新投资方").set(book.free, **NEW)
    number = hand_in(site, staff, book.saved())
    with site.app.app_context():
        db.session.get(Project, site.world["project"]).investor = "别人改的"
        db.session.commit()
    before = projects(site)
    job = take(site, staff, number)
    assert job.state is WorkState.FAILED
    assert "没有导入任何一行" in job.reason
    assert projects(site) == before
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "没有导入任何一行" in shown


def test_a_fault_half_way_leaves_nothing(any_site: Site, monkeypatch: pytest.MonkeyPatch):
    site, staff = any_site, any_site.browser("staff")
    book = taken_along(staff)
    for name in ("乙", "丙", "丁"):
        book.set(book.free, **{**NEW, "name": f"{name}项目"})
    number = hand_in(site, staff, book.saved())
    before = projects(site)
    plain, made = writing._act, []

    def fails(*given: object) -> object:
        if len(made) == 2:
            raise MemoryError
        made.append(plain(*given))
        return made[-1]

    monkeypatch.setattr(writing, "_act", fails)
    answer = staff.confirm(f"/sheets/imports/{number}/take")
    assert answer.status_code == 302
    with pytest.raises(MemoryError):
        do(site, number + 1)
    assert len(made) == 2
    assert projects(site) == before


def test_it_is_taken_once(site: Site):
    staff = site.browser("staff")
    book = taken_along(staff)
    book.set(book.free, **NEW)
    number = hand_in(site, staff, book.saved())
    take(site, staff, number)
    before = projects(site)
    assert staff.post(f"/sheets/imports/{number}/take").status_code == 302
    do(site, number + 1)
    assert projects(site) == before
    second = hand_in(site, staff, book.saved())
    assert "无须导入" in text_of(staff.get(f"/sheets/imports/{second}"))


def test_money_comes_as_drafts_of_what_it_belongs_to(site: Site):
    staff = site.browser("staff")
    book = taken_along(staff, "/sheets/ledger/template")
    row = {"_parent": "项目：智能装备项目", "kind": "到位资金", "amount": "1.2亿"}
    book.set(5, **row, occurred_on="2024-08-01", voucher="00123")
    book.set(6, **{**row, "_parent": "飞地：缙云消薄飞地"}, occurred_on="2024-08-01")
    book.set(7, **row, occurred_on="2024-08-01")
    number = hand_in(site, staff, book.saved(), "ledger")
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "共 2 处" in shown
    assert "所选项不在列表中" in shown
    assert "已有一笔类型、金额、日期都相同的记录（本表第 5 行）" in shown
    book.set(6, kind="返利", purpose="产业项目")
    number = hand_in(site, staff, book.saved(), "ledger")
    assert "在这一行不填" in text_of(staff.get(f"/sheets/imports/{number}"))
    book.set(6, purpose=None, villages=8)
    number = hand_in(site, staff, book.saved(), "ledger")
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "已有一笔类型、金额、日期都相同的记录" in shown
    book.set(7, repeated="是")
    number = hand_in(site, staff, book.saved(), "ledger")
    assert take(site, staff, number).state is WorkState.DONE
    with site.app.app_context():
        drafts = db.session.scalars(
            select(LedgerEntry).where(LedgerEntry.submitted_at.is_(None)).order_by(LedgerEntry.id)
        ).all()
        assert [(d.kind.value, d.voucher) for d in drafts] == [
            ("funds_in_place", "00123"),
            ("rebate", ""),
            ("funds_in_place", ""),
        ]
    again = hand_in(site, staff, book.saved(), "ledger")
    assert "没有不同（3 条）" in text_of(staff.get(f"/sheets/imports/{again}"))


def test_rows_under_a_record_come_from_its_list(site: Site):
    staff = site.browser("staff")
    number = site.world["enclave"]
    page = staff.get(f"/enclaves/{number}/return-terms/")
    assert f"/sheets/return-terms/template?under={number}" in page.text
    book = taken_along(staff, f"/sheets/return-terms/template?under={number}")
    book.set(
        book.free, _parent="缙云消薄飞地", kind="每年固定金额", amount=30,
        starts_on="2019-01-01", ends_on="2022-12-31",
    )  # fmt: skip
    job = take(site, staff, hand_in(site, staff, book.saved(), "return-terms"))
    assert job.state is WorkState.DONE
    foreign = site.world["other_enclave"]
    assert staff.get(f"/sheets/return-terms/template?under={foreign}").status_code == 404


def test_the_template_opens_as_it_was_meant(site: Site):
    """Locked but for what is filled in, with lists, notes and units."""
    answer = site.browser("staff").get("/sheets/projects/template")
    wb = openpyxl.load_workbook(io.BytesIO(answer.data))
    answer.close()
    page = wb.worksheets[0]
    assert [sheet.sheet_state for sheet in wb] == ["visible", "hidden", "veryHidden"]
    heads = {cell.value: cell for cell in page[4] if cell.value}
    assert "总投资（万元）" in heads
    assert "项目名称*" in heads
    assert "单位万元" in heads["总投资（万元）"].comment.text
    assert page.protection.sheet
    assert all(cell.protection.locked for cell in page[4])
    assert not page["C5"].protection.locked
    assert page["A5"].protection.locked
    assert page.column_dimensions["A"].hidden
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    letter = heads["类别*"].column_letter
    formula = next(f for of, f in rules.items() if of.startswith(f"{letter}5"))
    column, last = re.fullmatch(r"'_选项'!\$([A-Z]+)\$1:\$[A-Z]+\$(\d+)", formula).groups()
    offered = [wb["_选项"][f"{column}{n}"].value for n in range(1, int(last) + 1)]
    assert "产业合作" in offered


def test_a_large_template_is_made_in_the_background(
    site: Site, monkeypatch: pytest.MonkeyPatch, sent: list[int]
):
    reviewer, staff = site.browser("assessor"), site.browser("staff")
    small = taken_along(staff)
    monkeypatch.setattr("tracker.exchange.sheets.entering.LARGE", 0)
    page = staff.get("/sheets/projects/template")
    assert page.mimetype == "text/html"
    assert "生成模板" in page.text
    asked = {"kind": "workbook.template", "of": "projects", "under": "0", "region": "0"}
    assert f'name="of" value="{asked["of"]}"' in page.text
    answer = staff.post("/background/ask", asked)
    assert answer.status_code == 302
    answer.close()
    do(site, sent[-1])
    answer = staff.get(f"/background/{sent[-1]}/file")
    large = Book(answer.data)
    answer.close()
    assert [[c.value for c in row] for row in large.page] == [
        [c.value for c in row] for row in small.page
    ]
    assert reviewer.get(f"/background/{sent[-1]}/file").status_code == 404
    for wrong in ({"of": "nothing"}, {"under": "-1"}, {"region": "x"}):
        assert staff.post("/background/ask", {**asked, **wrong}).status_code == 400
    assert site.browser("leader").post("/background/ask", asked).status_code == 403


def test_a_large_template_is_of_the_place_that_was_looked_at(
    site: Site, monkeypatch: pytest.MonkeyPatch, sent: list[int]
):
    monkeypatch.setattr("tracker.exchange.sheets.entering.LARGE", 0)
    assessor = site.browser("assessor")
    page = assessor.get("/sheets/enclaves/template?region=331122")
    asked = dict(re.findall(r'name="(of|under|region)" value="([^"]+)"', page.text))
    assert asked["region"] != "0"
    assessor.post("/background/ask", {"kind": "workbook.template", **asked}).close()
    do(site, sent[-1])
    answer = assessor.get(f"/background/{sent[-1]}/file")
    book = Book(answer.data)
    answer.close()
    assert [book.row(row)["name"] for row in book.rows()] == ["缙云消薄飞地"]
