"""Issued papers are signed as they are made or later, and every kind of addition has its answer."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests.conftest import settings_for
from tests.papers.issuing import certificates as own
from tests.papers.issuing.conftest import YEAR
from tests.web.pages import Browser, text_of
from tracker.core.db import db
from tracker.core.strangers import Reason, UnreadableError
from tracker.papers.common import signatures
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing import queries, running, service, signing, verification
from tracker.papers.issuing.appended import signature_words
from tracker.papers.issuing.cli import sign_command, verify_command
from tracker.papers.issuing.models import IssuedPaper
from tracker.papers.issuing.running import run_issue
from tracker.papers.issuing.shown import signed_words
from tracker.papers.issuing.signing import PASSPHRASE, SigningError, signer_of
from tracker.papers.issuing.verification import Answer, Verdict, verify
from tracker.records.accounts.models import User
from tracker.year.assessments.models import Snapshot

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Sets = Callable[[bytes | None], None]


@pytest.fixture
def certificate(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sets:
    """Sets the certificate of the office, or none."""
    usual = app.config["TRACKER"]

    def use(content: bytes | None) -> None:
        files = own.files_of(tmp_path, content) if content else {}
        monkeypatch.setitem(app.config, "TRACKER", replace(usual, **files))

    return use


def issued(snapshot: Snapshot) -> int:
    issue = service.start(snapshot, None)
    db.session.commit()
    assert run_issue(issue.id).finished
    return issue.id


def card(issue_id: int = 1) -> IssuedPaper:
    found = queries.list_of(issue_id)
    return next(p for p in found if p.kind is PaperKind.SCORECARD and p.subject_code == "331122")


def told(verdict: Verdict) -> str:
    return "\n".join(verdict.words)


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read without a process of their own each, and refused as there."""

    def read(job: Callable[..., object], *files: bytes, bounds: object = None) -> object:
        try:
            return job(*files)
        except UnreadableError:
            raise
        except Exception as error:
            raise UnreadableError(Reason.DAMAGED) from error

    monkeypatch.setattr(verification, "read_apart", read)


def call_sign() -> Result:
    return CliRunner().invoke(sign_command, ["--year", str(YEAR)], standalone_mode=False)


@ONE_DATABASE
def test_papers_are_signed_as_they_are_made(
    app: Flask,
    snapshot: Snapshot,
    assessor: User,
    certificate: Sets,
    tmp_path: Path,
) -> None:
    certificate(own.pkcs12_of())
    issue_id, user_id = issued(snapshot), assessor.id
    papers = queries.list_of(issue_id)
    assert signed_words(issue_id, len(papers)) == "均有电子签名"
    assert signed_words(issue_id, 0) == ""
    for paper in papers:
        original, signed = queries.content_of(paper), queries.signed_content_of(paper)
        assert signed.startswith(original)
        assert paper.signed is not None
        assert queries.signed_as(paper.signed.sha256) is paper.signed
        assert len(signed) == paper.signed.size
    paper = card(issue_id)
    assert verify(queries.content_of(paper)).answer is Answer.GENUINE
    path = tmp_path / "signed.pdf"
    path.write_bytes(queries.signed_content_of(paper))
    # Ours and a program of others name the same signer.
    done = CliRunner().invoke(verify_command, [str(path)], standalone_mode=False)
    assert done.return_value == 7
    assert done.stdout == ""
    assert done.stderr.startswith("本系统文书，另有追加内容\n与存档的签名件逐字节相同")
    assert f"签名人 {own.OFFICE}（示例机关）" in done.stderr
    assert "签名完好，覆盖整个文件。证书是本系统签发文书所用的。" in done.stderr
    assert "在有效期内" in done.stderr
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert f"Signer Certificate Common Name: {own.OFFICE}" in said
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "没有需要签名的文书" in call_sign().output
    paper_id = paper.id
    db.session.rollback()
    browser = Browser(app, user_id)
    page = browser.get(f"/papers/{paper_id}")
    assert f"{own.OFFICE}（示例机关）" in text_of(page)
    for address, content in (
        (f"/papers/{paper_id}-signed.pdf", path.read_bytes()),
        (f"/papers/{paper_id}.pdf", path.read_bytes()[: paper.size]),
    ):
        assert address in page.text
        assert browser.get(address).data == content


