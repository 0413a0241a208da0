"""Evidence: kept by content, checked by its bytes, whole or not at all."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests.factories import wan
from tracker.core.db import Base, db
from tracker.records.evidence import contents
from tracker.records.evidence.models import PROVABLE, EvidenceFile, EvidenceLink
from tracker.records.evidence.queries import fact_table
from tracker.records.evidence.service import fact_column, folder, hand_in, keep, proofs_of, withdraw
from tracker.records.ledger.models import EntryKind

PDF = b"%PDF-1.7\n" + b"x" * 100


def archive(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
def enclave(app: Flask):
    places = make.zhejiang()
    return make.enclave(places["缙云县"], places["富阳区"])


def test_the_same_content_is_kept_once_however_often_it_proves_something(enclave) -> None:
    entry = make.entry(enclave, EntryKind.REBATE, wan(1), date(2024, 1, 1))
    first = hand_in(entry, keep(PDF), "回单.pdf", "银行回单", None)
    second = hand_in(enclave, keep(PDF), "同一份.pdf", "协议合同", None)
    assert first.file is second.file
    assert len(list(db.session.scalars(select(EvidenceFile)))) == 1
    assert len([path for path in folder().rglob("*") if path.is_file()]) == 1
    assert contents.read(folder(), first.file.sha256) == PDF
    assert [link.name for link in proofs_of(entry)] == ["回单.pdf"]


def test_a_withdrawn_link_proves_nothing_and_leaves_a_trace(enclave) -> None:
    link = hand_in(enclave, keep(PDF), "误传.pdf", "协议合同", None)
    withdraw(link, None)
    assert proofs_of(enclave) == []
    assert db.session.get(EvidenceLink, link.id).withdrawn_at is not None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (archive(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}), contents._OFFICE["xl/"]),
        (archive(**{"OFD.xml": b""}), contents.OFD),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, kind: str) -> None:
    assert contents.media_type(content) == kind


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00 program", "只收"),
        (b"<html><script>", "只收"),
        (b"PK\x03\x04 not really", "损坏"),
        (archive(**{"a.exe": b"MZ"}), "压缩包"),
        (archive(**{"[Content_Types].xml": b"", "other/x": b""}), "压缩包"),
        (b"%PDF-" + b"x" * contents.LARGEST, "超过"),
        (archive(**{"xl/a": b"0" * (contents.LARGEST_UNPACKED + 1)}), "展开后过大"),
    ],
)
def test_hostile_and_useless_files_are_refused(content: bytes, words: str) -> None:
    with pytest.raises(contents.RefusedFileError, match=words):
        contents.media_type(content)


def test_a_disk_that_fails_leaves_no_name_behind(tmp_path: Path, monkeypatch) -> None:
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        contents.keep(tmp_path, PDF)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_content_that_changed_on_disk_is_found(tmp_path: Path) -> None:
    sha256 = contents.keep(tmp_path, PDF)
    (path,) = (path for path in tmp_path.rglob(sha256) if path.is_file())
    path.write_bytes(PDF + b"!")
    with pytest.raises(contents.DamagedFileError):
        contents.read(tmp_path, sha256)


def test_every_provable_fact_has_its_column(enclave) -> None:
    for name in PROVABLE:
        assert fact_table(name) in Base.metadata.tables
    with pytest.raises(TypeError):
        fact_column(enclave.origin_region)
