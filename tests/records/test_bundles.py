"""A zip of many: names in the encodings of all systems, and archives made to harm."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from base64 import b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pdfs import pdf
from tests.records.places_in_pictures import PLACE, jpeg
from tracker.core.strangers import Reason, UnreadableError, read_apart
from tracker.records.evidence import bundles, contents

PDF = pdf()
UTF8 = 0x800


def packed(
    *files: tuple[bytes, bytes], flags: int = 0, method: int = 0, extra: bytes = b""
) -> bytes:
    """A zip whose names are these very bytes, as other systems write it."""
    body, directory = b"", b""
    for name, content in files:
        crc = zlib.crc32(content)
        fields = (20, flags, method, 0, 33, crc, len(content), len(content), len(name), len(extra))
        local = struct.pack("<4s5H3L2H", b"PK\3\4", *fields) + name + extra
        directory += (
            struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *fields, 0, 0, 0, 0, len(body)) + name + extra
        )
        body += local + content
    count = len(files)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def names(archive: bytes) -> list[str]:
    found = bundles.unpack(archive)
    assert found["faults"] == []
    return [name for name, _, _ in found["files"]]


def faults(archive: bytes) -> list[tuple[str, str]]:
    found = bundles.unpack(archive)
    assert found["files"] == []
    return found["faults"]


@pytest.mark.parametrize(
    "name", ["回单.pdf", "三季度返利回单（缙云县）.pdf", "联通.pdf", "plain.pdf"]
)
def test_names_are_read_as_every_system_writes_them(name: str) -> None:
    told = name.encode()
    ways = {
        "windows": packed((name.encode("cp936"), PDF)),
        "flagged": packed((told, PDF), flags=UTF8),
        "mac": packed((told, PDF)),
    }
    raw = b"____.pdf"
    field = b"\1" + struct.pack("<L", zlib.crc32(raw)) + told
    ways["beside"] = packed((raw, PDF), extra=struct.pack("<2H", 0x7075, len(field)) + field)
    for way, archive in ways.items():
        assert contents.is_bundle(archive), way
        assert names(archive) == [name], way


def test_a_name_in_no_encoding_is_refused_in_words() -> None:
    ((name, words),) = faults(packed((b"\xff\xfe.pdf", PDF)))
    assert name == "第 1 个文件"
    assert "编码无法识别" in words
    spoiled = packed((b"\xff.pdf", PDF), flags=UTF8)
    assert contents.is_bundle(spoiled)
    assert "编码无法识别" in faults(spoiled)[0][1]


@pytest.mark.parametrize(
    "name", ["../a.pdf", "甲/../../a.pdf", "/etc/a.pdf", "C:\\a.pdf", "..\\a.pdf", "甲\\..\\a.pdf"]
)
def test_no_name_leads_out(name: str) -> None:
    ((_, words),) = faults(packed((name.encode(), PDF)))
    assert "指向压缩包之外" in words


def test_folders_go_and_what_systems_add_is_left_out() -> None:
    archive = packed(
        ("材料/".encode(), b""),
        ("空夹\\".encode("cp936"), b""),
        ("材料/回单..pdf".encode(), PDF),
        ("__MACOSX/材料/._回单.pdf".encode(), b"\0\5\x16\7"),
        ("材料/.DS_Store".encode(), b"\0"),
        (b"Thumbs.db", b"\0"),
    )
    assert names(archive) == ["回单..pdf"]
    assert faults(packed((b"Thumbs.db", b"\0"))) == [("", "压缩包内没有文件。")]


def test_the_same_file_is_taken_once_and_photographs_lose_their_place() -> None:
    archive = packed((b"a.jpg", jpeg()), (b"b.pdf", PDF), (b"c.pdf", PDF), (b"d.jpg", jpeg()))
    found = bundles.unpack(archive)
    assert [(name, kind) for name, kind, _ in found["files"]] == [
        ("a.jpg", "image/jpeg"),
        ("b.pdf", "application/pdf"),
    ]
    assert PLACE not in b64decode(found["files"][0][2])


def test_all_faults_are_found_at_once() -> None:
    inner = packed((b"x.pdf", PDF))
    archive = packed(
        (b"good.pdf", PDF), (b"empty.pdf", b""), (b"inner.zip", inner), (b"run.exe", b"MZ" * 9)
    )
    said = dict(faults(archive))
    assert list(said) == ["empty.pdf", "inner.zip", "run.exe"]
    assert "空的" in said["empty.pdf"]
    assert "压缩包不能作为佐证" in said["inner.zip"]
    assert "只收" in said["run.exe"]


def test_what_is_locked_or_packed_strangely_is_refused_in_words() -> None:
    assert "已加密" in faults(packed((b"a.pdf", PDF), flags=1))[0][1]
    assert "压缩方式" in faults(packed((b"a.pdf", PDF), method=9))[0][1]
    wrong = packed((b"a.pdf", PDF)).replace(PDF, PDF[:-1] + b"y")
    assert "已损坏" in faults(wrong)[0][1]
    assert "已损坏" in faults(packed((b"a.pdf", PDF), method=8))[0][1]


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = packed(*((f"{i}.pdf".encode(), PDF) for i in range(bundles.MOST_PACKED + 1)))
    assert "101 个文件，最多 100 个" in faults(many)[0][1]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", b"%PDF-" + bytes(contents.LARGEST))
    assert "超过 20 MB" in faults(bomb.getvalue())[0][1]
    monkeypatch.setattr(bundles, "MOST_UNPACKED", 250)
    three = packed(*((f"{i}.pdf".encode(), PDF) for i in range(3)))
    assert faults(three)[-1][0] == ""
    assert "合计超过" in faults(three)[-1][1]


def test_documents_that_are_zips_are_no_bundles() -> None:
    for part in (b"OFD.xml", b"[Content_Types].xml", b"mimetype"):
        assert not contents.is_bundle(packed((part, b"")))
    assert not contents.is_bundle(PDF)
    assert not contents.is_bundle(b"PK\x03\x04 not really")
    holding = packed(
        (b"a.docx", packed((b"[Content_Types].xml", b""), (b"word/document.xml", b"")))
    )
    assert contents.is_bundle(holding)


def test_it_is_read_apart_without_web_and_database() -> None:
    archive = packed((b"a.pdf", PDF))
    found = read_apart(bundles.unpack, archive, bounds=bundles.BOUNDS)
    assert found == json.loads(json.dumps(bundles.unpack(archive)))
    with pytest.raises(UnreadableError) as refused:
        read_apart(bundles.unpack, b"PK\x03\x04 not really", bounds=bundles.BOUNDS)
    assert refused.value.reason is Reason.DAMAGED


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_spoiled_archive_gives_all_or_faults(data: st.DataObject) -> None:
    whole = packed(("回单.pdf".encode("cp936"), PDF), (b"b.jpg", jpeg()))
    spoiled = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        spoiled[data.draw(st.integers(0, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    if not contents.is_bundle(bytes(spoiled)):
        return
    try:
        found = bundles.unpack(bytes(spoiled))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return  # which the process apart answers as damaged
    assert bool(found["files"]) != bool(found["faults"])
