"""An upload that is not taken keeps a number that one can quote, with what it was and why."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy.exc import OperationalError

from tests.pdfs import pdf
from tests.web.pages import text_of
from tracker.core.db import db
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
