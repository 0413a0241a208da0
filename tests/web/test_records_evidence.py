"""Files as proof by hand: hand in, find, download, withdraw, be refused."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import quote

import pytest

from tests.papers.issuing.hostile import encrypted, info_of, shared_content
from tests.pdfs import BEGINNING, pdf
from tests.records.places_in_pictures import PLACE, jpeg, png
from tests.web.pages import Browser, text_of
from tracker.core.db import db
from tracker.core.db.audit import AuditEntry
from tracker.core.db.events import Event
from tracker.core.strangers import Reason, UnreadableError
from tracker.records.evidence import checks, received_forms
from tracker.records.evidence.contents import LARGEST, path_of
from tracker.records.evidence.forms import MOST_FILES, kept_name
from tracker.records.evidence.models import PROVABLE, EvidenceFile, EvidenceLink
from tracker.records.evidence.pictures import without_place
from tracker.records.evidence.service import folder
from tracker.web.kit.kinds import all_kinds
from tracker.year.rulebooks import shelf

PDF = pdf()
PNG = without_place(png(), "image/png")


def hand_in(
    browser: Browser, address: str, *files: tuple[str, bytes], kind="银行回单", **more: str
):
    uploads = [(io.BytesIO(content), name) for name, content in files]
    sent = browser.post(
        address,
        {"kind": kind, "files": uploads, **more},
        content_type="multipart/form-data",
    )
    sent.request.environ["wsgi.input"].close()  # a large one lies in a file of the test client's
    return sent


@pytest.fixture
def address(site) -> str:
    return f"/evidence/projects/{site.world['project']}/new"


def test_files_are_handed_in_shown_and_downloaded(any_site):
    staff = any_site.browser("staff")
    project = any_site.world["project"]
    sent = hand_in(
        staff, f"/evidence/projects/{project}/new", ("三季度回单.PDF", PDF), ("现场.png", PNG)
    )
    assert sent.status_code == 302, text_of(sent)
    assert sent.location == f"/projects/{project}#evidence"
    page = staff.get(f"/projects/{project}")
    assert "三季度回单.PDF 银行回单" in text_of(page)
    for name, content, mimetype in (
        ("三季度回单.PDF", PDF, "application/pdf"),
        ("现场.png", PNG, "image/png"),
    ):
        number = re.search(rf'/evidence/(\d+)">{re.escape(name)}', page.text)[1]
        answer = staff.get(f"/evidence/{number}/file")
        assert (answer.data, answer.mimetype) == (content, mimetype)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert quote(name) in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "三季度回单.PDF 智能装备项目 项目 银行回单" in text_of(staff.get("/evidence/?q=回单"))
    assert "三季度回单" not in text_of(staff.get("/evidence/?kind=其他&of=enclave"))
    assert text_of(staff.get(f"/evidence/{number}")).count("PNG 图片") == 1


def test_one_file_proves_several_records_and_is_kept_once(site, staff, address, in_database):
    hand_in(staff, address, ("回单.pdf", PDF))
    enclave = f"/evidence/enclaves/{site.world['enclave']}/new"
    offered = re.search(r'<option value="(\d+)">回单.pdf（银行回单', staff.get(enclave).text)
    sent = hand_in(staff, enclave, kind="出资凭证", again=offered[1])
    assert sent.status_code == 302, text_of(sent)
    assert "回单.pdf" not in staff.get(enclave).text  # it is this one's by now
    assert in_database(lambda: db.session.query(EvidenceFile).count()) == 1
    links = in_database(lambda: [link.id for link in db.session.query(EvidenceLink)])
    assert len(links) == 2
    assert "智能装备项目，作为银行回单" in text_of(staff.get(f"/evidence/{links[1]}"))
    twice = hand_in(staff, address, ("另名.pdf", PDF))
    assert twice.status_code == 422
    assert "“另名.pdf”已是这条记录的佐证，不必再传。" in text_of(twice)


@pytest.mark.parametrize(
    ("files", "kind", "field", "says"),
    [
        ((), "银行回单", "files", "请选择要上传的文件"),
        ((("空.pdf", b""),), "银行回单", "files", "“空.pdf”：文件是空的"),
        ((("病毒.exe", b"MZ" * 50),), "银行回单", "files", "“病毒.exe”：只收 PDF"),
        ((("网页.pdf", b"<html><script>"),), "银行回单", "files", "“网页.pdf”：文件是网页"),
        ((("大.pdf", PDF + b"z" * LARGEST),), "银行回单", "files", "“大.pdf”：文件超过 20 MB"),
        ((("一.pdf", PDF), ("二.pdf", PDF)), "银行回单", "files", "“二.pdf”已是这条记录的佐证"),
        (
            (("扫描.pdf", PDF), ("扫描.pdf", b""), ("扫描.pdf", b"<html><script>")),
            "银行回单",
            "files",
            "第 3 个文件“扫描.pdf”：文件是网页",
        ),
        (
            (("扫描.pdf", PDF), ("扫描.pdf", b"")),
            "银行回单",
            "files",
            "第 2 个文件“扫描.pdf”：文件是空的",
        ),
        ((("一.pdf", PDF),), "", "kind", "请填写材料类别"),
        ((("一.pdf", PDF),), "字" * 61, "kind", "最多 60 字"),
        (
            tuple((f"{i}.pdf", PDF + bytes([65 + i])) for i in range(MOST_FILES + 1)),
            "银行回单",
            "files",
            "一次最多上传 10 个文件，现有 11 个",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(
    staff, address, in_database, files, kind, field, says
):
    sent = hand_in(staff, address, *files, kind=kind)
    assert sent.status_code == 422
    beside = re.search(rf'id="{field}-error">(.*?)</div>', sent.text, re.S)
    assert says in beside[1]
    assert in_database(lambda: db.session.query(EvidenceLink).count()) == 0


def test_a_file_that_is_not_offered_is_not_taken(site, staff, address):
    neighbour = site.browser("neighbour")
    hand_in(neighbour, f"/evidence/projects/{site.world['other_project']}/new", ("他.pdf", PDF))
    sent = hand_in(staff, address, again="1")
    assert sent.status_code == 422
    assert "所选项不在列表中" in text_of(sent)
    assert staff.get("/evidence/1").status_code == 404
    assert staff.get("/evidence/1/file").status_code == 404
    assert staff.post("/evidence/1/withdraw", {"reason": "试"}).status_code == 404
    assert "他.pdf" not in staff.get("/evidence/?state=all").text


def test_only_ones_own_records_are_proven(site, staff):
    foreign = f"/evidence/projects/{site.world['other_project']}/new"
    assert hand_in(staff, foreign, ("一.pdf", PDF)).status_code == 404
    leader = site.browser("leader")
    assert hand_in(leader, foreign, ("一.pdf", PDF)).status_code == 403
    assert hand_in(site.browser("reviewer"), foreign, ("一.pdf", PDF)).status_code == 302


def test_a_wrong_proof_is_withdrawn_with_a_reason_and_stays_known(staff, address, in_database):
    hand_in(staff, address, ("错.pdf", PDF))
    assert staff.post("/evidence/1/withdraw", {"reason": ""}).status_code == 422
    done = staff.post("/evidence/1/withdraw", {"reason": "误传上年回单"})
    assert done.status_code == 302
    assert "已撤回 1 份 错.pdf（银行回单）" in text_of(staff.get(done.location.partition("#")[0]))
    assert staff.post("/evidence/1/withdraw", {"reason": "再次"}).status_code == 409
    assert "误传上年回单" in text_of(staff.get("/evidence/1"))
    assert "错.pdf" not in staff.get("/evidence/").text
    assert "错.pdf" in staff.get("/evidence/?state=withdrawn").text
    entries = in_database(
        lambda: [e.reason for e in db.session.query(AuditEntry).filter_by(record_id=1)]
    )
    assert "误传上年回单" in entries
    assert hand_in(staff, address, ("对.pdf", PDF)).status_code == 302


def test_a_file_that_changed_on_the_disk_is_not_given_out(site, staff, address):
    hand_in(staff, address, ("回单.pdf", PDF))
    with site.app.app_context():
        (kept,) = (path for path in folder().rglob("*") if path.is_file())
    kept.chmod(0o600)
    kept.write_bytes(PDF + b"changed")
    answer = staff.get("/evidence/1/file")
    assert answer.status_code == 409
    assert "校验码不符" in text_of(answer)
    assert "不能下载佐证材料" in text_of(answer)
    kept.unlink()
    assert "不在存放处" in text_of(staff.get("/evidence/1/file"))


def test_larger_requests_are_for_those_who_have_signed_in(site, address):
    from tracker.web.errors import TEXTS

    assert "MB" in TEXTS[413][1]
    stranger = site.app.test_client()
    large = {"files": (io.BytesIO(b"z" * 5 * 1024 * 1024), "大.pdf")}
    refused = stranger.post(address, data=large, content_type="multipart/form-data")
    refused.request.environ["wsgi.input"].close()
    assert refused.status_code == 413
    assert "超过 4 MB" in refused.text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("回单.pdf", "回单.pdf"),
        ("C:\\tmp\\回单.pdf", "回单.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("发票.pdf.exe", "发票.pdf.exe.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("", "佐证材料.pdf"),
        ("\u3000.pdf", "佐证材料.pdf"),
        ("回单\u3000.pdf", "回单.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_what_could_harm(given, kept):
    assert kept_name(given, "application/pdf") == kept


def test_the_words_of_the_rulebooks_are_offered(staff, address):
    page = staff.get(address).text
    words = re.findall(r'<option value="([^"]+)"></option>', page)
    asked = {
        word
        for year in shelf.years()
        for rulebook in shelf.year_set(year).rulebooks
        for line in rulebook.indicators
        for word in line.evidence
    }
    assert set(words) == asked
    assert len(words) == len(asked)


def test_every_record_that_can_be_proven_takes_files(site):
    rules = {str(rule) for rule in site.app.url_map.iter_rules() if rule.endpoint == "evidence.new"}
    tables = {kind.model.__tablename__ for kind in all_kinds()}
    for name in PROVABLE:
        table = next(t for t in (f"{name}s", f"{name[:-1]}ies") if t in db.metadata.tables)
        assert (table in tables) == any(f"<id:{name}_id>" in rule for rule in rules), name


def test_a_file_that_was_altered_is_named_where_the_year_is_scored(site, staff):
    assessor = site.browser("assessor")
    hand_in(staff, f"/evidence/projects/{site.world['project']}/new", ("回单.pdf", PDF))
    with site.app.app_context():
        link = db.session.query(EvidenceLink).one()
        address = f"/evidence/{link.id}"
        assert "尚未核对" in text_of(staff.get(address))
        path_of(folder(), link.file.sha256).write_bytes(b"%PDF-1.7 other")
        checks.look()
        db.session.commit()
    page = assessor.get("/assessments/?year=2024")
    assert "有 1 件佐证的文件与上传时不符" in text_of(page)
    assert f'href="{address}?year=2024"' in page.text
    assert "内容已被改动，不能作为证明" in text_of(staff.get(address))


def test_a_photograph_is_kept_without_its_place(site, staff, address):
    hand_in(staff, address, ("现场.jpg", jpeg()), ("截图.png", png()))
    with site.app.app_context():
        kept = [path.read_bytes() for path in folder().rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert not any(PLACE in content for content in kept)
    for number, content in (1, without_place(jpeg(), "image/jpeg")), (2, PNG):
        assert staff.get(f"/evidence/{number}/file").data == content
    again = hand_in(staff, address, ("同一张.jpg", jpeg()))
    assert "“同一张.jpg”已是这条记录的佐证" in text_of(again)
    cut = hand_in(staff, address, ("半张.jpg", without_place(jpeg(), "image/jpeg")[:-20]))
    assert "“半张.jpg”：图片已损坏或不完整" in text_of(cut)


def test_what_a_phone_takes_is_called_by_the_moment(staff, address, in_database):
    pictures = [(io.BytesIO(jpeg(turned=turned)), "image.jpg") for turned in (1, 6)]
    sent = staff.post(
        address, {"kind": "现场照片", "photos": pictures}, content_type="multipart/form-data"
    )
    assert sent.status_code == 302, text_of(sent)
    names = in_database(lambda: [link.name for link in db.session.query(EvidenceLink)])
    for number, name in enumerate(names, 1):
        assert re.fullmatch(rf"现场照片-\d{{8}}-\d{{6}}-{number}\.jpg", name)
    page = staff.get(address).text
    assert re.search(r'<input[^>]*accept="image/jpeg,image/png"[^>]*capture="environment"', page)
    assert re.search(r'<input accept="\.pdf,\.png,[^"]*\.zip,', page)


def zipped(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def test_each_file_of_a_zip_is_a_proof_of_its_own(any_site):
    staff, project = any_site.browser("staff"), any_site.world["project"]
    address = f"/evidence/projects/{project}/new"
    archive = zipped(("回单/三季度.pdf", PDF), ("现场.jpg", jpeg()), ("副本.pdf", PDF))
    sent = hand_in(staff, address, ("材料.zip", archive), ("合同.pdf", PDF + b"2"))
    assert sent.status_code == 302, text_of(sent)
    page = text_of(staff.get(f"/projects/{project}"))
    assert "上传 3 份佐证。" in page
    for name in ("三季度.pdf 银行回单", "现场.jpg 银行回单", "合同.pdf 银行回单"):
        assert name in page
    assert "副本.pdf" not in page
    more = zipped(("三季度.pdf", PDF), ("四季度.pdf", PDF + b"4"))
    hand_in(staff, address, ("材料.zip", more))
    page = text_of(staff.get(f"/projects/{project}"))
    assert "上传 1 份佐证。压缩包内另有 1 份已是这条记录的佐证，没有重复登记。" in page
    again = hand_in(staff, address, ("材料.zip", more))
    assert again.status_code == 422
    assert "压缩包内的文件都已是这条记录的佐证" in text_of(again)


def test_all_that_is_wrong_in_a_zip_is_said_at_once_and_nothing_is_kept(
    staff, address, in_database
):
    archive = zipped(
        ("好.pdf", PDF), ("空.pdf", b""), ("程序.exe", b"MZ" * 9), ("\U0001f600.pdf", PDF + b"1")
    )
    sent = hand_in(staff, address, ("材料.zip", archive))
    assert sent.status_code == 422
    said = text_of(sent)
    assert "“材料.zip”中的“空.pdf”：文件是空的" in said
    assert "“材料.zip”中的“程序.exe”：只收 PDF" in said
    assert in_database(lambda: db.session.query(EvidenceLink).count()) == 0
    drawn = hand_in(staff, address, ("材料.zip", zipped(("\U0001f600.pdf", PDF))))
    assert "“材料.zip”中的文件名“" in text_of(drawn)
    assert "无法打印" in text_of(drawn)
    twins = zipped(("甲/回单.pdf", PDF), ("乙/回单.pdf", PDF + b"2"))
    assert "已有同名的佐证“回单.pdf”" in text_of(hand_in(staff, address, ("材料.zip", twins)))
    two = hand_in(staff, address, ("一.zip", zipped(("a.pdf", PDF))), ("二.zip", twins))
    assert "“二.zip”：一次只能上传一个压缩包" in text_of(two)
    broken = hand_in(staff, address, ("坏.zip", twins.replace(b"xxx", b"xyx", 1)))
    assert "“坏.zip”" in text_of(broken)
    assert in_database(lambda: db.session.query(EvidenceLink).count()) == 0


def test_a_picture_and_a_pdf_are_shown_on_their_page_and_nothing_else_is(site, staff, address):
    ofd = zipped(("OFD.xml", b"<ofd/>"))
    hand_in(staff, address, ("现场.png", PNG), ("回单.pdf", PDF), ("公文.ofd", ofd))
    assert re.search(r'<img [^>]*src="/evidence/1/preview', staff.get("/evidence/1").text)
    assert re.search(r'<iframe [^>]*src="/evidence/2/preview', staff.get("/evidence/2").text)
    assert 'id="preview"' not in staff.get("/evidence/3").text
    assert staff.get("/evidence/3/preview").status_code == 404
    for number, content, boxed in (1, PNG, True), (2, PDF, False):
        shown = staff.get(f"/evidence/{number}/preview")
        assert shown.data == content
        policy = shown.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "frame-ancestors 'self'" in policy
        assert policy.endswith("; sandbox") == boxed
        assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Content-Disposition"].startswith("inline")
    stranger = site.browser("neighbour")
    assert stranger.get("/evidence/1/preview").status_code == 404
    with site.app.app_context():
        noted = [each.about for each in db.session.query(Event) if "预览" in each.about]
        path_of(folder(), db.session.get(EvidenceFile, 1).sha256).unlink()
    assert len(noted) == 2
    assert staff.get("/evidence/1/preview").status_code == 409


def test_a_pdf_that_nobody_can_open_is_refused_beside_it_with_a_number(site, staff, address):
    """Broken behind its head, cut off, or with a password to be seen; one that opens and may not be
    changed is taken, and what a viewer mends is mended."""
    good = shared_content(info_of({"Title": "回单"}))
    files = (
        ("坏.pdf", BEGINNING + b"x" * 100),
        ("断.pdf", good[: len(good) * 3 // 4]),
        ("密.pdf", encrypted(good, owner="甲", user="乙")),
        ("空白.pdf", pdf(pages=0)),
        ("好.pdf", good),
    )
    sent = hand_in(staff, address, *files)
    assert sent.status_code == 422
    page = text_of(sent)
    damaged = "PDF 已损坏或不完整，无法打开；请重新取得或导出后再传。"
    assert f"第 1 个文件“坏.pdf”：{damaged}" in page
    assert f"第 2 个文件“断.pdf”：{damaged}" in page
    assert "第 3 个文件“密.pdf”：PDF 设有打开密码，审核人无法查看；请取消打开密码后再传。" in page
    assert f"第 4 个文件“空白.pdf”：{damaged}" in page
    assert "“好.pdf”：" not in page
    assert re.search(r"上传编号 \d+，", page)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in files:
            packed.writestr(name, content)
    page = text_of(hand_in(staff, address, ("一批.zip", archive.getvalue())))
    assert f"“一批.zip”中的“断.pdf”：{damaged}" in page
    assert "“一批.zip”中的“密.pdf”：PDF 设有打开密码" in page
    held = encrypted(good, owner="甲", user="")
    mended = good.replace(b"startxref\n", b"startxref\n9")
    taken = hand_in(
        staff, address, ("限印.pdf", held), ("尾.pdf", good + b"\n"), ("移.pdf", mended)
    )
    assert taken.status_code == 302, text_of(taken)


def test_where_one_of_several_pdfs_ends_the_reading_the_others_are_still_looked_at(monkeypatch):
    def read(_job, *files: bytes, **_options: object) -> list[str]:
        if b"bad" in files:
            raise UnreadableError(Reason.TOO_MUCH)
        return ["" for _ in files]

    monkeypatch.setattr(received_forms, "read_apart", read)
    assert received_forms._reasons([b"one", b"bad", b"two"]) == [None, Reason.TOO_MUCH, None]