@ONE_DATABASE
def test_what_was_not_signed_says_so_and_is_signed_later(
    app: Flask,
    snapshot: Snapshot,
    assessor: User,
    certificate: Sets,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user_id = assessor.id
    certificate(own.pkcs12_of(days=(-30, -1)))
    issue_id = issued(snapshot)
    number = len(queries.list_of(issue_id))
    ((fault, count),) = queries.sign_faults(issue_id)
    assert "过期" in fault
    assert count == number
    assert signed_words(issue_id, number) == "均未加电子签名"
    db.session.rollback()
    page = text_of(Browser(app, user_id).get(f"/papers/issues/{issue_id}"))
    assert f"{number} 份没有签名：{fault}" in page
    assert "过期" in str(call_sign().exception)
    certificate(None)
    assert "没有设置签名证书" in str(call_sign().exception)
    paper_id = card(issue_id).id
    db.session.rollback()
    gone = Browser(app, user_id)
    assert "没有签名：系统没有设置签名证书" in text_of(gone.get(f"/papers/{paper_id}"))
    assert gone.get(f"/papers/{paper_id}-signed.pdf").status_code == 404
    certificate(own.pkcs12_of())
    monkeypatch.setattr(signing, "_appended", _broken_once())
    first = call_sign()
    assert f"已签名 {number - 1} 份" in first.output
    assert "有 1 份未签名" in str(first.exception)
    assert [count for _, count in queries.sign_faults(issue_id)] == [1]
    assert "已签名 1 份" in call_sign().output
    assert queries.sign_faults(issue_id) == []
    assert verify(queries.signed_content_of(card(issue_id))).answer is Answer.ADDED


def _broken_once() -> Callable[..., bytes]:
    usual, calls = signing._appended, []

    def appended(*arguments: object) -> bytes:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("the token was pulled out")
        return usual(*arguments)

    return appended


@ONE_DATABASE
@pytest.mark.parametrize(
    "every", [pytest.param(False, id="some"), pytest.param(True, id="all", marks=pytest.mark.soak)]
)
@pytest.mark.usefixtures("read_here")
def test_each_addition_has_its_answer(
    snapshot: Snapshot, certificate: Sets, revised: Callable[[], Snapshot], every: bool
) -> None:
    """What changes a paper is put behind the original and the signed one, or one of them in
    turn."""
    certificate(own.pkcs12_of())
    paper = card(issued(snapshot))
    original, signed = queries.content_of(paper), queries.signed_content_of(paper)
    size, number = paper.size, paper.number

    noted = verify(own.annotated(original))
    assert noted.answer is Answer.ADDED
    assert "追加了批注：第 1 页便笺 1 处" in told(noted)
    assert "电子签名" not in told(noted)

    elsewhere = verify(own.annotated_elsewhere(original))
    assert elsewhere.answer is Answer.ADDED
    assert "追加了批注：第 1 页文字批注 1 处。" in told(elsewhere)

    other = verify(own.signed_by(original, own.pkcs12_of("某公司", "ec"), "Other"))
    assert other.answer is Answer.ADDED
    assert "签名人 某公司（示例机关）" in told(other)
    assert "不是本系统签发文书所用的" in told(other)

    # The office's name on a key of one's own.
    forged = verify(own.signed_by(original, own.pkcs12_of(own.OFFICE, "ec"), "Forged"))
    assert forged.answer is Answer.ADDED
    assert f"签名人 {own.OFFICE}" in told(forged)
    assert "不是本系统签发文书所用的，签名人的身份请另行核实" in told(forged)

    two = verify(own.signed_by(signed, own.pkcs12_of("某公司", "ec"), "Other"))
    assert two.answer is Answer.ADDED
    assert "电子签名 1：签名人 浙江省示例办公室" in told(two)
    assert "覆盖签名时的全部内容，其后又有追加。证书是本系统" in told(two)
    assert "电子签名 2：签名人 某公司" in told(two)
    assert told(two).count("签名完好") == 2

    # A signature may show anything over the page that it stands on.
    box = (0, 0, 600, 400)
    seen = verify(own.signed_by(original, own.pkcs12_of("某公司", "ec"), "Seen", box))
    assert seen.answer is Answer.ADDED
    assert "第 1 页签名图样 1 处" in told(seen)
    assert "签名图样" not in told(two)

    after = verify(own.annotated(signed))
    assert after.answer is Answer.ADDED
    assert "其后又有追加" in told(after)
    assert "第 1 页便笺 1 处" in told(after)

    changes = (
        (own.repainted, "第 1 页的内容被改动"),
        (own.acting, "文件整体的设置（OpenAction）被改动"),
        (own.renamed, "文件属性（Title）被改动"),
    )
    for at, (changing, words) in enumerate(changes):
        for base in (original, signed) if every else [(signed, original)[at % 2]]:
            found = verify(changing(base), in_detail=False)
            assert found.answer is Answer.CHANGED
            assert words in told(found)
            assert "之后有追加内容" in told(found)

    # A byte of the signature itself, and one of what it covers: behind the original, and in it.
    start = signed.index(b"/Contents <", size) + 2_000
    broken = signed[:start] + (b"0" if signed[start : start + 1] != b"0" else b"1")
    broken += signed[start + 1 :]
    assert verify(broken).answer is Answer.CHANGED
    assert "签名" in told(verify(broken))
    at = signed.index(b"/SigFlags 3", size)
    covered = signed[:at] + b"/SigFlags 1" + signed[at + 11 :]
    found = verify(covered)
    assert found.answer is Answer.CHANGED
    assert "签名无效，所签的内容或签名本身被改动过" in told(found)
    inside = verify(signed.replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    assert inside.answer is Answer.CHANGED
    assert f"与编号 {number} 的存档原件不一致" in told(inside)
    assert f"签名人 {own.OFFICE}（示例机关）" in told(inside)
    assert "签名无效" in told(inside)

    # The office's signature of one paper behind another.
    strange = next(each for each in queries.list_of(1) if each.number != number)
    addition = queries.signed_content_of(strange)[strange.size :]
    assert verify(original + addition).answer is Answer.CHANGED
    stray = verify(original + b"\n% more")
    assert stray.answer is Answer.CHANGED

    later = service.start(revised(), None, "更正")
    db.session.commit()
    run_issue(later.id)
    assert verify(signed).answer is Answer.SUPERSEDED_ADDED
    assert "已被" in told(verify(signed))
    assert Answer.SUPERSEDED_ADDED.code == Answer.SUPERSEDED.code


REFUSED = [
    ({"days": (-30, -1)}, (), "过期"),
    ({"days": (1, 30)}, (), "起才有效"),
    ({}, (own.SERVER,), "用途不含文件签名"),
    ({}, (own.usage(signs=False),), "密钥用途不含数字签名"),
    ({}, (own.CA,), "颁发证书用的"),
    ({"key": "rsa1024"}, (), "只有 1024 位"),
    ({"key": "ed25519"}, (), "不是 RSA 或 ECDSA"),
    ({"passphrase": b"another"}, (), "口令不对"),
]


@pytest.mark.parametrize(("how", "extensions", "words"), REFUSED)
def test_a_certificate_that_does_not_do_is_refused_in_words(
    tmp_path: Path, how: dict, extensions: tuple, words: str
) -> None:
    given = {"name": own.OFFICE, "key": "ec", "days": (-1, 30), **how}
    passphrase = given.pop("passphrase", own.PASSPHRASE)
    content = own.pkcs12_of(*given.values(), *extensions, passphrase=passphrase)
    settings = replace(settings_for("sqlite://", tmp_path), **own.files_of(tmp_path, content))
    with pytest.raises(SigningError, match=words):
        signer_of(settings)


def test_what_the_settings_name_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = settings_for("sqlite://", tmp_path)
    assert signer_of(usual) is None
    files = own.files_of(tmp_path, own.pkcs12_of(own.OFFICE, "ec", (-1, 30), own.MAIL))
    named = replace(usual, **files)
    signer = signer_of(named)
    assert signer is not None
    assert signer.name == f"{own.OFFICE}（示例机关）"
    # The passphrase from the environment, too.
    monkeypatch.setenv(PASSPHRASE, own.PASSPHRASE.decode())
    assert signer_of(replace(named, sign_passphrase_file="")) is not None
    for missing in ({"sign_pkcs12": "/no/such.p12"}, {"sign_passphrase_file": "/no/such"}):
        with pytest.raises(SigningError, match=r"/no/such.*没有这个文件"):
            signer_of(replace(named, **missing))
    monkeypatch.setattr(signatures, "find_spec", lambda _name: None)
    with pytest.raises(SigningError, match="没有安装签名组件"):
        running.signer_of(named)


def test_a_machine_without_the_extra_says_that_it_cannot_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signatures, "find_spec", lambda _name: None)
    assert signatures.read_signatures(b"%PDF-1.7") is None
    (words,) = signature_words(None, 2, lambda _: True)
    assert "2 处电子签名；本机没有安装签名组件，无法核对" in words
