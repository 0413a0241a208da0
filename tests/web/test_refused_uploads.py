"""An upload that is not taken keeps a number that one can quote, with what it was and why."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from sqlalchemy.exc import OperationalError

from tests.pdfs import pdf
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.exchange.sheets.archive import MOST_BYTES
from tracker.records.background import refused
from tracker.records.background.models import BackgroundJob
from tracker.records.evidence.models import EvidenceLink

IMPORT = "/sheets/tenants/import"
PDF = pdf()


def number_on(page) -> int:
    return int(re.search(r"上传编号 (\d+)，", text_of(page))[1])


def test_a_workbook_that_is_not_taken_has_a_number_that_says_why(any_site):
    site, staff = any_site, any_site.browser("staff")
    page = staff.post(IMPORT, {"file": (BytesIO(b""), "企业 七月.xlsx")})
    assert page.status_code == 422
    number = number_on(page)
    told = text_of(staff.get(f"/background/{number}"))
    assert "导入入驻企业：企业 七月.xlsx" in told
    assert "未完成：文件是空的，请重新选择。" in told
    assert f"编号{number}" in told
    assert "再办一次" not in told
    assert site.browser("neighbour").get(f"/background/{number}").status_code == 404
    # Nothing was handed in: nothing to have a number.
    assert "上传编号" not in text_of(staff.post(IMPORT, {}))


def test_of_several_files_none_is_taken_and_the_page_says_so(site):
    address = f"/evidence/projects/{site.world['project']}/new"
    files = [(BytesIO(PDF), "回单.pdf"), (BytesIO(b"MZ" + b"0" * 60), "脚本.exe")]
    page = site.browser("staff").post(address, {"kind": "回单", "files": files})
    assert page.status_code == 422
    assert "这次上传的文件都没有收下" in text_of(page)
    with site.app.app_context():
        row = db.session.get(BackgroundJob, number_on(page))
        assert row.title.endswith("上传佐证：回单.pdf、脚本.exe")
        assert row.reason.startswith("第 2 个文件“脚本.exe”：只收 PDF")
        assert db.session.query(EvidenceLink).count() == 0


def test_what_is_too_large_to_be_received_has_its_number_too(site):
    staff = site.browser("staff")
    large = BytesIO(b"0" * (MOST_BYTES + 2 * 1024 * 1024))
    page = staff.post(IMPORT, {"file": (large, "大.xlsx")})
    page.request.environ["wsgi.input"].close()
    assert page.status_code == 413
    assert "提交的内容超过 9 MB" in text_of(staff.get(f"/background/{number_on(page)}"))


def test_while_the_database_is_busy_the_page_still_says_why(site, monkeypatch: pytest.MonkeyPatch):
    def busy(*_about: object) -> int:
        raise OperationalError("insert", {}, Exception("database is locked"))

    monkeypatch.setattr(refused, "_row", busy)
    page = site.browser("staff").post(IMPORT, {"file": (BytesIO(b""), "空.xlsx")})
    assert page.status_code == 422
    assert "文件是空的" in text_of(page)
    assert "上传编号" not in text_of(page)


OWN = {"Origin": "http://localhost"}


def sent_late(browser, address: str, size: int = 0, **more):
    """What a form with a file sends from a page of this site, without a good token."""
    files = [(BytesIO(pdf() + b"0" * size), "回单.pdf"), (BytesIO(pdf("乙")), "合同<b>.pdf")]
    data = {"kind": "银行回单", "files": files, "csrf_token": "old", **more}
    page = browser.client.post(address, data=data, headers=OWN)
    page.request.environ["wsgi.input"].close()
    return page


def test_files_of_an_expired_page_are_named_with_their_number(any_site):
    site, staff = any_site, any_site.browser("staff")
    address = f"/evidence/projects/{site.world['project']}/new"
    page = sent_late(staff, address)
    assert page.status_code == 400
    told = text_of(page)
    assert "页面已过期" in told
    assert "随附的文件都没有收下，须重新选择： 回单.pdf合同<b>.pdf" in told
    assert "“重新提交”不含这些文件，打开的表单上可以再选。" in told
    assert "材料类别银行回单" in told
    row = text_of(staff.get(f"/background/{number_on(page)}"))
    assert "上传：回单.pdf、合同<b>.pdf" in row
    assert "未完成：提交时页面已过期或登录已失效。" in row
    # What was typed is still good, and the form asks for the files.
    again = dict(re.findall(r'<textarea hidden name="([^"]+)"[^>]*>\n?([^<]*)<', page.text))
    form = staff.post(address, again)
    assert form.status_code == 422
    assert "请选择要上传的文件" in text_of(form)
    assert 'value="银行回单"' in form.text
    # A page of another site has nothing noted and is told nothing.
    data = {"files": (BytesIO(pdf()), "回单.pdf")}
    foreign = staff.client.post(address, data=data, headers={"Origin": "http://evil.example"})
    assert "回单.pdf" not in text_of(foreign)
    assert "上传编号" not in text_of(foreign)


def test_files_of_a_session_that_ended_are_named_and_of_its_person(site):
    staff = site.browser("staff")
    address = f"/evidence/projects/{site.world['project']}/new"
    token = staff.token()
    large = 12 * 1024 * 1024
    with time_machine.travel(now() + timedelta(minutes=31), tick=True):
        page = sent_late(staff, address, csrf_token=token)
        big = sent_late(staff, address, large, csrf_token=token)
        for answer, status in ((page, 401), (big, 401)):
            assert answer.status_code == status
            assert "都没有收下" in text_of(answer)
    assert "回单.pdf合同<b>.pdf" in text_of(page)
    assert "登录已失效" in text_of(big)
    again = site.browser("staff")
    for answer in (page, big):
        assert "登录已失效" in text_of(again.get(f"/background/{number_on(answer)}"))
    assert site.browser("neighbour").get(f"/background/{number_on(page)}").status_code == 404


def test_files_of_whom_nobody_knows_are_named_without_a_number(site):
    """Who signed out is not signed in by what the browser kept, not even for a number."""
    staff = site.browser("staff")
    address = f"/evidence/projects/{site.world['project']}/new"
    thief = site.browser()
    thief.client.set_cookie("session", staff.client.get_cookie("session").value)
    token = staff.token()
    staff.post("/logout")
    for browser, given in ((thief, token), (site.browser(), "old")):
        page = sent_late(browser, address, csrf_token=given)
        assert page.status_code in {400, 401}
        assert "回单.pdf合同<b>.pdf" in text_of(page)
        assert "上传编号" not in text_of(page)
    with site.app.app_context():
        assert db.session.query(BackgroundJob).count() == 0
